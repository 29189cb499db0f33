// Figures worked out by hand from scores made up for the purpose.
import { describe, expect, it } from 'vitest';
import { CASCADE, chooseThresholds, falseAcceptRate, falseAccepts, missRate } from '../../server/training/quality.ts';
import { HOPS_PER_SECOND, heardOf, hearing } from './made-up-hearing.ts';

const at = (threshold: number) => ({ activity: threshold, keyword: threshold, verify: threshold });

describe('quality figures', () => {
  it('should count false accepts within a second once, and again after it', () => {
    const high = [1, 1, 1] as const;
    expect(falseAccepts([hearing('a', 400, { 10: high, 20: high, 59: high, 60: high })], CASCADE, at(0.5))).toBe(2);
  });

  it('should ask of a cascade that its gates agree on one window', () => {
    const apart = hearing('a', 400, { 10: [1, 1, 0], 11: [1, 0, 1] });
    expect(falseAccepts([apart], CASCADE, at(0.5))).toBe(0);
    expect(falseAccepts([apart], ['verify'], at(0.5))).toBe(1);
  });

  it('should count a word as heard until a second after its end, and not later', () => {
    const inTime = hearing('a', 200, { 79: [1, 1, 1] }, 30);
    const late = hearing('b', 200, { 80: [1, 1, 1] }, 30);
    const { value, interval } = missRate(heardOf([inTime, late], []), 15, CASCADE, at(0.5));
    expect(value).toBe(0.5);
    expect(interval[0]).toBeCloseTo(0.01258, 5); // Clopper and Pearson, 1 of 2
  });

  it('should give a rate per hour of what was heard', () => {
    const halfHour = hearing('a', 1800 * HOPS_PER_SECOND, { 10: [1, 1, 1], 5000: [1, 1, 1] });
    expect(falseAcceptRate(heardOf([], [halfHour]), 'speech', 15, CASCADE, at(0.5)).value).toBe(4);
  });
});

describe('the choice of thresholds', () => {
  const words = Array.from({ length: 100 }, (_, index) =>
    // One word in a hundred is opened for only at 0.3 by the first gate; five are spotted only at 0.4 by the second.
    hearing(`word ${index}`, 120, { 25: [index === 0 ? 0.3 : 0.91, index < 5 ? 0.4 : 0.8, 0.97] }, 30),
  );
  const speech = [hearing('speech', 1000, { 100: [0.95, 0.95, 0.93] })];

  it('should open the first gates for the share of words that is asked, and shut the last to all negatives', () => {
    const { normal, strict, alone } = chooseThresholds(heardOf(words, speech));
    expect(normal).toEqual({ activity: 0.3, keyword: 0.4, verify: 0.94 });
    expect(strict).toMatchObject({ activity: 0.9, keyword: 0.4 });
    expect(alone).toBe(0.94);
  });

  it('should never let the strict set accept more than the normal one', () => {
    const { normal, strict } = chooseThresholds(heardOf(words, speech));
    for (const stage of CASCADE) expect(strict[stage]).toBeGreaterThanOrEqual(normal[stage]);
  });
});
