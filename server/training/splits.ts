// Which recording is for training, which chooses thresholds, and which is only ever measured on.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { breathe } from '../breathe.ts';
import { nextIndex, type RandomState, seedRandom } from '../random.ts';
import { decodeFile } from '../streams/decode.ts';
import { LogMel } from '../streams/front-end.ts';
import { type Clip, type ClipKind, listClips } from './clips.ts';
import { findCopies } from './duplicates.ts';
import { wordBounds } from './levels.ts';
import { projectRoot } from './paths.ts';
import { type Progress, writeWhole } from './progress.ts';
import { clusterVoices, type Take } from './voices.ts';

export type Split = 'train' | 'validation' | 'test';

const paths = z.array(z.string()).readonly();
const splitsSchema = z.object({
  train: paths,
  validation: paths,
  test: paths,
  /** Copies of takes that are kept under another name: used nowhere. */
  copies: paths,
  /** Cluster of each wake-word take, by word. */
  voices: z.record(z.string(), z.string()),
});
export type Splits = z.infer<typeof splitsSchema>;

const splitsFile = (): string => join(projectRoot(), 'server', 'training', 'splits.json');

/** Throws when splits.json is missing or damaged. */
export const readSplits = (): Splits => splitsSchema.parse(JSON.parse(readFileSync(splitsFile(), 'utf8')));

/** About 50 people spoke the wake words. */
const VOICES = 50;

/** Shares of train and validation; the rest is test. Speech keeps much for the test, because false accepts are counted per hour of it. */
const SHARES: Readonly<Record<ClipKind, readonly [number, number]>> = {
  computer: [0.55, 0.17],
  jarvis: [0.55, 0.17],
  command: [0.55, 0.15],
  silence: [0.5, 0.2],
  speech: [0.46, 0.18],
  ambient: [0.6, 0.2],
};

/** Makes splits.json anew from the data folder: same data and seed, same file. */
export async function makeSplits(dataFolder: string, progress: Progress): Promise<Splits> {
  const clips = listClips(dataFolder);
  const copies: string[] = [];
  const voices: Record<string, string> = {};
  for (const kind of ['computer', 'jarvis'] as const) {
    const words = clips.filter((clip) => clip.kind === kind);
    const takes: Take[] = [];
    for (const clip of words) {
      await breathe(progress);
      progress.say(`reading ${clip.path}`);
      const samples = await decodeFile(join(dataFolder, clip.path));
      takes.push({ samples, word: wordBounds(samples) });
    }
    const groups = findCopies(takes.map(({ samples }) => samples));
    for (const group of groups) for (const index of group.slice(1)) copies.push(words[index].path);
    const distinct = takes.map((_, index) => index).filter((index) => !copies.includes(words[index].path));
    const clusters = clusterVoices(
      distinct.map((index) => takes[index]),
      VOICES,
      new LogMel(),
    );
    for (const [at, index] of distinct.entries()) voices[words[index].path] = `${kind}-${clusters[at]}`;
    progress.note(
      `${kind}: ${words.length} takes, ${distinct.length} distinct, ${new Set(clusters).size} clusters of voices`,
    );
  }
  const splits: Record<Split, string[]> = { train: [], validation: [], test: [] };
  const random = seedRandom(1, 'splits');
  const kinds = new Set(clips.map(({ kind }) => kind));
  for (const kind of kinds) {
    const usable = clips.filter((clip) => clip.kind === kind && !copies.includes(clip.path));
    // ESC-10's own folds: 1 to 3 train, 4 validates, 5 tests; a source recording never spans folds.
    if (kind === 'ambient') {
      for (const clip of usable) splits[foldSplit(clip)].push(clip.path);
      continue;
    }
    shareOut(usable, (clip) => voices[clip.path] ?? clip.group ?? clip.path, SHARES[kind], random, splits);
  }
  const made: Splits = { ...splits, copies, voices };
  writeWhole(splitsFile(), `${JSON.stringify(made, null, 1)}\n`);
  return made;
}

function foldSplit(clip: Clip): Split {
  const fold = Number(clip.path.split('/').at(-1)?.split('-')[0]);
  return fold <= 3 ? 'train' : fold === 4 ? 'validation' : 'test';
}

/** Deals out whole groups, in random order, until each split has its share of clips. */
function shareOut(
  clips: readonly Clip[],
  groupOf: (clip: Clip) => string,
  [train, validation]: readonly [number, number],
  random: RandomState,
  splits: Record<Split, string[]>,
): void {
  const byGroup = new Map<string, Clip[]>();
  for (const clip of clips) byGroup.set(groupOf(clip), [...(byGroup.get(groupOf(clip)) ?? []), clip]);
  const groups = [...byGroup.values()];
  for (let at = groups.length - 1; at > 0; at--) {
    const other = nextIndex(random, at + 1);
    [groups[at], groups[other]] = [groups[other], groups[at]];
  }
  let dealt = 0;
  for (const group of groups) {
    const share = dealt / clips.length;
    const split: Split = share < train ? 'train' : share < train + validation ? 'validation' : 'test';
    splits[split].push(...group.map(({ path }) => path));
    dealt += group.length;
  }
}
