// The vectors that nothing beats, and a dozen of them that show what there is to choose from.

import type { Screened } from './search.ts';
import type { Trial } from './trial.ts';

/** Those that nothing beats in misses, false accepts and energy together, by rising misses; of those that are alike, the one with the highest gates. */
export function frontier(of: readonly Screened[]): readonly Screened[] {
  const sorted = [...of].sort(
    (a, b) =>
      a.missRate - b.missRate ||
      a.falseAcceptsPerHour - b.falseAcceptsPerHour ||
      a.joules - b.joules ||
      height(b.vector) - height(a.vector),
  );
  const found: Screened[] = [];
  for (const one of sorted)
    if (!found.some((other) => other.falseAcceptsPerHour <= one.falseAcceptsPerHour && other.joules <= one.joules))
      found.push(one);
  return found;
}

const height = (vector: readonly number[]): number => vector.reduce((sum, threshold) => sum + threshold, 0);

/** Trials that no other beats on the device: a false accept costs power too, which scores alone do not say. */
export const unbeaten = (trials: readonly Trial[]): readonly Trial[] =>
  trials.filter(
    (one) =>
      !trials.some(
        (other) =>
          other !== one &&
          other.missRate.value <= one.missRate.value &&
          other.falseAcceptsPerHour.value <= one.falseAcceptsPerHour.value &&
          other.milliwatts < one.milliwatts,
      ),
  );

/** So many of them, as different as can be in misses, false accepts and energy: each one the farthest from those before it. */
export function spread(of: readonly Screened[], count: number): readonly Screened[] {
  const axes = [
    (one: Screened) => one.missRate,
    (one: Screened) => Math.log1p(one.falseAcceptsPerHour),
    (one: Screened) => Math.log1p(one.joules),
  ].map((axis) => {
    const values = of.map(axis);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    return (one: Screened) => (high > low ? (axis(one) - low) / (high - low) : 0);
  });
  const apart = (one: Screened, other: Screened) => axes.reduce((sum, axis) => sum + (axis(one) - axis(other)) ** 2, 0);
  const [first] = of;
  if (first === undefined) return [];
  const chosen = [first];
  const nearest = of.map((one) => apart(one, first));
  while (chosen.length < Math.min(count, of.length)) {
    const next = nearest.indexOf(nearest.reduce((a, b) => Math.max(a, b), 0));
    if (nearest[next] === 0) break;
    chosen.push(of[next]);
    for (const [index, one] of of.entries()) nearest[index] = Math.min(nearest[index], apart(one, of[next]));
  }
  return chosen.sort((a, b) => a.missRate - b.missRate || a.falseAcceptsPerHour - b.falseAcceptsPerHour);
}
