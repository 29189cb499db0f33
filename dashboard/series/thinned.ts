// A column of means as fewer, wider means, so that several lie over each other and can still be told apart.

import type { Point } from '../draw/use-chart.ts';

/**
 * Steps over spans of equal length. Each is the exact mean of what lies within it, weighted by time.
 * @param ends when each value's span ends, in seconds, rising from 0
 * @param width of the wider spans, in seconds
 */
export function thinned(ends: readonly number[], values: readonly number[], width: number): Point[] {
  const sums = new Map<number, { amount: number; time: number }>();
  let from = 0;
  ends.forEach((end, index) => {
    const value = values[index] ?? 0;
    while (from < end) {
      const span = Math.floor(from / width + 1e-9);
      const until = Math.min(end, (span + 1) * width);
      const known = sums.get(span) ?? { amount: 0, time: 0 };
      sums.set(span, { amount: known.amount + value * (until - from), time: known.time + until - from });
      from = until;
    }
  });
  return [...sums].flatMap(([span, { amount, time }]) => {
    const y = amount / time;
    return [
      { x: span * width, y },
      { x: span * width + time, y },
    ];
  });
}
