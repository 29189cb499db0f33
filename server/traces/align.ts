// Where a measured trace lies on a run, and how much faster or slower the clock of the instrument goes: the offset and drift at which the
// two vary together best. Powers are compared by their logarithms, so that a gain does not matter and small wakes count beside large ones.

import { type Bins, coarser } from './folding-bins.ts';
import { type RunTrace, resample } from './run-trace.ts';

export interface Alignment {
  /** Run time = offset + (1 + drift) · time since the trace's first sample. */
  readonly offset: number;
  readonly drift: number;
  /** Of the logarithms, at the finest bins. */
  readonly correlation: number;
}

/** The first look is at about so many bins. */
const COARSE_BINS = 4000;
const COARSEST_WIDTH = 0.05;
/** Instruments' and devices' clocks differ by less. */
const LARGEST_DRIFT = 5e-3;
const LEAST_OVERLAP_SECONDS = 1;
/** Less than any device draws. */
const LEAST_WATTS = 1e-9;
/** Where the beginning and the end go in a step of the search. */
const DIRECTIONS = [
  [1, 1],
  [-1, -1],
  [1, -1],
  [-1, 1],
  [1, 0],
  [-1, 0],
  [0, 1],
  [0, -1],
] as const;
const MOST_MOVES = 40;
const LEAPS = 12;
/** While the search goes on, a trace is looked at in so many blocks of so many bins from each of its parts. */
const PARTS = 20;
const BLOCKS_OF_PART = 8;
const BLOCK = 256;

/** Null where the two do not overlap by a second, or where one of them never changes. @param watts of the run, by condition */
export function align(run: RunTrace, watts: ArrayLike<number>, measured: Bins): Alignment | null {
  const seconds = measured.width * measured.count;
  const runSeconds = run.times[run.times.length - 1];
  const factor = Math.max(
    1,
    Math.round(Math.max(COARSEST_WIDTH, (seconds + runSeconds) / 2 / COARSE_BINS) / measured.width),
  );
  const start = coarse(run, watts, measured, factor);
  return start === null ? null : narrow(run, watts, measured, start, factor);
}

/** Every offset in steps of a bin, with every drift that shifts the ends by a bin. */
function coarse(run: RunTrace, watts: ArrayLike<number>, measured: Bins, factor: number): Alignment | null {
  const width = measured.width * factor;
  const ours = logarithms(coarser(measured.mean, factor));
  const half = ours.length / 2;
  const drifts = Math.min(40, Math.ceil(LARGEST_DRIFT * half));
  const runSeconds = run.times[run.times.length - 1];
  const least = Math.max(LEAST_OVERLAP_SECONDS / width, 4);
  let best: (Alignment & { readonly score: number }) | null = null;
  for (let step = -drifts; step <= drifts; step++) {
    const drift = half === 0 ? 0 : step / half;
    const ticks = width * (1 + drift);
    const theirs = logarithms(resample(run, watts, 0, ticks, Math.floor(runSeconds / ticks)));
    for (let lag = -ours.length + 1; lag < theirs.length; lag++) {
      const sums = new Correlation();
      sums.add(ours, theirs, lag);
      const { count, value: correlation } = sums;
      if (count < least || !(correlation > 0)) continue;
      // What a match explains (its likelihood ratio): a good one over long counts more than a better one over short. Ties: the least drift.
      const score = -count * Math.log(Math.max(1e-9, 1 - correlation ** 2)) - 1e-6 * Math.abs(step);
      if (best === null || score > best.score) best = { offset: lag * ticks, drift, correlation, score };
    }
  }
  return best;
}

/** Where the trace's beginning and end lie on the run. */
interface Ends {
  readonly begin: number;
  readonly end: number;
  readonly score: number;
}
type Score = (begin: number, end: number) => number;

/** Finer and finer bins, each time from where the coarser ones led. */
function narrow(run: RunTrace, watts: ArrayLike<number>, measured: Bins, from: Alignment, factor: number): Alignment {
  const seconds = measured.width * measured.count;
  let ends: Ends = { begin: from.offset, end: from.offset + (1 + from.drift) * seconds, score: from.correlation };
  let leapt = false;
  for (let parts = factor; ; parts = Math.max(1, Math.floor(parts / 2))) {
    const width = measured.width * parts;
    const ours = logarithms(coarser(measured.mean, parts));
    const telling = tellingBlocks(ours);
    const score: Score = (b, e) => correlationAt(run, watts, ours, telling, b, (width * (e - b)) / seconds);
    ends = climb(ends, width, score);
    if (!leapt && (width <= run.period / 4 || parts === 1)) {
      ends = leap(ends, run.period, width, score);
      leapt = true;
    }
    if (parts > 1) continue;
    const { begin, end } = ends;
    const correlation = correlationAt(run, watts, ours, [[0, ours.length]], begin, (width * (end - begin)) / seconds);
    return { offset: begin, drift: (end - begin) / seconds - 1, correlation };
  }
}

