/** The level of nothing at all, of which there is no logarithm. */
const LEAST_DECIBELS = -120;

/** @param amplitude against what counts as 0 dB */
export const decibelsOf = (amplitude: number): number =>
  amplitude > 0 ? Math.max(LEAST_DECIBELS, 20 * Math.log10(amplitude)) : LEAST_DECIBELS;
