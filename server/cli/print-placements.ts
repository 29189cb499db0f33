// A study of placements as a person reads it: on a terminal, and as the project's page on it.

import { type PlacementResult, type PlacementStudy, placementName } from '../runs/placements/study.ts';
import { days, percent, span } from './units.ts';

interface Comparison {
  /** `without keyword`, `keyword on app`. */
  readonly change: string;
  readonly best: PlacementResult | null;
}

export function printPlacements(study: PlacementStudy): string {
  const shipped = study.placements.find(({ isShipped }) => isShipped);
  const rows = study.placements.map((result) => cells(result));
  const header = ['', 'life', 'mean', 'compute', 'missed', 'false/h', 'in speech', 'p95', 'placement (threshold)'];
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column].length)));
  const line = (row: readonly string[]) =>
    row
      .map((text, column) =>
        column === 0 || column === row.length - 1 ? text.padEnd(widths[column]) : text.padStart(widths[column]),
      )
      .join('  ')
      .trimEnd();
  return [
    `${study.scenario} on ${study.device}, ${study.powerProfile}, seed ${study.seed}: ${span(study.simulatedSeconds)} scored in ${span(study.scoringSeconds)}, ${study.placements.length} placements simulated in ${span(study.simulatingSeconds)}`,
    rule(study),
    '',
    line(header),
    ...rows.map(line),
    '',
    '* as shipped    + as good as it: no more misses and no more false accepts on this day, and no more in speech by the curves',
    '',
    'Not possible:',
    ...study.refused.map(({ reason, placements }) => `- ${reason} (${counted(placements.length, 'placement')})`),
    ...(shipped === undefined
      ? []
      : ['', verdict(study, shipped), ...comparisons(study, shipped).map((one) => `- ${sentence(one, shipped)}`)]),
    '',
  ].join('\n');
}

export function placementsPage(study: PlacementStudy, command: string): string {
  const shipped = study.placements.find(({ isShipped }) => isShipped);
  const row = (texts: readonly string[]) => `| ${texts.join(' | ')} |`;
  return [
    '# Every stage earns its place',
    '',
    `Made by \`${command}\`: do not edit. ${span(study.simulatedSeconds)} of ${study.scenario} on ${study.device} (${study.powerProfile}, seed ${study.seed}): every model really scored the windows that any`,
    `placement asks of it, in ${span(study.scoringSeconds)}; then each placement was simulated from those scores, ${study.placements.length} of them in ${span(study.simulatingSeconds)}.`,
    '',
    rule(study),
    '',
    ...(shipped === undefined
      ? []
      : [verdict(study, shipped), '', ...comparisons(study, shipped).map((one) => `- ${sentence(one, shipped)}`), '']),
    '## All that are possible',
    '',
    '`*` is as shipped; `+` is as good as it: no more misses and no more false accepts on this day, and no more false accepts in continuous speech by the curves of the test set (the column “in speech”). Mean power is at the battery; compute is what inferences take.',
    '',
    row(['', 'life', 'mean', 'compute', 'missed', 'false/h', 'in speech', 'p95', 'placement (threshold)']),
    '| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |',
    ...study.placements.map((result) => row(cells(result))),
    '',
    '## What is not possible, and by how much',
    '',
    ...study.refused.map(
      ({ reason, placements }) =>
        `- ${reason}: ${counted(placements.length, 'placement')}, such as ${shortest(placements)}`,
    ),
    '',
  ].join('\n');
}

const cells = (result: PlacementResult): readonly string[] => [
  `${result.isShipped ? '*' : ''}${result.reachesQuality ? '+' : ''}`,
  `${days(result.lifeHours)}${result.lifeExtrapolated ? ' (extrapolated)' : ''}`,
  `${result.averageMilliwatts.toPrecision(3)} mW`,
  `${result.computeJoules.toPrecision(3)} J`,
  `${result.misses} of ${result.events}`,
  result.falseAcceptsPerHour.toPrecision(3),
  result.speechFalseAcceptsPerHour === null ? '–' : `≤ ${result.speechFalseAcceptsPerHour.toPrecision(3)}`,
  result.p95Milliseconds === null ? '–' : `${result.p95Milliseconds.toFixed(0)} ms`,
  `${result.stages.map(({ stage, core, threshold }) => `${stage} on ${core} (${threshold})`).join(' → ')}${result.dropped > 0 ? `; ${result.dropped} windows dropped` : ''}`,
];

const rule = ({ matchedMissRate, curveSource }: PlacementStudy): string =>
  matchedMissRate === null
    ? 'Thresholds are as shipped: not every model has an operating curve in its card, so misses are not matched.'
    : `Thresholds are matched: a stage keeps its own, and where one is left out the last takes the strictest with which the misses of the models' curves add up to no more than those of the shipped stages, ${percent(matchedMissRate)} (${curveSource ?? 'model cards'}).`;

function verdict({ placements }: PlacementStudy, shipped: PlacementResult): string {
  const better = placements.filter((one) => one.reachesQuality && one.lifeHours > shipped.lifeHours);
  const name = placementName(shipped.stages);
  return better.length === 0
    ? `The shipped placement, ${name}, lasts longest of those as good as it: ${days(shipped.lifeHours)} with ${shipped.misses} of ${shipped.events} missed and ${shipped.falseAcceptsPerHour.toPrecision(3)} false accepts an hour. What each change costs, at its best:`
    : `The shipped placement, ${name}, lasts ${days(shipped.lifeHours)} and is not the best: ${better.map((one) => `${placementName(one.stages)} lasts ${days(one.lifeHours)}`).join(', ')} and is as good.`;
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

function sentence({ change, best }: Comparison, shipped: PlacementResult): string {
  if (best === null) return `${change}: none is possible, see below`;
  const powers = [
    ['in all', shipped.averageMilliwatts, best.averageMilliwatts] as const,
    ...Object.entries(best.milliwattsByCore).map(
      ([core, power]) => [core, shipped.milliwattsByCore[core], power] as const,
    ),
  ]
    .filter(([, before, after]) => Math.abs(after - before) >= 0.05)
    .map(([what, before, after]) => `${before.toPrecision(3)} → ${after.toPrecision(3)} mW ${what}`);
  const life = best.lifeHours === shipped.lifeHours ? 0 : (best.lifeHours / shipped.lifeHours - 1) * 100;
  const quality = best.reachesQuality
    ? 'as good'
    : `not as good: it misses ${best.misses} (${shipped.misses}) and accepts ${best.falseAcceptsPerHour.toPrecision(3)} (${shipped.falseAcceptsPerHour.toPrecision(3)}) an hour${inSpeech(best, shipped)}`;
  return `${change}: ${placementName(best.stages)} lasts ${days(best.lifeHours)} (${life > 0 ? '+' : ''}${life.toFixed(1)} %) and is ${quality}${powers.length > 0 ? `; ${powers.join(', ')}` : ''}`;
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

const inSpeech = (one: PlacementResult, shipped: PlacementResult): string =>
  one.speechFalseAcceptsPerHour === null || shipped.speechFalseAcceptsPerHour === null
    ? ''
    : `, in speech up to ${one.speechFalseAcceptsPerHour.toPrecision(3)} (${shipped.speechFalseAcceptsPerHour.toPrecision(3)})`;

const shortest = (names: readonly string[]): string =>
  names.reduce((one, other) => (other.length < one.length ? other : one));
