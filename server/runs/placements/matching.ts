// Thresholds that make different cascades comparable: by the operating curves of their models' cards, each misses no more than the shipped one does there.

import type { ModelCard } from '../../models/card.ts';

export type OperatingCurve = NonNullable<ModelCard['operatingCurve']>;
export type OperatingPoint = OperatingCurve['points'][number];

/** A gate of a cascade: what its model misses by threshold, null where its card does not know, and the threshold. */
export interface Gate {
  readonly curve: OperatingCurve | null;
  readonly threshold: number;
}

const rising = (curve: OperatingCurve): readonly OperatingPoint[] =>
  [...curve.points].sort((a, b) => a.threshold - b.threshold);

/** What a gate misses at most: at the nearest threshold of its curve that is no lower. */
export function missesAt(curve: OperatingCurve, threshold: number): number {
  return rising(curve).find((point) => point.threshold >= threshold)?.missRate ?? 1;
}

/** What a gate accepts at most: at the nearest threshold of its curve that is no higher. */
export function falseAcceptsAt(curve: OperatingCurve, threshold: number): number {
  const points = rising(curve);
  return (points.findLast((point) => point.threshold <= threshold) ?? points[0])?.falseAcceptsPerHour ?? 0;
}

/**
 * What a cascade misses at most, whatever its gates have in common: the sum of what each misses alone (Boole's inequality).
 * Null when a curve is not known.
 */
export function missBound(gates: readonly Gate[]): number | null {
  let sum = 0;
  for (const { curve, threshold } of gates) {
    if (curve === null) return null;
    sum += missesAt(curve, threshold);
  }
  return Math.min(1, sum);
}

/** What a cascade accepts falsely at most: what the least permissive of its gates accepts alone. Null when a curve is not known. */
export function falseAcceptBound(gates: readonly Gate[]): number | null {
  let least = Number.POSITIVE_INFINITY;
  for (const { curve, threshold } of gates) {
    if (curve === null) return null;
    least = Math.min(least, falseAcceptsAt(curve, threshold));
  }
  return least;
}

/** The strictest threshold of a curve that misses no more than that; null when none does. */
export function strictest(curve: OperatingCurve, missRate: number): OperatingPoint | null {
  return rising(curve).findLast((point) => point.missRate <= missRate) ?? null;
}

/**
 * Thresholds of a cascade of some of the gates, given by ascending number, such that by the bound it misses no more than all of them do: the gates keep
 * their thresholds, and the last one takes the strictest that is left to it, which accepts the least. With all gates kept nothing changes.
 * Null when a curve is not known or no threshold is that sensitive.
 */
export function matchedThresholds(gates: readonly Gate[], kept: readonly number[]): readonly number[] | null {
  const own = kept.map((number) => gates[number].threshold);
  if (kept.length === gates.length) return own;
  const budget = missBound(gates);
  const before = missBound(kept.slice(0, -1).map((number) => gates[number]));
  const { curve } = gates[kept[kept.length - 1]];
  if (budget === null || before === null || curve === null) return null;
  const last = strictest(curve, budget - before);
  return last === null ? null : [...own.slice(0, -1), last.threshold];
}
