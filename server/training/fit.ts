// Trains one network on scenes that are mixed as it goes, with the negatives it finds hardest; what comes out is the mean of its weights where that did
// best on validation scenes.
import { breathe } from '../breathe.ts';
import { nextUniform, type RandomState, seedRandom } from '../random.ts';
import { LogMel } from '../streams/front-end.ts';
import { WeightAverage } from './averaging.ts';
import type { Bank } from './bank.ts';
import { buildForTraining, type FoldedLayer, fold } from './build.ts';
import { Diverged } from './diverged.ts';
import { type FitMemory, type FitState, Learner } from './fit-state.ts';
import type { Network } from './networks.ts';
import { type Batch, drawBatch, KEPT, logits, makePool, type Pool, toTensor } from './pool.ts';
import type { Progress } from './progress.ts';
import type { Without } from './recipe.ts';
import { makeScene, type Scene } from './scenes.ts';
import type { Tf } from './tensorflow.ts';
import { missesOf, type ValidationSet } from './validation.ts';

export interface FitSettings {
  readonly seed: number;
  readonly steps: number;
  readonly batch: number;
  readonly learningRate: number;
  /** Share of positive windows in a batch. */
  readonly positives: number;
  /** Scenes in memory, and how many of them are made anew every `refreshSteps`. */
  readonly poolScenes: number;
  readonly newScenes: number;
  readonly refreshSteps: number;
  readonly dropout: number;
  readonly without: Without;
}

const CHECKPOINTS = 10;
/** Before this share of the steps no checkpoint is worth measuring. */
const FIRST_CHECKPOINT = 0.35;
const AVERAGE_DECAY = 0.995;
/** Labels are this far from 0 and 1. */
const SMOOTHING = 0.01;

/** Losses that are kept of a training. */
const LOSSES = 100;

export interface Fitted {
  readonly folded: readonly FoldedLayer[];
  /** In the validation scenes, see missesOf; of the checkpoint that is kept. */
  readonly misses: number;
  /** Smoothed. */
  readonly losses: FitState['losses'];
  readonly checkpoints: FitState['checkpoints'];
}

/** What may be asked of a training besides. */
export interface FitOptions {
  /** Goes on from what is there; result and weights are those of a training that was never stopped. */
  readonly memory?: FitMemory;
  /** After each step. */
  readonly onStep?: (step: number) => void;
}

