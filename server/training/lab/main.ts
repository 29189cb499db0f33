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
import { type Fold, placesOf, type TaskSpec } from '../tasks/task.ts';
import { computer, jarvis } from '../tasks/wake-word.ts';
import { loadTensorFlow, type Tf } from '../tensorflow.ts';
import { Checkpoints, cacheFolder, type Trained } from './checkpoints.ts';
import { LabDevice } from './device.ts';
import { readCores } from './first-cores.ts';
import { measure } from './measure.ts';
import { writePage } from './page.ts';
import { shipModels } from './ship.ts';
import { study, type TrainedVariant } from './study.ts';
import { type Steps, trainVariant, trainWhole } from './train-variant.ts';
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
const VERSION = 2;
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
  const steps = stepsOf(task, wanted, quick);
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
  const device = await LabDevice.open(task);
  const made = study(task, trained, folds, device, await readCores(), {
    seeds,
    quick,
    sweep: sweep && !quick,
    steps,
    backend: tf.getBackend(),
  });
  const shipped = quick || !task.ships ? null : await shipModels(task, made, folds);
  return writePage(made, shipped);
}

async function trainOnce(
  tf: Tf,
  task: TaskSpec,
  fold: Fold,
  variant: Variant,
  steps: Steps,
  checkpoints: Checkpoints,
  progress: Progress,
): Promise<Trained> {
  const { name, schedule, taught, networkWords } = task;
  const settings = {
    version: VERSION,
    name,
    networkWords,
    schedule: { ...schedule, steps: steps.whole },
    windows: [fold.train, fold.validation, fold.test].map(({ classes }) => classes.length),
    backend: tf.getBackend(),
    seed: variant.seed,
  };
  const own = { ...settings, tuning: steps.tuning, taught, places: placesOf(task, variant.arrangement), variant };
  const known = checkpoints.read(own);
  if (known) return known;
  const whole =
    checkpoints.readWeights(settings) ?? (await trainWhole(tf, task, fold.train, variant.seed, steps.whole, progress));
  checkpoints.writeWeights(settings, whole);
  const result = await trainVariant(tf, task, fold, variant, whole, steps.tuning, progress);
  checkpoints.write(own, result);
  return result;
}

/** @param wanted of the whole network, instead of the task's own; what comes after has the same share of them */
function stepsOf({ schedule }: TaskSpec, wanted: number | undefined, quick: boolean): Steps {
  const share = wanted === undefined ? (quick ? QUICK_SHARE : 1) : wanted / schedule.steps;
  return { whole: Math.ceil(schedule.steps * share), tuning: Math.ceil(schedule.tuning * share) };
}

function note(
  progress: Progress,
  number: number,
  variants: readonly Variant[],
  { variant, trained, measured }: TrainedVariant,
): void {
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  const gates = variant.arrangement === 'none' ? '' : `, α ${variant.alpha}, β ${variant.beta}`;
  const { balancedAccuracy, negativesStopped, positivesKept, zeros } = measured.onValidation;
  progress.note(
    `${number + 1}/${variants.length} ${variant.arrangement}${gates}, seed ${variant.seed}: on validation balanced accuracy ${percent(balancedAccuracy)}, stops ${percent(negativesStopped)} of negatives, keeps ${percent(positivesKept)} of positives${zeros.length === 0 ? '' : `, zeros ${zeros.map(percent).join(', ')}`}; ${trained.seconds.toFixed(0)} s`,
  );
}
