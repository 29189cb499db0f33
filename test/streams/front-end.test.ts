import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frameEnd, framesIn, LOG_MEL, LogMel, LogMelStream } from '../../server/streams/front-end.ts';
import { frontEndOperations } from '../../server/streams/log-mel-operations.ts';

const noise = (length: number): Float32Array => {
  let state = 1;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32 - 0.5;
  });
};

/** One frame by the definition: window, direct Fourier sum, triangles, decibels. */
function reference(samples: Float32Array, frame: number): number[] {
  const { windowSamples: size, bands, lowHertz, highHertz, sampleRate } = LOG_MEL;
  const end = frameEnd(LOG_MEL, frame);
  const windowed = Array.from({ length: size }, (_, n) => {
    const at = end - size + n;
    return at < 0 ? 0 : samples[at] * (0.5 - 0.5 * Math.cos((2 * Math.PI * n) / size));
  });
  const mel = (hertz: number): number => 2595 * Math.log10(1 + hertz / 700);
  const step = (mel(highHertz) - mel(lowHertz)) / (bands + 1);
  const sums = new Array<number>(bands).fill(0);
  for (let bin = 0; bin <= size / 2; bin++) {
    let re = 0;
    let im = 0;
    for (let n = 0; n < size; n++) {
      re += windowed[n] * Math.cos((2 * Math.PI * bin * n) / size);
      im += windowed[n] * Math.sin((2 * Math.PI * bin * n) / size);
    }
    const position = (mel((bin * sampleRate) / size) - mel(lowHertz)) / step;
    for (let band = 0; band < bands; band++) {
      const weight = Math.max(0, 1 - Math.abs(position - (band + 1)));
      sums[band] += (weight * (re * re + im * im)) / (size / 4) ** 2;
    }
  }
  return sums.map((power) => Math.max(-1, Math.min(1, (10 * Math.log10(power + 1e-10)) / 50 + 1)));
}

describe('the log-mel front end', () => {
  it('should equal the definition', () => {
    const samples = noise(3000);
    const frames = new LogMel().frames(samples);
    for (const frame of [0, 1, 5, 8])
      for (const [band, value] of reference(samples, frame).entries())
        expect(frames[frame * LOG_MEL.bands + band]).toBeCloseTo(value, 5);
  });

  it.each([250, 1000, 3000, 7000])('should put a full-scale tone of %d Hz at 0 dB into its own band', (hertz) => {
    const samples = Float32Array.from({ length: 3200 }, (_, n) => Math.sin((2 * Math.PI * hertz * n) / 16_000));
    const frame = new LogMel().frames(samples).subarray(5 * 40, 6 * 40);
    const mel = (f: number): number => 2595 * Math.log10(1 + f / 700);
    const expected = (mel(hertz) - mel(60)) / ((mel(7800) - mel(60)) / 41) - 1;
    const loudest = frame.indexOf(Math.max(...frame));
    expect(Math.abs(loudest - expected)).toBeLessThanOrEqual(0.5001);
    expect(frame[loudest]).toBeGreaterThan(0.94); // within 3 dB of full scale, clipped there
  });

  it('should see nothing after a frame’s end, and nothing before its window', () => {
    const samples = noise(6400);
    const frames = new LogMel().frames(samples);
    for (const frame of [3, 10]) {
      const changed = samples.map((value, at) =>
        at >= frameEnd(LOG_MEL, frame) || at < frameEnd(LOG_MEL, frame) - LOG_MEL.windowSamples ? -value : value,
      );
      const again = new LogMel().frames(changed);
      expect(again.subarray(frame * 40, frame * 40 + 40)).toEqual(frames.subarray(frame * 40, frame * 40 + 40));
      expect(again.subarray(frame * 40 + 40, frame * 40 + 80)).not.toEqual(
        frames.subarray(frame * 40 + 40, frame * 40 + 80),
      );
    }
  });

  it('should give a stream in pieces the frames of the whole, bit for bit', () => {
    const samples = noise(8000);
    const whole = new LogMel().frames(samples);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1500 }), { minLength: 1, maxLength: 20 }), (sizes) => {
        const stream = new LogMelStream(new LogMel());
        const got: number[] = [];
        let at = 0;
        for (const size of sizes) {
          got.push(...stream.push(samples.subarray(at, at + size)));
          at = Math.min(samples.length, at + size);
        }
        expect(got).toEqual([...whole.subarray(0, framesIn(LOG_MEL, at) * 40)]);
      }),
      { numRuns: 50 },
    );
  });

  it('should keep silence and overload within -1 and 1', () => {
    expect(Math.min(...new LogMel().frames(new Float32Array(3200)))).toBe(-1);
    expect(
      Math.max(...new LogMel().frames(new Float32Array(3200).map((_, n) => (n % 16 < 8 ? 1 : -1)))),
    ).toBeLessThanOrEqual(1);
  });

  it('should work with other transform sizes, and refuse impossible ones', () => {
    const samples = Float32Array.from({ length: 4096 }, (_, n) => Math.sin((2 * Math.PI * 1000 * n) / 16_000));
    const mel = (f: number): number => 2595 * Math.log10(1 + f / 700);
    const band = Math.round((mel(1000) - mel(60)) / ((mel(7800) - mel(60)) / 21) - 1);
    for (const windowSamples of [256, 512, 1024]) {
      const frames = new LogMel({ ...LOG_MEL, windowSamples, hopSamples: 128, bands: 20 }).frames(samples);
      const frame = frames.subarray(20 * 20, 21 * 20);
      expect(frame.indexOf(Math.max(...frame))).toBe(band);
    }
    expect(() => new LogMel({ ...LOG_MEL, windowSamples: 400 })).toThrow(/power of two/);
    expect(() => new LogMel({ ...LOG_MEL, hopSamples: 600 })).toThrow(/hop/);
    expect(() => new LogMel({ ...LOG_MEL, highHertz: 9000 })).toThrow(/8000 Hz/);
  });

  it('should charge what a radix-4 transform of 256 complex points costs', () => {
    const { macs, additions, logs } = frontEndOperations();
    // Butterflies: (3·16 + 15·4 + 63·1)·12 products; window 512; split 128·4; power 257·2; 247 bins of the bands; 80 around the logarithm.
    expect(macs).toBe(2052 + 512 + 512 + 514 + 248 + 80);
    // 256 butterflies of 16 additions, 128 pairs of 8, two for each of the bins.
    expect(additions).toBe(4096 + 1024 + 496);
    expect(logs).toBe(40);
  });
});
