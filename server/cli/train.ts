// `lightsleeper train`: the shipped models, trained and measured.

import type { Command } from 'commander';
import { STOPPED } from './exit-codes.ts';
import { ProgressLine } from './progress-line.ts';

export function addTrain(program: Command): void {
  program
    .command('train')
    .description('train and measure the shipped models')
    .argument('[target]', 'activity, keyword, verify, all, splits, quantise or report', 'all')
    .action(train);
}

async function train(target: string): Promise<void> {
  const line = new ProgressLine(process.stderr);
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  try {
    // TensorFlow.js is only loaded by those who train.
    const training = await import('../training/main.ts');
    const progress = { note: (text: string) => line.note(text), say: (text: string) => line.say(text) };
    process.stdout.write(await training.train(target, { ...progress, stop: stop.signal }));
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    line.note('stopped; every model, card and page is as it was last written whole');
    process.exitCode = STOPPED;
  } finally {
    line.clear();
    process.removeListener('SIGINT', onSignal).removeListener('SIGTERM', onSignal);
  }
}
