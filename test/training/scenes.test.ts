// Scenes with and without each measure of the recipe.
import { beforeAll, describe, expect, it } from 'vitest';
import { seedRandom } from '../../server/random.ts';
import { decodeFile } from '../../server/streams/decode.ts';
import { LogMel } from '../../server/streams/front-end.ts';
import type { Bank } from '../../server/training/bank.ts';
import { toBank } from '../../server/training/own/to-bank.ts';
import { MEASURES, type Measure } from '../../server/training/recipe.ts';
import { makeScene } from '../../server/training/scenes.ts';
import { shippedFiles } from './own/recordings.ts';

const SCENES = 45;
const logMel = new LogMel();
let bank: Bank;
beforeAll(async () => {
  const kinds = { positives: ['computer'], negatives: ['speech', 'household'], ambient: ['background'] } as const;
  const recordings = [];
  for (const role of ['positives', 'negatives', 'ambient'] as const)
    for (const kind of kinds[role])
      for (const file of shippedFiles(kind).slice(0, 3))
        recordings.push({
          role,
          path: file,
          file,
          bytes: 1,
          source: file,
          samples: (await decodeFile(file)).slice(0, kind === 'household' ? 46_000 : 160_000),
        });
  bank = toBank(recordings);
});

const scenes = (...without: readonly Measure[]): string => {
  const random = seedRandom(1, 'scenes');
  return Array.from({ length: SCENES }, (_, index) => {
    const { features } = makeScene(bank, logMel, index % 3 === 0, random, new Set(without));
    return features.reduce((sum, value, at) => sum + value * (1 + (at % 97)), 0).toPrecision(8);
  }).join();
};

describe('the scenes of a recipe', () => {
  it('should be the same with one seed, and others without any measure that is done to scenes', () => {
    const whole = scenes();
    expect(scenes()).toBe(whole);
    for (const { name } of MEASURES) {
      const isOfBatches = name === 'masks' || name === 'hard';
      expect.soft(scenes(name) === whole, name).toBe(isOfBatches);
    }
  });

  it('should hold one word at most, at one level where levels are left out', () => {
    const random = seedRandom(2, 'levels');
    const loudness = (without: readonly Measure[]) =>
      Array.from({ length: 20 }, () => {
        const { features, wordStart, wordEnd } = makeScene(bank, logMel, true, random, new Set(without));
        expect(wordEnd).toBeGreaterThan(wordStart ?? Number.NaN);
        return features.reduce((most, value) => Math.max(most, value), -1);
      });
    const range = (values: readonly number[]) => Math.max(...values) - Math.min(...values);
    const same = range(loudness(['level', 'response', 'rooms', 'bands']));
    expect(same).toBeLessThan(0.6 * range(loudness(['response', 'rooms', 'bands'])));
  });
});
