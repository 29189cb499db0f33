// Ten keywords against other words, silence and ambient sound: Speech Commands, split by speaker.
import { join } from 'node:path';
import { breathe } from '../../breathe.ts';
import { nextBetween, nextIndex, nextNormal, seedRandom } from '../../random.ts';
import { decodeFile } from '../../streams/decode.ts';
import { LOG_MEL, LogMel } from '../../streams/front-end.ts';
import { type Clip, listClips } from '../clips.ts';
import { fromDecibels } from '../levels.ts';
import type { Progress } from '../progress.ts';
import { readSplits, type Split, type Splits } from '../splits.ts';
import { hearOtherwise, overTime } from './sound.ts';
import { type Example, type Examples, joinExamples, type TaskSpec } from './task.ts';

const FRAMES = 50;
const KEYWORDS: readonly string[] = ['down', 'go', 'left', 'no', 'off', 'on', 'right', 'stop', 'up', 'yes'];
/** Times that each clip is heard, moved by up to a tenth of a second. */
const TAKES: Readonly<Record<Split, number>> = { train: 3, validation: 1, test: 1 };
const AMBIENT_EACH = 3;

export const keywords: TaskSpec = {
  ...overTime(FRAMES, KEYWORDS.length + 1),
  name: 'keywords',
  ships: false,
  looksFor: 'ten keywords',
  about:
    'Windows of 1 s: one of ten keywords of Speech Commands (positive; the network tells them apart), or another word, silence, or ambient sound of ESC-10 (negative), over a noise floor. Quality here is whether a keyword is found; which one is not counted.',
  split:
    'By speaker (keywords and other words share speakers, who are kept together) and by fold of ambient sound, as server/training/splits.json deals them out. The seeds share the split.',
  data: 'Speech Commands v0.02, part of its test set (CC BY 4.0); ESC-10 (CC BY 3.0)',
  training: 'Trained on Speech Commands v0.02 and ESC-10, split by speaker and fold. See docs/lab/keywords.md.',
  frontEnd: LOG_MEL,
  frames: FRAMES,
  step: 10,
  classes: KEYWORDS.length + 1,
  schedule: { steps: 300, tuning: 120, batch: 64, learningRate: 4e-3 },
  taught: 0,
  spellSeconds: 1,
  load: async (data, progress) => {
    const splits = readSplits();
    const fold = {
      train: await read(data, splits, 'train', progress),
      validation: await read(data, splits, 'validation', progress),
      test: await read(data, splits, 'test', progress),
    };
    return () => fold;
  },
  augment: hearOtherwise,
};

async function read(data: string, splits: Splits, split: Split, progress: Progress): Promise<Examples> {
  const wanted = new Set(splits[split]);
  const logMel = new LogMel();
  const examples: Example[] = [];
  for (const clip of listClips(data)) {
    if (!wanted.has(clip.path) || !['command', 'silence', 'ambient'].includes(clip.kind)) continue;
    await breathe(progress);
    progress.say(`reading ${clip.path}`);
    const random = seedRandom(1, clip.path);
    const samples = await decodeFile(join(data, clip.path));
    const takes = clip.kind === 'ambient' ? AMBIENT_EACH : TAKES[split];
    for (let take = 0; take < takes; take++) {
      const second = new Float32Array(LOG_MEL.sampleRate);
      const floor = fromDecibels(nextBetween(random, -70, -50));
      for (let at = 0; at < second.length; at++) second[at] = floor * nextNormal(random);
      const spare = samples.length - second.length;
      const from = spare > second.length ? nextIndex(random, spare) : spare / 2 + nextBetween(random, -1600, 1600);
      for (let at = 0; at < second.length; at++) second[at] += samples[Math.round(from) + at] ?? 0;
      examples.push({ window: logMel.frames(second), label: classOf(clip), group: clip.group ?? clip.path });
    }
  }
  return joinExamples(examples);
}

/** 0: none of the keywords. */
const classOf = ({ kind, label }: Clip): number => (kind === 'command' ? KEYWORDS.indexOf(label) + 1 : 0);
