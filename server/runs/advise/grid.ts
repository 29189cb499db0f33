// Which thresholds are tried: round numbers, closer together where models are sure.

const GRID = [
  0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.92, 0.94, 0.95, 0.96,
  0.97, 0.98, 0.985, 0.99, 0.995, 0.998, 0.999,
];
/** Vectors that are tried at most: cascades of more stages have fewer thresholds each. */
const MOST_VECTORS = 60_000;

/** The thresholds of each stage, rising; the scenario's own are among them. */
export function thresholdGrid(own: readonly number[]): ReadonlyArray<readonly number[]> {
  let step = 1;
  while (own.length > 1 && (GRID.length / step + 1) ** own.length > MOST_VECTORS && step < GRID.length) step++;
  const thinned = GRID.filter((_, index) => (GRID.length - 1 - index) % step === 0);
  return own.map((threshold) => [...new Set([...thinned, threshold])].sort((a, b) => a - b));
}
