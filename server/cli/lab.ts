// `lightsleeper lab`: gated networks, trained and measured.

import { type Command, InvalidArgumentError } from 'commander';
import { ProgressLine } from './progress-line.ts';
import { stoppable } from './stoppable.ts';

interface LabOptions {
  readonly seeds: number;
  readonly quick?: boolean;
  readonly sweep: boolean;
  readonly steps?: number;
}

const SEEDS = 4;

export function addLab(program: Command): void {
  program
    .command('lab')
    .description('train networks with gates between cores on real data, and measure what they stop, send and cost')
    .argument('<task>', 'motion, picture, vit, wake-word-computer, wake-word-jarvis, keywords, baby-cry or dog-bark')
    .option('--seeds <count>', 'how many times each network is trained', (text) => toCount(text, 100), SEEDS)
    .option('--steps <count>', "of training, instead of the task's own", (text) => toCount(text, 1e6))
    .option('--no-sweep', "leave the sweep of the loss's weights out")
    .option('--quick', 'a fifth of the steps and no sweep, to see that it works')
    .action(run);
}

function toCount(text: string, most: number): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > most)
    throw new InvalidArgumentError(`it takes a whole number from 1 to ${most}.`);
  return count;
}

async function run(task: string, { seeds, quick = false, sweep, steps }: LabOptions): Promise<void> {
  const line = new ProgressLine(process.stderr);
  const sentence = 'stopped; the networks that are finished are kept, and the same command goes on from there';
  const said = await stoppable(line, sentence, async (stop) => {
    // TensorFlow.js is only loaded by those who train.
    const training = await import('../training/lab/main.ts');
    const settings = { seeds, quick, sweep, ...(steps === undefined ? {} : { steps }) };
    return training.lab(task, settings, { note: (text) => line.note(text), say: (text) => line.say(text), stop });
  });
  if (said !== null) process.stdout.write(said);
}
