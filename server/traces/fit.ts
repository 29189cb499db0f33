// Which figures of a profile would explain a measured trace. Regularised least squares: the measured power of every bin against the figures
// of the levels that components were in, held towards the figures' present values the more the better those are known, none below zero.
//   minimise Σ wᵇ (measuredᵇ − powerᵇ(x))² + Σ ((xⁱ − presentⁱ) / spreadⁱ)²,   x ≥ 0
// Weights are those of Huber, so that spikes that no figure makes do not bend the others; a bin in which power changes weighs less, because
// an alignment is never perfect. Residuals of neighbouring bins resemble each other, so what the trace knows of a figure is scaled by how
// the sums over twenty stretches of it really scatter (a cluster-robust variance).

import type { BinShares } from './bin-shares.ts';
import { eigen, minimise } from './linear.ts';
import { type Confidence, type PowerModel, powerIn, slopesIn } from './power-model.ts';
import type { Condition } from './run-trace.ts';

export interface FittedFigure {
  readonly path: string;
  readonly unit: 'W' | 'A' | 'J/B';
  readonly confidence: Confidence;
  readonly present: number;
  readonly proposed: number;
  /** Half of its 95 % interval; what the instrument itself is off comes on top. */
  readonly within: number;
  /** Share of what is now known of it that the trace tells: 1 all, 0 nothing. */
  readonly told: number;
  /** Watts that the change is worth on average over the trace. */
  readonly worth: number;
}

/** Figures that always come together: their sum is known, how it divides is not. */
export interface Inseparable {
  readonly paths: readonly string[];
  /** Watts by which they are worth more together, on average over the trace, and half of its 95 % interval. */
  readonly worth: number;
  readonly within: number;
}

export interface Fit {
  readonly figures: readonly FittedFigure[];
  readonly inseparable: readonly Inseparable[];
  /** By condition, with the proposed figures. */
  readonly watts: Float64Array;
}

const ROUNDS = 6;
const BLOCKS = 20;
const HUBER = 2;
/** Instruments and supplies vary by about this much of a reading. */
const PROPORTIONAL = 0.01;
/** An alignment is off by this much of a bin. */
const JITTER = 0.2;
/** Of the trace's knowledge and the present one, less than this comes from the trace: it does not tell. */
const LEAST_TOLD = 0.5;

export function fitFigures(bins: BinShares, conditions: readonly Condition[], model: PowerModel): Fit {
  const present = Float64Array.from(model.figures, ({ value }) => value);
  const spreads = Float64Array.from(model.figures, ({ spread }) => spread);
  const met = new Set(bins.conditions);
  let figures = present;
  let steady: number | null = null;
  let information = new Float64Array(0);
  let free: readonly number[] = [];
  let mean = new Float64Array(0);
  for (let round = 0; round < ROUNDS; round++) {
    const watts = Float64Array.from(conditions, ({ levels }, at) =>
      met.has(at) ? powerIn(model, levels, figures) : 0,
    );
    const slopes = conditions.map(({ levels }, at) => (met.has(at) ? slopesIn(model, levels, figures) : null));
    free = model.figures.flatMap((_, at) =>
      spreads[at] > 0 && slopes.some((slope) => (slope?.[at] ?? 0) > 0) ? [at] : [],
    );
    // In spreads from the present value.
    const columns = slopes.map((slope) => Float64Array.from(free, (at) => (slope?.[at] ?? 0) * spreads[at]));
    steady ??= noise(bins, watts);
    const sums = accumulate(bins, watts, columns, free.length, steady, round > 0);
    information = sums.information;
    mean = sums.mean;
    const size = free.length;
    const matrix = sums.curvature.map((value, at) => value + (Math.floor(at / size) === at % size ? 1 : 0));
    const now = Float64Array.from(free, (at) => figures[at] / spreads[at]);
    const prior = Float64Array.from(free, (at) => present[at] / spreads[at]);
    const right = Float64Array.from({ length: size }, (_, row) => {
      let sum = sums.gradient[row] + prior[row];
      for (let column = 0; column < size; column++) sum += sums.curvature[row * size + column] * now[column];
      return sum;
    });
    const solved = minimise(matrix, right, now);
    figures = Float64Array.from(figures);
    free.forEach((at, row) => {
      figures[at] = solved[row] * spreads[at];
    });
  }
  const size = free.length;
  const { values, vectors } = eigen(information);
  const known = Float64Array.from(values, (value) => Math.max(0, value));
  const between = (row: number, column: number, of: (value: number) => number) => {
    let sum = 0;
    for (let k = 0; k < size; k++) sum += vectors[row * size + k] * vectors[column * size + k] * of(known[k]);
    return sum;
  };
  const covariance = (row: number, column: number) => between(row, column, (value) => 1 / (1 + value));
  const untold = (row: number, column: number) => between(row, column, (value) => (value < 1 ? 1 : 0));
  const change = free.map((at) => (figures[at] - present[at]) / spreads[at]);
  return {
    figures: free.map((at, row) => ({
      path: model.figures[at].path,
      unit: model.figures[at].unit,
      confidence: model.figures[at].confidence,
      present: present[at],
      proposed: figures[at],
      within: 1.96 * spreads[at] * Math.sqrt(covariance(row, row)),
      told: Math.max(0, 1 - untold(row, row)),
      worth: change[row] * mean[row],
    })),
    inseparable: groups(size, untold).map((rows) => ({
      paths: rows.map((row) => model.figures[free[row]].path),
      worth: rows.reduce((sum, row) => sum + change[row] * mean[row], 0),
      within:
        1.96 *
        Math.sqrt(
          rows.reduce((sum, a) => sum + rows.reduce((part, b) => part + mean[a] * mean[b] * covariance(a, b), 0), 0),
        ),
    })),
    watts: Float64Array.from(conditions, ({ levels }) => powerIn(model, levels, figures)),
  };
}

