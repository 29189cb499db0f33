// `lightsleeper model`: cards for models of one's own.

import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { InputProblem } from '../runs/files/problem.ts';

interface CardOptions {
  readonly frontEnd: string;
  readonly frames?: number;
  readonly threshold: number;
  readonly device?: string;
  readonly force: boolean;
}

export function addModel(program: Command): void {
  const model = program.command('model').description('make models of your own ready for a scenario');
  model
    .command('card')
    .description('write the card of an ONNX file, and say what it costs and where it fits')
    .argument('<model>', 'path of the file, e.g. scenarios/models/mine.onnx')
    .requiredOption(
      '--front-end <which>',
      '"log-mel", that of the shipped models, or a JSON file: a front end, or the card of another model',
    )
    .option('--frames <number>', 'frames of a window, where the input does not say', whole)
    .option('--threshold <score>', 'from 0 to 1', share, 0.5)
    .option('--device <name>', 'say on which cores of this device it fits, e.g. pocket-assistant')
    .option('--force', 'write it over the card that is there', false)
    .action(card);
}

function whole(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('a whole number from 1 on is wanted');
  return value;
}

function share(text: string): number {
  const value = Number(text);
  if (!(value >= 0 && value <= 1) || text.trim() === '')
    throw new InvalidArgumentError('a number from 0 to 1 is wanted');
  return value;
}

async function card(path: string, options: CardOptions): Promise<void> {
  const { OnnxError } = await import('../models/onnx-tensor.ts');
  const { writeCard } = await import('../models/write-card.ts');
  if (!path.endsWith('.onnx'))
    throw new InputProblem(`${path}: a model is an ONNX file whose name ends in .onnx; export it so`);
  const target = path.replace(/\.onnx$/, '.json');
  if (existsSync(target) && !options.force)
    throw new InputProblem(`${target}: there is a card already; --force writes over it`);
  const bytes = await readFile(path).catch((error: Error) => {
    throw new InputProblem(`${path}: cannot be read: ${error.message}`);
  });
  const frontEnd = await frontEndOf(options.frontEnd);
  const name = basename(path, '.onnx').replace(/[^a-zA-Z0-9-]+/g, '-');
  try {
    const made = writeCard(bytes, { name, frontEnd, frames: options.frames ?? null, threshold: options.threshold });
    const { printModel } = await import('./print-model.ts');
    const device = options.device === undefined ? null : await deviceOf(options.device);
    await writeFile(target, `${JSON.stringify(made.card, null, 2)}\n`);
    process.stdout.write(printModel(made, target, device));
  } catch (error) {
    if (error instanceof OnnxError) throw new InputProblem(`${path}: ${error.message}`);
    throw error;
  }
}

async function frontEndOf(which: string) {
  const { readFrontEnd, SHIPPED_FRONT_END } = await import('../models/write-card.ts');
  if (which === 'log-mel') return SHIPPED_FRONT_END;
  const text = await readFile(which, 'utf8').catch((error: Error) => {
    throw new InputProblem(`${which}: cannot be read: ${error.message}; give "log-mel" or a JSON file`);
  });
  try {
    return readFrontEnd(text);
  } catch (error) {
    const said = error instanceof SyntaxError ? error.message : 'it is neither a front end nor a card with one';
    throw new InputProblem(`${which}: ${said}; see "frontEnd" in scenarios/models/keyword.json`);
  }
}

async function deviceOf(name: string) {
  const { deviceProfileSchema } = await import('../runs/files/device-profile.ts');
  const { readYaml } = await import('../runs/files/yaml.ts');
  const { projectFolder } = await import('../project.ts');
  const path = /\.ya?ml$/.test(name) ? name : join(projectFolder(), 'device-profiles', `${name}.yaml`);
  return (await readYaml(path, deviceProfileSchema)).value;
}
