// `lightsleeper lab`: gates put into a network in several ways, trained and measured on real data; a page, a picture and the models that ship.
import { join } from 'node:path';
import { breathe } from '../../breathe.ts';
import { InputProblem } from '../../runs/files/problem.ts';
import { dataFolder } from '../paths.ts';
import type { Progress } from '../progress.ts';
import { babyCry, dogBark } from '../tasks/household.ts';
import { keywords } from '../tasks/keywords.ts';
import { motion } from '../tasks/motion.ts';
import { picture, vit } from '../tasks/picture.ts';
import type { Fold, TaskSpec } from '../tasks/task.ts';
import { computer, jarvis } from '../tasks/wake-word.ts';
import { loadTensorFlow, type Tf } from '../tensorflow.ts';
import { Checkpoints, cacheFolder, type Trained } from './checkpoints.ts';
import { LabDevice } from './device.ts';
import { measure } from './measure.ts';
import { writePage } from './page.ts';
import { shipModels } from './ship.ts';
import { study, type TrainedVariant } from './study.ts';
import { trainVariant } from './train-variant.ts';
import { type Variant, variantsOf } from './variants.ts';

export const TASKS: readonly TaskSpec[] = [motion, picture, vit, computer, jarvis, keywords, babyCry, dogBark];

export interface LabOptions {
  readonly seeds: number;
  /** Fewer steps and no sweep, to see that it works: its page says so, and it ships nothing. */
  readonly quick: boolean;
  /** Whether the weights of the loss are swept. */
  readonly sweep: boolean;
  /** Instead of the task's own. */
  readonly steps?: number;
}

/** What makes results of an earlier version of the lab others than this one's. */
const VERSION = 1;
const QUICK_SHARE = 0.2;

/**
 * Trains what is not in the cache, and writes docs/lab/<task>.md. Gives what is for standard output. Throws an InputProblem when there is no such task or
 * no data, Diverged when a loss is no number, and the reason of `progress.stop`; a page, picture or model is written whole or not at all.
 */
export async function lab(
  name: string,
  { seeds, quick, sweep, steps: wanted }: LabOptions,
  progress: Progress,
): Promise<string> {
  const task = TASKS.find((candidate) => candidate.name === name);
  if (!task)
    throw new InputProblem(
      `There is no lab task called "${name}"; say one of ${TASKS.map((candidate) => candidate.name).join(', ')}.`,
    );
  const folds = await task.load(dataFolder(), progress);
  const tf = await loadTensorFlow((line) => progress.note(line));
  const checkpoints = new Checkpoints(join(cacheFolder(), 'lightsleeper', 'lab', task.name));
  const steps = wanted ?? Math.ceil(task.schedule.steps * (quick ? QUICK_SHARE : 1));
  const variants = variantsOf(seeds, sweep && !quick);
  const trained: TrainedVariant[] = [];
  for (const [number, variant] of variants.entries()) {
    await breathe(progress);
    progress.say(`${task.name}: network ${number + 1} of ${variants.length}`);
    const fold = folds(variant.seed);
    const result = await trainOnce(tf, task, fold, variant, steps, checkpoints, progress);
    trained.push({ variant, trained: result, measured: measure(result, fold.validation, fold.test) });
    note(progress, number, variants, trained[number]);
  }
  const device = await LabDevice.open(task.frontEnd);
  const made = study(task, trained, folds, device, {
    seeds,
    quick,
    sweep: sweep && !quick,
    steps,
    backend: tf.getBackend(),
  });
  const shipped = quick ? null : shipModels(task, made);
  return writePage(made, shipped);
}

async function trainOnce(
  tf: Tf,
  task: TaskSpec,
  fold: Fold,
  variant: Variant,
  steps: number,
  checkpoints: Checkpoints,
  progress: Progress,
): Promise<Trained> {
  const { name, places, schedule, networkWords } = task;
  const settings = {
    version: VERSION,
    name,
    places,
    networkWords,
    schedule: { ...schedule, steps },
    variant,
    windows: [fold.train, fold.validation, fold.test].map(({ classes }) => classes.length),
    backend: tf.getBackend(),
  };
  const known = checkpoints.read(settings);
  if (known) return known;
  const result = await trainVariant(tf, task, fold, variant, steps, progress);
  checkpoints.write(settings, result);
  return result;
}

function note(
  progress: Progress,
  number: number,
  variants: readonly Variant[],
  { variant, trained, measured }: TrainedVariant,
): void {
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  const gates = variant.arrangement === 'none' ? '' : `, α ${variant.alpha}, β ${variant.beta}`;
  progress.note(
    `${number + 1}/${variants.length} ${variant.arrangement}${gates}, seed ${variant.seed}: balanced accuracy ${percent(measured.balancedAccuracy)}, stops ${percent(measured.negativesStopped)} of negatives, keeps ${percent(measured.positivesKept)} of positives, ${trained.seconds.toFixed(0)} s`,
  );
}
