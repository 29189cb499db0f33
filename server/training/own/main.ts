// `lightsleeper train --positives …`: a cascade for a person's own word or sound, from folders of recordings to a scenario that runs it.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ModelCard } from '../../models/card.ts';
import { LOG_MEL } from '../../streams/front-end.ts';
import type { Bank } from '../bank.ts';
import { Diverged } from '../diverged.ts';
import { toOnnx } from '../export.ts';
import { type Fitted, trainNetwork } from '../fit.ts';
import { NETWORK_NAMES, NETWORKS, type NetworkName } from '../networks.ts';
import { cardText, type Produced, produce } from '../produce.ts';
import type { Progress } from '../progress.ts';
import type { Split } from '../splits.ts';
import { loadTensorFlow, type Tf } from '../tensorflow.ts';
import { makeValidationSet } from '../validation.ts';
import { collect, type Recording } from './collect.ts';
import { deal } from './deal.ts';
import { type Folders, type Listed, listRecordings } from './folders.ts';
import { CURVE_SNR, curveOf, type Figures, type Models, measure } from './measure.ts';
import { page, type Told } from './page.ts';
import { operatingPicture, trainingPicture } from './pictures.ts';
import { copyRecordings, scenarioText } from './scenario.ts';
import { type OwnSettings, SEED, settingsFor, TimeLeft } from './settings.ts';
import { toBank } from './to-bank.ts';
import { digestOf, WorkFolder } from './work-folder.ts';

export interface OwnTraining {
  readonly folders: Folders;
  readonly out: string;
  readonly name: string;
  readonly steps: number;
  readonly command: string;
}

type Dealt = Readonly<Record<Split, readonly Recording[]>>;

/**
 * Trains and measures, or goes on where it was stopped; `out` appears when all of it is there. Gives what is for standard output. Throws an InputProblem
 * when the recordings, `out` or the training itself are wrong, and the reason of `progress.stop`.
 */
export async function trainOwn(
  { folders, out, name, steps, command }: OwnTraining,
  progress: Progress,
): Promise<string> {
  const listing = await listRecordings(folders);
  const tf = await loadTensorFlow((line) => progress.note(line));
  const work = WorkFolder.open(out, {
    name,
    steps,
    backend: tf.getBackend(),
    recordings: digestOf(listing.recordings.map(({ role, path, bytes, source }) => [role, path, bytes, source])),
  });
  try {
    const collected = await collect(listing.recordings, progress);
    for (const { file, reason } of collected.skipped) progress.note(`left out: ${file} ${reason}`);
    const splits = dealOut(collected.recordings, collected.copies);
    progress.note(
      `${splits.train.length} recordings to train with, ${splits.validation.length} to choose, ${splits.test.length} to test`,
    );
    const banks = { train: toBank(splits.train), validation: toBank(splits.validation), test: toBank(splits.test) };
    work.begin();
    const settings = settingsFor(steps);
    const fits = await fitAll(tf, banks, settings, work, progress);
    progress.note('measuring on the test split');
    const models = await produceAll(fits, banks.train, name, settings);
    const figures = await measure(models, banks.validation, banks.test, progress);
    const told: Told = {
      name,
      command,
      steps,
      backend: tf.getBackend(),
      alone: listing.alone,
      collected,
      splits,
      fits,
      figures,
    };
    await work.publish((folder) => writeAll(folder, told, models));
    return `${page(told)}\n${out} is there: npx lightsleeper run ${join(out, 'scenario.yaml')}\n`;
  } catch (error) {
    // It would diverge again from where it is.
    if (error instanceof Diverged) work.discard();
    else work.release();
    throw error;
  }
}

function dealOut(
  recordings: readonly Recording[],
  copies: ReadonlyArray<{ readonly kept: Listed; readonly others: readonly Listed[] }>,
): Dealt {
  const splitOf = deal(
    recordings.map(({ role, source, samples }) => ({
      role,
      source,
      weight: role === 'positives' ? 1 : samples.length / LOG_MEL.sampleRate,
    })),
    copies.map(({ kept, others }) => [kept.source, ...others.map(({ source }) => source)]),
    SEED,
  );
  const of = (split: Split): readonly Recording[] => recordings.filter((_, index) => splitOf[index] === split);
  return { train: of('train'), validation: of('validation'), test: of('test') };
}

