// Runs held against the first of them: what was set differently, what came out differently, and what they made of the same events.

import { isDeepStrictEqual } from 'node:util';
import { isHeard } from '../acts/take-up.ts';
import type { Interval, RunReport } from '../report/report.ts';
import type { DetectionView, InputView, RunDetails, RunState } from '../views.ts';
import { pairedChance, rateChance, shareChance } from './chance.ts';
import type {
  Chance,
  ComparedRun,
  Difference,
  EventsSideBySide,
  MeasuredValue,
  MeasureGroup,
  MeasureUnit,
  OutcomeDifference,
  RunComparison,
  SettingDifference,
} from './comparison.ts';
import { type AlignedEvents, alignEvents } from './events.ts';

/** A run as it is asked about. */
export type AskedRun =
  | {
      readonly kind: 'known';
      readonly run: RunDetails;
      /** The latest; `detectionsTotal` counts those that are not kept, too. */
      readonly detections: readonly DetectionView[];
      readonly detectionsTotal: number;
    }
  | { readonly kind: 'gone'; readonly id: string; readonly reason: string };

interface Reported {
  readonly run: RunDetails;
  readonly report: RunReport;
  /** Null where some are not kept. */
  readonly detections: readonly DetectionView[] | null;
}

/** Rows of events that are sent. */
const MOST_EVENTS = 500;
/** Sums of the same joules in another order. */
const SAME = 1e-9;

export function compareRuns(asked: readonly AskedRun[]): RunComparison {
  const reported = asked.map(reportedOf);
  const reference = reported.findIndex((one) => one !== null);
  const first = reported[reference] ?? null;
  const runs = asked.map((one, index) => comparedRun(one, reported[index], first));
  const measures = reported.map((one, index) => {
    if (one === null || first === null) return [];
    return measuresOf(one, index === reference ? null : { first, paired: isPaired(first, one) }, sameLength(reported));
  });
  const { outcomes, alike } = differences(measures, reference);
  return {
    runs,
    reference: first === null ? null : reference,
    settings: settingDifferences(asked),
    outcomes,
    alike,
    events: first === null ? null : eventsOf(reported, first),
  };
}

function reportedOf(asked: AskedRun): Reported | null {
  if (asked.kind === 'gone') return null;
  const { run, detections, detectionsTotal } = asked;
  if (run.report === null || run.report.simulatedSeconds === 0) return null;
  return { run, report: run.report, detections: detectionsTotal === detections.length ? detections : null };
}

function comparedRun(asked: AskedRun, reported: Reported | null, first: Reported | null): ComparedRun {
  if (asked.kind === 'gone') return asked;
  const { report: _, ...run } = asked.run;
  const { id } = run;
  if (reported === null || first === null) return { kind: 'unreported', id, run, reason: whyUnreported(asked.run) };
  const { simulatedSeconds } = reported.report;
  return { kind: 'reported', id, run, simulatedSeconds, paired: isPaired(first, reported) };
}

function whyUnreported({ state, problem }: RunDetails): string {
  const reasons: Readonly<Record<RunState, string>> = {
    queued: 'It waits for its turn; its figures come when it is over.',
    starting: 'It is starting; its figures come when it is over.',
    running: 'It still goes on; its figures come when it is over.',
    paused: 'It is paused; its figures come when it is over.',
    finished: 'It has no report.',
    stopped: 'It was stopped before it heard anything.',
    failed: `It failed. ${problem ?? ''}`.trim(),
  };
  return reasons[state];
}

/**
 * The same stream: it follows from the scenario, the seed and the duration, and from what was played and done to it while it went on. What was in
 * it tells whether the scenario's file was another one by then.
 */
const isPaired = (first: Reported, { run, report }: Reported): boolean =>
  run.scenario === first.run.scenario &&
  run.seed === first.run.seed &&
  run.durationSeconds === first.run.durationSeconds &&
  report.simulatedSeconds === first.report.simulatedSeconds &&
  isDeepStrictEqual(report.inputs.filter(isOfStream), first.report.inputs.filter(isOfStream)) &&
  report.stream.tenDecibelsAboveFloor === first.report.stream.tenDecibelsAboveFloor &&
  isDeepStrictEqual(report.stream.eventsByLabel, first.report.stream.eventsByLabel);

const isOfStream = ({ act }: InputView): boolean => isHeard(act);

const sameLength = (runs: ReadonlyArray<Reported | null>): boolean =>
  new Set(runs.flatMap((one) => (one === null ? [] : [one.report.simulatedSeconds]))).size < 2;

