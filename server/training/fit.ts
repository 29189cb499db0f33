// Trains one network on scenes that are mixed as it goes, with the negatives it finds hardest; what comes out is the mean of its weights where that did
// best on validation scenes.
import type { LayersModel, Tensor } from '@tensorflow/tfjs';
import { breathe } from '../breathe.ts';
import { nextUniform, type RandomState, seedRandom } from '../random.ts';
import { LogMel } from '../streams/front-end.ts';
import { WeightAverage } from './averaging.ts';
import type { Bank } from './bank.ts';
import { buildForTraining, type FoldedLayer, fold } from './build.ts';
import type { Network } from './networks.ts';
import { type Batch, drawBatch, logits, makePool, type Pool, toTensor } from './pool.ts';
import type { Progress } from './progress.ts';
import { makeScene, type Scene } from './scenes.ts';
import type { Tf } from './tensorflow.ts';
import { missesOf, type ValidationSet } from './validation.ts';

export interface FitSettings {
  readonly seed: number;
  /** Whether it goes on from the model that is there, where that is the same network. */
  readonly start: 'nothing' | 'present';
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
  /** Whether to hide random stretches of time and frequency. */
  readonly masks: boolean;
}

const CHECKPOINTS = 10;
/** Before this share of the steps no checkpoint is worth measuring. */
const FIRST_CHECKPOINT = 0.35;
const AVERAGE_DECAY = 0.995;
/** Labels are this far from 0 and 1. */
const SMOOTHING = 0.01;

export interface Fitted {
  readonly folded: readonly FoldedLayer[];
  /** In the validation scenes, see missesOf. */
  readonly misses: number;
}

/** Trains, on from `start` if the settings say so. Progress, with the validation figures, goes to `progress`. Throws when it is told to stop. */
export async function trainNetwork(
  tf: Tf,
  network: Network,
  settings: FitSettings,
  bank: Bank,
  validation: ValidationSet,
  present: readonly FoldedLayer[] | undefined,
  progress: Progress,
): Promise<Fitted> {
  const random = seedRandom(settings.seed, network.name, 'fit');
  const logMel = new LogMel();
  const model = buildForTraining(
    tf,
    network,
    settings.dropout,
    settings.seed,
    settings.start === 'present' ? present : undefined,
  );
  const optimizer = tf.train.adam(settings.learningRate);
  const average = new WeightAverage(tf, model, AVERAGE_DECAY);
  let best: { readonly misses: number; readonly weights: Tensor[] } | undefined;
  let scenes: readonly Scene[] = [];
  let pool: Pool | undefined;
  let loss = 0;
  const started = performance.now();
  for (let step = 0; step < settings.steps; step++) {
    if (!pool || step % settings.refreshSteps === 0) {
      const count = pool ? settings.newScenes : settings.poolScenes;
      scenes = [
        ...scenes.slice(scenes.length + count > settings.poolScenes ? count : 0),
        ...(await makeScenes(bank, logMel, count, random, progress)),
      ];
      pool = await makePool(tf, network, model, scenes, pool, random, progress);
    }
    Reflect.set(optimizer, 'learningRate', learningRateAt(settings, step));
    const cost = trainStep(tf, network, model, optimizer, drawBatch(network, settings, pool, random));
    average.update();
    loss = step === 0 ? cost : 0.98 * loss + 0.02 * cost;
    if (step % 10 === 0) {
      progress.say(`${network.name}: step ${step + 1} of ${settings.steps}, loss ${loss.toFixed(4)}`);
      await breathe(progress);
    }
    const isCheckpoint =
      (step + 1) % Math.ceil(settings.steps / CHECKPOINTS) === 0 && step >= FIRST_CHECKPOINT * settings.steps;
    if (!isCheckpoint && step + 1 < settings.steps) continue;
    const misses = await average.within(() => missesOf(tf, network, model, validation, progress));
    if (!best || misses <= best.misses) {
      tf.dispose(best?.weights ?? []);
      best = { misses, weights: average.copy() };
    }
    const seconds = Math.round((performance.now() - started) / 1000);
    progress.note(
      `${network.name}: step ${step + 1} of ${settings.steps}, loss ${loss.toFixed(4)}, ${seconds} s; misses in validation scenes ${(100 * misses).toFixed(2)} %`,
    );
  }
  if (!best) throw new RangeError('a network is trained for one step at least');
  model.setWeights(best.weights);
  const folded = fold(tf, network, model);
  tf.dispose(best.weights);
  average.dispose();
  model.dispose();
  optimizer.dispose();
  return { folded, misses: best.misses };
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
  random: RandomState,
  progress: Progress,
): Promise<readonly Scene[]> {
  const scenes: Scene[] = [];
  while (scenes.length < count) {
    scenes.push(makeScene(bank, logMel, nextUniform(random) < 0.4, random));
    if (scenes.length % 20 > 0) continue;
    progress.say(`mixing scene ${scenes.length} of ${count}`);
    await breathe(progress);
  }
  return scenes;
}

function trainStep(
  tf: Tf,
  network: Network,
  model: LayersModel,
  optimizer: ReturnType<Tf['train']['adam']>,
  { windows, labels }: Batch,
): number {
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
