// What can be said of an advice, in sentences.

import { percent, span } from '../../format.ts';
import type { Advice, Half } from './advise.ts';
import type { Bounded } from './bounds.ts';
import { isShown } from './choose.ts';
import type { Trial } from './trial.ts';

/** What can be said, in a sentence or two. */
export function verdict(advice: Advice): string {
  const { standing, choosing, confirming, budget } = advice;
  const thresholds = vector(advice.stages, confirming.chosen);
  if (standing === 'shown')
    return `SHOWN: with ${thresholds} it misses at most ${percent(budget.missRate)} and accepts at most ${perHour(budget.falseAcceptsPerHour)} an hour, at 95 % confidence, on recordings that had no part in the choice: ${claim(confirming)}.`;
  if (choosing.standing === 'unmet')
    return `NOT MET: no vector misses so little and accepts so little, not even as counted on the recordings that choose; ${thresholds} comes nearest.`;
  if (choosing.standing === 'measured')
    return `NOT SHOWN: ${wanting(advice)} The cheapest that meets it as counted, without confidence, is ${thresholds}.`;
  const broken = [
    over('misses', confirming.chosen.missRate, budget.missRate, percent),
    over(
      'accepts',
      confirming.chosen.falseAcceptsPerHour,
      budget.falseAcceptsPerHour,
      (rate) => `${perHour(rate)} an hour`,
    ),
  ].filter((text) => text !== null);
  return `NOT CONFIRMED: ${thresholds} meets it on the recordings that chose; on the others it ${broken.join(' and ')}.`;
}

/** Where nothing can be shown of what was chosen, or it takes more: that it can be of the thresholds as they are. */
export function present({ standing, stages, confirming, budget }: Advice): readonly string[] {
  const { asIs, chosen } = confirming;
  const isBetter = standing !== 'shown' || asIs.milliwatts < chosen.milliwatts;
  if (!isBetter || !isShown(asIs, budget)) return [];
  return [
    `As it is, with ${vector(stages, asIs)}, it meets the budget on the recordings that confirm: it misses at most ${percent(asIs.missRate.upper)} and accepts at most ${perHour(asIs.falseAcceptsPerHour.upper)} an hour, at 95 % confidence, if they had no part in the choice of these; it takes ${asIs.milliwatts.toPrecision(3)} mW.`,
  ];
}

const over = (does: string, { value, upper }: Bounded, most: number, show: (value: number) => string): string | null =>
  upper <= most
    ? null
    : value > most
      ? `${does} ${show(value)}, more than ${show(most)}`
      : `${does} ${show(value)}, which may be up to ${show(upper)}`;

/** Why nothing can be shown. */
function wanting({ choosing, confirming, simulatedSeconds }: Advice): string {
  const [hours, takes] = [
    choosing.restsOn.missingHours + confirming.restsOn.missingHours,
    choosing.restsOn.missingTakes + confirming.restsOn.missingTakes,
  ];
  const isShort = simulatedSeconds / 3600 < choosing.restsOn.streamHours;
  if (hours === 0 && takes === 0 && !isShort)
    return 'the recordings would be enough if nothing went wrong on them, and no vector goes wrong as seldom as that asks for.';
  const missing = [
    ...(hours > 0 ? [`${span(hours * 3600)} more of distinct negatives`] : []),
    ...(takes > 0 ? [`${takes} more distinct takes to be detected`] : []),
    ...(isShort ? [`a stream of ${span(choosing.restsOn.streamHours * 3600)} (--duration)`] : []),
  ].join(', and ');
  return `even if nothing went wrong, ${missing} would be missing to show it.`;
}

/** What a claim rests on. */
export const claim = ({ restsOn: { takes, negativeHours, negatives } }: Half): string =>
  `${takes.recordings} takes of ${counted(takes.sources, 'source')}, and ${span(negativeHours * 3600)} of distinct negatives from ${counted(
    negatives.reduce((sum, { sources, recordings }) => (recordings > 0 ? sum + sources : sum), 0),
    'source',
  )}`;

export const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

export const vector = (stages: readonly string[], { thresholds }: Trial): string =>
  stages.map((stage, index) => `${stage} ${thresholds[index]}`).join(', ');

export const perHour = (rate: number): string =>
  !Number.isFinite(rate)
    ? 'any number of'
    : rate === 0
      ? '0'
      : rate < 10
        ? String(Number(rate.toPrecision(2)))
        : rate.toFixed(0);
