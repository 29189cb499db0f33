// `lightsleeper what-if`: a scenario simulated, and again from the same scores with something changed.

import { type Command, InvalidArgumentError } from 'commander';
import { InputProblem } from '../runs/files/problem.ts';
import { withoutCost } from '../runs/report/report.ts';
import { type Change, parseChange, writtenOf } from '../runs/what-if/change.ts';
import { json } from './json.ts';
import { addSimulationOptions, requestOf, type SimulationOptions } from './options.ts';
import { printComparison } from './print-comparison.ts';
import { runScenario } from './run-scenario.ts';

interface WhatIfOptions extends SimulationOptions {
  readonly set: readonly Change[];
  readonly json?: boolean;
}

export function addWhatIf(program: Command): void {
  const command = program
    .command('what-if')
    .description('simulate a scenario, and again from the same scores with something changed')
    .argument('<scenario>', 'path of a scenario, e.g. scenarios/kitchen-day.yaml')
    .option(
      '--set <path=value>',
      'what is different, as often as needed: cascade.keyword.threshold=0.6, powerProfile=saver, battery.capacity="500 mAh"',
      (text: string, others: readonly Change[]) => [...others, changeOption(text)],
      [] as readonly Change[],
    );
  addSimulationOptions(command).option('--json', 'print both reports as one JSON object').action(whatIf);
}

const changeOption = (text: string): Change => {
  try {
    return parseChange(text);
  } catch (error) {
    if (error instanceof InputProblem) throw new InvalidArgumentError(error.message);
    throw error;
  }
};

async function whatIf(scenario: string, options: WhatIfOptions): Promise<void> {
  const { set: changes } = options;
  if (changes.length === 0)
    throw new InputProblem('nothing is changed; say what with --set, e.g. --set cascade.keyword.threshold=0.6');
  await runScenario({ ...requestOf(scenario, options), whatIf: [changes] }, ({ report, variants: [variant] }) => {
    if (options.json) return json({ changes, run: withoutCost(report), whatIf: withoutCost(variant) });
    return printComparison(
      report,
      variant,
      changes.map((change) => writtenOf([change])),
    );
  });
}
