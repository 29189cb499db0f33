// Advice on thresholds as a person reads it, in one screen.

import { lasting, percent, span } from '../format.ts';
import type { Advice, Half } from '../runs/advise/advise.ts';
import type { Bounded } from '../runs/advise/bounds.ts';
import type { Trial } from '../runs/advise/trial.ts';
import { counted, perHour, present, verdict } from '../runs/advise/verdict.ts';

export type Rows = readonly (readonly string[])[];

export function printAdvice(advice: Advice, path: string): string {
  return `${[
    `${titleOf(advice)}: ${span(advice.simulatedSeconds)} of the recordings that choose, and of those that confirm`,
    `budget: at most ${budgetOf(advice)}, each with 95 % confidence${spared(advice)}`,
    '',
    verdict(advice),
    ...present(advice),
    '',
    ...columns(comparison(advice)),
    '',
    'Bounds rest on distinct audio, which counts once however often it sounds:',
    ...columns(rests(advice)),
    ...unnamed(advice),
    '',
    `What there is to choose from (${searched(advice)}):`,
    ...columns(lines(advice.frontier)),
    '',
    `npx lightsleeper what-if ${path} ${advice.set}`,
    ...advice.yaml,
  ].join('\n')}\n`;
}

export const titleOf = ({ scenario, device, powerProfile, seed }: Advice): string =>
  `${scenario} on ${device}, ${powerProfile}, seed ${seed}`;

export const budgetOf = ({ budget }: Pick<Advice, 'budget'>): string =>
  `${perHour(budget.falseAcceptsPerHour)} false accepts an hour and ${percent(budget.missRate)} missed`;

/** What was asked for beyond the budget. */
export function spared({ spare, room: { misses, accepts } }: Advice): string {
  if (spare === 1) return '';
  const least = Math.min(misses, accepts) < spare ? `, the most that the recordings give of ${spare}` : '';
  return `; chosen so that it would be met with ${times(misses)} times the misses and ${times(accepts)} times the false accepts too${least}`;
}

const times = (factor: number): string => String(Number(factor.toPrecision(2)));

export const searched = ({ grid, vectors, candidates, tried, gaveUp }: Advice): string =>
  `all ${vectors} vectors of ${grid.map(({ length }) => length).join(' × ')} thresholds judged by their scores, ${candidates} could meet the budget, ${tried} simulated to find the cheapest${gaveUp ? '; not all of them, since the device does worse with many than their scores (it drops windows, or a hold swallows the next word): first those that ask for least inference' : ''}`;

/** Chosen beside as it is, on both halves. */
export function comparison(advice: Advice): Rows {
  const { choosing, confirming, lifeHours, stages } = advice;
  const both = (name: string, show: (trial: Trial) => string, halves: readonly Half[] = [confirming]) =>
    halves.map((half) => [
      halves.length === 1 ? name : `${name}, ${half === choosing ? 'choosing' : 'confirming'}`,
      show(half.chosen),
      show(half.asIs),
    ]);
  return [
    ['', 'chosen', 'as it is'],
    ...stages.map((stage, index) => [
      stage,
      String(confirming.chosen.thresholds[index]),
      String(confirming.asIs.thresholds[index]),
    ]),
    ...both('missed', ({ missRate }) => bounded(missRate, percent), [choosing, confirming]),
    ...both('false accepts/h', ({ falseAcceptsPerHour }) => bounded(falseAcceptsPerHour, perHour), [
      choosing,
      confirming,
    ]),
    ...both('mean power', ({ milliwatts }) => `${milliwatts.toPrecision(3)} mW`),
    ['battery lasts', lasting(lifeHours.chosen), lasting(lifeHours.asIs)],
    ...both(
      'latency p50, p95',
      ({ p50Milliseconds, p95Milliseconds }) => `${ms(p50Milliseconds)}, ${ms(p95Milliseconds)}`,
    ),
  ];
}

export function rests({ choosing, confirming, budget }: Advice): Rows {
  const cell = (half: Half, kind: string) => {
    const heard = half.restsOn.negatives.find((one) => one.kind === kind);
    if (heard === undefined) return '–';
    return heard.recordings === 0
      ? span(heard.hours * 3600)
      : `${span(heard.hours * 3600)} of ${counted(heard.sources, 'source')}`;
  };
  const takes = ({ restsOn: { takes } }: Half) => `${takes.recordings} of ${counted(takes.sources, 'source')}`;
  return [
    ['', 'sounds', 'choosing', 'confirming', 'wanted in each'],
    ['takes', '', takes(choosing), takes(confirming), String(confirming.restsOn.takes.wanted)],
    ...confirming.restsOn.negatives.map(({ kind, share, wantedHours }) => [
      kind,
      percent(share),
      cell(choosing, kind),
      cell(confirming, kind),
      span(wantedHours * 3600),
    ]),
    ['', '', '', '', `for ${perHour(budget.falseAcceptsPerHour)}/h, ${percent(budget.missRate)}`],
  ];
}

export const lines = (frontier: readonly Trial[]): Rows => [
  ['missed', 'up to', 'false/h', 'up to', 'power', 'p95', 'thresholds'],
  ...frontier.map(({ missRate, falseAcceptsPerHour, milliwatts, p95Milliseconds, thresholds }) => [
    percent(missRate.value),
    percent(missRate.upper),
    perHour(falseAcceptsPerHour.value),
    perHour(falseAcceptsPerHour.upper),
    `${milliwatts.toPrecision(3)} mW`,
    ms(p95Milliseconds),
    thresholds.join(' '),
  ]),
];

export function unnamed({ choosing, confirming }: Advice): readonly string[] {
  const count = choosing.unnamedSources + confirming.unnamedSources;
  return count === 0
    ? []
    : [
        `${counted(count, 'recording')} of no known source ${count === 1 ? 'counts' : 'count'} as one each; where some are of one voice or one original, say so in a sources.csv beside them (docs/advise.md).`,
      ];
}

const bounded = ({ value, upper }: Bounded, show: (value: number) => string): string =>
  `${show(value)} (up to ${show(upper)})`;

const ms = (value: number | null): string => (value === null ? '–' : `${value.toFixed(0)} ms`);

function columns(rows: Rows): readonly string[] {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map((row) =>
    row
      .map((text, column) => text.padEnd(widths[column]))
      .join('   ')
      .trimEnd(),
  );
}
