// Who is dealt where: whole sources, over all roles at once.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Dealt, deal } from '../../../server/training/own/deal.ts';
import { ROLES } from '../../../server/training/own/folders.ts';

const of = (role: Dealt['role'], sources: readonly string[], weight = 1): Dealt[] =>
  sources.map((source) => ({ role, source, weight }));
const names = (prefix: string, count: number): string[] => Array.from({ length: count }, (_, n) => `${prefix}${n}`);

describe('dealing recordings out', () => {
  it('should keep all recordings of a source on one side, whatever they are of, and leave no side without a role', () => {
    const source = fc.integer({ min: 0, max: 11 }).map((n) => `someone ${n}`);
    const many = fc.array(source, { minLength: 10, maxLength: 60 });
    fc.assert(
      fc.property(many, many, many, fc.integer({ min: 1, max: 1000 }), (positives, negatives, ambient, seed) => {
        const recordings = [
          ...of('positives', [...positives, ...names('p', 6)]),
          ...of('negatives', [...negatives, ...names('n', 6)], 4),
          ...of('ambient', [...ambient, ...names('a', 6)], 3),
        ];
        const splits = deal(recordings, [], seed);
        const sides = new Map<string, Set<string>>();
        for (const [index, { source }] of recordings.entries())
          sides.set(source, (sides.get(source) ?? new Set()).add(splits[index]));
        for (const side of sides.values()) expect(side.size).toBe(1);
        for (const role of ROLES)
          expect(new Set(splits.filter((_, index) => recordings[index].role === role)).size).toBe(3);
      }),
    );
  });

  it('should give each split about its share', () => {
    const recordings = [
      ...of('positives', names('p', 100)),
      ...of('negatives', names('n', 100)),
      ...of('ambient', names('a', 100)),
    ];
    const splits = deal(recordings, [], 1);
    const count = (role: string, split: string) =>
      splits.filter((one, index) => one === split && recordings[index].role === role).length;
    expect(['train', 'validation', 'test'].map((split) => count('positives', split))).toEqual([60, 20, 20]);
    expect(['train', 'validation', 'test'].map((split) => count('negatives', split))).toEqual([50, 20, 30]);
  });

  it('should keep sources together that a copy ties', () => {
    const recordings = ROLES.flatMap((role) => of(role, names(role, 20)));
    const tied = [names('positives', 8), ['positives7', 'negatives3']];
    const splits = deal(recordings, tied, 1);
    const sides = recordings.flatMap(({ source }, index) => (tied.flat().includes(source) ? [splits[index]] : []));
    expect(new Set(sides).size).toBe(1);
  });

  it('should say which role hangs together so that a split gets nothing of it', () => {
    const recordings = [
      ...of('positives', names('p', 20)),
      ...of('negatives', names('n', 20)),
      ...of('ambient', ['one', 'two', 'two']),
    ];
    expect(() => deal(recordings, [['one', 'two']], 1)).toThrow(/^ambient: its recordings hang together.*more sources/);
  });
});
