// What log-mel frames are computed with: window, bands and scales, from the parameters of a front end.

import { digitReversal, fourierStages } from './fourier.ts';
import type { LogMelSpec } from './front-end.ts';

/** @throws {RangeError} */
export function checkSpec(spec: LogMelSpec): void {
  const size = spec.windowSamples;
  if (size < 16 || (size & (size - 1)) !== 0)
    throw new RangeError(`The front end's window must be a power of two of at least 16 samples, not ${size}.`);
  if (spec.hopSamples < 1 || spec.hopSamples > size)
    throw new RangeError(
      `The front end's hop of ${spec.hopSamples} samples must lie between 1 and its window, ${size}.`,
    );
  if (!(spec.lowHertz >= 0 && spec.lowHertz < spec.highHertz && spec.highHertz <= spec.sampleRate / 2))
    throw new RangeError(
      `The front end's bands must lie between 0 and ${spec.sampleRate / 2} Hz, not from ${spec.lowHertz} to ${spec.highHertz} Hz.`,
    );
}

export const hannWindow = (size: number): Float64Array =>
  Float64Array.from({ length: size }, (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / size));

/** What the SIMD kernel computes with: see kernels/log-mel.ts. */
export interface FrontEndTables {
  readonly window: Float64Array;
  readonly leafRadix: 2 | 4;
  /** For input m of the first of the transform's leaves: where that leaf lies, in bytes of four-lane vectors. */
  readonly leaves: Uint32Array;
  readonly factors: Float64Array;
  readonly split: Float64Array;
  /** The first bin, then how many bins lie between one band's middle and the next. */
  readonly regions: Uint32Array;
  readonly weights: Float64Array;
  readonly scale: number;
  readonly floorPower: number;
  readonly perNeper: number;
  readonly offset: number;
}

/** Throws RangeError when the spec is not one that can be computed. */
export function frontEndTables(spec: LogMelSpec): FrontEndTables {
  checkSpec(spec);
  const size = spec.windowSamples;
  const half = size / 2;
  const order = digitReversal(half);
  const leafRadix = Math.log2(half) % 2 === 0 ? 4 : 2;
  const leaves = new Uint32Array(half / leafRadix);
  for (let at = 0; at < half; at += leafRadix) leaves[order[at]] = at * 16;
  const mel = melBands(spec);
  const regions = new Uint32Array(spec.bands + 2);
  regions[0] = mel.firstBin;
  for (const band of mel.risingBand) regions[band + 1]++;
  return {
    window: hannWindow(size),
    leafRadix,
    leaves,
    factors: Float64Array.from(
      fourierStages(half)
        .filter(({ quarter }) => quarter >= leafRadix)
        .flatMap(({ factors }) => [...factors]),
    ),
    split: Float64Array.from({ length: half + 2 }, (_, at) => {
      const angle = (2 * Math.PI * (at >> 1)) / size;
      return at % 2 === 0 ? Math.cos(angle) : Math.sin(angle);
    }),
    regions,
    weights: mel.risingWeight,
    scale: mel.scale,
    floorPower: mel.floorPower,
    perNeper: mel.perNeper,
    offset: mel.offset,
  };
}

export interface MelBands {
  readonly firstBin: number;
  /** Per bin from firstBin on: the band that falls there (0 = below the first), the next one rises. */
  readonly risingBand: Int32Array;
  readonly risingWeight: Float64Array;
  readonly binsUsed: number;
  /** Sums per band; first and last stand for what lies below and above the bands. */
  readonly sums: Float64Array;
  readonly scale: number;
  readonly floorPower: number;
  readonly perNeper: number;
  readonly offset: number;
}

const toMel = (hertz: number): number => 2595 * Math.log10(1 + hertz / 700);

export function melBands(spec: LogMelSpec): MelBands {
  const low = toMel(spec.lowHertz);
  const step = (toMel(spec.highHertz) - low) / (spec.bands + 1);
  const bins: { bin: number; band: number; weight: number }[] = [];
  for (let bin = 0; bin <= spec.windowSamples / 2; bin++) {
    const position = (toMel((bin * spec.sampleRate) / spec.windowSamples) - low) / step;
    if (position <= 0 || position >= spec.bands + 1) continue;
    bins.push({ bin, band: Math.floor(position), weight: position - Math.floor(position) });
  }
  const range = spec.ceilingDecibels - spec.floorDecibels;
  // A full-scale sine peaks at (N/4)² in the power spectrum of a Hann window: that is 0 dB.
  const scale = (4 / spec.windowSamples) ** 2;
  const perNeper = ((10 / Math.LN10) * 2) / range;
  return {
    firstBin: bins[0]?.bin ?? 0,
    risingBand: Int32Array.from(bins, ({ band }) => band),
    risingWeight: Float64Array.from(bins, ({ weight }) => weight),
    binsUsed: bins.length,
    sums: new Float64Array(spec.bands + 2),
    scale,
    floorPower: 10 ** (spec.floorDecibels / 10),
    perNeper,
    offset: (-spec.floorDecibels * 2) / range - 1,
  };
}
