// A stretch of a run simulated again from the checkpoint before it. Time is counted in integer nanoseconds by combination of loads, so that
// the difference between two moments gives the energy, the least and the most power of just that stretch, however long it is.

import type { DeviceAct } from '../../simulator/acts.ts';
import { Mode } from '../../simulator/core-state.ts';
import type { LabelledEvent } from '../../simulator/judge.ts';
import type { Plan } from '../../simulator/plan.ts';
import type { ScoreChunk } from '../../simulator/scores.ts';
import { Simulator } from '../../simulator/simulator.ts';
import { restoreSimulator } from '../../simulator/snapshot.ts';
import type { Supply } from '../../simulator/supply.ts';
import type { Nanoseconds } from '../../units.ts';
import { activities } from '../process/look.ts';
import type { RangeColumns, RangeLane, RangeView } from '../views.ts';
import type { Checkpoints } from './checkpoints.ts';

/** What a run keeps for it. */
export interface Simulated {
  readonly plan: Plan;
  readonly events: readonly LabelledEvent[];
  readonly acts: readonly DeviceAct[];
  /** In order, without a gap, from the first window on. */
  readonly chunks: readonly ScoreChunk[];
  readonly checkpoints: Checkpoints;
}

export interface Stretch {
  readonly from: Nanoseconds;
  readonly to: Nanoseconds;
  /** Spans of equal length that it is divided into. */
  readonly points: number;
}

/** Longer stretches have no lanes: event by event they would take too long, and nobody can tell their jobs apart. */
const LONGEST_LANES = 120e9;
const MOST_INTERVALS = 20_000;

/** @param stretch within what was simulated and scored, not empty */
export function rangeOf(run: Simulated, { from, to, points }: Stretch): RangeView {
  const simulator = simulatorAt(run, from, to);
  const begun = lookAt(simulator);
  const columns = new Columns(run, points);
  let last = begun;
  for (let point = 1; point <= points; point++) {
    const end = Math.round(from + ((to - from) * point) / points) as Nanoseconds;
    if (end === last.time) continue;
    simulator.advance(end);
    simulator.takeOutcomes();
    const now = lookAt(simulator);
    columns.add(last, now, simulator);
    last = now;
  }
  const whole = difference(begun, last);
  return {
    fromSeconds: from / 1e9,
    toSeconds: to / 1e9,
    watts: whole.watts,
    joules: whole.joules,
    coulombs: begun.coulombs - last.coulombs,
    railJoules: whole.railJoules,
    soc: [begun.soc, last.soc],
    cores: simulator.cores.map((_, core) => ({
      residency: whole.residency[core],
      wakes: last.wakes[core] - begun.wakes[core],
    })),
    stages: last.counts.map(({ windowsIn, windowsPassed }, stage) => ({
      windowsIn: windowsIn - begun.counts[stage].windowsIn,
      windowsPassed: windowsPassed - begun.counts[stage].windowsPassed,
    })),
    columns: columns.columns,
    lanes: to - from > LONGEST_LANES ? null : lanesOf(run, from, to),
  };
}

/** The run's device at a moment, with scores up to another. */
function simulatorAt(run: Simulated, at: Nanoseconds, to: Nanoseconds, fastForward = true): Simulator {
  const { plan, events, acts, chunks, checkpoints } = run;
  const checkpoint = checkpoints.before(at);
  const first = checkpoint?.simulator.nextWindow ?? 0;
  const last = Math.ceil(to / plan.hop);
  const needed = chunks.filter(
    ({ firstWindow, first: { length } }) => firstWindow + length > first && firstWindow <= last,
  );
  const simulator =
    checkpoint === null
      ? new Simulator(plan, events, { fastForward })
      : restoreSimulator(plan, events, { ...checkpoint, scores: { chunks: [...needed] } }, { fastForward });
  if (checkpoint === null) for (const chunk of needed) simulator.addScores(chunk);
  for (const act of acts) if (act.at > simulator.now) simulator.act(act);
  simulator.advance(at);
  simulator.takeOutcomes();
  return simulator;
}

/** All that is counted up to a moment. */
interface Look {
  readonly time: Nanoseconds;
  readonly rails: number;
  /** With all time booked up to then. */
  readonly supply: Supply;
  readonly soc: number;
  readonly coulombs: number;
  /** Nanoseconds by core and activity. */
  readonly spent: ReadonlyArray<Float64Array>;
  readonly wakes: readonly number[];
  readonly counts: ReadonlyArray<{ readonly windowsIn: number; readonly windowsPassed: number }>;
}

function lookAt(simulator: Simulator): Look {
  const supply = simulator.supply.at(simulator.now);
  return {
    time: simulator.now,
    rails: simulator.plan.rails.length,
    supply,
    soc: supply.soc,
    // What age takes is not drawn.
    coulombs: supply.battery === null ? 0 : supply.battery.state.charge + supply.battery.state.agedAway,
    spent: activities(simulator),
    wakes: simulator.cores.map(({ state }) => state.exits.reduce((sum, exits) => sum + exits, 0)),
    counts: simulator.state.counts.map(({ windowsIn, windowsPassed }) => ({ windowsIn, windowsPassed })),
  };
}

