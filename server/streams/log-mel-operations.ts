// What a log-mel frame costs a device, counted from the algorithm.

import { fourierStages } from './fourier.ts';
import { LOG_MEL, type LogMelSpec } from './front-end.ts';
import { melBands } from './log-mel-tables.ts';

/** What one frame costs a device. A multiplication and the addition that takes its product count as one multiply-accumulate. */
export interface FrontEndOperations {
  /** Multiply-accumulates, plain multiplications included. */
  readonly macs: number;
  /** Additions and subtractions that follow no multiplication. */
  readonly additions: number;
  readonly logs: number;
  /** Bytes of tables: window, twiddle factors and band weights in 16 bits each. */
  readonly tableBytes: number;
  /** Bytes of memory to work in: a window of 16-bit samples and the transform in 32 bits. */
  readonly workBytes: number;
}

/** Operations per frame, counted from the algorithm of LogMel (an equal count is what a DSP library's radix-4 real transform needs). */
export function frontEndOperations(spec: LogMelSpec = LOG_MEL): FrontEndOperations {
  const half = spec.windowSamples / 2;
  let macs = spec.windowSamples; // one product per windowed sample
  let additions = 0;
  if (Math.log2(half) % 2 !== 0) additions += half * 2; // half/2 radix-2 leaves of two complex additions
  for (const { quarter } of fourierStages(half)) {
    const blocks = half / (4 * quarter);
    macs += blocks * (quarter - 1) * 3 * 4; // three complex products a butterfly, none in its first column, whose factors are 1
    additions += blocks * quarter * 8 * 2; // eight complex additions a butterfly
  }
  const pairs = half / 2;
  macs += pairs * 4; // turning the odd half; its final additions are below, the scaling by 1/2 goes into the twiddles and a shift
  additions += pairs * 8;
  macs += (half + 1) * 2; // power: re² + im²
  const { risingBand, binsUsed } = melBands(spec);
  macs += risingBand.length; // one product a bin: what does not rise in one band falls in the band below
  additions += risingBand.length * 2;
  macs += spec.bands * 2; // scale and offset around the logarithm
  const twiddles = fourierStages(half).reduce((sum, { quarter }) => sum + 6 * quarter, 0) + half;
  return {
    macs,
    additions,
    logs: spec.bands,
    tableBytes: 2 * (spec.windowSamples / 2 + twiddles + binsUsed),
    workBytes: 2 * spec.windowSamples + 4 * (spec.windowSamples + 2) + 4 * spec.bands,
  };
}