interface Setting {
  readonly name: string;
  readonly of: string | null;
  readonly unit: SettingDifference['unit'];
  readonly value: string | number;
}

function settingsOf(asked: AskedRun): readonly Setting[] {
  if (asked.kind === 'gone') return [];
  const { run } = asked;
  const { report } = run;
  const set = (name: string, unit: Setting['unit'], value: string | number, of: string | null = null): Setting => ({
    name,
    of,
    unit,
    value,
  });
  const ofRun = [
    set('scenario', 'text', run.scenario),
    set('device', 'text', run.device),
    set('power profile', 'text', report?.powerProfile ?? run.powerProfile),
    set('seed', 'number', run.seed),
    set('duration', 'seconds', run.durationSeconds),
  ];
  if (report === null) return ofRun;
  return [
    ...ofRun,
    set('stopped after', 'seconds', run.state === 'stopped' ? report.simulatedSeconds : 'not stopped'),
    set('acts while it went on', 'number', report.inputs.length),
    set('start charge', 'share', report.battery.startSoc),
    set('cascade', 'text', report.stages.map(({ name }) => name).join(', ')),
    set('cores', 'text', report.cores.map(({ name }) => name).join(', ')),
    ...report.stages.flatMap((stage) => [
      set('threshold', 'number', stage.threshold, stage.name),
      set('placement', 'text', stage.core, stage.name),
      set('model, MACs a window', 'number', stage.macs, stage.name),
      set('model, weights', 'bytes', stage.weightBytes, stage.name),
    ]),
    ...report.cores.map((core) => set('operating point', 'text', core.operatingPoint, core.name)),
    set('version', 'text', report.engine.version),
  ];
}

/** What is not the same for all that have it: what only some have, such as another cascade's thresholds, follows from what they are. */
function settingDifferences(asked: readonly AskedRun[]): readonly SettingDifference[] {
  const byRun = asked.map((one) => new Map(settingsOf(one).map((setting) => [keyOf(setting), setting])));
  const settings = new Map(byRun.flatMap((known) => [...known]));
  return [...settings].flatMap(([key, { name, of, unit }]) => {
    const values = byRun.map((known) => known.get(key)?.value ?? null);
    return new Set(values.filter((value) => value !== null)).size < 2 ? [] : [{ name, of, unit, values }];
  });
}

const keyOf = ({ name, of }: { readonly name: string; readonly of: string | null }): string => `${name}\n${of ?? ''}`;

interface Measure {
  readonly group: MeasureGroup;
  readonly name: string;
  readonly of: string | null;
  readonly unit: MeasureUnit;
  readonly better: 'lower' | 'higher';
  readonly value: MeasuredValue;
  /** Of its difference from the first run. */
  readonly chance: Chance;
}

interface Against {
  readonly first: Reported;
  readonly paired: boolean;
}

