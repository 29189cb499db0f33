// Convolution and copies, against what is plain.
import { describe, expect, it } from 'vitest';
import { nextNormal, nextUniform, seedRandom } from '../../server/random.ts';
import { findCopies } from '../../server/training/duplicates.ts';
import { convolve } from '../../server/training/fourier.ts';

const noise = (length: number, seed: number): Float32Array => {
  const random = seedRandom(seed, 'noise');
  return Float32Array.from({ length }, () => nextNormal(random));
};

describe('the convolution of recordings', () => {
  it.each([
    [1000, 7],
    [4096, 1024],
    [1, 30],
    [777, 500],
  ])('should be the sum of products: %i samples, a response of %i', (length, responseLength) => {
    const [signal, response] = [noise(length, 1), noise(responseLength, 2)];
    const plain = signal.map((_, at) => {
      let sum = 0;
      for (let tap = 0; tap < responseLength && tap <= at; tap++) sum += response[tap] * signal[at - tap];
      return sum;
    });
    const fast = convolve(signal, response);
    for (const [at, value] of plain.entries()) expect(fast[at]).toBeCloseTo(value, 3);
  });
});

describe('copies of recordings', () => {
  it('should be found whatever their level and place, and nothing else', () => {
    const takes = Array.from({ length: 12 }, (_, n) => noise(4000, 10 + n));
    const shifted = new Float32Array(4600);
    shifted.set(
      takes[3].map((value) => 0.2 * value),
      421,
    );
    const random = seedRandom(1, 'hiss');
    const noisy = takes[7].map((value) => value + 0.1 * (2 * nextUniform(random) - 1));
    expect(findCopies([...takes, shifted, noisy])).toEqual([
      [3, 12],
      [7, 13],
    ]);
  });
});
