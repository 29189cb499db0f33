// AssemblyScript. Log-mel frames four at a time, one in each lane of 32-bit SIMD: the algorithm of streams/front-end.ts, which defines what comes out.
// All positions are bytes in this module's memory; streams/simd-log-mel.ts lays it out and writes the tables.

import { energy } from './mix';

const LANE: usize = 4;
const VECTOR: usize = 16;

/** Complex points of the transform: half the window. */
let points: usize = 0;
let bands: i32 = 0;
let hop: usize = 0;
let leafRadix: i32 = 0;
/** The window, as samples. */
let windowTable: usize = 0;
/** Position of each leaf's first input among the reordered ones, in bytes: one 32-bit number for each of points / leaf radix leaves. */
let leafTable: usize = 0;
/** Stage after stage, six factors a column; see Stage in front-end.ts. */
let factorTable: usize = 0;
/** cos and sin in turn, for the split of the two halves. */
let splitTable: usize = 0;
/** First bin, then for each of bands + 1 regions how many bins there are: 32-bit numbers. */
let regionTable: usize = 0;
/** One rising weight a bin. */
let weightTable: usize = 0;
let re: usize = 0;
let im: usize = 0;
let power: usize = 0;
let scale: f32 = 0;
let floorPower: f32 = 0;
let perNeper: f32 = 0;
let offset: f32 = 0;

export function setShape(newPoints: usize, newBands: i32, hopSamples: usize, newLeafRadix: i32): void {
  points = newPoints;
  bands = newBands;
  hop = hopSamples * LANE;
  leafRadix = newLeafRadix;
}

export function setTables(
  window: usize,
  leaves: usize,
  factors: usize,
  split: usize,
  regions: usize,
  weights: usize,
  work: usize,
): void {
  windowTable = window;
  leafTable = leaves;
  factorTable = factors;
  splitTable = split;
  regionTable = regions;
  weightTable = weights;
  re = work;
  im = re + points * VECTOR;
  power = im + points * VECTOR;
}

export function setScale(newScale: f32, newFloorPower: f32, newPerNeper: f32, newOffset: f32): void {
  scale = newScale;
  floorPower = newFloorPower;
  perNeper = newPerNeper;
  offset = newOffset;
}

/** Frames 4·g … 4·g + 3 for every group g, from `samples` to `out` (frames × bands). */
export function frames(samples: usize, groups: i32, out: usize): void {
  for (let group = 0; group < groups; group++) {
    if (leafRadix == 4) leaves4(samples);
    else leaves2(samples);
    let factors = factorTable;
    for (let quarter = leafRadix as usize; quarter < points; quarter *= 4) {
      radix4(quarter, factors);
      factors += 6 * LANE * quarter;
    }
    split();
    melBands(out);
    samples += 4 * hop;
    out += 4 * bands * LANE;
  }
}

/** Sum of squares of each of `hops` consecutive hops. */
export function hopEnergies(samples: usize, hops: i32, out: usize): void {
  for (let at = 0; at < hops; at++) {
    store<f32>(out, energy(samples, (hop / LANE) as i32));
    samples += hop;
    out += LANE;
  }
}

// Four samples of each of four frames, windowed and transposed: then a vector is one sample of the four frames.
let t0: v128 = f32x4.splat(0);
let t1: v128 = f32x4.splat(0);
let t2: v128 = f32x4.splat(0);
let t3: v128 = f32x4.splat(0);

@inline
function gather(samples: usize, sample: usize): void {
  const window = v128.load(windowTable + sample * LANE);
  const at = samples + sample * LANE;
  const a = f32x4.mul(v128.load(at), window);
  const b = f32x4.mul(v128.load(at + hop), window);
  const c = f32x4.mul(v128.load(at + 2 * hop), window);
  const d = f32x4.mul(v128.load(at + 3 * hop), window);
  const abLow = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
  const abHigh = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
  const cdLow = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
  const cdHigh = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
  t0 = v128.shuffle<f32>(abLow, cdLow, 0, 1, 4, 5);
  t1 = v128.shuffle<f32>(abLow, cdLow, 2, 3, 6, 7);
  t2 = v128.shuffle<f32>(abHigh, cdHigh, 0, 1, 4, 5);
  t3 = v128.shuffle<f32>(abHigh, cdHigh, 2, 3, 6, 7);
}

function leaves4(samples: usize): void {
  const quarter = points / 4;
  for (let m: usize = 0; m < quarter; m += 2) {
    gather(samples, 2 * m);
    const a0 = t0, a1 = t1, a2 = t2, a3 = t3;
    gather(samples, 2 * (m + quarter));
    const b0 = t0, b1 = t1, b2 = t2, b3 = t3;
    gather(samples, 2 * (m + 2 * quarter));
    const c0 = t0, c1 = t1, c2 = t2, c3 = t3;
    gather(samples, 2 * (m + 3 * quarter));
    butterfly(load<u32>(leafTable + m * LANE), VECTOR, a0, a1, b0, b1, c0, c1, t0, t1);
    butterfly(load<u32>(leafTable + m * LANE, 4), VECTOR, a2, a3, b2, b3, c2, c3, t2, t3);
  }
}

