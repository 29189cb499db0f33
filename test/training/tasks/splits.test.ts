// No subject, speaker, recording or picture on two sides of a split: by the rule that deals them out, and on the real data where they are there.
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode } from 'jpeg-js';
import { describe, expect, it } from 'vitest';
import { listClips } from '../../../server/training/clips.ts';
import { dataFolder } from '../../../server/training/paths.ts';
import { readSplits } from '../../../server/training/splits.ts';
import { motion } from '../../../server/training/tasks/motion.ts';
import { picture } from '../../../server/training/tasks/picture.ts';
import { type Examples, type Fold, foldOut, joinExamples } from '../../../server/training/tasks/task.ts';

const silent = { note: () => {}, say: () => {}, stop: new AbortController().signal };
const has = (folder: string): boolean => existsSync(join(dataFolder(), folder));

const groupsOf = ({ groups }: Examples): ReadonlySet<string> => new Set(groups);
const SPLITS = ['train', 'validation', 'test'] as const;

function expectApart(fold: Fold): void {
  const sets = SPLITS.map((split) => groupsOf(fold[split]));
  for (const [at, set] of sets.entries()) {
    expect(set.size, SPLITS[at]).toBeGreaterThan(0);
    for (const other of sets.slice(at + 1)) expect([...set].filter((group) => other.has(group))).toEqual([]);
  }
}

/** Windows that are in two splits although their groups are not: recordings that are in the data twice. */
function sharedWindows(fold: Fold): number {
  const size = fold.train.windows.length / fold.train.classes.length;
  const keys = (examples: Examples): string[] =>
    examples.groups.map((_, at) => {
      const window = examples.windows.subarray(at * size, (at + 1) * size);
      return Buffer.from(window.buffer, window.byteOffset, window.byteLength).toString('latin1');
    });
  const seen = new Set([...keys(fold.train), ...keys(fold.validation)]);
  return keys(fold.test).filter((key) => seen.has(key)).length;
}

describe('dealing out in folds', () => {
  const examples = joinExamples(
    Array.from({ length: 120 }, (_, n) => ({
      window: Float32Array.of(n),
      label: n % 2,
      group: `subject ${n % 12}`,
    })),
  );
  const foldOf = (group: string): number => Number(group.split(' ')[1]) % 4;

  it('should keep groups apart, lose no window, and test each once', () => {
    const tested: number[] = [];
    for (let seed = 0; seed < 4; seed++) {
      const fold = foldOut(examples, foldOf, seed, 4);
      expectApart(fold);
      expect(SPLITS.reduce((sum, split) => sum + fold[split].classes.length, 0)).toBe(120);
      tested.push(...fold.test.windows);
    }
    expect([...tested].sort((a, b) => a - b)).toEqual(Array.from({ length: 120 }, (_, n) => n));
  });
});

describe('the real data', () => {
  it.skipIf(!has('imu'))('should part motion by subject', async () => {
    const folds = await motion.load(dataFolder(), silent);
    for (let seed = 0; seed < 4; seed++) {
      const fold = folds(seed);
      expectApart(fold);
      expect(sharedWindows(fold)).toBe(0);
    }
    expect([...groupsOf(folds(0).test)]).toEqual(['s01', 's05', 's09', 's13']);
  });

  it.skipIf(!has('ambient'))('should have each source of ambient sound in one fold', () => {
    const folds = new Map<string, Set<string>>();
    for (const { kind, path, group = '' } of listClips(dataFolder()))
      if (kind === 'ambient')
        folds.set(group, (folds.get(group) ?? new Set()).add((path.split('/').at(-1) ?? '').split('-')[0]));
    expect(folds.size).toBeGreaterThan(50);
    expect([...folds.values()].filter(({ size }) => size > 1)).toEqual([]);
  });
});

describe('recordings as they are dealt out', () => {
  it('should have each speaker of commands in one split', () => {
    const splits = readSplits();
    const speakersOf = (split: 'train' | 'validation' | 'test'): ReadonlySet<string> =>
      new Set(splits[split].flatMap((path) => /speech-commands.*?([0-9a-f]{8})_nohash_/.exec(path)?.[1] ?? []));
    const [train, validation, test] = SPLITS.map(speakersOf);
    expect(test.size).toBeGreaterThan(15);
    expect([...test].filter((speaker) => train.has(speaker) || validation.has(speaker))).toEqual([]);
    expect([...validation].filter((speaker) => train.has(speaker))).toEqual([]);
  });
});

describe('pictures', () => {
  it('should be used once where they are there twice, for the test if one is of it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pictures-'));
    const write = (split: string, name: string, file: string, shade: number): void => {
      mkdirSync(join(folder, 'images/cifar-10', split, name), { recursive: true });
      const data = new Uint8Array(32 * 32 * 4).map((_, at) => (at * shade) % 256);
      writeFileSync(
        join(folder, 'images/cifar-10', split, name, file),
        encode({ width: 32, height: 32, data }, 95).data,
      );
    };
    for (let n = 1; n <= 20; n++) write('train', n % 2 ? 'automobile' : 'cat', `${n}.jpg`, n);
    write('test', 'automobile', '1.jpg', 31);
    write('test', 'cat', '2.jpg', 32);
    write('train', 'automobile', 'copy.jpg', 31);
    write('train', 'automobile', 'again.jpg', 1);
    const fold = (await picture.load(folder, silent))(0);
    rmSync(folder, { recursive: true });
    expectApart(fold);
    expect(sharedWindows(fold)).toBe(0);
    expect(fold.test.classes).toEqual(Int32Array.of(1, 0));
    expect(fold.train.classes.length + fold.validation.classes.length).toBe(20);
  });
});