/** Trains. Progress, with the validation figures, goes to `progress`. Throws Diverged, and the reason of `progress.stop` when it is told to stop. */
export async function trainNetwork(
  tf: Tf,
  network: Network,
  settings: FitSettings,
  bank: Bank,
  validation: ValidationSet,
  progress: Progress,
  { memory, onStep }: FitOptions = {},
): Promise<Fitted> {
  const logMel = new LogMel();
  const model = buildForTraining(tf, network, settings.dropout, settings.seed);
  const learner = new Learner(tf, model, new WeightAverage(tf, model, AVERAGE_DECAY));
  const before = memory?.read();
  if (before) await learner.restore(before);
  const random = before?.random ?? seedRandom(settings.seed, network.name, 'fit');
  let { best, loss } = before ?? { best: undefined, loss: 0 };
  let scenes: readonly Scene[] = before?.scenes ?? [];
  let pool: Pool | undefined = before && { positives: [], negatives: [], hard: before.hard };
  const losses = [...(before?.losses ?? [])];
  const checkpoints = [...(before?.checkpoints ?? [])];
  const started = performance.now();
  try {
    for (let step = before?.step ?? 0; step < settings.steps; step++) {
      if (step % settings.refreshSteps === 0) {
        if (pool && memory && step !== before?.step) {
          const hard = pool.hard.slice(0, KEPT);
          const own = await learner.save();
          memory.write({ step, random, scenes, hard, ...own, best, loss, losses, checkpoints });
          // Restored here too: what TensorFlow makes of an optimiser's state when it reads it differs from what it had in the last digit.
          await learner.restore(own);
        }
        const count = pool ? settings.newScenes : settings.poolScenes;
        scenes = [
          ...scenes.slice(scenes.length + count > settings.poolScenes ? count : 0),
          ...(await makeScenes(bank, logMel, count, settings.without, random, progress)),
        ];
        pool = await makePool(tf, network, model, scenes, pool, random, progress);
      }
      if (!pool) throw new RangeError('a training begins where scenes are made anew');
      Reflect.set(learner.optimizer, 'learningRate', learningRateAt(settings, step));
      const cost = trainStep(tf, network, learner, drawBatch(network, settings, pool, random));
      if (!Number.isFinite(cost))
        throw new Diverged(
          `${network.name}: the loss is no longer a number at step ${step + 1} of ${settings.steps}, with a learning rate of ${settings.learningRate}; lower it. Nothing of this was written.`,
        );
      learner.average.update();
      loss = step === 0 ? cost : 0.98 * loss + 0.02 * cost;
      if ((step + 1) % Math.ceil(settings.steps / LOSSES) === 0) losses.push({ step: step + 1, loss });
      onStep?.(step + 1);
      if (step % 10 === 0) {
        progress.say(`${network.name}: step ${step + 1} of ${settings.steps}, loss ${loss.toFixed(4)}`);
        await breathe(progress);
      }
      const isCheckpoint =
        (step + 1) % Math.ceil(settings.steps / CHECKPOINTS) === 0 && step >= FIRST_CHECKPOINT * settings.steps;
      if (!isCheckpoint && step + 1 < settings.steps) continue;
      const misses = await learner.average.within(() => missesOf(tf, network, model, validation, progress));
      checkpoints.push({ step: step + 1, misses });
      if (!best || misses <= best.misses) best = { misses, weights: learner.average.save().means };
      const seconds = Math.round((performance.now() - started) / 1000);
      progress.note(
        `${network.name}: step ${step + 1} of ${settings.steps}, loss ${loss.toFixed(4)}, ${seconds} s; misses in validation scenes ${(100 * misses).toFixed(2)} %`,
      );
    }
    if (!best) throw new RangeError('a network is trained for one step at least');
    learner.setWeights(best.weights);
    return { folded: fold(tf, network, model), misses: best.misses, losses, checkpoints };
  } finally {
    learner.dispose();
  }
}

/** Warm-up over the first 3 %, then half a cosine. */
export function learningRateAt(
  { learningRate, steps }: Pick<FitSettings, 'learningRate' | 'steps'>,
  step: number,
): number {
  const warm = Math.max(1, 0.03 * steps);
  if (step < warm) return (learningRate * (step + 1)) / warm;
  return learningRate * (0.01 + 0.99 * 0.5 * (1 + Math.cos((Math.PI * (step - warm)) / (steps - warm))));
}

async function makeScenes(
  bank: Bank,
  logMel: LogMel,
  count: number,
  without: Without,
  random: RandomState,
  progress: Progress,
): Promise<readonly Scene[]> {
  const scenes: Scene[] = [];
  while (scenes.length < count) {
    scenes.push(makeScene(bank, logMel, nextUniform(random) < 0.4, random, without));
    if (scenes.length % 20 > 0) continue;
    progress.say(`mixing scene ${scenes.length} of ${count}`);
    await breathe(progress);
  }
  return scenes;
}

function trainStep(tf: Tf, network: Network, { model, optimizer }: Learner, { windows, labels }: Batch): number {
  return tf.tidy(() => {
    const x = toTensor(tf, network, windows);
    const smoothed = tf.tensor1d(labels.map((label) => SMOOTHING + (1 - 2 * SMOOTHING) * label));
    const cost = optimizer.minimize(
      () => tf.losses.sigmoidCrossEntropy(smoothed, logits(model, x, true)).asScalar(),
      true,
    );
    return cost?.dataSync()[0] ?? Number.NaN;
  });
}
