// AssemblyScript. Sounds laid over one another, four samples at a time. All positions are bytes in this module's memory; see streams/mix.ts.
// What becomes of a sample does not depend on where its stretch begins.

const LANE: usize = 4;
const VECTOR: usize = 16;

/** `target` += gain · `source`, over `count` samples. */
export function addScaled(target: usize, source: usize, count: i32, gain: f32): void {
  const end = target + (count as usize) * LANE;
  const gains = f32x4.splat(gain);
  for (; target + VECTOR <= end; target += VECTOR, source += VECTOR)
    v128.store(target, f32x4.add(v128.load(target), f32x4.mul(gains, v128.load(source))));
  for (; target < end; target += LANE, source += LANE)
    store<f32>(target, load<f32>(target) + gain * load<f32>(source));
}

/** As addScaled, with a gain of slope · edge at the first sample, slope · (edge + step) at the next, and so on. Edges are whole numbers below 2^24. */
export function addRamp(target: usize, source: usize, count: i32, slope: f32, edge: f32, step: f32): void {
  const end = target + (count as usize) * LANE;
  let edges = f32x4.add(f32x4.splat(edge), f32x4.mul(f32x4.splat(step), f32x4(0, 1, 2, 3)));
  const slopes = f32x4.splat(slope);
  const steps = f32x4.splat(4 * step);
  for (; target + VECTOR <= end; target += VECTOR, source += VECTOR) {
    const gains = f32x4.mul(slopes, edges);
    v128.store(target, f32x4.add(v128.load(target), f32x4.mul(gains, v128.load(source))));
    edges = f32x4.add(edges, steps);
  }
  edge = f32x4.extract_lane(edges, 0);
  for (; target < end; target += LANE, source += LANE, edge += step)
    store<f32>(target, load<f32>(target) + slope * edge * load<f32>(source));
}

/** Keeps `count` samples within -1 … 1. */
export function clamp(target: usize, count: i32): void {
  const end = target + (count as usize) * LANE;
  const low = f32x4.splat(-1);
  const high = f32x4.splat(1);
  for (; target + VECTOR <= end; target += VECTOR)
    v128.store(target, f32x4.pmax(low, f32x4.pmin(high, v128.load(target))));
  for (; target < end; target += LANE) store<f32>(target, max<f32>(-1, min<f32>(1, load<f32>(target))));
}

/** Sum of squares of `count` samples. */
export function energy(samples: usize, count: i32): f32 {
  const end = samples + (count as usize) * LANE;
  let sum0 = f32x4.splat(0);
  let sum1 = sum0;
  for (; samples + 2 * VECTOR <= end; samples += 2 * VECTOR) {
    const first = v128.load(samples);
    const second = v128.load(samples, 16);
    sum0 = f32x4.add(sum0, f32x4.mul(first, first));
    sum1 = f32x4.add(sum1, f32x4.mul(second, second));
  }
  const sums = f32x4.add(sum0, sum1);
  let sum =
    f32x4.extract_lane(sums, 0) +
    f32x4.extract_lane(sums, 1) +
    f32x4.extract_lane(sums, 2) +
    f32x4.extract_lane(sums, 3);
  for (; samples < end; samples += LANE) {
    const value = load<f32>(samples);
    sum += value * value;
  }
  return sum;
}