/** Rows that the trace moves against each other freely. */
function groups(size: number, untold: (row: number, column: number) => number): readonly (readonly number[])[] {
  const group = Array.from({ length: size }, (_, row) => row);
  const open = (row: number) => untold(row, row) > 1 - LEAST_TOLD / 2;
  for (let row = 0; row < size; row++)
    for (let other = 0; other < row; other++) {
      const together = Math.abs(untold(row, other));
      if (together < (open(row) && open(other) ? 0.05 : 0.2)) continue;
      const [from, to] = [group[row], group[other]];
      for (let at = 0; at < size; at++) if (group[at] === from) group[at] = to;
    }
  const found = new Map<number, number[]>();
  group.forEach((number, row) => {
    found.set(number, [...(found.get(number) ?? []), row]);
  });
  return [...found.values()].filter((rows) => rows.length > 1);
}

/** Expected deviation of a bin, in watts: steady noise, a share of the reading, and what an edge in or beside it makes. */
function deviation(bins: BinShares, watts: Float64Array, bin: number, predicted: number, steady: number): number {
  const { offsets, conditions } = bins;
  let low = Number.POSITIVE_INFINITY;
  let high = 0;
  const to = Math.min(conditions.length, offsets[bin + 1] + 1);
  for (let entry = Math.max(0, offsets[bin] - 1); entry < to; entry++) {
    const power = watts[conditions[entry]];
    if (power < low) low = power;
    if (power > high) high = power;
  }
  return Math.sqrt(steady ** 2 + (PROPORTIONAL * predicted) ** 2 + (JITTER * (high - low)) ** 2);
}

const predict = ({ offsets, conditions, shares }: BinShares, watts: Float64Array, bin: number): number => {
  let power = 0;
  for (let entry = offsets[bin]; entry < offsets[bin + 1]; entry++) power += shares[entry] * watts[conditions[entry]];
  return power;
};

/** Steady noise of a bin: how much one differs from the next where the power is the same (median, over 0.6745 √2 as for a normal one). */
function noise(bins: BinShares, watts: Float64Array): number {
  const steps: number[] = [];
  const stride = Math.max(1, Math.floor(bins.count / 200_000));
  for (let bin = 1; bin < bins.count; bin += stride) {
    const same = Math.abs(predict(bins, watts, bin) - predict(bins, watts, bin - 1)) < 1e-9;
    if (same) steps.push(Math.abs(bins.measured[bin] - bins.measured[bin - 1]));
  }
  steps.sort((a, b) => a - b);
  const middle = steps[steps.length >> 1] ?? 0;
  return Math.max(1e-9, middle / (0.6745 * Math.SQRT2));
}

