// `lightsleeper compare`: a measured trace of current beside a run of the same.

import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { compareWithTrace } from '../runs/compare/compare.ts';
import { comparisonPicture } from '../traces/picture.ts';
import { json } from './json.ts';
import { addSimulationOptions, quantityOption, requestOf, type SimulationOptions } from './options.ts';
import { comparisonObject, printComparison } from './print-bench.ts';
import { ProgressLine } from './progress-line.ts';
import { stoppable } from './stoppable.ts';

interface CompareOptions extends SimulationOptions {
  readonly measured: string;
  readonly voltage?: number;
  readonly rail?: string;
  readonly json?: boolean;
  readonly picture?: string;
}

export function addCompare(program: Command): void {
  const command = program
    .command('compare')
    .description('lay a measured trace of current over a run of the same scenario')
    .argument('<scenario>', 'path of a scenario, e.g. scenarios/kitchen-day.yaml')
    .requiredOption('--measured <file>', 'CSV of nRF Connect Power Profiler (PPK2), Joulescope or Otii')
    .option('--voltage <voltage>', 'what the device was supplied with, e.g. 3.0V', quantityOption('voltage'))
    .option('--rail <name>', 'the rail behind whose regulator it was measured; the battery when left out')
    .option('--json', 'print the comparison as one JSON object')
    .option('--picture <file>', 'draw both traces as SVG');
  addSimulationOptions(command).action(compare);
}

async function compare(scenario: string, options: CompareOptions): Promise<void> {
  const line = new ProgressLine(process.stderr);
  const { measured, voltage, rail, picture } = options;
  const request = { run: requestOf(scenario, options), measured, volts: voltage ?? null, rail: rail ?? null };
  const report = await stoppable(line, 'stopped: nothing is compared', (stop) =>
    compareWithTrace(request, (seconds) => line.say(`${seconds.toFixed(0)} s simulated`), stop),
  );
  if (report === null) return;
  if (picture !== undefined) await writeFile(picture, comparisonPicture(report.comparison));
  process.stdout.write(options.json ? json(comparisonObject(report)) : printComparison(report));
}
