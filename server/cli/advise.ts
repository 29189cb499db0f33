// `lightsleeper advise`: the cheapest thresholds that meet a budget, with what the claim rests on.

import { writeFile } from 'node:fs/promises';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { frontierPicture } from '../runs/advise/picture.ts';
import { parseQuantity } from '../runs/files/quantity.ts';
import { advicePage } from './advice-page.ts';
import { NOT_SHOWN } from './exit-codes.ts';
import { json } from './json.ts';
import { addSimulationOptions, requestOf, type SimulationOptions } from './options.ts';
import { printAdvice } from './print-advice.ts';
import { ProgressLine } from './progress-line.ts';
import { stoppable } from './stoppable.ts';

interface AdviseOptions extends SimulationOptions {
  readonly maxFa: number;
  readonly maxMiss: number;
  readonly spare: number;
  readonly chooseOn?: string;
  readonly write?: string;
  readonly json?: boolean;
  readonly markdown?: boolean;
}

/** @param argv as the page says that it was made */
export function addAdvise(program: Command, argv: readonly string[]): void {
  const command = program
    .command('advise')
    .description(
      'find the cheapest thresholds that meet a budget at 95 % confidence; ends with 3 when none can be shown to',
    )
    .argument('<scenario>', 'path of a scenario, e.g. scenarios/kitchen-day.yaml')
    .requiredOption('--max-fa <rate>', 'false accepts at most, e.g. 0.5/h', falseAccepts)
    .requiredOption('--max-miss <share>', 'missed at most, e.g. 5%', misses)
    .option(
      '--spare <factor>',
      'choose as if it went wrong so many times as often, or as many as the recordings give, e.g. 10: room for what confirms',
      spare,
      1,
    )
    .option('--choose-on <scenario>', 'a scenario whose recordings choose; otherwise half of them choose, by source')
    .option('--write <file>', 'draw the frontier as SVG');
  addSimulationOptions(command)
    .addOption(new Option('--json', 'print one JSON object').conflicts('markdown'))
    .addOption(new Option('--markdown', 'print a page, such as docs/advise/kitchen-day.md'))
    .action(async (scenario: string, options: AdviseOptions) => {
      const { maxFa, maxMiss, chooseOn, write, spare } = options;
      const progress = new ProgressLine(process.stderr);
      const { advise } = await import('../runs/advise/advise.ts');
      const budget = { falseAcceptsPerHour: maxFa, missRate: maxMiss };
      const request = {
        ...requestOf(scenario, options),
        budget,
        spare,
        ...(chooseOn === undefined ? {} : { chooseOn }),
      };
      const advice = await stoppable(progress, 'stopped: nothing is advised', (stop) =>
        advise(request, (step, share) => progress.step(step, share), stop),
      );
      if (advice === null) return;
      if (write !== undefined) await writeFile(write, frontierPicture(advice));
      const page = () => advicePage(advice, `npx lightsleeper ${argv.join(' ')}`, write);
      process.stdout.write(options.json ? json(advice) : options.markdown ? page() : printAdvice(advice, scenario));
      if (advice.standing !== 'shown') process.exitCode = NOT_SHOWN;
    });
}

function falseAccepts(text: string): number {
  const parsed = parseQuantity('rate', text);
  if (!parsed.ok) throw new InvalidArgumentError(parsed.problem);
  if (parsed.value === 0) throw new InvalidArgumentError('no length of recordings can show that there is never any.');
  return parsed.value * 3600;
}

function spare(text: string): number {
  const value = Number(text);
  if (!(value >= 1 && value <= 100)) throw new InvalidArgumentError(`"${text}" is not a number from 1 to 100.`);
  return value;
}

function misses(text: string): number {
  const parsed = parseQuantity('share', /^[\d.]+$/.test(text) ? Number(text) : text);
  if (!parsed.ok) throw new InvalidArgumentError(parsed.problem);
  if (parsed.value > 1) throw new InvalidArgumentError(`"${text}" is more than 100 %; write it like "5%" or 0.05.`);
  if (parsed.value === 0) throw new InvalidArgumentError('no number of recordings can show that none is ever missed.');
  return parsed.value;
}