/** @param against null of the first run itself @param sameLength all reports are of as much time, so that joules can be laid side by side */
function measuresOf(one: Reported, against: Against | null, sameLength: boolean): readonly Measure[] {
  const { report } = one;
  const { battery, detections, latencyMilliseconds, baseline, uncertainty, energy } = report;
  const exact: Chance = { kind: against?.paired === true ? 'same stream' : 'not known' };
  const measures: Measure[] = [];
  const add = (
    group: MeasureGroup,
    name: string,
    of: string | null,
    unit: MeasureUnit,
    better: Measure['better'],
    value: number | null | 'for ever',
    interval: Interval | null = null,
    chance: Chance = exact,
  ): void => {
    if (value === null) return;
    const measured: MeasuredValue =
      value === 'for ever' ? { value, interval: null } : { value, interval: finite(interval) };
    measures.push({ group, name, of, unit, better, value: measured, chance });
  };
  const hours = report.simulatedSeconds / 3600;
  const chances = against === null ? null : chancesOf(one, against.first);
  if (detections.events > 0)
    add(
      'outcome',
      'miss rate',
      null,
      'share',
      'lower',
      detections.missRate,
      detections.missRateInterval,
      chances?.misses,
    );
  if (hours > 0)
    add(
      'outcome',
      'false accepts',
      null,
      'per hour',
      'lower',
      detections.falseAcceptsPerHour,
      detections.falseAcceptsPerHourInterval,
      chances?.falseAccepts,
    );
  const lifeOf = (value: number) => value * 3600;
  add(
    'outcome',
    'battery life',
    null,
    'life',
    'higher',
    battery.lifeHours === null ? 'for ever' : lifeOf(battery.lifeHours),
    uncertainty?.lifeHours == null ? null : [lifeOf(uncertainty.lifeHours[0]), lifeOf(uncertainty.lifeHours[1])],
  );
  const watts = (milliwatts: number) => milliwatts / 1e3;
  add(
    'outcome',
    'mean power',
    null,
    'watts',
    'lower',
    watts(battery.averageMilliwatts),
    uncertainty === null ? null : [watts(uncertainty.averageMilliwatts[0]), watts(uncertainty.averageMilliwatts[1])],
  );
  for (const share of ['p50', 'p95', 'p99'] as const) {
    const value = latencyMilliseconds[share];
    add('outcome', `latency ${share}`, null, 'latency', 'lower', value === null ? null : value / 1e3);
  }
  add('outcome', 'gain of the device over no gates', null, 'times', 'higher', baseline?.gainDevice ?? null);
  add('outcome', 'gain of compute over no gates', null, 'times', 'higher', baseline?.gainCompute ?? null);
  for (const { name, reach, stopRate } of report.stages) {
    add('stage', 'reach', name, 'share', 'lower', reach);
    add('stage', 'stop rate', name, 'share', 'higher', stopRate);
  }
  const spent = (group: MeasureGroup, name: string, of: string, joules: number) => {
    if (sameLength) add(group, name, of, 'joules', 'lower', joules);
    else add(group, name, of, 'watts', 'lower', joules / report.simulatedSeconds);
  };
  const what = sameLength ? 'energy' : 'mean power';
  for (const [rail, joules] of Object.entries(energy.byRail))
    spent('rail', what, rail === 'regulators' ? 'lost in regulators' : rail, joules);
  for (const core of report.cores)
    for (const [activity, joules] of Object.entries(core.joules))
      spent('core state', what, `${core.name}, ${activity}`, joules);
  return measures;
}

/** Of nothing heard there is no upper bound, and JSON has no infinity. */
const finite = (interval: Interval | null): Interval | null =>
  interval?.every((bound) => Number.isFinite(bound)) === true ? interval : null;

/** Of what is counted: event by event where both heard the same, at least for a while. */
function chancesOf(one: Reported, first: Reported): { readonly misses: Chance; readonly falseAccepts: Chance } {
  const shared = sharedWith(first, one);
  if (shared !== null) {
    const [foundByFirst, foundByOther] = alone(shared.events, (verdict) => verdict === 'true-positive');
    const [madeByFirst, madeByOther] = alone(shared.falseAccepts, (verdict) => verdict !== null);
    const hours = sharedSeconds([first, one]) / 3600;
    return {
      misses: pairedChance(foundByFirst, foundByOther, 'found', hours),
      falseAccepts: pairedChance(madeByFirst, madeByOther, 'accepted', hours),
    };
  }
  const [a, b] = [first.report, one.report];
  return {
    misses: shareChance([a.detections.misses, b.detections.misses], [a.detections.events, b.detections.events]),
    falseAccepts: rateChance(
      [a.detections.falseAccepts, b.detections.falseAccepts],
      [a.simulatedSeconds / 3600, b.simulatedSeconds / 3600],
    ),
  };
}

const sharedSeconds = (runs: readonly Reported[]): number =>
  Math.min(...runs.map(({ report }) => report.simulatedSeconds));

/** What two runs made of the stream that they share, which need not be of one length; null where they heard different ones, or not all is kept. */
function sharedWith(first: Reported, one: Reported): AlignedEvents | null {
  if (first.detections === null || one.detections === null) return null;
  if (one.run.scenario !== first.run.scenario || one.run.seed !== first.run.seed) return null;
  return alignEvents([first.detections, one.detections], sharedSeconds([first, one]));
}

/** How many of the rows hold for the first of two runs alone, and for the other alone. */
function alone(
  rows: AlignedEvents['events'],
  holds: (verdict: string | null) => boolean,
): readonly [first: number, other: number] {
  const counts: [number, number] = [0, 0];
  for (const { verdicts } of rows) {
    const [first, other] = verdicts.map((verdict) => holds(verdict?.kind ?? null));
    if (first && !other) counts[0]++;
    if (other && !first) counts[1]++;
  }
  return counts;
}

