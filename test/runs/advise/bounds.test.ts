// Bounds against tables and against what they claim: to hold 19 times of 20.
import { describe, expect, it } from 'vitest';
import { nextIndex, nextUniform, seedRandom } from '../../../server/random.ts';
import {
  boundedRate,
  boundedShare,
  exactRateBound,
  exactShareBound,
  hoursWanted,
  takesWanted,
} from '../../../server/runs/advise/bounds.ts';
import { betaBelow, gammaBelow, gammaQuantile } from '../../../server/runs/advise/distributions.ts';
import { rateInterval, shareInterval } from '../../../server/runs/report/statistics.ts';

describe('distributions', () => {
  it('should be the closed forms where there are any', () => {
    expect(gammaBelow(2, 1)).toBeCloseTo(1 - Math.exp(-2), 12);
    expect(gammaBelow(20, 3)).toBeCloseTo(1 - Math.exp(-20) * (1 + 20 + 200), 12);
    // Half a degree of freedom more: erf(sqrt(x)) for a shape of a half.
    expect(gammaBelow(0.5, 0.5)).toBeCloseTo(0.6826894921370859, 12);
    expect(betaBelow(0.3, 1, 4)).toBeCloseTo(1 - 0.7 ** 4, 12);
    expect(betaBelow(0.9, 3, 1)).toBeCloseTo(0.9 ** 3, 12);
    // Two-sided 95 % of nothing counted has 3.69 as its upper end.
    expect(gammaQuantile(0.975, 1)).toBeCloseTo(3.6889, 4);
  });

  it('should agree with the intervals of reports, for whole counts', () => {
    for (const count of [0, 1, 5, 40])
      expect(gammaQuantile(0.975, count + 1)).toBeCloseTo(rateInterval(count, 1)[1], 6);
    for (const [hits, trials] of [
      [1, 10],
      [7, 61],
      [30, 31],
    ] as const)
      expect(betaBelow(shareInterval(hits, trials)[1], hits + 1, trials - hits)).toBeCloseTo(0.975, 6);
  });
});

describe('bounds', () => {
  it('should be 3.0 by the hours and one take in twenty of 59 where nothing went wrong', () => {
    expect(exactRateBound(0, 0, 1)).toBeCloseTo(2.9957, 4);
    expect(exactShareBound(0, 59)).toBeLessThan(0.05);
    expect(exactShareBound(0, 58)).toBeGreaterThan(0.05);
    expect(takesWanted(0.05)).toBe(59);
    expect(hoursWanted(1, 0.5)).toBeCloseTo(5.9915, 4);
    // What sounds a sixth of the time needs a sixth of the hours.
    const strata = [{ share: 1 / 6, sources: [{ count: 0, exposure: hoursWanted(1 / 6, 0.5) }] }];
    expect(boundedRate(strata, 1).upper).toBeCloseTo(0.5, 9);
  });

  it('should leave room for what was not seen where errors are to be spared', () => {
    const takes = [{ count: 0, exposure: 61 }];
    expect(boundedShare(takes, 1, 2)).toEqual({ value: 0, upper: exactShareBound(1, 61) });
    expect(boundedShare([{ count: 1, exposure: 61 }], 1, 3).upper).toBeGreaterThanOrEqual(exactShareBound(5, 61));
    expect(boundedShare([{ count: 60, exposure: 61 }], 1, 2).upper).toBe(1);
    const hours = [{ share: 1, sources: [{ count: 0, exposure: 1 }] }];
    expect(boundedRate(hours, 1, 2)).toEqual({ value: 0, upper: expect.closeTo(gammaQuantile(0.95, 2), 9) });
  });

  it('should rest on the scarcest kind of sound where nothing was counted', () => {
    const plenty = { share: 0.5, sources: [{ count: 0, exposure: 100 }] };
    const scarce = { share: 0.1, sources: [{ count: 0, exposure: 0.01 }] };
    expect(boundedRate([plenty, scarce], 1)).toEqual({ value: 0, upper: expect.closeTo(29.957, 2) });
    expect(boundedRate([plenty, { share: 0.1, sources: [] }], 1).upper).toBe(Number.POSITIVE_INFINITY);
  });

  it('should be the exact Poisson bound where all sounds are of one kind and none is like another', () => {
    expect(exactRateBound(3 * 2, 3 * 4, 2)).toBeCloseTo(2 * gammaQuantile(0.95, 4), 9);
  });

  it('should be wider where what goes wrong goes wrong in one source', () => {
    const even = Array.from({ length: 20 }, () => ({ count: 0.2, exposure: 1 }));
    const one = even.map((source, index) => ({ ...source, count: index === 0 ? 4 : 0 }));
    const rate = (sources: typeof even) => boundedRate([{ share: 1, sources }], 1);
    expect(rate(one).value).toBeCloseTo(rate(even).value, 12);
    expect(rate(one).upper).toBeGreaterThan(rate(even).upper * 1.2);
    // A voice of ten takes that is always missed, beside nine that never are.
    const voices = Array.from({ length: 10 }, (_, index) => ({ count: index === 0 ? 10 : 0, exposure: 10 }));
    expect(boundedShare(voices, 1).upper).toBeGreaterThan(exactShareBound(10, 100) * 1.2);
  });

  it('should hold at least 19 times of 20 over three kinds of sound', () => {
    const random = seedRandom(3, 'coverage');
    const kinds = [
      { share: 0.3, hours: 0.5, perHour: 4 },
      { share: 0.1, hours: 3, perHour: 1 },
      { share: 1, hours: 24, perHour: 0.05 },
    ];
    const truth = kinds.reduce((sum, { share, perHour }) => sum + share * perHour, 0);
    const poisson = (mean: number) => {
      let count = -1;
      for (let product = 1; product > Math.exp(-mean); count++) product *= nextUniform(random);
      return count;
    };
    const trials = 600;
    let held = 0;
    for (let trial = 0; trial < trials; trial++) {
      const sources = 5 + nextIndex(random, 10);
      const strata = kinds.map(({ share, hours, perHour }) => ({
        share,
        sources: Array.from({ length: sources }, () => ({
          count: poisson((perHour * hours) / sources),
          exposure: hours / sources,
        })),
      }));
      if (boundedRate(strata, trial).upper >= truth) held++;
    }
    expect(held / trials).toBeGreaterThan(0.935);
  });
});
