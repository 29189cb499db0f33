// `lightsleeper train`: the shipped models, trained and measured.

import type { Command } from 'commander';
import { ProgressLine } from './progress-line.ts';
import { stoppable } from './stoppable.ts';

export function addTrain(program: Command): void {
  program
    .command('train')
    .description('train and measure the shipped models')
    .argument('[target]', 'activity, keyword, verify, all, splits, quantise or report', 'all')
    .action(train);
}

async function train(target: string): Promise<void> {
  const line = new ProgressLine(process.stderr);
  const sentence = 'stopped; every model, card and page is as it was last written whole';
  const said = await stoppable(line, sentence, async (stop) => {
    // TensorFlow.js is only loaded by those who train.
    const training = await import('../training/main.ts');
    return training.train(target, { note: (text) => line.note(text), say: (text) => line.say(text), stop });
  });
  if (said !== null) process.stdout.write(said);
}
