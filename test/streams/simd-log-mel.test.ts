import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LOG_MEL, LogMel, type LogMelSpec } from '../../server/streams/front-end.ts';
import { SimdLogMel } from '../../server/streams/simd-log-mel.ts';

/** What the 32-bit frames may differ by, of a range of -1 … 1: a thousandth of a decibel in a hundred. */
const TOLERANCE = 2e-5;
const HOPS = 24;

/** Noise and a tone, each at its own level. */
function sound(length: number, seed: number, noise: number, tone: number, turn: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length }, (_, at) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return noise * (state / 2 ** 31 - 1) + tone * Math.sin(at * turn);
  });
}

function largestDifference(spec: LogMelSpec, samples: Float32Array): number {
  const simd = new SimdLogMel(spec, HOPS);
  simd.samples.set(samples);
  const plain = new Float32Array(HOPS * spec.bands);
  new LogMel(spec).into(samples, HOPS, plain, 0);
  return simd.frames(HOPS).reduce((most, value, at) => Math.max(most, Math.abs(value - plain[at])), 0);
}

describe('the SIMD front end', () => {
  it.each([
    ['the shipped one', LOG_MEL],
    ['a window of 1024', { ...LOG_MEL, windowSamples: 1024, hopSamples: 512, bands: 64 }],
    ['a window of 256 and few bands', { ...LOG_MEL, windowSamples: 256, hopSamples: 160, bands: 13 }],
    ['the smallest window and an odd hop', { ...LOG_MEL, windowSamples: 16, hopSamples: 7, bands: 2, lowHertz: 0 }],
  ])('should give the frames of the plain one: %s', (_, spec) => {
    const length = spec.windowSamples + (HOPS - 1) * spec.hopSamples;
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e6 }),
        fc.double({ min: -62, max: -10, noNaN: true }),
        fc.double({ min: -80, max: -20, noNaN: true }),
        fc.double({ min: 0.01, max: 3, noNaN: true }),
        (seed, noise, tone, turn) => {
          const samples = sound(length, seed, 10 ** (noise / 20), 10 ** (tone / 20), turn);
          expect(largestDifference(spec, samples)).toBeLessThan(TOLERANCE);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('should give silence and overload their limits', () => {
    const length = LOG_MEL.windowSamples + (HOPS - 1) * LOG_MEL.hopSamples;
    const simd = new SimdLogMel(LOG_MEL, HOPS);
    simd.samples.fill(0);
    expect(new Set(simd.frames(HOPS))).toEqual(new Set([-1]));
    simd.samples.set(sound(length, 1, 20, 40, 0.4));
    expect(simd.frames(HOPS).reduce((most, value) => Math.max(most, Math.abs(value)), 0)).toBe(1);
  });

  it('should give a frame the same bits wherever it lies', () => {
    const length = LOG_MEL.windowSamples + (HOPS - 1) * LOG_MEL.hopSamples;
    const samples = sound(length, 5, 0.01, 0.1, 0.3);
    const simd = new SimdLogMel(LOG_MEL, HOPS);
    simd.samples.set(samples);
    const whole = simd.frames(HOPS).slice();
    for (const shift of [1, 2, 3, 7]) {
      simd.samples.fill(1e9);
      simd.samples.set(samples.subarray(shift * LOG_MEL.hopSamples));
      expect(simd.frames(HOPS - shift)).toEqual(whole.subarray(shift * LOG_MEL.bands));
    }
  });

  it('should sum the squares of each hop', () => {
    const spec = { ...LOG_MEL, hopSamples: 311 };
    const simd = new SimdLogMel(spec, HOPS);
    simd.samples.set(sound(simd.samples.length, 9, 0.1, 0.5, 0.05));
    const energies = simd.hopEnergies(HOPS);
    for (const hop of [0, 5, HOPS - 1]) {
      const from = simd.leadSamples + hop * 311;
      const exact = simd.samples.subarray(from, from + 311).reduce((sum, value) => sum + value * value, 0);
      expect(energies[hop] / exact).toBeCloseTo(1, 5);
    }
  });
});
