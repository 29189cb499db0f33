// `lightsleeper train`: makes the splits, trains, quantises and measures the shipped models. Seeded: the same data give the same files on one machine.
import { InputProblem } from '../runs/files/problem.ts';
import { ablate } from './ablation.ts';
import { type Bank, loadBank } from './bank.ts';
import { buildFolded, type FoldedLayer } from './build.ts';
import { writeCourse } from './course.ts';
import { fromOnnx, toOnnx } from './export.ts';
import { type FitSettings, trainNetwork } from './fit.ts';
import { NETWORK_NAMES, NETWORKS, type Network, type NetworkName } from './networks.ts';
import { requireData } from './paths.ts';
import { readFloat, writeModel } from './produce.ts';
import type { Progress } from './progress.ts';
import { NOTHING } from './recipe.ts';
import { report } from './report.ts';
import { makeSplits, readSplits, type Splits } from './splits.ts';
import { loadTensorFlow } from './tensorflow.ts';
import { makeValidationSet, missesOf } from './validation.ts';

/** How the shipped models were trained. */
const SETTINGS: Readonly<Record<NetworkName, FitSettings>> = {
  activity: {
    seed: 1,
    steps: 2000,
    batch: 256,
    learningRate: 3e-3,
    positives: 0.45,
    poolScenes: 1500,
    newScenes: 500,
    refreshSteps: 500,
    dropout: 0,
    without: new Set(['masks']),
  },
  keyword: {
    seed: 1,
    steps: 1500,
    batch: 256,
    learningRate: 2e-3,
    positives: 0.35,
    poolScenes: 1500,
    newScenes: 500,
    refreshSteps: 300,
    dropout: 0.1,
    without: NOTHING,
  },
  verify: {
    seed: 1,
    steps: 3000,
    batch: 128,
    learningRate: 1.5e-3,
    positives: 0.35,
    poolScenes: 1600,
    newScenes: 600,
    refreshSteps: 225,
    dropout: 0.3,
    without: NOTHING,
  },
};

const TARGETS = [...NETWORK_NAMES, 'all', 'splits', 'quantise', 'report', 'ablation'] as const;
type Target = (typeof TARGETS)[number];

const isTarget = (word: string): word is Target => TARGETS.some((target) => target === word);
const isNetwork = (word: string): word is NetworkName => NETWORK_NAMES.some((name) => name === word);

/**
 * Runs one of TARGETS: a network's name trains, quantises and measures it (a model that is worse on the validation split than the one that is there is
 * thrown away), `all` does so with every one; `splits` deals the recordings out anew;
 * `quantise` makes the 8-bit models from the float ones; `report` chooses thresholds and measures. Gives what is for standard output. Throws an
 * InputProblem when the target or the data is missing, and the reason of `progress.stop` when it is told to stop; a file is written whole or not at all.
 */
export async function train(target: string, progress: Progress): Promise<string> {
  if (!isTarget(target))
    throw new InputProblem(`There is nothing to train called "${target}"; say one of ${TARGETS.join(', ')}.`);
  const data = requireData();
  if (target === 'splits') {
    const { train, validation, test } = await makeSplits(data, progress);
    return `${train.length} recordings for training, ${validation.length} for validation, ${test.length} for the test\n`;
  }
  const splits = readSplits();
  if (target === 'ablation') return await ablate(data, splits, progress);
  const names = isNetwork(target) ? [target] : target === 'report' ? [] : NETWORK_NAMES;
  if (names.length > 0) {
    progress.note('decoding the training recordings');
    const bank = await loadBank(data, splits, 'train');
    if (target === 'quantise') for (const name of names) await writeModel(name, readFloat(name), bank);
    else await fitAll(names, bank, data, splits, progress);
  }
  return await report(data, splits, progress);
}

async function fitAll(
  names: readonly NetworkName[],
  bank: Bank,
  data: string,
  splits: Splits,
  progress: Progress,
): Promise<void> {
  const tf = await loadTensorFlow((line) => progress.note(line));
  const validation = await loadBank(data, splits, 'validation');
  for (const name of names) {
    const network = NETWORKS[name];
    const set = await makeValidationSet(network, validation, progress);
    const present = presentLayers(network);
    const before = present && (await missesOf(tf, network, buildFolded(tf, network, present), set, progress));
    const fitted = await trainNetwork(tf, network, SETTINGS[name], bank, set, progress);
    const { folded, misses } = fitted;
    writeCourse(name, fitted);
    const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;
    if (before !== undefined && misses > before)
      progress.note(
        `${name}: the model that is there misses ${percent(before)}, this one ${percent(misses)}: it stays`,
      );
    else {
      if (before !== undefined)
        progress.note(`${name}: misses ${percent(misses)}, the model before it ${percent(before)}`);
      await writeModel(name, toOnnx(network, folded), bank);
    }
  }
}

/** The model that is there; undefined when there is none, or another network. */
function presentLayers(network: Network): readonly FoldedLayer[] | undefined {
  try {
    return fromOnnx(network, readFloat(network.name));
  } catch {
    return undefined;
  }
}
