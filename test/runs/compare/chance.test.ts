import { describe, expect, it } from 'vitest';
import { binomialTest, fisherTest, pairedChance, rateTest } from '../../../server/runs/compare/chance.ts';

describe('exact tests', () => {
  it('should sum the outcomes of fair coins that are no likelier', () => {
    // 1 of 6, and so 0, 5 and 6 as well: (1 + 6 + 6 + 1) / 64.
    expect(binomialTest(1, 6, 0.5)).toBeCloseTo(14 / 64, 12);
    expect(binomialTest(0, 6, 0.5)).toBeCloseTo(2 / 64, 12);
    expect(binomialTest(3, 6, 0.5)).toBeCloseTo(1, 12);
    // Nothing differed: nothing speaks against chance.
    expect(binomialTest(0, 0, 0.5)).toBe(1);
  });

  it('should judge the lady tasting tea as Fisher did', () => {
    // Tables with 0 to 4 right of 4 have 1, 16, 36, 16 and 1 of 70 ways.
    expect(fisherTest([3, 1], [4, 4])).toBeCloseTo(34 / 70, 12);
    expect(fisherTest([4, 0], [4, 4])).toBeCloseTo(2 / 70, 12);
    expect(fisherTest([1, 3], [4, 4])).toBeCloseTo(34 / 70, 12);
  });

  it('should compare rates over different times', () => {
    // Given three in all, the first third of the time has all with (1/3)³, and nothing else is as unlikely.
    expect(rateTest([3, 0], [1, 2])).toBeCloseTo(1 / 27, 12);
    expect(rateTest([8, 0], [1, 1])).toBeCloseTo(2 / 256, 12);
    expect(rateTest([0, 0], [1, 1])).toBe(1);
  });

  it('should say that six to none is beyond chance and five to none is not', () => {
    expect(pairedChance(6, 0, 'found', 1)).toMatchObject({ beyond: true });
    expect(pairedChance(0, 5, 'found', 1)).toMatchObject({ beyond: false, p: 2 / 32 });
  });
});
