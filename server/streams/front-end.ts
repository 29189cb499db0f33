// The front end: sound into log-mel frames. Every model of the wake-word cascade sees these frames and nothing else, in training and in a run.
//
// Which samples a frame sees: frame k covers the samples [(k + 1)·hop - window, (k + 1)·hop) of its stream, samples before the start of the stream being
// zero. It is therefore available when (k + 1)·hop samples have been taken, and never looks beyond them: with the hop of 20 ms, frame k at (k + 1)·20 ms.

import { digitReversal, type FourierStage, fourierStages, radix2Leaves, radix4 } from './fourier.ts';
import { checkSpec, hannWindow, type MelBands, melBands } from './log-mel-tables.ts';

/** The parameters of a log-mel front end. Two equal specs give equal frames. */
export interface LogMelSpec {
  readonly kind: 'log-mel';
  readonly sampleRate: number;
  /** Samples under the (periodic) Hann window, also the length of the Fourier transform: a power of two, 16 or more. */
  readonly windowSamples: number;
  readonly hopSamples: number;
  /** Triangular bands, equally wide on the mel scale 2595·log10(1 + f/700). */
  readonly bands: number;
  readonly lowHertz: number;
  readonly highHertz: number;
  /** Band powers, in dB relative to a full-scale sine, are clipped to this range and scaled to -1 … 1. */
  readonly floorDecibels: number;
  readonly ceilingDecibels: number;
}

/** The front end of the shipped models. */
export const LOG_MEL: LogMelSpec = {
  kind: 'log-mel',
  sampleRate: 16_000,
  windowSamples: 512,
  hopSamples: 320,
  bands: 40,
  lowHertz: 60,
  highHertz: 7_800,
  floorDecibels: -100,
  ceilingDecibels: 0,
};

/** How many frames are complete after so many samples. */
export const framesIn = (spec: LogMelSpec, samples: number): number => Math.floor(samples / spec.hopSamples);

/** How many samples must have been taken before frame `frame` is there; it sees none beyond them. */
export const frameEnd = (spec: LogMelSpec, frame: number): number => (frame + 1) * spec.hopSamples;

/**
 * Computes log-mel frames in plain JavaScript: the definition, and what the SIMD kernel is held to. Holds scratch memory, so one instance serves one caller at a
 * time; it keeps no signal between calls.
 */
export class LogMel {
  readonly spec: LogMelSpec;
  /** Samples that a frame sees before its own hop: what has to be kept of a stream from one call to the next. */
  readonly leadSamples: number;
  private readonly window: Float64Array;
  private readonly order: Uint32Array;
  private readonly stages: readonly FourierStage[];
  private readonly leafRadix: 1 | 2;
  private readonly splitCos: Float64Array;
  private readonly splitSin: Float64Array;
  private readonly mel: MelBands;
  private readonly re: Float64Array;
  private readonly im: Float64Array;
  private readonly power: Float64Array;

  /** Throws RangeError when the spec is not one that can be computed. */
  constructor(spec: LogMelSpec = LOG_MEL) {
    checkSpec(spec);
    const size = spec.windowSamples;
    this.spec = spec;
    this.leadSamples = size - spec.hopSamples;
    this.window = hannWindow(size);
    const half = size / 2;
    this.order = digitReversal(half);
    this.leafRadix = Math.log2(half) % 2 === 0 ? 1 : 2;
    this.stages = fourierStages(half);
    this.splitCos = Float64Array.from({ length: half / 2 + 1 }, (_, k) => Math.cos((2 * Math.PI * k) / size));
    this.splitSin = Float64Array.from({ length: half / 2 + 1 }, (_, k) => Math.sin((2 * Math.PI * k) / size));
    this.mel = melBands(spec);
    this.re = new Float64Array(half);
    this.im = new Float64Array(half);
    this.power = new Float64Array(half + 1);
  }

  /** All complete frames of a whole recording: framesIn(samples) × bands, frame after frame. */
  frames(samples: Float32Array): Float32Array {
    const count = framesIn(this.spec, samples.length);
    const padded = new Float32Array(this.leadSamples + count * this.spec.hopSamples);
    padded.set(samples.subarray(0, count * this.spec.hopSamples), this.leadSamples);
    const out = new Float32Array(count * this.spec.bands);
    this.into(padded, count, out, 0);
    return out;
  }

