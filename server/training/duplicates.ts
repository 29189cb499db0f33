// Finds takes that are in the data twice under different names.
import { peakCorrelation, powerOfTwo, transform } from './fourier.ts';

/** Copies correlate at 0.98 and more; the next highest pair of the wake-word takes at 0.64. */
const COPY_CORRELATION = 0.9;

/** Neighbouring points of a spectrum that are added up to tell most pairs apart at once. */
const POOLED = 32;
const ALIKE = 0.8;

/**
 * Groups of indices that are the same recording, alone ones left out. The magnitudes of two copies' spectra agree whatever their shift, which tells
 * at once which pairs are worth correlating.
 */
export function findCopies(takes: readonly Float32Array[]): readonly (readonly number[])[] {
  const points = powerOfTwo(Math.max(...takes.map((take) => take.length)));
  const shapes = takes.map((take) => spectrumShape(take, points));
  // Energies of stretches are alike wherever the points are (Cauchy and Schwarz), so no pair is lost by asking them first.
  const outlines = shapes.map(pooled);
  const leader = takes.map((_, index) => index);
  for (let a = 0; a < takes.length; a++)
    for (let b = a + 1; b < takes.length; b++)
      if (
        leader[b] === b &&
        dot(outlines[a], outlines[b]) > ALIKE &&
        dot(shapes[a], shapes[b]) > ALIKE &&
        peakCorrelation(takes[a], takes[b]) > COPY_CORRELATION
      )
        leader[b] = leader[a];
  const groups = new Map<number, number[]>();
  for (const [index, first] of leader.entries()) groups.set(first, [...(groups.get(first) ?? []), index]);
  return [...groups.values()].filter((group) => group.length > 1);
}

function spectrumShape(take: Float32Array, points: number): Float64Array {
  const re = new Float64Array(points);
  const im = new Float64Array(points);
  re.set(take);
  transform(re, im);
  const magnitude = Float64Array.from({ length: points / 2 }, (_, k) => Math.hypot(re[k], im[k]));
  const norm = Math.sqrt(dot(magnitude, magnitude)) || 1;
  return magnitude.map((value) => value / norm);
}

function pooled(shape: Float64Array): Float64Array {
  const energies = new Float64Array(Math.ceil(shape.length / POOLED));
  for (let k = 0; k < shape.length; k++) energies[Math.floor(k / POOLED)] += shape[k] ** 2;
  return energies.map(Math.sqrt);
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k] * b[k];
  return sum;
}
