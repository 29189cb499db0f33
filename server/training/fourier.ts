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

/** The first signal.length samples of the convolution with `response`. */
export function convolve(signal: Float32Array, response: Float32Array): Float32Array {
  const points = powerOfTwo(signal.length + response.length);
  // Two real signals share one complex transform: the product of their spectra is Im(Z²)/2 back in time.
  const re = new Float64Array(points);
  const im = new Float64Array(points);
  re.set(signal);
  im.set(response);
  transform(re, im);
  for (let k = 0; k < points; k++) {
    const squareRe = re[k] * re[k] - im[k] * im[k];
    im[k] = 2 * re[k] * im[k];
    re[k] = squareRe;
  }
  transform(re, im, true);
  const out = new Float32Array(signal.length);
  for (let at = 0; at < out.length; at++) out[at] = im[at] / (2 * points);
  return out;
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
