// One class of CIFAR-10 against the other nine, with a small convolution network and with a small vision transformer.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { breathe } from '../../breathe.ts';
import { nextBetween, nextIndex, nextUniform, type RandomState, seedRandom } from '../../random.ts';
import { InputProblem } from '../../runs/files/problem.ts';
import type { PictureSpec } from '../../streams/frames.ts';
import { readPicture } from '../../streams/picture-recording.ts';
import type { Progress } from '../progress.ts';
import { convolutionNetwork, transformer } from './networks.ts';
import { type Example, type Examples, joinExamples, pickExamples, type TaskSpec } from './task.ts';

const SIZE = 32;
const LOOKS_FOR = 'automobile';

export const PICTURE: PictureSpec = {
  kind: 'picture',
  framesPerSecond: 2,
  width: SIZE,
  height: SIZE,
  channels: 3,
  mean: [0.5, 0.5, 0.5],
  scale: [2, 2, 2],
};

const shared = {
  looksFor: `an ${LOOKS_FOR}`,
  about: `Pictures of 32 × 32 points of CIFAR-10: 700 a class to train, 150 a class to test. Positive is "${LOOKS_FOR}", negative the nine other classes.`,
  split:
    'By picture, as CIFAR-10 itself parts training from test; pictures that are in it twice are used once, and a sixth of the training pictures validates, another one for each seed.',
  data: 'CIFAR-10 (A. Krizhevsky 2009), part of it; no picture is shipped',
  frontEnd: PICTURE,
  frames: 1,
  step: 1,
  device: { profile: 'driveway-camera', powerProfile: 'watching', first: 'mcu', middle: 'mcu', last: 'app' },
  classes: 1,
  spellSeconds: 10,
  load: loadPictures,
  augment: flipAndShift,
} satisfies Partial<TaskSpec>;

export const picture: TaskSpec = {
  ...shared,
  name: 'picture',
  ships: true,
  training: 'Trained on part of CIFAR-10 (automobile against the rest). See docs/lab/picture.md.',
  networkWords: 'six convolutions, the first of points three by three, 16 to 64 channels',
  places: {
    early: { after: 'a', hidden: 12, look: { filters: 16, kernel: [5, 5], stride: [4, 4] } },
    middle: { after: 'c', hidden: 12, look: { filters: 16, kernel: [3, 3], stride: [2, 2] } },
    late: { after: 'e', hidden: 8, compression: { kept: 8 } },
  },
  schedule: { steps: 240, tuning: 160, batch: 48, learningRate: 4e-3 },
  taught: 0.5,
  network: (tf, seed) =>
    convolutionNetwork(
      tf,
      [SIZE, SIZE, 3],
      [
        { name: 'a', filters: 16, kernel: [3, 3], stride: [2, 2] },
        { name: 'b', filters: 32, kernel: [3, 3], stride: [2, 2] },
        { name: 'c', filters: 32, kernel: [3, 3], stride: [1, 1] },
        { name: 'd', filters: 48, kernel: [3, 3], stride: [1, 1] },
        { name: 'e', filters: 64, kernel: [3, 3], stride: [2, 2] },
        { name: 'f', filters: 64, kernel: [3, 3], stride: [1, 1] },
      ],
      32,
      1,
      seed,
    ),
};

export const vit: TaskSpec = {
  ...shared,
  name: 'vit',
  ships: false,
  training: 'Trained on part of CIFAR-10 (automobile against the rest). See docs/lab/vit.md.',
  networkWords:
    'a vision transformer: 64 tokens of 4 × 4 points, 36 channels, 3 heads, 4 blocks; the gate reads the mean of the tokens, and the compression drops tokens',
  places: {
    early: { after: 'sum1', hidden: 8, compression: {} },
    middle: { after: 'sum2', hidden: 8, compression: {} },
    late: { after: 'sum3', hidden: 8, compression: { kept: 12 } },
  },
  schedule: { steps: 250, tuning: 80, batch: 32, learningRate: 3e-3 },
  taught: 0,
  network: (tf, seed) =>
    transformer(tf, [SIZE, SIZE, 3], { patch: 4, channels: 36, heads: 3, blocks: 4, hidden: 72 }, 1, seed),
};

async function loadPictures(
  data: string,
  progress: Progress,
): Promise<(seed: number) => { train: Examples; validation: Examples; test: Examples }> {
  const folder = join(data, 'images', 'cifar-10');
  const seen = new Set<string>();
  // The test first: what is in both is kept for it.
  const test = await readPictures(folder, 'test', seen, progress);
  const all = await readPictures(folder, 'train', seen, progress);
  return (seed) => {
    const random = seedRandom(seed, 'picture', 'validation');
    const validates = all.groups.map(() => nextIndex(random, 6) === 0);
    const indices = (wanted: boolean) => validates.flatMap((own, index) => (own === wanted ? [index] : []));
    return { train: pickExamples(all, indices(false)), validation: pickExamples(all, indices(true)), test };
  };
}

/** Throws an InputProblem when there are none. */
async function readPictures(
  folder: string,
  split: 'train' | 'test',
  seen: Set<string>,
  progress: Progress,
): Promise<Examples> {
  const examples: Example[] = [];
  let names: string[];
  try {
    names = readdirSync(join(folder, split)).sort();
  } catch {
    throw new InputProblem(
      `There are no pictures to train with in ${join(folder, split)}; set LIGHTSLEEPER_DATA to the folder that holds images/cifar-10.`,
    );
  }
  for (const name of names) {
    progress.say(`reading pictures of ${name}`);
    await breathe(progress);
    for (const file of readdirSync(join(folder, split, name)).sort()) {
      const path = join(folder, split, name, file);
      const pixels = readPicture(readFileSync(path), path, PICTURE);
      const window = new Float32Array(SIZE * SIZE * 3);
      for (let pixel = 0; pixel < SIZE * SIZE; pixel++)
        for (let channel = 0; channel < 3; channel++)
          window[pixel * 3 + channel] = (pixels[pixel * 4 + channel] - PICTURE.mean[channel]) * PICTURE.scale[channel];
      const content = Buffer.from(window.buffer).toString('latin1');
      if (seen.has(content)) continue;
      seen.add(content);
      examples.push({ window, label: name === LOOKS_FOR ? 1 : 0, group: `${split}/${name}/${file}` });
    }
  }
  return joinExamples(examples);
}

/** Mirrored in half of the cases, moved by up to three points, brighter or darker. */
function flipAndShift(window: Float32Array, random: RandomState): void {
  const from = window.slice();
  const mirror = nextUniform(random) < 0.5;
  const down = nextIndex(random, 7) - 3;
  const across = nextIndex(random, 7) - 3;
  const gain = nextBetween(random, 0.85, 1.15);
  const within = (at: number): number => Math.max(0, Math.min(SIZE - 1, at));
  for (let row = 0; row < SIZE; row++)
    for (let column = 0; column < SIZE; column++) {
      const x = within((mirror ? SIZE - 1 - column : column) + across);
      const source = (within(row + down) * SIZE + x) * 3;
      const target = (row * SIZE + column) * 3;
      for (let channel = 0; channel < 3; channel++)
        window[target + channel] = Math.max(-1, Math.min(1, gain * from[source + channel]));
    }
}
