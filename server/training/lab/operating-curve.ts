// What a part alone would decide on validation by its threshold, as cards hold it.
import type { ModelCard } from '../../models/card.ts';

/** Shares of the positives that the points of a curve miss. */
const MISSED = [0, 0.005, 0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.3, 0.5] as const;

type OperatingCurve = NonNullable<ModelCard['operatingCurve']>;

/**
 * By rising threshold: share of the positives that are under it, and negatives that are not, by the hour of nothing but negatives.
 * @param scores of the validation windows, by one part with all gates before it open
 * @param windowSeconds from one window to the next
 */
export function operatingCurve(scores: Float32Array, classes: Int32Array, windowSeconds: number): OperatingCurve {
  const ofLabel = (positive: boolean): number[] =>
    Array.from(scores)
      .filter((_, index) => classes[index] > 0 === positive)
      .sort((a, b) => a - b);
  const positives = ofLabel(true);
  const negatives = ofLabel(false);
  const thresholds = new Set(
    MISSED.map((share) => Math.floor(1e4 * (positives[Math.floor(share * positives.length)] ?? 0)) / 1e4),
  );
  const below = (ordered: readonly number[], threshold: number): number =>
    ordered.filter((score) => score < threshold).length / Math.max(1, ordered.length);
  return {
    source: `validation split, ${positives.length} positive and ${negatives.length} negative windows, by this part alone with open gates before it; an hour is one of windows like the negative ones, ${Number(windowSeconds.toPrecision(3))} s apart`,
    points: [...thresholds].map((threshold) => ({
      threshold,
      missRate: rounded(below(positives, threshold)),
      falseAcceptsPerHour: rounded((1 - below(negatives, threshold)) * (3600 / windowSeconds)),
    })),
  };
}

const rounded = (value: number): number => Number(value.toPrecision(4));
