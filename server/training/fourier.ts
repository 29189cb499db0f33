// Fourier transforms of any power of two, for convolving and correlating whole recordings while data sets are made.

/** In place, radix 2. `inverse` leaves the result scaled by the number of points. */
export function transform(re: Float64Array, im: Float64Array, inverse = false): void {
  const points = re.length;
  for (let at = 1, reversed = 0; at < points; at++) {
    let bit = points >> 1;
    for (; reversed & bit; bit >>= 1) reversed ^= bit;
    reversed ^= bit;
    if (at < reversed) {
      [re[at], re[reversed]] = [re[reversed], re[at]];
      [im[at], im[reversed]] = [im[reversed], im[at]];
    }
  }
  const { cos, sin } = twiddles(points);
  for (let half = 1; half < points; half *= 2) {
    const step = points / (2 * half);
    for (let k = 0; k < half; k++) {
      const c = cos[k * step];
      const s = inverse ? sin[k * step] : -sin[k * step];
      for (let low = k; low < points; low += 2 * half) {
        const high = low + half;
        const turnedRe = re[high] * c - im[high] * s;
        const turnedIm = re[high] * s + im[high] * c;
        re[high] = re[low] - turnedRe;
        im[high] = im[low] - turnedIm;
        re[low] += turnedRe;
        im[low] += turnedIm;
      }
    }
  }
}

const tables = new Map<number, { cos: Float64Array; sin: Float64Array }>();

function twiddles(points: number): { cos: Float64Array; sin: Float64Array } {
  let table = tables.get(points);
  if (!table) {
    const angles = Float64Array.from({ length: Math.max(1, points / 2) }, (_, k) => (2 * Math.PI * k) / points);
    table = { cos: angles.map(Math.cos), sin: angles.map(Math.sin) };
    tables.set(points, table);
  }
  return table;
}

/** The power of two at or above `length`. */
export const powerOfTwo = (length: number): number => 2 ** Math.ceil(Math.log2(Math.max(1, length)));

/** The first signal.length samples of the convolution with `response`: block by block (overlap and add), two blocks in one complex transform. */
export function convolve(signal: Float32Array, response: Float32Array): Float32Array {
  const points = powerOfTwo(2 * response.length);
  const block = points - response.length + 1;
  const ofRe = new Float64Array(points);
  const ofIm = new Float64Array(points);
  ofRe.set(response);
  transform(ofRe, ofIm);
  const out = new Float64Array(signal.length);
  const re = new Float64Array(points);
  const im = new Float64Array(points);
  for (let at = 0; at < signal.length; at += 2 * block) {
    re.fill(0).set(signal.subarray(at, at + block));
    im.fill(0).set(signal.subarray(at + block, at + 2 * block));
    transform(re, im);
    for (let k = 0; k < points; k++) {
      const product = re[k] * ofRe[k] - im[k] * ofIm[k];
      im[k] = re[k] * ofIm[k] + im[k] * ofRe[k];
      re[k] = product;
    }
    transform(re, im, true);
    const last = Math.min(points, out.length - at);
    for (let index = 0; index < last; index++) out[at + index] += re[index] / points;
    const lastOther = Math.min(points, out.length - at - block);
    for (let index = 0; index < lastOther; index++) out[at + block + index] += im[index] / points;
  }
  return Float32Array.from(out);
}

/** The largest normalised cross-correlation of two signals over all shifts: 1 for copies. */
export function peakCorrelation(a: Float32Array, b: Float32Array): number {
  const points = powerOfTwo(a.length + b.length);
  const aRe = new Float64Array(points);
  const aIm = new Float64Array(points);
  const bRe = new Float64Array(points);
  const bIm = new Float64Array(points);
  aRe.set(a);
  bRe.set(b);
  transform(aRe, aIm);
  transform(bRe, bIm);
  for (let k = 0; k < points; k++) {
    const re = aRe[k] * bRe[k] + aIm[k] * bIm[k];
    aIm[k] = aIm[k] * bRe[k] - aRe[k] * bIm[k];
    aRe[k] = re;
  }
  transform(aRe, aIm, true);
  let peak = 0;
  for (const value of aRe) peak = Math.max(peak, value);
  const energy = (x: Float32Array): number => x.reduce((sum, value) => sum + value * value, 0);
  return peak / points / Math.sqrt(energy(a) * energy(b) || 1);
}
