// A study of placements as a person reads it: on a terminal, and as the project's page on it.

import { assertNever } from '../assert-never.ts';
import { days, percent, span } from '../format.ts';
import type { PlacementResult, PlacementStudy } from '../runs/placements/study.ts';
import { placementName } from '../runs/placements/variants.ts';
import { type Reason, reasonsFor } from '../runs/placements/why.ts';

interface Comparison {
  /** `without keyword`, `keyword on app`. */
  readonly change: string;
  readonly best: PlacementResult | null;
}

export function printPlacements(study: PlacementStudy): string {
  const rows = tableOf(study);
  const [header] = rows;
  const widths = header.map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const line = (row: readonly string[]) =>
    row
      .map((text, column) =>
        column === 0 || column === row.length - 1 ? text.padEnd(widths[column]) : text.padStart(widths[column]),
      )
      .join('  ')
      .trimEnd();
  return [
    `${study.scenario} on ${study.device}, ${study.powerProfile}, seed ${study.seed}: ${span(study.simulatedSeconds)} scored in ${span(study.scoringSeconds)}, ${counted(study.placements.length, 'placement')} simulated in ${span(study.simulatingSeconds)}`,
    rule(study),
    '',
    ...rows.map(line),
    '',
    `* as shipped    + as good as it: ${asGood(study)}`,
    ...(study.refused.length === 0 ? [] : ['', 'Not possible:']),
    ...study.refused.map(({ reason, placements }) => `- ${reason} (${counted(placements.length, 'placement')})`),
    ...conclusions(study).flatMap((text, at) => (at === 0 ? ['', text] : [`- ${text}`])),
    '',
  ].join('\n');
}

export function placementsPage(study: PlacementStudy, command: string): string {
  const row = (texts: readonly string[]) => `| ${texts.join(' | ')} |`;
  const [header, ...rows] = tableOf(study);
  return [
    `# Where the stages of ${study.scenario} run best`,
    '',
    `Made by \`${command}\`: do not edit. ${span(study.simulatedSeconds)} of ${study.scenario} on ${study.device} (${study.powerProfile}, seed ${study.seed}): every model really scored the windows that any`,
    `placement asks of it, in ${span(study.scoringSeconds)}; then each placement was simulated from those scores, ${study.placements.length} of them in ${span(study.simulatingSeconds)}.`,
    '',
    rule(study),
    '',
    ...conclusions(study).flatMap((text, at) => (at === 0 ? [text, ''] : [`- ${text}`])),
    '',
    '## All that are possible',
    '',
    `\`*\` is as shipped; \`+\` is as good as it: ${asGood(study)}. Mean power is at the battery; compute is what inferences take.`,
    '',
    row(header),
    `| --- |${header
      .slice(1, -1)
      .map(() => ' ---: |')
      .join('')} --- |`,
    ...rows.map(row),
    ...(study.refused.length === 0 ? [] : ['', '## What is not possible, and by how much', '']),
    ...study.refused.map(
      ({ reason, placements }) =>
        `- ${reason}: ${counted(placements.length, 'placement')}, such as ${shortest(placements)}`,
    ),
    '',
  ].join('\n');
}

/** What makes one as good as another, and a column of its own where models have curves. */
const asGood = ({ matchedMissRate }: PlacementStudy): string =>
  matchedMissRate === null
    ? 'no more misses and no more false accepts on this day'
    : 'no more misses and no more false accepts on this day, and no more false accepts by the curves of the models’ cards (the column “by curves”)';

function tableOf({ placements, matchedMissRate }: PlacementStudy): readonly (readonly string[])[] {
  const hasCurves = matchedMissRate !== null;
  const speech = hasCurves ? ['by curves'] : [];
  return [
    ['', 'life', 'mean', 'compute', 'missed', 'false/h', ...speech, 'p95', 'placement (threshold)'],
    ...placements.map((result) => cells(result, hasCurves)),
  ];
}

function cells(result: PlacementResult, hasCurves: boolean): readonly string[] {
  const { stages, dropped, curveFalseAcceptsPerHour: speech } = result;
  return [
    `${result.isShipped ? '*' : ''}${result.reachesQuality ? '+' : ''}`,
    `${days(result.lifeHours)}${result.lifeExtrapolated ? ' (extrapolated)' : ''}`,
    `${result.averageMilliwatts.toPrecision(3)} mW`,
    `${result.computeJoules.toPrecision(3)} J`,
    `${result.misses} of ${result.events}`,
    result.falseAcceptsPerHour.toPrecision(3),
    ...(hasCurves ? [speech === null ? '–' : `≤ ${speech.toPrecision(3)}`] : []),
    result.p95Milliseconds === null ? '–' : `${result.p95Milliseconds.toFixed(0)} ms`,
    `${stages.map(({ stage, core, threshold }) => `${stage} on ${core} (${threshold})`).join(' → ')}${dropped > 0 ? `; ${dropped} windows dropped` : ''}`,
  ];
}

const rule = ({ matchedMissRate, curveSource }: PlacementStudy): string =>
  matchedMissRate === null
    ? 'Thresholds are as shipped: not every model has an operating curve in its card, so misses are not matched.'
    : `Thresholds are matched: a stage keeps its own, and where one is left out the last takes the strictest with which the misses of the models' curves add up to no more than those of the shipped stages, ${percent(matchedMissRate)} (${curveSource ?? 'model cards'}).`;

/** The verdict on the shipped placement, and what each change to it costs. */
function conclusions(study: PlacementStudy): readonly string[] {
  const shipped = study.placements.find(({ isShipped }) => isShipped);
  return shipped === undefined
    ? []
    : [verdict(study, shipped), ...comparisons(study, shipped).map((one) => sentence(study, one, shipped))];
}

