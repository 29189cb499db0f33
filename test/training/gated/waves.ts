/** Numbers between -1 and 1 that repeat late: input for networks whose values do not matter. */
export const waves = (count: number, step: number): Float32Array =>
  Float32Array.from({ length: count }, (_, n) => Math.sin(step * n + 1 + 0.5 * Math.sin(0.11 * n)));
