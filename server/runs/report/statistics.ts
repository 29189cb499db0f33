// Confidence intervals of counted things, exact: a share (Clopper and Pearson 1934) and a rate (Garwood 1936), both at 95 %.

import type { Interval } from './report.ts';

const TAIL = 0.025;

/** ln n! by Stirling's series, exact to double precision from 20 on; a table below would not change a digit that is shown. */
export function logFactorial(n: number): number {
  if (n < 20) {
    let sum = 0;
    for (let k = 2; k <= n; k++) sum += Math.log(k);
    return sum;
  }
  return n * Math.log(n) - n + 0.5 * Math.log(2 * Math.PI * n) + 1 / (12 * n) - 1 / (360 * n ** 3);
}

/** P(X ≤ k) of n trials. */
function binomialBelow(k: number, n: number, p: number): number {
  if (p <= 0) return 1;
  if (p >= 1) return k >= n ? 1 : 0;
  let sum = 0;
  for (let i = 0; i <= k; i++)
    sum += Math.exp(
      logFactorial(n) - logFactorial(i) - logFactorial(n - i) + i * Math.log(p) + (n - i) * Math.log1p(-p),
    );
  return sum;
}

/** P(X ≤ k) at this mean. */
function poissonBelow(k: number, mean: number): number {
  if (mean === 0) return 1;
  let sum = 0;
  for (let i = 0; i <= k; i++) sum += Math.exp(i * Math.log(mean) - mean - logFactorial(i));
  return sum;
}

/** Where a falling function crosses zero. */
function crossing(fallsAt: (x: number) => number, low: number, high: number): number {
  let from = low;
  let to = high;
  for (let step = 0; step < 100; step++) {
    const middle = (from + to) / 2;
    if (fallsAt(middle) > 0) from = middle;
    else to = middle;
  }
  return (from + to) / 2;
}

/** Interval of a share: `hits` of `trials`. Without trials nothing is known: 0 to 1. */
export function shareInterval(hits: number, trials: number): Interval {
  if (trials === 0) return [0, 1];
  const low = hits === 0 ? 0 : crossing((p) => TAIL - (1 - binomialBelow(hits - 1, trials, p)), 0, 1);
  const high = hits === trials ? 1 : crossing((p) => binomialBelow(hits, trials, p) - TAIL, 0, 1);
  return [low, high];
}

/** Interval of a rate: `count` events over `exposure` (hours, say). */
export function rateInterval(count: number, exposure: number): Interval {
  if (exposure <= 0) return [0, Number.POSITIVE_INFINITY];
  const most = count + 10 * Math.sqrt(count + 1) + 10;
  const low = count === 0 ? 0 : crossing((mean) => TAIL - (1 - poissonBelow(count - 1, mean)), 0, most);
  const high = crossing((mean) => poissonBelow(count, mean) - TAIL, 0, most);
  return [low / exposure, high / exposure];
}

/** The value below which a share of the values lies, linear between them; null of none. */
export function quantile(sorted: readonly number[], share: number): number | null {
  if (sorted.length === 0) return null;
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
}
