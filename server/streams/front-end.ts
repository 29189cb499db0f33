// The front end: sound into log-mel frames. Every model of the wake-word cascade sees these frames and nothing else, in training and in a run.
//
// Which samples a frame sees: frame k covers the samples [(k + 1)·hop - window, (k + 1)·hop) of its stream, samples before the start of the stream being
// zero. It is therefore available when (k + 1)·hop samples have been taken, and never looks beyond them: with the hop of 20 ms, frame k at (k + 1)·20 ms.

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
  private readonly stages: readonly Stage[];
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

/** Operations per frame, counted from the algorithm of this file (an equal count is what a DSP library's radix-4 real transform needs). */
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

/** @throws {RangeError} */
function checkSpec(spec: LogMelSpec): void {
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

const hannWindow = (size: number): Float64Array =>
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

/** Twiddle factors of one radix-4 stage that joins four transforms of `quarter` points each. */
interface Stage {
  readonly quarter: number;
  /** cos and sin of 2πk/(4·quarter)·{1, 2, 3}, six values a column k. */
  readonly factors: Float64Array;
}

function fourierStages(points: number): readonly Stage[] {
  const stages: Stage[] = [];
  for (let quarter = Math.log2(points) % 2 === 0 ? 1 : 2; quarter < points; quarter *= 4) {
    const factors = new Float64Array(6 * quarter);
    for (let k = 0; k < quarter; k++) {
      for (let turn = 1; turn <= 3; turn++) {
        const angle = (2 * Math.PI * k * turn) / (4 * quarter);
        factors[6 * k + 2 * (turn - 1)] = Math.cos(angle);
        factors[6 * k + 2 * (turn - 1) + 1] = Math.sin(angle);
      }
    }
    stages.push({ quarter, factors });
  }
  return stages;
}

/** Where each input of a decimation-in-time transform goes: radix 4 down to leaves of one or two points. */
function digitReversal(points: number): Uint32Array {
  const order: number[] = [];
  const visit = (count: number, offset: number, stride: number): void => {
    if (count === 1) {
      order.push(offset);
      return;
    }
    const radix = count % 4 === 0 ? 4 : 2;
    for (let part = 0; part < radix; part++) visit(count / radix, offset + part * stride, stride * radix);
  };
  visit(points, 0, 1);
  return Uint32Array.from(order);
}

function radix2Leaves(re: Float64Array, im: Float64Array): void {
  for (let at = 0; at < re.length; at += 2) {
    const oddRe = re[at + 1];
    const oddIm = im[at + 1];
    re[at + 1] = re[at] - oddRe;
    im[at + 1] = im[at] - oddIm;
    re[at] += oddRe;
    im[at] += oddIm;
  }
}

function radix4(re: Float64Array, im: Float64Array, { quarter, factors }: Stage): void {
  const points = re.length;
  const block = 4 * quarter;
  for (let k = 0; k < quarter; k++) {
    const cos1 = factors[6 * k];
    const sin1 = factors[6 * k + 1];
    const cos2 = factors[6 * k + 2];
    const sin2 = factors[6 * k + 3];
    const cos3 = factors[6 * k + 4];
    const sin3 = factors[6 * k + 5];
    for (let at0 = k; at0 < points; at0 += block) {
      const at1 = at0 + quarter;
      const at2 = at1 + quarter;
      const at3 = at2 + quarter;
      const re1 = re[at1] * cos1 + im[at1] * sin1;
      const im1 = im[at1] * cos1 - re[at1] * sin1;
      const re2 = re[at2] * cos2 + im[at2] * sin2;
      const im2 = im[at2] * cos2 - re[at2] * sin2;
      const re3 = re[at3] * cos3 + im[at3] * sin3;
      const im3 = im[at3] * cos3 - re[at3] * sin3;
      const evenSumRe = re[at0] + re2;
      const evenSumIm = im[at0] + im2;
      const evenDiffRe = re[at0] - re2;
      const evenDiffIm = im[at0] - im2;
      const oddSumRe = re1 + re3;
      const oddSumIm = im1 + im3;
      const oddDiffRe = re1 - re3;
      const oddDiffIm = im1 - im3;
      re[at0] = evenSumRe + oddSumRe;
      im[at0] = evenSumIm + oddSumIm;
      re[at1] = evenDiffRe + oddDiffIm;
      im[at1] = evenDiffIm - oddDiffRe;
      re[at2] = evenSumRe - oddSumRe;
      im[at2] = evenSumIm - oddSumIm;
      re[at3] = evenDiffRe - oddDiffIm;
      im[at3] = evenDiffIm + oddDiffRe;
    }
  }
}

interface MelBands {
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

function melBands(spec: LogMelSpec): MelBands {
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