function leaves2(samples: usize): void {
  const half = points / 2;
  for (let m: usize = 0; m < half; m += 2) {
    gather(samples, 2 * m);
    const a0 = t0, a1 = t1, a2 = t2, a3 = t3;
    gather(samples, 2 * (m + half));
    const first = load<u32>(leafTable + m * LANE);
    v128.store(re + first, f32x4.add(a0, t0));
    v128.store(im + first, f32x4.add(a1, t1));
    v128.store(re + first, f32x4.sub(a0, t0), 16);
    v128.store(im + first, f32x4.sub(a1, t1), 16);
    const second = load<u32>(leafTable + m * LANE, 4);
    v128.store(re + second, f32x4.add(a2, t2));
    v128.store(im + second, f32x4.add(a3, t3));
    v128.store(re + second, f32x4.sub(a2, t2), 16);
    v128.store(im + second, f32x4.sub(a3, t3), 16);
  }
}

/** Joins four values, already turned, and stores them `step` apart. */
@inline
function butterfly(
  at: usize,
  step: usize,
  re0: v128,
  im0: v128,
  re1: v128,
  im1: v128,
  re2: v128,
  im2: v128,
  re3: v128,
  im3: v128,
): void {
  const evenSumRe = f32x4.add(re0, re2);
  const evenSumIm = f32x4.add(im0, im2);
  const evenDiffRe = f32x4.sub(re0, re2);
  const evenDiffIm = f32x4.sub(im0, im2);
  const oddSumRe = f32x4.add(re1, re3);
  const oddSumIm = f32x4.add(im1, im3);
  const oddDiffRe = f32x4.sub(re1, re3);
  const oddDiffIm = f32x4.sub(im1, im3);
  let to = re + at;
  v128.store(to, f32x4.add(evenSumRe, oddSumRe));
  v128.store(to + step, f32x4.add(evenDiffRe, oddDiffIm));
  v128.store(to + 2 * step, f32x4.sub(evenSumRe, oddSumRe));
  v128.store(to + 3 * step, f32x4.sub(evenDiffRe, oddDiffIm));
  to = im + at;
  v128.store(to, f32x4.add(evenSumIm, oddSumIm));
  v128.store(to + step, f32x4.sub(evenDiffIm, oddDiffRe));
  v128.store(to + 2 * step, f32x4.sub(evenSumIm, oddSumIm));
  v128.store(to + 3 * step, f32x4.add(evenDiffIm, oddDiffRe));
}

function radix4(quarter: usize, factors: usize): void {
  const step = quarter * VECTOR;
  const block: usize = 4 * step;
  const end = points * VECTOR;
  for (let k: usize = 0; k < quarter; k++) {
    const cos1 = v128.load32_splat(factors);
    const sin1 = v128.load32_splat(factors, 4);
    const cos2 = v128.load32_splat(factors, 8);
    const sin2 = v128.load32_splat(factors, 12);
    const cos3 = v128.load32_splat(factors, 16);
    const sin3 = v128.load32_splat(factors, 20);
    factors += 24;
    for (let at = k * VECTOR; at < end; at += block) {
      const fromRe = re + at;
      const fromIm = im + at;
      const re1 = v128.load(fromRe + step);
      const im1 = v128.load(fromIm + step);
      const re2 = v128.load(fromRe + 2 * step);
      const im2 = v128.load(fromIm + 2 * step);
      const re3 = v128.load(fromRe + 3 * step);
      const im3 = v128.load(fromIm + 3 * step);
      butterfly(
        at,
        step,
        v128.load(fromRe),
        v128.load(fromIm),
        f32x4.add(f32x4.mul(re1, cos1), f32x4.mul(im1, sin1)),
        f32x4.sub(f32x4.mul(im1, cos1), f32x4.mul(re1, sin1)),
        f32x4.add(f32x4.mul(re2, cos2), f32x4.mul(im2, sin2)),
        f32x4.sub(f32x4.mul(im2, cos2), f32x4.mul(re2, sin2)),
        f32x4.add(f32x4.mul(re3, cos3), f32x4.mul(im3, sin3)),
        f32x4.sub(f32x4.mul(im3, cos3), f32x4.mul(re3, sin3)),
      );
    }
  }
}

