// Exact tests of whether two counts differ by more than chance would have it. Two-sided: all outcomes count that are no likelier than what was seen.

import { logFactorial } from '../report/statistics.ts';
import type { Chance } from './comparison.ts';

/** Below this a difference is said to be beyond chance. */
const LEVEL = 0.05;
/** Outcomes as likely as the one seen count, whatever the last digits say. */
const SLACK = 1 + 1e-7;

const logChoose = (n: number, k: number): number => logFactorial(n) - logFactorial(k) - logFactorial(n - k);

/** Sums the chances of the outcomes from `low` to `high` that are no likelier than the one seen. */
function noLikelier(seen: number, low: number, high: number, log: (outcome: number) => number): number {
  const limit = Math.exp(log(seen)) * SLACK;
  let sum = 0;
  for (let outcome = low; outcome <= high; outcome++) {
    const chance = Math.exp(log(outcome));
    if (chance <= limit) sum += chance;
  }
  return Math.min(1, sum);
}

/** p of `hits` of `trials`, where each is one with chance `share`, between 0 and 1. */
export const binomialTest = (hits: number, trials: number, share: number): number =>
  noLikelier(hits, 0, trials, (k) => logChoose(trials, k) + k * Math.log(share) + (trials - k) * Math.log1p(-share));

/** p of two shares, `hits` of `trials` each, being one (Fisher, The Design of Experiments, 1935). */
export function fisherTest(hits: readonly [number, number], trials: readonly [number, number]): number {
  const total = hits[0] + hits[1];
  const all = logChoose(trials[0] + trials[1], total);
  return noLikelier(
    hits[0],
    Math.max(0, total - trials[1]),
    Math.min(total, trials[0]),
    (k) => logChoose(trials[0], k) + logChoose(trials[1], total - k) - all,
  );
}

/** p of two Poisson rates being one: given their sum, the first count is binomial (Przyborowski and Wilenski, Biometrika 31, 1940). */
export const rateTest = (counts: readonly [number, number], exposures: readonly [number, number]): number =>
  binomialTest(counts[0], counts[0] + counts[1], exposures[0] / (exposures[0] + exposures[1]));

const tested = (p: number, how: string): Chance => ({ kind: 'tested', p, beyond: p < LEVEL, how });

/** Of the same events: only those tell that just one of both found, say (McNemar, Psychometrika 12, 1947, exact). */
export const pairedChance = (onlyFirst: number, onlyOther: number, what: string, hours: number): Chance =>
  tested(
    binomialTest(onlyFirst, onlyFirst + onlyOther, 0.5),
    `exact McNemar test over the ${round(hours)} h that both heard: ${onlyFirst} ${what} by the first alone, ${onlyOther} by this one alone`,
  );

export const shareChance = (hits: readonly [number, number], trials: readonly [number, number]): Chance =>
  trials[0] === 0 || trials[1] === 0
    ? { kind: 'not known' }
    : tested(
        fisherTest(hits, trials),
        `Fisher's exact test: ${hits[0]} of ${trials[0]} and ${hits[1]} of ${trials[1]} events, which are taken as independent`,
      );

export const rateChance = (counts: readonly [number, number], hours: readonly [number, number]): Chance =>
  hours[0] <= 0 || hours[1] <= 0
    ? { kind: 'not known' }
    : tested(
        rateTest(counts, hours),
        `exact test of two Poisson rates: ${counts[0]} in ${round(hours[0])} h and ${counts[1]} in ${round(hours[1])} h`,
      );

const round = (hours: number): number => Number(hours.toPrecision(3));
