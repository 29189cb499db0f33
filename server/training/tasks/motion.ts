// Walking against other motion: a phone's accelerometer and gyroscope, split by subject.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nextBetween, nextNormal, type RandomState } from '../../random.ts';
import { InputProblem } from '../../runs/files/problem.ts';
import type { MotionSpec } from '../../streams/frames.ts';
import { readMotion } from '../../streams/motion-recording.ts';
import { convolutionNetwork } from './networks.ts';
import { type Example, foldOut, joinExamples, type TaskSpec } from './task.ts';

const AXES = 6;
const GRAVITY = 9.81;
/** 2 g of acceleration and 5 rad/s of rotation are 1. */
const SCALE = [
  ...Array.from({ length: 3 }, () => ({ offset: 0, factor: 1 / (2 * GRAVITY) })),
  ...Array.from({ length: 3 }, () => ({ offset: 0, factor: 1 / 5 })),
];

export const MOTION: MotionSpec = { kind: 'motion', sampleRate: 50, channels: 6, hopSamples: 25, scale: SCALE };
/** Two seconds. */
const FRAMES = 4;
const SAMPLES = FRAMES * MOTION.hopSamples;
const FOLDS = 4;
/** A window walks when this share of it does, and does not when at most one minus that does; between them it is left out. */
const SURE = 0.75;

export const motion: TaskSpec = {
  name: 'motion',
  ships: true,
  looksFor: 'walking',
  about:
    'Windows of 2 s, one every half second, of a phone carried by 16 people who sit, stand up, walk, turn and sit down. A window is positive when three quarters of it or more are walking, negative when a quarter or less is; others are left out.',
  split:
    'By subject, in four folds: each seed trains on eight subjects, chooses thresholds on four and is measured on four others, so that four seeds measure every subject once.',
  data: 'GeoTecINIT/sp-sw-har-dataset, CC BY 4.0',
  training:
    'Trained on phone accelerometer and gyroscope recordings (sp-sw-har-dataset), split by subject. See docs/lab/motion.md.',
  frontEnd: MOTION,
  frames: FRAMES,
  step: 1,
  device: { profile: 'nrf54-band', powerProfile: 'motion-engine', first: 'mcu', middle: 'mcu', last: 'mcu' },
  classes: 1,
  networkWords: 'five convolutions over time, the first of samples four by four, 12 to 64 channels',
  places: {
    early: { after: 'a', hidden: 8, look: { filters: 12, kernel: [15, 1], stride: [5, 1] } },
    middle: { after: 'b', hidden: 8, look: { filters: 12, kernel: [9, 1], stride: [5, 1] } },
    late: { after: 'd', hidden: 8, compression: { kept: 8, merged: [5, 1] } },
  },
  schedule: { steps: 400, tuning: 240, batch: 64, learningRate: 5e-3 },
  taught: 0.5,
  spellSeconds: 60,
  load: async (data) => {
    const examples = joinExamples(readRuns(join(data, 'imu')).flatMap(windowsOf));
    const subjects = [...new Set(examples.groups)].sort();
    return (seed) => foldOut(examples, (group) => subjects.indexOf(group) % FOLDS, seed % FOLDS, FOLDS);
  },
  network: (tf, seed) =>
    convolutionNetwork(
      tf,
      [SAMPLES, 1, AXES],
      [
        { name: 'a', filters: 12, kernel: [4, 1], stride: [4, 1] },
        { name: 'b', filters: 32, kernel: [5, 1], stride: [1, 1] },
        { name: 'c', filters: 48, kernel: [5, 1], stride: [1, 1] },
        { name: 'd', filters: 48, kernel: [3, 1], stride: [2, 1] },
        { name: 'e', filters: 64, kernel: [3, 1], stride: [1, 1] },
      ],
      16,
      1,
      seed,
    ),
  augment: turn,
};

interface MotionRun {
  readonly subject: string;
  /** At MOTION.sampleRate, sample after sample, scaled. */
  readonly samples: Float32Array;
  /** Per sample: whether it is of walking. */
  readonly walks: Uint8Array;
}

/** All runs, resampled between their time stamps. Throws an InputProblem when there are none. */
function readRuns(folder: string): readonly MotionRun[] {
  let subjects: string[];
  try {
    subjects = readdirSync(folder).sort();
  } catch {
    throw new InputProblem(
      `There is no motion to train with in ${folder}; set LIGHTSLEEPER_DATA to the folder that holds imu.`,
    );
  }
  return subjects.flatMap((subject) =>
    readdirSync(join(folder, subject))
      .filter((name) => name.endsWith('.csv'))
      .sort()
      .map((name) => readRun(join(folder, subject, name), subject)),
  );
}

/** Columns as readMotion takes them, and a label. */
function readRun(path: string, subject: string): MotionRun {
  const text = readFileSync(path, 'utf8');
  const samples = readMotion(text, path, MOTION.sampleRate, MOTION.channels).map(
    (value, at) => (value - SCALE[at % AXES].offset) * SCALE[at % AXES].factor,
  );
  const rows = text
    .trim()
    .split(/\r?\n/)
    .slice(1)
    .map((line) => line.split(','));
  const times = rows.map((row) => (Number(row[AXES]) - Number(rows[0][AXES])) / 1000);
  const walks = new Uint8Array(samples.length / AXES);
  let row = 0;
  for (let at = 0; at < walks.length; at++) {
    while (row + 2 < times.length && times[row + 1] <= at / MOTION.sampleRate) row++;
    walks[at] = rows[row][AXES + 1] === 'WALKING' ? 1 : 0;
  }
  return { subject, samples, walks };
}

function windowsOf({ subject, samples, walks }: MotionRun): readonly Example[] {
  const examples: Example[] = [];
  for (let from = 0; from + SAMPLES <= walks.length; from += MOTION.hopSamples) {
    const share = walks.subarray(from, from + SAMPLES).reduce((sum, walk) => sum + walk, 0) / SAMPLES;
    if (share < SURE && share > 1 - SURE) continue;
    examples.push({
      window: samples.slice(from * AXES, (from + SAMPLES) * AXES),
      label: share >= SURE ? 1 : 0,
      group: subject,
    });
  }
  return examples;
}

/** The phone as it might lie otherwise in a pocket: turned about any axis, and a little stronger or weaker. */
function turn(window: Float32Array, random: RandomState): void {
  const axis = [nextNormal(random), nextNormal(random), nextNormal(random)];
  const length = Math.hypot(...axis) || 1;
  const [x, y, z] = axis.map((part) => part / length);
  const angle = nextBetween(random, -Math.PI, Math.PI);
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  const gain = nextBetween(random, 0.9, 1.1);
  for (let at = 0; at < window.length; at += 3) {
    const [a, b, c] = [window[at], window[at + 1], window[at + 2]];
    const along = (x * a + y * b + z * c) * (1 - cos);
    window[at] = gain * (a * cos + (y * c - z * b) * sin + x * along);
    window[at + 1] = gain * (b * cos + (z * a - x * c) * sin + y * along);
    window[at + 2] = gain * (c * cos + (x * b - y * a) * sin + z * along);
  }
}