async function fitAll(
  tf: Tf,
  banks: Readonly<Record<Split, Bank>>,
  settings: OwnSettings,
  work: WorkFolder,
  progress: Progress,
): Promise<Record<NetworkName, Fitted>> {
  const time = new TimeLeft(settings, () => performance.now());
  const withTime = (text: string): string => `${text} · ${time.inWords()}`;
  const timed: Progress = {
    ...progress,
    note: (line) => progress.note(withTime(line)),
    say: (text) => progress.say(withTime(text)),
  };
  const trainOne = async (name: NetworkName): Promise<Fitted> => {
    const known = work.finished(name);
    if (known) {
      progress.note(`${name}: is trained already`);
      return known;
    }
    const memory = work.memory(name);
    const step = memory.read()?.step;
    if (step !== undefined) progress.note(`${name}: goes on from step ${step} of ${settings.fits[name].steps}`);
    time.at(name, step ?? 0);
    const set = await makeValidationSet(NETWORKS[name], banks.validation, timed, settings.validationScenes);
    const fitted = await trainNetwork(tf, NETWORKS[name], settings.fits[name], banks.train, set, timed, {
      memory,
      onStep: (done) => time.at(name, done),
    });
    work.finish(name, fitted);
    return fitted;
  };
  return { activity: await trainOne('activity'), keyword: await trainOne('keyword'), verify: await trainOne('verify') };
}

async function produceAll(
  fits: Readonly<Record<NetworkName, Fitted>>,
  train: Bank,
  name: string,
  { calibrationScenes }: OwnSettings,
): Promise<Record<NetworkName, Produced>> {
  const training =
    "Trained on scenes mixed at random from a person's own recordings; report.md says from which, and how well it hears.";
  const tasks = { activity: `sound like "${name}"`, keyword: `"${name}", liberal`, verify: `"${name}", strict` };
  const make = (network: NetworkName): Promise<Produced> =>
    produce(
      network,
      toOnnx(NETWORKS[network], fits[network].folded),
      train,
      { task: tasks[network], training },
      calibrationScenes,
    );
  return { activity: await make('activity'), keyword: await make('keyword'), verify: await make('verify') };
}

async function writeAll(folder: string, told: Told, models: Models): Promise<void> {
  const { name, figures, splits, fits } = told;
  const normal = figures.thresholds.normal;
  mkdirSync(join(folder, 'models'));
  for (const network of NETWORK_NAMES) {
    writeFileSync(join(folder, 'models', `${network}.onnx`), models[network].int8);
    writeFileSync(join(folder, 'models', `${network}.float.onnx`), models[network].float);
    writeFileSync(join(folder, 'models', `${network}.json`), cardText(cardOf(network, models, figures)));
  }
  const sources = await copyRecordings(folder, splits.test);
  writeFileSync(join(folder, 'recordings', 'sources.csv'), sources);
  writeFileSync(join(folder, 'recordings.csv'), splitTable(told));
  writeFileSync(join(folder, 'scenario.yaml'), scenarioText(name, figures));
  writeFileSync(join(folder, 'training.svg'), trainingPicture(fits));
  writeFileSync(
    join(folder, 'operating-curve.svg'),
    operatingPicture(curveOf(figures.int8, 'verify', normal), curveOf(figures.float, 'verify', normal), normal.verify),
  );
  writeFileSync(join(folder, 'report.md'), page(told));
}

/** With the cascade up to this model on the test split. */
function cardOf(network: NetworkName, models: Models, { int8, thresholds: { normal } }: Figures): ModelCard {
  const points = curveOf(int8, network, normal);
  const own = points.find(({ threshold }) => threshold === normal[network]);
  const source = `test split at ${CURVE_SNR} dB over four backgrounds, 8-bit models, behind the gates before it; report.md`;
  const rounded = (value: number): number => Number(value.toPrecision(4));
  return {
    ...models[network].card,
    threshold: normal[network],
    quality: own
      ? {
          source,
          figures: [
            {
              what: 'missed by the cascade up to this model',
              unit: 'share',
              value: rounded(own.misses.value),
              interval: pair(own.misses.interval),
            },
            {
              what: 'false accepts of the cascade up to this model',
              unit: '1/h',
              value: rounded(own.falseAccepts.value),
              interval: pair(own.falseAccepts.interval),
            },
          ],
        }
      : null,
    operatingCurve: {
      source,
      points: points.map(({ threshold, misses, falseAccepts }) => ({
        threshold,
        missRate: rounded(misses.value),
        falseAcceptsPerHour: rounded(falseAccepts.value),
      })),
    },
  };

  function pair([low, high]: readonly [number, number]): [number, number] {
    return [rounded(low), rounded(high)];
  }
}

function splitTable({ splits, collected }: Told): string {
  const cell = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const rows = (['train', 'validation', 'test'] as const).flatMap((split) =>
    splits[split].map(({ role, path, source }) => [role, path, source, split]),
  );
  const copies = collected.copies.flatMap(({ others }) =>
    others.map(({ role, path, source }) => [role, path, source, 'copy']),
  );
  return `${[['folder', 'file', 'source', 'split'], ...rows, ...copies].map((row) => row.map(cell).join(',')).join('\n')}\n`;
}
