// `lightsleeper run`: a scenario simulated, and its report.

import type { Command } from 'commander';
import { readLog } from '../runs/acts/log.ts';
import { withoutCost } from '../runs/report/report.ts';
import { json } from './json.ts';
import {
  requestOf,
  type SimulationOptions,
  simulationOptions as simulation,
  speedOption,
  wholeNumber,
} from './options.ts';
import { printReport } from './print-report.ts';
import { runScenario } from './run-scenario.ts';

interface RunOptions extends SimulationOptions {
  readonly speed: number | 'max';
  readonly baseline: boolean;
  readonly uncertainty?: number;
  readonly acts?: string;
  readonly json?: boolean;
}

export function addRun(program: Command): void {
  program
    .command('run')
    .description('simulate a scenario and report')
    .argument('<scenario>', 'path of a scenario, e.g. scenarios/kitchen-day.yaml')
    .addOption(simulation.duration())
    .addOption(simulation.seed())
    .addOption(simulation.startSoc())
    .addOption(simulation.powerProfile())
    .option('--speed <factor>', 'simulated seconds per second, 1 to 10000, or max', speedOption, 'max' as const)
    .addOption(simulation.threads())
    .option('--no-baseline', 'leave the ungated baseline out')
    .option(
      '--uncertainty <draws>',
      "draw the device's figures within their ranges, for intervals of life and power",
      wholeNumber(20, 10_000),
    )
    .option('--acts <file>', 'what is done to it while it goes on: a log as /api/runs/<run>/log gives it')
    .option('--json', 'print the report as one JSON object')
    .action(async (scenario: string, options: RunOptions) => {
      const { speed, baseline, uncertainty, acts } = options;
      const drawn = uncertainty === undefined ? {} : { uncertainty };
      const done = acts === undefined ? {} : { inputs: await readLog(acts) };
      return runScenario({ ...requestOf(scenario, options), speed, baseline, ...drawn, ...done }, ({ report }) =>
        options.json ? json(withoutCost(report)) : printReport(report),
      );
    });
}
