// `lightsleeper train`: the shipped models, or a cascade for one's own word or sound, trained and measured.

import { basename, resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { InputProblem } from '../runs/files/problem.ts';
import { name as nameSchema } from '../runs/files/schema.ts';
import type { Progress } from '../training/progress.ts';
import { ProgressLine } from './progress-line.ts';
import { stoppable } from './stoppable.ts';

interface TrainOptions {
  readonly positives?: string;
  readonly negatives?: string;
  readonly ambient?: string;
  readonly out?: string;
  readonly name?: string;
  readonly steps?: number;
}

export function addTrain(program: Command): void {
  program
    .command('train')
    .description('train and measure the shipped models, or a cascade for a word or sound of your own')
    .argument('[target]', 'activity, keyword, verify, all, splits, quantise, report or ablation')
    .option('--positives <folder>', 'recordings of your word or sound: one in each')
    .option('--negatives <folder>', 'recordings of other speech and sounds')
    .option('--ambient <folder>', 'recordings of what else is to be heard: backgrounds')
    .option('--out <folder>', 'where models, report and a scenario appear when all is done (default: <name>-detector)')
    .option('--name <word>', 'what it is called (default: the name of the folder of positives)')
    .option('--steps <count>', 'of training (default: 1500)', toSteps)
    .action(train);
}

function toSteps(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > 1e6)
    throw new InvalidArgumentError('it takes a whole number from 1 to 1000000.');
  return count;
}

async function train(target: string | undefined, options: TrainOptions): Promise<void> {
  const line = new ProgressLine(process.stderr);
  const isOwn = Object.values(options).some((value) => value !== undefined);
  const sentence = isOwn
    ? 'stopped; the same command goes on from where it was'
    : 'stopped; every model, card and page is as it was last written whole';
  const said = await stoppable(line, sentence, async (stop) => {
    const progress: Progress = { note: (text) => line.note(text), say: (text) => line.say(text), stop };
    if (isOwn) return trainOwn(target, options, progress);
    // TensorFlow.js is only loaded by those who train.
    const training = await import('../training/main.ts');
    return training.train(target ?? 'all', progress);
  });
  if (said !== null) process.stdout.write(said);
}

async function trainOwn(target: string | undefined, options: TrainOptions, progress: Progress): Promise<string> {
  const { positives, negatives, ambient, steps } = options;
  if (target !== undefined)
    throw new InputProblem(`"${target}" is a shipped model or page; leave it out to train a word of your own`);
  if (positives === undefined || negatives === undefined || ambient === undefined)
    throw new InputProblem(
      'A word of your own takes three folders of recordings: --positives, each with your word; --negatives, other speech and sounds; --ambient, backgrounds. One kind alone says nothing about where it ends.',
    );
  const name = options.name ?? basename(resolve(positives));
  if (!nameSchema.safeParse(name).success)
    throw new InputProblem(`"${name}" is no name: letters, digits and hyphens make one; say --name`);
  const out = options.out ?? `${name}-detector`;
  const { trainOwn } = await import('../training/own/main.ts');
  const { STEPS } = await import('../training/own/settings.ts');
  const command = `lightsleeper train --positives ${positives} --negatives ${negatives} --ambient ${ambient} --out ${out} --name ${name}${steps === undefined ? '' : ` --steps ${steps}`}`;
  return trainOwn({ folders: { positives, negatives, ambient }, out, name, steps: steps ?? STEPS, command }, progress);
}