/** Compass search in steps from `width` down to a twelfth of it: along the ridge that one busy stretch makes, steps must be short. */
function climb({ begin, end }: Pick<Ends, 'begin' | 'end'>, width: number, score: Score): Ends {
  let best: Ends = { begin, end, score: score(begin, end) };
  for (let step = width; step > width / 12; step /= 2) {
    for (let moved = true, rounds = 0; moved && rounds < MOST_MOVES; rounds++) {
      moved = false;
      for (const [b, e] of DIRECTIONS) {
        const candidate = { begin: best.begin + b * step, end: best.end + e * step };
        const reached = score(candidate.begin, candidate.end);
        if (!(reached > best.score)) continue;
        best = { ...candidate, score: reached };
        moved = true;
      }
    }
  }
  return best;
}

/** A device that does the same every period looks much the same a period later: tries the quarters of one around both ends. */
function leap(from: Ends, period: number, width: number, score: Score): Ends {
  const candidates: Ends[] = [];
  for (let b = -LEAPS; b <= LEAPS; b++)
    for (let e = -LEAPS; e <= LEAPS; e++) {
      const begin = from.begin + (b * period) / 4;
      const end = from.end + (e * period) / 4;
      candidates.push({ begin, end, score: score(begin, end) });
    }
  return candidates
    .sort((a, b) => b.score - a.score)
    .slice(0, LEAPS)
    .map((candidate) => climb(candidate, width, score))
    .reduce((best, candidate) => (candidate.score > best.score ? candidate : best), from);
}

/** Correlation over some blocks of bins, of which the first of all lies at `begin` of the run. */
function correlationAt(
  run: RunTrace,
  watts: ArrayLike<number>,
  ours: Float32Array,
  blocks: ReadonlyArray<readonly [number, number]>,
  begin: number,
  width: number,
): number {
  const sums = new Correlation();
  for (const [from, to] of blocks)
    sums.add(ours.subarray(from, to), logarithms(resample(run, watts, begin + from * width, width, to - from)), 0);
  return sums.value;
}

/** From every part of a trace the blocks of bins in which most happens: they tell where it lies, and there are few of them. */
function tellingBlocks(ours: Float32Array): ReadonlyArray<readonly [number, number]> {
  if (ours.length <= PARTS * BLOCKS_OF_PART * BLOCK) return [[0, ours.length]];
  return Array.from({ length: PARTS }, (_, part) => {
    const from = Math.floor((part * ours.length) / PARTS);
    const to = Math.floor(((part + 1) * ours.length) / PARTS);
    return Array.from({ length: Math.floor((to - from) / BLOCK) }, (_, block) => {
      const at = from + block * BLOCK;
      return { at, spread: variance(ours.subarray(at, at + BLOCK)) };
    })
      .sort((a, b) => b.spread - a.spread)
      .slice(0, BLOCKS_OF_PART)
      .map(({ at }) => [at, at + BLOCK] as const);
  }).flat();
}

function variance(values: Float32Array): number {
  let sum = 0;
  let squares = 0;
  for (const value of values) {
    sum += value;
    squares += value * value;
  }
  const spread = squares / values.length - (sum / values.length) ** 2;
  return Number.isNaN(spread) ? -1 : spread;
}

const logarithms = (power: Float32Array): Float32Array => power.map((value) => Math.log(Math.max(value, LEAST_WATTS)));

/** Pearson's correlation of what both have: `ours[i]` beside `theirs[i + lag]`. */
class Correlation {
  count = 0;
  private x = 0;
  private y = 0;
  private xx = 0;
  private yy = 0;
  private xy = 0;

  add(ours: Float32Array, theirs: Float32Array, lag: number): void {
    const to = Math.min(ours.length, theirs.length - lag);
    for (let at = Math.max(0, -lag); at < to; at++) {
      const a = ours[at];
      const b = theirs[at + lag];
      if (Number.isNaN(a) || Number.isNaN(b)) continue;
      this.count++;
      this.x += a;
      this.y += b;
      this.xx += a * a;
      this.yy += b * b;
      this.xy += a * b;
    }
  }

  get value(): number {
    const { count, x, y, xx, yy, xy } = this;
    const spread = (xx - (x * x) / count) * (yy - (y * y) / count);
    return spread > 0 ? (xy - (x * y) / count) / Math.sqrt(spread) : Number.NaN;
  }
}
