// `lightsleeper gather`: a scenario with all recordings of a split of the training data, which can carry what its own cannot.

import { type Command, Option } from 'commander';
import { span } from '../format.ts';
import { ProgressLine } from './progress-line.ts';
import { stoppable } from './stoppable.ts';

interface GatherOptions {
  readonly split: 'test' | 'validation';
  readonly write: string;
}

export function addGather(program: Command): void {
  program
    .command('gather')
    .description('write a scenario with all recordings of a split of the training data in place of its own')
    .argument('<scenario>', 'path of a scenario, e.g. scenarios/quiet-study.yaml')
    // What trained a model says nothing of others.
    .addOption(new Option('--split <name>', 'whose recordings').choices(['test', 'validation']).makeOptionMandatory())
    .requiredOption('--write <folder>', 'where to')
    .action(gather);
}

async function gather(scenario: string, { split, write }: GatherOptions): Promise<void> {
  const line = new ProgressLine(process.stderr);
  const found = await stoppable(line, `stopped: ${write} lacks recordings`, async (stop) => {
    const training = await import('../training/gather.ts');
    const progress = { note: (text: string) => line.note(text), say: (text: string) => line.say(text), stop };
    return training.gather(scenario, split, write, progress);
  });
  if (found === null) return;
  for (const [kind, { recordings, seconds }] of found)
    process.stdout.write(`${kind}: ${recordings} recordings, ${span(seconds)}\n`);
}