function differences(
  byRun: ReadonlyArray<readonly Measure[]>,
  reference: number,
): Pick<RunComparison, 'outcomes' | 'alike'> {
  const found = byRun.map(
    (measures) => new Map(measures.map((measure) => [`${measure.group}\n${keyOf(measure)}`, measure])),
  );
  const all = new Map(found.flatMap((known) => [...known]));
  const outcomes: OutcomeDifference[] = [];
  const alike: Array<RunComparison['alike'][number]> = [];
  for (const [key, { group, name, of, unit, better }] of all) {
    const first = found[reference]?.get(key);
    const values = found.map((known) => known.get(key)?.value ?? null);
    const differences = found.map((known, index) => {
      const other = known.get(key);
      return index === reference || first === undefined || other === undefined
        ? null
        : differenceOf(first.value, other.value, other.chance);
    });
    // A state that no core was in is of no interest.
    if (group === 'core state' && values.every((value) => value === null || value.value === 0)) continue;
    const reported = values.filter((_, index) => byRun[index].length > 0);
    if (reported.length < 2) continue;
    const isAlike = reported.every((value) => value !== null && isSame(value, reported[0]));
    // A stage or a rail that just one of them has is not to be compared.
    if (group !== 'outcome' && values.filter((value) => value !== null).length < 2) continue;
    if (isAlike) alike.push({ name, of });
    else outcomes.push({ group, name, of, unit, better, values, differences });
  }
  return { outcomes: outcomes.sort((a, b) => sizeOf(b) - sizeOf(a)), alike };
}

export function differenceOf(first: MeasuredValue, other: MeasuredValue, chance: Chance): Difference {
  if (first.value === 'for ever' || other.value === 'for ever') return { absolute: null, relative: null, chance };
  const absolute = other.value - first.value;
  return { absolute, relative: first.value === 0 ? null : absolute / Math.abs(first.value), chance };
}

function isSame(a: MeasuredValue, b: MeasuredValue | null): boolean {
  if (b === null) return false;
  if (a.value === 'for ever' || b.value === 'for ever') return a.value === b.value;
  return Math.abs(a.value - b.value) <= SAME * Math.max(Math.abs(a.value), Math.abs(b.value));
}

/**
 * By what differences are put in order. Outcomes and stages by their difference as a share of the larger of both, which is defined where one is 0; rails
 * and states by joules or watts, since ten times next to nothing is still next to nothing.
 */
function sizeOf({ group, values }: OutcomeDifference): number {
  const known = values.flatMap((value) => (value === null || value.value === 'for ever' ? [] : [value.value]));
  const endless = values.some((value) => value?.value === 'for ever');
  if (endless && known.length > 0) return Number.POSITIVE_INFINITY;
  if (known.length < 2) return 0;
  const spread = Math.max(...known) - Math.min(...known);
  if (group === 'rail' || group === 'core state') return spread;
  return spread / Math.max(...known.map(Math.abs));
}

function eventsOf(reported: ReadonlyArray<Reported | null>, first: Reported): EventsSideBySide | null {
  const shared = reported.map((one) => (one === null || sharedWith(first, one) === null ? null : one));
  const taking = shared.flatMap((one) => (one === null ? [] : [one]));
  if (taking.length < 2) return null;
  const seconds = sharedSeconds(taking);
  const aligned = alignEvents(
    taking.map((one) => one.detections ?? []),
    seconds,
  );
  if (aligned === null) return null;
  const { events, falseAccepts } = aligned;
  const isFound = (verdict: { readonly kind: string } | null) => verdict?.kind === 'true-positive';
  const foundByAll = events.filter(({ verdicts }) => verdicts.every(isFound)).length;
  const foundByNone = events.filter(({ verdicts }) => !verdicts.some(isFound)).length;
  const falseAcceptsOfAll = falseAccepts.filter(({ verdicts }) => !verdicts.includes(null)).length;
  const apart = [
    ...events.filter(({ verdicts }) => verdicts.some(isFound) && !verdicts.every(isFound)),
    ...falseAccepts.filter(({ verdicts }) => verdicts.includes(null)),
  ].sort((a, b) => a.simulatedSeconds - b.simulatedSeconds);
  // Verdicts by all runs that were asked for, those that do not take part included.
  const place = shared.map((one) => (one === null ? -1 : taking.indexOf(one)));
  return {
    shares: shared.map((one) => one !== null),
    seconds,
    events: events.length,
    foundByAll,
    foundByNone,
    apart: apart.slice(0, MOST_EVENTS).map((row) => ({
      ...row,
      verdicts: place.map((at) => (at < 0 ? null : row.verdicts[at])),
    })),
    apartTotal: apart.length,
    falseAcceptsOfAll,
  };
}