interface Sums {
  /** Of the sum of squares, with the trace's usual scatter. */
  readonly curvature: Float64Array<ArrayBuffer>;
  readonly gradient: Float64Array;
  /** What the trace knows, each figure with its own scatter: an inverse covariance in spreads. */
  readonly information: Float64Array<ArrayBuffer>;
  /** Watts per spread, on average over the trace. */
  readonly mean: Float64Array<ArrayBuffer>;
}

function accumulate(
  bins: BinShares,
  watts: Float64Array,
  columns: readonly Float64Array[],
  size: number,
  steady: number,
  robust: boolean,
): Sums {
  const matrix = new Float64Array(size * size);
  const blocks = Array.from({ length: BLOCKS }, () => new Float64Array(size));
  const mean = new Float64Array(size);
  // Bins of one condition alone are all alike: what they sum to is multiplied out once.
  const alone = { weight: new Float64Array(columns.length), pull: blocks.map(() => new Float64Array(columns.length)) };
  const row = new Float64Array(size);
  for (let bin = 0; bin < bins.count; bin++) {
    const from = bins.offsets[bin];
    const to = bins.offsets[bin + 1];
    const block = Math.floor((bin * BLOCKS) / bins.count);
    const power = predict(bins, watts, bin);
    const sigma = deviation(bins, watts, bin, power, steady);
    const residual = (bins.measured[bin] - power) / sigma;
    const damped = robust && Math.abs(residual) > HUBER ? HUBER / Math.abs(residual) : 1;
    const weight = damped / sigma ** 2;
    const pull = (damped * residual) / sigma;
    if (to - from === 1) {
      alone.weight[bins.conditions[from]] += weight;
      alone.pull[block][bins.conditions[from]] += pull;
      continue;
    }
    row.fill(0);
    for (let entry = from; entry < to; entry++) {
      const column = columns[bins.conditions[entry]];
      const share = bins.shares[entry];
      for (let at = 0; at < size; at++) row[at] += share * column[at];
    }
    add(matrix, blocks[block], row, weight, pull);
  }
  columns.forEach((column, condition) => {
    if (alone.weight[condition] === 0) return;
    add(matrix, null, column, alone.weight[condition], 0);
    alone.pull.forEach((pulls, block) => {
      for (let at = 0; at < size; at++) blocks[block][at] += pulls[condition] * column[at];
    });
  });
  for (let entry = 0; entry < bins.conditions.length; entry++) {
    const column = columns[bins.conditions[entry]];
    for (let at = 0; at < size; at++) mean[at] += (bins.shares[entry] * column[at]) / bins.count;
  }
  const gradient = Float64Array.from({ length: size }, (_, at) => blocks.reduce((sum, block) => sum + block[at], 0));
  // How much more the sums over blocks scatter than independent noise would: each figure's own factor.
  const inflation = Float64Array.from(gradient, (total, at) => {
    const scatter = blocks.reduce((sum, block) => sum + (block[at] - total / BLOCKS) ** 2, 0);
    return Math.max(1, scatter / Math.max(matrix[at * size + at], 1e-300));
  });
  const usual = [...inflation].sort((a, b) => a - b)[size >> 1] ?? 1;
  return {
    curvature: matrix.map((value) => value / usual),
    gradient: gradient.map((value) => value / usual),
    information: matrix.map((value, at) => value / Math.sqrt(inflation[Math.floor(at / size)] * inflation[at % size])),
    mean,
  };
}

function add(matrix: Float64Array, block: Float64Array | null, row: Float64Array, weight: number, pull: number): void {
  const size = row.length;
  for (let a = 0; a < size; a++) {
    if (row[a] === 0) continue;
    if (block !== null) block[a] += pull * row[a];
    const part = weight * row[a];
    for (let b = 0; b < size; b++) matrix[a * size + b] += part * row[b];
  }
}
