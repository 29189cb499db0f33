// A trace of any length in fixed memory: bins of equal width that double it whenever they run out. Mean, smallest and largest are kept.

export interface Bins {
  /** Seconds of one bin. */
  readonly width: number;
  readonly count: number;
  /** Mean of what was measured in the bin; not a number where nothing was. */
  readonly mean: Float32Array;
  readonly low: Float32Array;
  readonly high: Float32Array;
}

const CAPACITY = 2 ** 21;
const FIRST_WIDTH = 100e-6;
/** A bin of which less was measured counts as not measured. */
const LEAST_COVERAGE = 0.5;

export class FoldingBins {
  private width = FIRST_WIDTH;
  private count = 0;
  private readonly area: Float64Array;
  private readonly covered: Float32Array;
  private readonly low: Float32Array;
  private readonly high: Float32Array;

  constructor(capacity = CAPACITY) {
    this.area = new Float64Array(capacity);
    this.covered = new Float32Array(capacity);
    this.low = new Float32Array(capacity).fill(Number.POSITIVE_INFINITY);
    this.high = new Float32Array(capacity).fill(Number.NEGATIVE_INFINITY);
  }

  /** The value holds from one time to another; both in seconds from the trace's beginning. */
  add(from: number, to: number, value: number): void {
    while (to > this.width * this.area.length) this.fold();
    const last = Math.min(this.area.length - 1, Math.floor(to / this.width));
    for (let bin = Math.floor(from / this.width); bin <= last; bin++) {
      const span = Math.min(to, (bin + 1) * this.width) - Math.max(from, bin * this.width);
      if (span <= 0) continue;
      this.area[bin] += span * value;
      this.covered[bin] += span;
      if (value < this.low[bin]) this.low[bin] = value;
      if (value > this.high[bin]) this.high[bin] = value;
      if (bin >= this.count) this.count = bin + 1;
    }
  }

  /** @param atLeast seconds of a bin at least: finer ones hold no more than one sample */
  bins(atLeast: number): Bins {
    while (this.width < atLeast) this.fold();
    const { width, count } = this;
    const mean = Float32Array.from({ length: count }, (_, bin) =>
      this.covered[bin] >= LEAST_COVERAGE * width ? this.area[bin] / this.covered[bin] : Number.NaN,
    );
    return { width, count, mean, low: this.low.slice(0, count), high: this.high.slice(0, count) };
  }

  private fold(): void {
    const { area, covered, low, high } = this;
    const half = Math.ceil(this.count / 2);
    for (let bin = 0; bin < half; bin++) {
      const [one, other] = [2 * bin, 2 * bin + 1];
      area[bin] = area[one] + area[other];
      covered[bin] = covered[one] + covered[other];
      low[bin] = Math.min(low[one], low[other]);
      high[bin] = Math.max(high[one], high[other]);
    }
    area.fill(0, half, this.count);
    covered.fill(0, half, this.count);
    low.fill(Number.POSITIVE_INFINITY, half, this.count);
    high.fill(Number.NEGATIVE_INFINITY, half, this.count);
    this.count = half;
    this.width *= 2;
  }
}

/** The same trace in bins `factor` times as wide; a bin is measured where all of its parts are. */
export function coarser(mean: Float32Array, factor: number): Float32Array {
  if (factor === 1) return mean;
  return Float32Array.from({ length: Math.floor(mean.length / factor) }, (_, bin) => {
    let sum = 0;
    for (let at = bin * factor; at < (bin + 1) * factor; at++) sum += mean[at];
    return sum / factor;
  });
}
