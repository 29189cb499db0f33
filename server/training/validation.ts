// How good a network is while it trains, on scenes of the validation split that stay the same: which checkpoint is kept is chosen by this.
import type { LayersModel } from '@tensorflow/tfjs';
import { breathe } from '../breathe.ts';
import { seedRandom } from '../random.ts';
import { LogMel } from '../streams/front-end.ts';
import type { Bank } from './bank.ts';
import type { Network, NetworkName } from './networks.ts';
import { type Candidate, scoreAll } from './pool.ts';
import type { Progress } from './progress.ts';
import { makeScene } from './scenes.ts';
import type { Tf } from './tensorflow.ts';
import { type Label, windowAt, windowsOf } from './windows.ts';

/** Windows by scene. */
export interface ValidationSet {
  readonly positives: readonly (readonly Candidate[])[];
  readonly negatives: readonly (readonly Candidate[])[];
}

/** Of the shipped models. */
const SCENES = { positive: 400, negative: 800 } as const;

/** Shares of the negative scenes that may be let through: misses are averaged over them. */
const BUDGETS: Readonly<Record<NetworkName, readonly number[]>> = {
  activity: [0.05, 0.1, 0.2],
  keyword: [0.01, 0.03, 0.1],
  verify: [0.0025, 0.005, 0.01, 0.02],
};

export async function makeValidationSet(
  network: Network,
  bank: Bank,
  progress: Progress,
  scenes: { readonly positive: number; readonly negative: number } = SCENES,
): Promise<ValidationSet> {
  const random = seedRandom(1, 'validation');
  const logMel = new LogMel();
  const positives: Candidate[][] = [];
  const negatives: Candidate[][] = [];
  for (let index = 0; index < scenes.positive + scenes.negative; index++) {
    const scene = makeScene(bank, logMel, index < scenes.positive, random);
    const candidates = (label: Label, step: number): Candidate[] =>
      windowsOf(network, scene, label, step).map((last) => ({
        window: windowAt(network, scene, last),
        score: 0,
      }));
    const positive = candidates('positive', 3);
    if (positive.length > 0) positives.push(positive);
    const negative = index < scenes.positive && network.name !== 'activity' ? [] : candidates('negative', 5);
    if (negative.length > 0) negatives.push(negative);
    if (index % 20 === 0) await breathe(progress);
  }
  return { positives, negatives };
}

/** Share of positive scenes none of whose windows scores above all but the permitted negatives, averaged over what is permitted. */
export async function missesOf(
  tf: Tf,
  network: Network,
  model: LayersModel,
  set: ValidationSet,
  progress: Progress,
): Promise<number> {
  await scoreAll(tf, network, model, [...set.positives, ...set.negatives].flat(), progress);
  const best = (scenes: readonly (readonly Candidate[])[]): number[] =>
    scenes.map((scene) => scene.reduce((most, { score }) => Math.max(most, score), Number.NEGATIVE_INFINITY));
  const positives = best(set.positives);
  const negatives = best(set.negatives).sort((a, b) => b - a);
  const misses = BUDGETS[network.name].map((share) => {
    const threshold = negatives[Math.floor(share * negatives.length)];
    return positives.filter((score) => score <= threshold).length / positives.length;
  });
  return misses.reduce((a, b) => a + b, 0) / misses.length;
}
