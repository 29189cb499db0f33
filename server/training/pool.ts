// The windows that a network learns from: those of the scenes in memory, and the hardest negatives of scenes that have gone.
import type { LayersModel, Tensor } from '@tensorflow/tfjs';
import { breathe } from '../breathe.ts';
import { nextIndex, nextUniform, type RandomState } from '../random.ts';
import { imageShape } from './build.ts';
import type { Network } from './networks.ts';
import type { Progress } from './progress.ts';
import type { Without } from './recipe.ts';
import type { Scene } from './scenes.ts';
import type { Tf } from './tensorflow.ts';
import { windowAt, windowsOf } from './windows.ts';

export interface Candidate {
  /** frames × bands. */
  readonly window: Float32Array;
  /** The network's logit, as it was when last asked. */
  score: number;
}

export interface Pool {
  readonly positives: readonly Candidate[];
  readonly negatives: readonly Candidate[];
  /** The negatives that score highest, also from scenes before these. */
  readonly hard: readonly Candidate[];
}

/** The hardest are at least so many, or this share of all negatives. */
const HARD_AT_LEAST = 256;
const HARD_SHARE = 1 / 25;
/** Hard negatives that outlive their scenes: their windows are copied, 6 to 10 kB each. */
export const KEPT = 2000;

/** All windows worth learning from, the negatives scored by the network as it is now; `before` is the pool so far. */
export async function makePool(
  tf: Tf,
  network: Network,
  model: LayersModel,
  scenes: readonly Scene[],
  before: Pool | undefined,
  random: RandomState,
  progress: Progress,
): Promise<Pool> {
  const positives: Candidate[] = [];
  const negatives: Candidate[] = [];
  for (const scene of scenes) {
    for (const last of windowsOf(network, scene, 'positive'))
      positives.push({ window: windowAt(network, scene, last), score: 0 });
    for (const last of windowsOf(network, scene, 'negative', 3))
      if (nextUniform(random) < 0.5) negatives.push({ window: windowAt(network, scene, last), score: 0 });
  }
  const kept = (before?.hard ?? []).slice(0, KEPT).map(({ window, score }) => ({ window: window.slice(), score }));
  const all = [...negatives, ...kept];
  await scoreAll(tf, network, model, all, progress);
  const sorted = all.toSorted((a, b) => b.score - a.score);
  return { positives, negatives, hard: sorted.slice(0, Math.max(HARD_AT_LEAST, Math.floor(all.length * HARD_SHARE))) };
}

/** Sets the score of every candidate. */
export async function scoreAll(
  tf: Tf,
  network: Network,
  model: LayersModel,
  candidates: readonly Candidate[],
  progress: Progress,
): Promise<void> {
  const size = 512;
  for (let from = 0; from < candidates.length; from += size) {
    const part = candidates.slice(from, from + size);
    const scores = tf.tidy(() => {
      const windows = toTensor(
        tf,
        network,
        part.map(({ window }) => window),
      );
      return logits(model, windows, false).dataSync();
    });
    for (const [at, candidate] of part.entries()) candidate.score = scores[at];
    await breathe(progress);
  }
}

export interface Batch {
  readonly windows: readonly Float32Array[];
  readonly labels: Float32Array;
}

/** A batch with this share of positives; of the negatives, half are hard ones. Some windows have stretches hidden. */
export function drawBatch(
  network: Network,
  { batch, positives, without }: { readonly batch: number; readonly positives: number; readonly without: Without },
  pool: Pool,
  random: RandomState,
): Batch {
  const labels = new Float32Array(batch);
  const windows: Float32Array[] = [];
  for (let at = 0; at < batch; at++) {
    const positive = nextUniform(random) < positives;
    const from = positive
      ? pool.positives
      : nextUniform(random) < 0.5 && !without.has('hard')
        ? pool.hard
        : pool.negatives;
    const { window } = from[nextIndex(random, from.length)];
    labels[at] = positive ? 1 : 0;
    windows.push(!without.has('masks') && nextUniform(random) < 0.4 ? masked(network, window, random) : window);
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

export function toTensor(tf: Tf, network: Network, windows: readonly Float32Array[]): Tensor {
  const size = network.frames * network.bands;
  const flat = new Float32Array(windows.length * size);
  for (const [at, window] of windows.entries()) flat.set(window, at * size);
  return tf.tensor(flat, [windows.length, ...imageShape(network)]);
}

export function logits(model: LayersModel, windows: Tensor, training: boolean): Tensor {
  // A model of one output gives one tensor.
  return (model.apply(windows, { training }) as Tensor).flatten();
}
