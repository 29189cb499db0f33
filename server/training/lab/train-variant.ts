// One variant from start to end: trained, cut into parts, quantised, and run on the splits that it is measured on.
import type { LayersModel } from '@tensorflow/tfjs';
import { nextIndex, type RandomState, seedRandom } from '../../random.ts';
import { partsToOnnx } from '../gated/export.ts';
import { fitGated, type Teacher, type WindowBatch } from '../gated/fit.ts';
import { insertGates } from '../gated/insert.ts';
import { quantiseParts } from '../gated/quantise-parts.ts';
import { runParts } from '../gated/run.ts';
import type { Progress } from '../progress.ts';
import { type Examples, type Fold, pickExamples, placesOf, type TaskSpec } from '../tasks/task.ts';
import type { Tf } from '../tensorflow.ts';
import type { Trained } from './checkpoints.ts';
import type { Variant } from './variants.ts';

/** Share of positive windows in a batch. */
const POSITIVES = 0.5;
const CALIBRATION_WINDOWS = 512;

/** How many steps the whole network is trained, and then each variant, which begins where that ended. */
export interface Steps {
  readonly whole: number;
  readonly tuning: number;
}

/**
 * The weights of the network without gates, where all variants of a seed begin. Throws Diverged when the loss is no number, and the reason of
 * `progress.stop`.
 */
export async function trainWhole(
  tf: Tf,
  task: TaskSpec,
  train: Examples,
  seed: number,
  steps: number,
  progress: Progress,
): Promise<readonly Float32Array[]> {
  const network = task.network(tf, seed + 1);
  const draw = batches(train, task, seedRandom(seed, task.name, 'batches'));
  const whole = insertGates(tf, network, [], 0);
  await fitGated(
    tf,
    `${task.name}, whole, seed ${seed}`,
    whole,
    { ...task.schedule, steps },
    { alpha: [], beta: [] },
    draw,
    progress,
  );
  const weights = network.getWeights().map((own) => Float32Array.from(own.dataSync()));
  network.dispose();
  return weights;
}

/**
 * @param whole weights of the network without gates, as trainWhole gives them; the variant without gates goes on from them too, for as many steps
 * Throws Diverged when the loss is no number, and the reason of `progress.stop`.
 */
export async function trainVariant(
  tf: Tf,
  task: TaskSpec,
  { train, validation, test }: Fold,
  { arrangement, alpha, beta, seed }: Variant,
  whole: readonly Float32Array[],
  steps: number,
  progress: Progress,
): Promise<Trained> {
  const name = `${task.name}, ${arrangement === 'none' ? 'no gate' : `${arrangement}, α ${alpha}, β ${beta}`}, seed ${seed}`;
  const started = performance.now();
  const places = placesOf(task, arrangement);
  const network = task.network(tf, seed + 1);
  setWeights(tf, network, whole);
  const gated = insertGates(tf, network, places, 1000 * (seed + 1));
  const random = seedRandom(seed, task.name, 'more batches');
  const draw = batches(train, task, random);
  const weights = { alpha: places.map(() => alpha), beta: places.map(() => beta) };
  const teacher = teacherOf(tf, task, whole, seed);
  await fitGated(tf, name, gated, { ...task.schedule, steps }, weights, draw, progress, teacher);
  teacher?.network.dispose();
  const floatParts = partsToOnnx(tf, task.name, gated, task.frames);
  gated.model.dispose();
  progress.say(`${name}: in 8 bits`);
  const parts = await quantiseParts(floatParts, calibration(train, seedRandom(seed, task.name, 'calibration')));
  const [onValidation, onTest, floatTest] = [
    await runParts(parts, validation.windows),
    await runParts(parts, test.windows),
    await runParts(floatParts, test.windows),
  ];
  return {
    parts,
    floatParts,
    elementsBefore: gated.cuts.map(({ elementsBefore }) => elementsBefore),
    validation: onValidation,
    test: onTest,
    floatTest,
    seconds: (performance.now() - started) / 1000,
  };
}

/** The network where all variants begin, as it was then; its layers are no variant's. */
function teacherOf(tf: Tf, task: TaskSpec, whole: readonly Float32Array[], seed: number): Teacher | undefined {
  if (task.taught === 0) return undefined;
  const network = task.network(tf, seed + 1);
  setWeights(tf, network, whole);
  return { network, share: task.taught };
}

function setWeights(tf: Tf, network: LayersModel, weights: readonly Float32Array[]): void {
  const tensors = network.getWeights().map(({ shape }, at) => tf.tensor(weights[at], shape));
  network.setWeights(tensors);
  tf.dispose(tensors);
}

/** Batches of positives and negatives, drawn group by group, so that a long recording does not count for more than a short one. */
function batches(train: Examples, { schedule, augment }: TaskSpec, random: RandomState): () => WindowBatch {
  const size = train.windows.length / train.classes.length;
  const byLabel = [false, true].map((positive) => {
    const groups = new Map<string, number[]>();
    for (const [index, label] of train.classes.entries())
      if (label > 0 === positive) groups.set(train.groups[index], [...(groups.get(train.groups[index]) ?? []), index]);
    return [...groups.values()];
  });
  const positives = Math.round(schedule.batch * POSITIVES);
  return () => {
    const windows = new Float32Array(schedule.batch * size);
    const classes = new Int32Array(schedule.batch);
    for (let at = 0; at < schedule.batch; at++) {
      const groups = byLabel[at < positives ? 1 : 0];
      const group = groups[nextIndex(random, groups.length)];
      const index = group[nextIndex(random, group.length)];
      const window = windows.subarray(at * size, (at + 1) * size);
      window.set(train.windows.subarray(index * size, (index + 1) * size));
      augment(window, random);
      classes[at] = train.classes[index];
    }
    return { windows, classes };
  };
}

/** Windows of the training split in random order, so that every batch of them is like the others. */
function calibration(train: Examples, random: RandomState): Float32Array {
  const indices = Array.from({ length: CALIBRATION_WINDOWS }, () => nextIndex(random, train.classes.length));
  return pickExamples(train, indices).windows;
}