/** What came between two moments of one simulator. */
function difference(before: Look, after: Look) {
  const { supply } = after;
  const span = after.time - before.time;
  const railJoules = new Array<number>(after.rails + 1).fill(0);
  let joules = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = 0;
  let covered = 0;
  supply.state.spent.forEach((until, load) => {
    const spent = until - (before.supply.state.spent[load] ?? 0);
    if (spent === 0) return;
    const draw = supply.drawOf(load);
    const watts = supply.powerOf(load);
    const seconds = spent / 1e9;
    covered += spent;
    joules += watts * seconds;
    draw.output.forEach((power, rail) => {
      railJoules[rail] += power * seconds;
      railJoules[railJoules.length - 1] += (draw.input[rail] - power) * seconds;
    });
    min = Math.min(min, watts);
    max = Math.max(max, watts);
  });
  return {
    // Of time that nothing is booked for, the battery was cut off.
    watts: { min: covered < span ? 0 : min, mean: (joules / span) * 1e9, max },
    joules,
    railJoules,
    residency: after.spent.map((spent, core) =>
      Array.from(spent, (value, activity) => (value - before.spent[core][activity]) / span),
    ),
  };
}

type Mutable<T> =
  T extends ReadonlyArray<infer Item>
    ? Mutable<Item>[]
    : T extends object
      ? { -readonly [Key in keyof T]: Mutable<T[Key]> }
      : T;

class Columns {
  readonly columns: Mutable<RangeColumns>;
  private readonly scores: BestScores;

  constructor({ plan, chunks }: Simulated, points: number) {
    const lists = (count: number) => Array.from({ length: count }, () => []);
    this.scores = new BestScores(plan, chunks);
    this.columns = {
      endSeconds: [],
      watts: { min: [], mean: [], max: [] },
      railWatts: lists(plan.rails.length + 1),
      residency: plan.cores.map(({ activities }) => lists(activities.length)),
      soc: [],
      volts: [],
      scores: lists(plan.stages.length),
      thresholds: lists(plan.stages.length),
    };
    if (points < 1) throw new RangeError('a stretch has at least one point');
  }

  add(before: Look, after: Look, simulator: Simulator): void {
    const { columns } = this;
    const { watts, railJoules, residency } = difference(before, after);
    const seconds = (after.time - before.time) / 1e9;
    columns.endSeconds.push(after.time / 1e9);
    columns.watts.min.push(watts.min);
    columns.watts.mean.push(watts.mean);
    columns.watts.max.push(watts.max);
    for (const [rail, joules] of railJoules.entries()) columns.railWatts[rail].push(joules / seconds);
    for (const [core, shares] of residency.entries())
      for (const [activity, share] of shares.entries()) columns.residency[core][activity].push(share);
    columns.soc.push(after.soc);
    columns.volts.push(simulator.supply.voltage());
    const best = this.scores.between(before.time, after.time);
    for (const [stage, score] of best.entries()) columns.scores[stage].push(score);
    const { thresholds } = simulator.policy;
    for (const [stage, threshold] of thresholds.entries()) columns.thresholds[stage].push(threshold);
  }
}

/** The highest scores of windows, asked for stretch after stretch. */
class BestScores {
  private readonly hop: number;
  private readonly stages: number;
  private readonly chunks: readonly ScoreChunk[];

  constructor({ hop, stages }: Plan, chunks: readonly ScoreChunk[]) {
    this.hop = hop;
    this.stages = stages.length;
    this.chunks = chunks;
  }

  /** Of windows that end after `from` and not after `to`. */
  between(from: number, to: number): ReadonlyArray<number | null> {
    const best = new Array<number | null>(this.stages).fill(null);
    const take = (stage: number, score: number): void => {
      if (!Number.isNaN(score) && score >= (best[stage] ?? Number.NEGATIVE_INFINITY)) best[stage] = score;
    };
    const first = Math.floor(from / this.hop);
    const end = Math.floor(to / this.hop);
    for (let at = this.chunkOf(first); at < this.chunks.length && this.chunks[at].firstWindow < end; at++) {
      const { firstWindow, first: scores, later } = this.chunks[at];
      const until = Math.min(end, firstWindow + scores.length);
      for (let window = Math.max(first, firstWindow); window < until; window++) take(0, scores[window - firstWindow]);
      later.forEach(({ windows, scores: ofStage }, stage) => {
        for (let place = lowerBound(windows, first); place < windows.length && windows[place] < until; place++)
          take(stage + 1, ofStage[place]);
      });
    }
    return best;
  }

  private chunkOf(window: number): number {
    return Math.max(0, lowerBound(this.chunks, window + 1, ({ firstWindow }) => firstWindow) - 1);
  }
}

/** The first place whose value is not below one that is asked for. */
function lowerBound<T>(items: ArrayLike<T>, value: number, of: (item: T) => number = Number): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (of(items[middle]) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** What every core does when, event by event; null where that is too much. */
function lanesOf(run: Simulated, from: Nanoseconds, to: Nanoseconds): readonly RangeLane[] | null {
  const simulator = simulatorAt(run, from, to, false);
  const lanes = simulator.cores.map(() => ({
    startSeconds: [] as number[],
    activity: [] as number[],
    stage: [] as (number | null)[],
  }));
  let intervals = 0;
  const look = (): void => {
    simulator.cores.forEach(({ activity, state }, core) => {
      const stage = state.mode >= Mode.Receiving ? state.stage : null;
      const lane = lanes[core];
      if (lane.activity.at(-1) === activity && lane.stage.at(-1) === stage) return;
      // What lasted no time at all was not seen.
      if (lane.startSeconds.at(-1) === simulator.now / 1e9) {
        lane.activity[lane.activity.length - 1] = activity;
        lane.stage[lane.stage.length - 1] = stage;
        return;
      }
      lane.startSeconds.push(simulator.now / 1e9);
      lane.activity.push(activity);
      lane.stage.push(stage);
      intervals++;
    });
  };
  look();
  while (simulator.now < to && intervals < MOST_INTERVALS) {
    simulator.advance(Math.min(simulator.due, to) as Nanoseconds);
    simulator.takeOutcomes();
    look();
  }
  return simulator.now < to ? null : lanes;
}