function split(): void {
  const half = f32x4.splat(0.5);
  const sum = f32x4.add(v128.load(re), v128.load(im));
  const difference = f32x4.sub(v128.load(re), v128.load(im));
  v128.store(power, f32x4.mul(sum, sum));
  v128.store(power + points * VECTOR, f32x4.mul(difference, difference));
  let mirrored = (points - 1) * VECTOR;
  let table = splitTable + 8;
  for (let k: usize = VECTOR; k <= mirrored; k += VECTOR, mirrored -= VECTOR, table += 8) {
    const cos = v128.load32_splat(table);
    const sin = v128.load32_splat(table, 4);
    const reLow = v128.load(re + k);
    const imLow = v128.load(im + k);
    const reHigh = v128.load(re + mirrored);
    const imHigh = v128.load(im + mirrored);
    const evenRe = f32x4.mul(half, f32x4.add(reLow, reHigh));
    const evenIm = f32x4.mul(half, f32x4.sub(imLow, imHigh));
    const oddRe = f32x4.mul(half, f32x4.add(imLow, imHigh));
    const oddIm = f32x4.mul(half, f32x4.sub(reHigh, reLow));
    const turnedRe = f32x4.add(f32x4.mul(oddRe, cos), f32x4.mul(oddIm, sin));
    const turnedIm = f32x4.sub(f32x4.mul(oddIm, cos), f32x4.mul(oddRe, sin));
    const lowRe = f32x4.add(evenRe, turnedRe);
    const lowIm = f32x4.add(evenIm, turnedIm);
    const highRe = f32x4.sub(evenRe, turnedRe);
    const highIm = f32x4.sub(evenIm, turnedIm);
    v128.store(power + k, f32x4.add(f32x4.mul(lowRe, lowRe), f32x4.mul(lowIm, lowIm)));
    v128.store(power + mirrored, f32x4.add(f32x4.mul(highRe, highRe), f32x4.mul(highIm, highIm)));
  }
}

function melBands(out: usize): void {
  let at = power + (load<u32>(regionTable) as usize) * VECTOR;
  let weights = weightTable;
  const step = (bands as usize) * LANE;
  let rising = f32x4.splat(0);
  for (let region = 0; region <= bands; region++) {
    let sum = rising;
    rising = f32x4.splat(0);
    const count = load<u32>(regionTable + ((region + 1) as usize) * LANE);
    for (let bin: u32 = 0; bin < count; bin++) {
      const value = v128.load(at);
      const part = f32x4.mul(value, v128.load32_splat(weights));
      rising = f32x4.add(rising, part);
      sum = f32x4.add(sum, f32x4.sub(value, part));
      at += VECTOR;
      weights += LANE;
    }
    if (region == 0) continue;
    const nepers = logarithm(f32x4.add(f32x4.mul(sum, f32x4.splat(scale)), f32x4.splat(floorPower)));
    const level = f32x4.add(f32x4.mul(nepers, f32x4.splat(perNeper)), f32x4.splat(offset));
    const value = f32x4.pmax(f32x4.splat(-1), f32x4.pmin(f32x4.splat(1), level));
    v128.store_lane<f32>(out, value, 0);
    v128.store_lane<f32>(out + step, value, 1);
    v128.store_lane<f32>(out + 2 * step, value, 2);
    v128.store_lane<f32>(out + 3 * step, value, 3);
    out += LANE;
  }
}

/** Natural logarithm of positive, normal numbers (S. Moshier, Cephes, logf: within 1 unit in the last place). */
@inline
function logarithm(x: v128): v128 {
  const one = f32x4.splat(1);
  // x = m · 2^e with m in [√½, √2): the bits of √½ are taken off before the exponent is read.
  const shifted = i32x4.sub(x, i32x4.splat(0x3f3504f3));
  const e = f32x4.convert_i32x4_s(i32x4.shr_s(shifted, 23));
  const m = i32x4.add(v128.and(shifted, i32x4.splat(0x007fffff)), i32x4.splat(0x3f3504f3));
  const y = f32x4.sub(m, one);
  const z = f32x4.mul(y, y);
  let p = f32x4.splat(7.0376836292e-2);
  p = f32x4.add(f32x4.mul(p, y), f32x4.splat(-1.1514610310e-1));
  p = f32x4.add(f32x4.mul(p, y), f32x4.splat(1.1676998740e-1));
  p = f32x4.add(f32x4.mul(p, y), f32x4.splat(-1.2420140846e-1));
  p = f32x4.add(f32x4.mul(p, y), f32x4.splat(1.4249322787e-1));
  p = f32x4.add(f32x4.mul(p, y), f32x4.splat(-1.6668057665e-1));
  p = f32x4.add(f32x4.mul(p, y), f32x4.splat(2.0000714765e-1));
  p = f32x4.add(f32x4.mul(p, y), f32x4.splat(-2.4999993993e-1));
  p = f32x4.add(f32x4.mul(p, y), f32x4.splat(3.3333331174e-1));
  const cubic = f32x4.mul(f32x4.mul(p, y), z);
  const low = f32x4.add(cubic, f32x4.mul(e, f32x4.splat(-2.12194440e-4)));
  const near = f32x4.sub(low, f32x4.mul(z, f32x4.splat(0.5)));
  return f32x4.add(f32x4.add(y, near), f32x4.mul(e, f32x4.splat(0.693359375)));
}
