// `lightsleeper lab`: gated networks, trained and measured.

import { type Command, InvalidArgumentError } from 'commander';
import { STOPPED } from './exit-codes.ts';
import { ProgressLine } from './progress-line.ts';

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
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  try {
    // TensorFlow.js is only loaded by those who train.
    const training = await import('../training/lab/main.ts');
    const progress = { note: (text: string) => line.note(text), say: (text: string) => line.say(text) };
    process.stdout.write(
      await training.lab(
        task,
        { seeds, quick, sweep, ...(steps === undefined ? {} : { steps }) },
        { ...progress, stop: stop.signal },
      ),
    );
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    line.note('stopped; the networks that are finished are kept, and the same command goes on from there');
    process.exitCode = STOPPED;
  } finally {
    line.clear();
    process.removeListener('SIGINT', onSignal).removeListener('SIGTERM', onSignal);
  }
}