function verdict({ placements }: PlacementStudy, shipped: PlacementResult): string {
  const [best, next] = placements.filter((one) => one.reachesQuality);
  const name = placementName(shipped.stages);
  const quality = `with ${shipped.misses} of ${shipped.events} missed and ${shipped.falseAcceptsPerHour.toPrecision(3)} false accepts an hour`;
  if (best !== shipped && best.lifeHours > shipped.lifeHours)
    return `The shipped placement, ${name}, lasts ${days(shipped.lifeHours)} ${quality} and is not the best: ${placementName(best.stages)} lasts ${days(best.lifeHours)} and is as good${since(shipped, best)}. What each change makes of the shipped one, at its best:`;
  const runnerUp =
    next === undefined
      ? '; no other is as good'
      : `. The next, ${placementName(next.stages)}, lasts ${days(next.lifeHours)}${since(shipped, next)}`;
  return `The shipped placement, ${name}, lasts longest of those as good as it: ${days(shipped.lifeHours)} ${quality}${runnerUp}. What each change costs, at its best:`;
}

/** The best without each stage, and with each stage elsewhere. */
function comparisons({ placements }: PlacementStudy, shipped: PlacementResult): readonly Comparison[] {
  const longest = (fits: (one: PlacementResult) => boolean): PlacementResult | null => placements.find(fits) ?? null;
  return shipped.stages.flatMap(({ stage, core }): readonly Comparison[] => {
    const rest = shipped.stages.filter((other) => other.stage !== stage);
    const isLeftOut = (one: PlacementResult) =>
      one.stages.length === rest.length && rest.every((other) => one.stages.some((kept) => kept.stage === other.stage));
    const isMoved = (one: PlacementResult) =>
      one.stages.length === shipped.stages.length &&
      one.stages.some((kept) => kept.stage === stage && kept.core !== core);
    return [
      { change: `without ${stage}`, best: longest(isLeftOut) },
      { change: `with ${stage} not on ${core}`, best: longest(isMoved) },
    ];
  });
}

function sentence(
  { cores, simulatedSeconds }: PlacementStudy,
  { change, best }: Comparison,
  shipped: PlacementResult,
): string {
  if (best === null)
    return `${change}: ${cores.length === 1 ? 'the device has no other core' : 'none is possible, as said of what is not'}`;
  const life = best.lifeHours === shipped.lifeHours ? 0 : (best.lifeHours / shipped.lifeHours - 1) * 100;
  const quality = best.reachesQuality
    ? 'as good'
    : `not as good: it misses ${best.misses} (${shipped.misses}) and accepts ${best.falseAcceptsPerHour.toPrecision(3)} (${shipped.falseAcceptsPerHour.toPrecision(3)}) an hour${inSpeech(best, shipped)}`;
  const empty = best.lifeHours * 3600 < simulatedSeconds ? ', its battery empty before the end' : '';
  return `${change}: ${placementName(best.stages)} lasts ${days(best.lifeHours)} (${life > 0 ? '+' : ''}${life.toFixed(1)} %) and is ${quality}${empty}${since(shipped, best)}`;
}

/** Why it takes more or less, in words. */
function since(before: PlacementResult, after: PlacementResult): string {
  const change = after.averageMilliwatts - before.averageMilliwatts;
  const reasons = reasonsFor(before.draws, after.draws);
  if (reasons.length === 0 || Math.abs(change) < 0.001 * before.averageMilliwatts) return '; it takes as much';
  return `; it takes ${power(before.averageMilliwatts)} → ${power(after.averageMilliwatts)}, since ${reasons.map((reason) => cause(reason, before, after)).join(', ')}`;
}

function cause(reason: Reason, before: PlacementResult, after: PlacementResult): string {
  const { what, rail } = reason;
  const more = reason.after > reason.before;
  const figures = `(${power(reason.before)} → ${power(reason.after)}${rail === null ? '' : ` on ${rail}`})`;
  switch (reason.part) {
    case 'active':
      return `${what} works ${more ? 'more' : 'less'} ${figures}`;
    case 'wake': {
      const wakes = [before, after].map(({ wakesPerHour }) => wakesPerHour[what].toFixed(0));
      return `${what} wakes ${more ? 'more' : 'less'} often, ${wakes.join(' → ')} times an hour ${figures}`;
    }
    case 'idle':
      return `${what} waits awake ${more ? 'longer' : 'less'} ${figures}`;
    case 'sleep':
      return `${what} draws ${more ? 'more' : 'less'} asleep, its floor ${figures}`;
    case null:
      return what === 'regulators'
        ? `conversion costs ${more ? 'more' : 'less'} ${figures}`
        : `${what} draws ${more ? 'more' : 'less'} ${figures}`;
    default:
      return assertNever(reason.part);
  }
}

function power(milliwatts: number): string {
  const size = Math.abs(milliwatts);
  if (size < 1e-9) return '0';
  if (size < 1e-3) return `${(milliwatts * 1e6).toPrecision(3)} nW`;
  return size < 0.1 ? `${(milliwatts * 1e3).toPrecision(3)} µW` : `${milliwatts.toPrecision(3)} mW`;
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

const inSpeech = (one: PlacementResult, shipped: PlacementResult): string =>
  one.curveFalseAcceptsPerHour === null || shipped.curveFalseAcceptsPerHour === null
    ? ''
    : `, by the curves up to ${one.curveFalseAcceptsPerHour.toPrecision(3)} (${shipped.curveFalseAcceptsPerHour.toPrecision(3)})`;

const shortest = (names: readonly string[]): string =>
  names.reduce((one, other) => (other.length < one.length ? other : one));
