// `lightsleeper train`: makes the splits, trains, quantises and measures the shipped models. Seeded: the same data give the same files on one machine.
import { type Bank, loadBank } from './bank.ts';
import { type FitSettings, trainNetwork } from './fit.ts';
import { NETWORK_NAMES, NETWORKS, type NetworkName } from './networks.ts';
import { requireData } from './paths.ts';
import { writeFloat, writeInt8 } from './produce.ts';
import { report } from './report.ts';
import { makeSplits, readSplits, type Splits } from './splits.ts';
import { loadTensorFlow } from './tensorflow.ts';

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
    masks: false,
  },
  keyword: {
    seed: 1,
    steps: 3500,
    batch: 256,
    learningRate: 2e-3,
    positives: 0.35,
    poolScenes: 2500,
    newScenes: 800,
    refreshSteps: 500,
    dropout: 0.1,
    masks: true,
  },
  verify: {
    seed: 1,
    steps: 2400,
    batch: 192,
    learningRate: 2e-3,
    positives: 0.35,
    poolScenes: 2400,
    newScenes: 900,
    refreshSteps: 300,
    dropout: 0.3,
    masks: true,
  },
};

export const TRAIN_TARGETS = [...NETWORK_NAMES, 'all', 'splits', 'quantise', 'report'] as const;
export type TrainTarget = (typeof TRAIN_TARGETS)[number];

const isTarget = (word: string): word is TrainTarget => TRAIN_TARGETS.some((target) => target === word);
const isNetwork = (word: string): word is NetworkName => NETWORK_NAMES.some((name) => name === word);

/**
 * Runs one of TRAIN_TARGETS (`all` when none is given): a network's name trains, quantises and measures it; `splits` deals the recordings out anew;
 * `quantise` makes the 8-bit models from the float ones; `report` chooses thresholds and measures. Progress goes to standard error, the measured
 * table to standard output. Throws an Error for people when the argument, the data or TensorFlow.js is missing.
 */
export async function train(argv: readonly string[]): Promise<void> {
  const [target = 'all', ...rest] = argv;
  if (!isTarget(target) || rest.length > 0)
    throw new Error(`Say what to train, one of: ${TRAIN_TARGETS.join(', ')}; not "${argv.join(' ')}".`);
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const data = requireData();
  if (target === 'splits') {
    await makeSplits(data, say);
    return;
  }
  const splits = readSplits();
  const names = isNetwork(target) ? [target] : target === 'report' ? [] : NETWORK_NAMES;
  if (names.length > 0) {
    say('decoding the training recordings');
    const bank = await loadBank(data, splits, 'train');
    if (target !== 'quantise') await fitAll(names, bank, data, splits, say);
    for (const name of names) await writeInt8(name, bank);
  }
  process.stdout.write(await report(data, splits, say));
}

async function fitAll(
  names: readonly NetworkName[],
  bank: Bank,
  data: string,
  splits: Splits,
  say: (line: string) => void,
): Promise<void> {
  const tf = await loadTensorFlow(say);
  const banks = { train: bank, validation: await loadBank(data, splits, 'validation') };
  for (const name of names) writeFloat(name, await trainNetwork(tf, NETWORKS[name], SETTINGS[name], banks, say));
}
