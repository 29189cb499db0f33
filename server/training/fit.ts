// Trains one network on scenes that are mixed as it goes, with the negatives it finds hardest.
import type { LayersModel, Tensor } from '@tensorflow/tfjs';
import { nextIndex, nextUniform, type RandomState, seedRandom } from '../random.ts';
import { LogMel } from '../streams/front-end.ts';
import type { Bank } from './bank.ts';
import { buildForTraining, type FoldedLayer, fold, imageShape } from './build.ts';
import type { Network } from './networks.ts';
import { makeScene, type Scene } from './scenes.ts';
import type { Tf } from './tensorflow.ts';
import { windowAt, windowsOf } from './windows.ts';

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
  /** Whether to hide random stretches of time and frequency. */
  readonly masks: boolean;
}

interface Candidate {
  readonly scene: Scene;
  readonly last: number;
  score: number;
}

interface Pool {
  readonly positives: readonly Candidate[];
  readonly negatives: readonly Candidate[];
  readonly hard: readonly Candidate[];
}

const VALIDATION_SCENES = 600;

/** Trains from nothing and gives the folded layers. Progress, with the validation figures, goes to `say`. */
export async function trainNetwork(
  tf: Tf,
  network: Network,
  settings: FitSettings,
  banks: { readonly train: Bank; readonly validation: Bank },
  say: (line: string) => void,
): Promise<readonly FoldedLayer[]> {
  const random = seedRandom(settings.seed, network.name, 'fit');
  const logMel = new LogMel();
  const model = buildForTraining(tf, network, settings.dropout, settings.seed);
  const optimizer = tf.train.adam(settings.learningRate);
  const validation = validationScenes(banks.validation, logMel, settings.seed);
  let scenes: Scene[] = [];
  let pool: Pool | undefined;
  let loss = 0;
  const started = performance.now();
  for (let step = 0; step < settings.steps; step++) {
    if (!pool || step % settings.refreshSteps === 0) {
      const count = pool ? settings.newScenes : settings.poolScenes;
      scenes = [
        ...scenes.slice(scenes.length + count > settings.poolScenes ? count : 0),
        ...makeScenes(banks.train, logMel, count, random),
      ];
      pool = makePool(tf, network, model, scenes, random);
    }
    Reflect.set(optimizer, 'learningRate', learningRateAt(settings, step));
    const { windows, labels } = drawBatch(network, settings, pool, random);
    const cost = trainStep(tf, network, model, optimizer, windows, labels);
    loss = step === 0 ? cost : 0.98 * loss + 0.02 * cost;
    if ((step + 1) % Math.ceil(settings.steps / 12) === 0 || step + 1 === settings.steps) {
      const seconds = Math.round((performance.now() - started) / 1000);
      say(
        `${network.name}: step ${step + 1} of ${settings.steps}, loss ${loss.toFixed(4)}, ${seconds} s; ${validate(tf, network, model, validation)}`,
      );
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  const folded = fold(tf, network, model);
  model.dispose();
  optimizer.dispose();
  return folded;
}

/** Warm-up over the first 3 %, then half a cosine. */
function learningRateAt({ learningRate, steps }: FitSettings, step: number): number {
  const warm = Math.max(1, 0.03 * steps);
  if (step < warm) return (learningRate * (step + 1)) / warm;
  return learningRate * (0.01 + 0.99 * 0.5 * (1 + Math.cos((Math.PI * (step - warm)) / (steps - warm))));
}

function makeScenes(bank: Bank, logMel: LogMel, count: number, random: RandomState): Scene[] {
  return Array.from({ length: count }, () => makeScene(bank, logMel, nextUniform(random) < 0.4, random));
}

/** All windows worth learning from, the negatives scored by the network as it is now. */
function makePool(tf: Tf, network: Network, model: LayersModel, scenes: readonly Scene[], random: RandomState): Pool {
  const positives: Candidate[] = [];
  const negatives: Candidate[] = [];
  for (const scene of scenes) {
    for (const last of windowsOf(network, scene, 'positive')) positives.push({ scene, last, score: 1 });
    for (const last of windowsOf(network, scene, 'negative', 3))
      if (nextUniform(random) < 0.5) negatives.push({ scene, last, score: 0 });
  }
  scoreAll(tf, network, model, negatives);
  const sorted = negatives.toSorted((a, b) => b.score - a.score);
  return { positives, negatives, hard: sorted.slice(0, Math.max(256, Math.floor(sorted.length / 25))) };
}

function scoreAll(tf: Tf, network: Network, model: LayersModel, candidates: readonly Candidate[]): void {
  const size = 1024;
  for (let from = 0; from < candidates.length; from += size) {
    const part = candidates.slice(from, from + size);
    const scores = tf.tidy(() => {
      const windows = toTensor(
        tf,
        network,
        part.map(({ scene, last }) => windowAt(network, scene, last)),
      );
      return logits(model, windows, false).dataSync();
    });
    for (const [at, candidate] of part.entries()) candidate.score = scores[at];
  }
}

function drawBatch(
  network: Network,
  settings: FitSettings,
  pool: Pool,
  random: RandomState,
): { windows: readonly Float32Array[]; labels: Float32Array } {
  const labels = new Float32Array(settings.batch);
  const windows: Float32Array[] = [];
  for (let at = 0; at < settings.batch; at++) {
    const positive = nextUniform(random) < settings.positives;
    const from = positive ? pool.positives : nextUniform(random) < 0.5 ? pool.hard : pool.negatives;
    const { scene, last } = from[nextIndex(random, from.length)];
    labels[at] = positive ? 1 : 0;
    const window = windowAt(network, scene, last);
    windows.push(settings.masks && nextUniform(random) < 0.4 ? masked(network, window, random) : window);
  }
  return { windows, labels };
}

/** Hides up to 6 frames and up to 5 bands (SpecAugment, arXiv 1904.08779). */
function masked(network: Network, window: Float32Array, random: RandomState): Float32Array {
  const copy = window.slice();
  const { bands, frames } = network;
  const fill = -0.3 - 0.6 * nextUniform(random);
  const band = nextIndex(random, bands);
  const wide = nextIndex(random, 6);
  const frame = nextIndex(random, frames);
  const long = nextIndex(random, 7);
  for (let at = 0; at < copy.length; at++) {
    const atBand = at % bands;
    const atFrame = Math.floor(at / bands);
    if ((atBand >= band && atBand < band + wide) || (atFrame >= frame && atFrame < frame + long)) copy[at] = fill;
  }
  return copy;
}

function toTensor(tf: Tf, network: Network, windows: readonly Float32Array[]): Tensor {
  const size = network.frames * network.bands;
  const flat = new Float32Array(windows.length * size);
  for (const [at, window] of windows.entries()) flat.set(window, at * size);
  return tf.tensor(flat, [windows.length, ...imageShape(network)]);
}

function logits(model: LayersModel, windows: Tensor, training: boolean): Tensor {
  // A model of one output gives one tensor.
  return (model.apply(windows, { training }) as Tensor).flatten();
}

function trainStep(
  tf: Tf,
  network: Network,
  model: LayersModel,
  optimizer: ReturnType<Tf['train']['adam']>,
  windows: readonly Float32Array[],
  labels: Float32Array,
): number {
  return tf.tidy(() => {
    const x = toTensor(tf, network, windows);
    const smoothed = tf.tensor1d(labels.map((label) => 0.01 + 0.98 * label));
    const cost = optimizer.minimize(
      () => tf.losses.sigmoidCrossEntropy(smoothed, logits(model, x, true)).asScalar(),
      true,
    );
    return cost?.dataSync()[0] ?? Number.NaN;
  });
}

function validationScenes(bank: Bank, logMel: LogMel, seed: number): readonly Scene[] {
  const random = seedRandom(seed, 'validation');
  return Array.from({ length: VALIDATION_SCENES }, (_, index) => makeScene(bank, logMel, index % 2 === 0, random));
}

/** In words: how many of the validation scenes' positives are missed when 1 % of negative windows (0.1 % for a later stage) get through. */
function validate(tf: Tf, network: Network, model: LayersModel, scenes: readonly Scene[]): string {
  const best: number[] = [];
  const negatives: Candidate[] = [];
  for (const scene of scenes) {
    const positives = windowsOf(network, scene, 'positive', 2).map((last) => ({ scene, last, score: 0 }));
    if (positives.length > 0) {
      scoreAll(tf, network, model, positives);
      best.push(Math.max(...positives.map(({ score }) => score)));
    }
    for (const last of windowsOf(network, scene, 'negative', 5)) negatives.push({ scene, last, score: 0 });
  }
  scoreAll(tf, network, model, negatives);
  const sorted = negatives.map(({ score }) => score).sort((a, b) => b - a);
  const share = network.name === 'activity' ? 0.05 : network.name === 'keyword' ? 0.01 : 0.0005;
  const threshold = sorted[Math.floor(share * sorted.length)];
  const missed = best.filter((score) => score <= threshold).length / best.length;
  return `validation: ${(100 * missed).toFixed(1)} % of scenes missed with ${(100 * share).toFixed(2)} % of negative windows let through`;
}