  /**
   * Writes `count` frames to `out` from `outOffset` on. `samples` begins `leadSamples` before the first frame's hop and holds at least
   * leadSamples + count·hop samples; throws RangeError when it does not.
   */
  into(samples: Float32Array, count: number, out: Float32Array, outOffset: number): void {
    const { hopSamples, bands } = this.spec;
    if (samples.length < this.leadSamples + count * hopSamples)
      throw new RangeError(
        `${count} frames need ${this.leadSamples + count * hopSamples} samples, and ${samples.length} were given.`,
      );
    if (out.length < outOffset + count * bands)
      throw new RangeError(`${count} frames do not fit an array of ${out.length} values from ${outOffset} on.`);
    for (let frame = 0; frame < count; frame++) this.frame(samples, frame * hopSamples, out, outOffset + frame * bands);
  }

  private frame(samples: Float32Array, start: number, out: Float32Array, outOffset: number): void {
    const { re, im, order, window } = this;
    // A real transform of N points as a complex one of N/2: even samples are its real part, odd ones its imaginary part.
    for (let index = 0; index < order.length; index++) {
      const at = 2 * order[index];
      re[index] = samples[start + at] * window[at];
      im[index] = samples[start + at + 1] * window[at + 1];
    }
    if (this.leafRadix === 2) radix2Leaves(re, im);
    for (const stage of this.stages) radix4(re, im, stage);
    this.split();
    this.bandsInto(out, outOffset);
  }

  /** Power of the real signal's spectrum out of the half-length complex one. */
  private split(): void {
    const { re, im, power, splitCos, splitSin } = this;
    const half = re.length;
    power[0] = (re[0] + im[0]) ** 2;
    power[half] = (re[0] - im[0]) ** 2;
    for (let k = 1, mirrored = half - 1; k <= mirrored; k++, mirrored--) {
      const evenRe = 0.5 * (re[k] + re[mirrored]);
      const evenIm = 0.5 * (im[k] - im[mirrored]);
      const oddRe = 0.5 * (im[k] + im[mirrored]);
      const oddIm = 0.5 * (re[mirrored] - re[k]);
      const turnedRe = oddRe * splitCos[k] + oddIm * splitSin[k];
      const turnedIm = oddIm * splitCos[k] - oddRe * splitSin[k];
      const lowRe = evenRe + turnedRe;
      const lowIm = evenIm + turnedIm;
      const highRe = evenRe - turnedRe;
      const highIm = evenIm - turnedIm;
      power[k] = lowRe * lowRe + lowIm * lowIm;
      power[mirrored] = highRe * highRe + highIm * highIm;
    }
  }

  private bandsInto(out: Float32Array, outOffset: number): void {
    const { power } = this;
    const { firstBin, risingBand, risingWeight, sums, scale, floorPower, perNeper, offset } = this.mel;
    sums.fill(0);
    for (let index = 0; index < risingBand.length; index++) {
      const value = power[firstBin + index];
      const rising = value * risingWeight[index];
      const band = risingBand[index];
      sums[band] += value - rising;
      sums[band + 1] += rising;
    }
    const bands = this.spec.bands;
    for (let band = 0; band < bands; band++) {
      const value = perNeper * Math.log(sums[band + 1] * scale + floorPower) + offset;
      out[outOffset + band] = Math.max(-1, Math.min(1, value));
    }
  }
}

/** Frames of a signal that arrives in pieces of any length: equal, bit for bit, to the frames of the whole. */
export class LogMelStream {
  private readonly logMel: LogMel;
  private pending: Float32Array;

  constructor(logMel: LogMel) {
    this.logMel = logMel;
    this.pending = new Float32Array(logMel.leadSamples);
  }

  /** Takes the next samples; gives the frames they complete, frame after frame (possibly none). */
  push(samples: Float32Array): Float32Array {
    const { spec, leadSamples } = this.logMel;
    const joined = new Float32Array(this.pending.length + samples.length);
    joined.set(this.pending);
    joined.set(samples, this.pending.length);
    const count = framesIn(spec, joined.length - leadSamples);
    const out = new Float32Array(count * spec.bands);
    this.logMel.into(joined, count, out, 0);
    this.pending = joined.slice(count * spec.hopSamples);
    return out;
  }
}
