// The `lightsleeper` command.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { addBattery } from './cli/battery.ts';
import { addCompare } from './cli/compare.ts';
import { quantityOption, speedOption, wholeNumber } from './cli/options.ts';
import { printComparison } from './cli/print-comparison.ts';
import { placementsPage, printPlacements } from './cli/print-placements.ts';
import { printReport } from './cli/print-report.ts';
import { addProfile } from './cli/profile.ts';
import { clockTime, ProgressLine } from './cli/progress-line.ts';
import { addRace } from './cli/race.ts';
import { addStream } from './cli/stream.ts';
import { addValidate } from './cli/validate.ts';
import type { ServeOptions } from './main.ts';
import { projectFolder } from './project.ts';
import { jsonSchemas } from './runs/files/json-schema.ts';
import { InputProblem } from './runs/files/problem.ts';
import { type RunOutcome, startRun } from './runs/process/process-client.ts';
import { type Change, parseChange, writtenOf } from './runs/what-if/change.ts';

interface RunOptions {
  readonly duration?: number;
  readonly seed?: number;
  readonly startSoc?: number;
  readonly powerProfile?: string;
  readonly speed: number | 'max';
  readonly threads?: number;
  readonly baseline: boolean;
  readonly uncertainty?: number;
  readonly json?: boolean;
  readonly whatIf?: ReadonlyArray<readonly Change[]>;
}

interface WhatIfOptions extends Omit<RunOptions, 'speed' | 'baseline' | 'whatIf'> {
  readonly set: readonly Change[];
}

type PlacementOptions = Pick<RunOptions, 'duration' | 'seed' | 'powerProfile' | 'threads' | 'json'> & {
  readonly markdown?: boolean;
};

const changeOption = (text: string): Change => {
  try {
    return parseChange(text);
  } catch (error) {
    if (error instanceof InputProblem) throw new InvalidArgumentError(error.message);
    throw error;
  }
};

const STOP_SIGNALS = ['SIGINT', 'SIGTERM'] as const;
/** As shells have it for Ctrl-C: 128 and the number of SIGINT. */
const STOPPED = 130;

/** Runs the command line; sets the exit code: 0 done, 1 a fault, 2 what was given is wrong, 130 stopped. */
export async function main(argv: readonly string[]): Promise<void> {
  const program = new Command('lightsleeper')
    .description(
      'Simulates always-on devices: real gated models on real sound, through cores, sleep states and a battery.',
    )
    .exitOverride();
  addProfile(program);
  addValidate(program);
  addStream(program);
  addCompare(program);
  addRace(program);
  addBattery(program);
  program
    .command('run')
    .description('simulate a scenario and report')
    .argument('<scenario>', 'path of a scenario, e.g. scenarios/kitchen-day.yaml')
    .option('--duration <time>', 'simulated time, e.g. 1h', quantityOption('time'))
    .option('--seed <number>', 'seed of the stream', wholeNumber(0, Number.MAX_SAFE_INTEGER))
    .option('--start-soc <share>', 'charge at the start, e.g. 30%', quantityOption('share'))
    .option('--power-profile <name>', "one of the device's power profiles")
    .option('--speed <factor>', 'simulated seconds per second, 1 to 10000, or max', speedOption, 'max' as const)
    .option('--threads <number>', 'threads that infer', wholeNumber(1, 64))
    .option('--no-baseline', 'leave the ungated baseline out')
    .option(
      '--uncertainty <draws>',
      "draw the device's figures within their ranges, for intervals of life and power",
      wholeNumber(20, 10_000),
    )
    .option('--json', 'print the report as one JSON object')
    .action((scenario: string, options: RunOptions) =>
      run(scenario, options, ({ report }) => (options.json ? json(report) : printReport(report))),
    );
  program
    .command('what-if')
    .description('simulate a scenario, and again from the same scores with something changed')
    .argument('<scenario>', 'path of a scenario, e.g. scenarios/kitchen-day.yaml')
    .option(
      '--set <path=value>',
      'what is different, as often as needed: cascade.keyword.threshold=0.6, powerProfile=saver, battery.capacity="500 mAh"',
      (text: string, others: readonly Change[]) => [...others, changeOption(text)],
      [] as readonly Change[],
    )
    .option('--duration <time>', 'simulated time, e.g. 1h', quantityOption('time'))
    .option('--seed <number>', 'seed of the stream', wholeNumber(0, Number.MAX_SAFE_INTEGER))
    .option('--start-soc <share>', 'charge at the start, e.g. 30%', quantityOption('share'))
    .option('--power-profile <name>', "one of the device's power profiles")
    .option('--threads <number>', 'threads that infer', wholeNumber(1, 64))
    .option('--json', 'print both reports as one JSON object')
    .action(whatIf);
  program
    .command('placements')
    .description('compare placements: the day with each stage left out or on another core')
    .argument('<scenario>', 'path of a scenario, e.g. scenarios/kitchen-day.yaml')
    .option('--duration <time>', 'simulated time, e.g. 1h', quantityOption('time'))
    .option('--seed <number>', 'seed of the stream', wholeNumber(0, Number.MAX_SAFE_INTEGER))
    .option('--power-profile <name>', "one of the device's power profiles")
    .option('--threads <number>', 'threads that infer', wholeNumber(1, 64))
    .addOption(new Option('--json', 'print one JSON object').conflicts('markdown'))
    .addOption(new Option('--markdown', 'print a page, such as docs/placement.md'))
    .action((scenario: string, options: PlacementOptions) => placements(scenario, options, argv));
  program
    .command('serve')
    .description('serve the dashboard and the API')
    .argument('[scenario]', 'a scenario to start at once, e.g. scenarios/kitchen-day.yaml')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <number>', 'port to listen on (default: PORT of the environment, or 8750)', wholeNumber(0, 65_535))
    .option('--speed <factor>', 'simulated seconds per second, 1 to 10000, or max', speedOption, 60)
    .action(async (scenario: string | undefined, options: Omit<ServeOptions, 'scenario'>) => {
      // Fastify and socket.io are only loaded by those who need them.
      const { serve } = await import('./main.ts');
      await serve({ ...options, ...(scenario === undefined ? {} : { scenario }) });
    });
  program
    .command('train')
    .description('train and measure the shipped models')
    .argument('[target]', 'activity, keyword, verify, all, splits, quantise or report', 'all')
    .action(train);
  program
    .command('schema')
    .description('write the JSON Schemas of scenarios and device profiles, for editors')
    .action(writeSchemas);
  try {
    await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    if (error instanceof InputProblem) process.stderr.write(`${error.message}\n`);
    else if (!(error instanceof CommanderError)) throw error;
    process.exitCode = error instanceof CommanderError && error.exitCode === 0 ? 0 : 2;
  }
}

async function placements(scenario: string, options: PlacementOptions, argv: readonly string[]): Promise<void> {
  const progress = new ProgressLine(process.stderr);
  const { studyPlacements } = await import('./runs/placements/study.ts');
  const { json, markdown, ...rest } = options;
  const study = await studyPlacements({ scenario, ...requested(rest) }, (step, share) => progress.step(step, share));
  progress.clear();
  const print = json ? () => `${JSON.stringify(study, null, 2)}\n` : markdown ? placementsPage : printPlacements;
  process.stdout.write(print(study, `npx lightsleeper ${argv.join(' ')}`));
}

function writeSchemas(): void {
  for (const [path, text] of Object.entries(jsonSchemas())) {
    writeFileSync(join(projectFolder(), path), text);
    process.stdout.write(`${path}\n`);
  }
}

async function whatIf(scenario: string, options: WhatIfOptions): Promise<void> {
  const { set: changes, ...rest } = options;
  if (changes.length === 0)
    throw new InputProblem('nothing is changed; say what with --set, e.g. --set cascade.keyword.threshold=0.6');
  const request = { ...rest, speed: 'max', baseline: false, whatIf: [changes] } as const;
  await run(scenario, request, ({ report, variants: [variant] }) => {
    if (options.json) return json({ changes, run: report, whatIf: variant });
    return printComparison(
      report,
      variant,
      changes.map((change) => writtenOf([change])),
    );
  });
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

type Finished = Extract<RunOutcome, { kind: 'finished' }>;

/** Runs a scenario with its progress on the terminal, and prints what came of it. */
async function run(scenario: string, options: RunOptions, print: (outcome: Finished) => string): Promise<void> {
  const progress = new ProgressLine(process.stderr);
  const { json: _, ...rest } = options;
  let duration = Number.POSITIVE_INFINITY;
  const handle = startRun(
    { scenario, ...requested(rest) },
    {
      layout: ({ durationSeconds }, warnings) => {
        duration = durationSeconds;
        for (const warning of warnings) progress.note(`warning: ${warning}`);
      },
      frame: (frame) => progress.show(frame, duration),
      reporting: (drawn) => {
        if (drawn !== undefined) progress.step('drawing figures within their ranges', drawn);
        else progress.say(options.baseline ? 'simulating the ungated baseline …' : 'summing up …');
      },
      log: (line) => progress.note(line),
    },
  );
  const stop = () => handle.stop();
  // A second one ends it at once.
  for (const signal of STOP_SIGNALS) process.once(signal, stop);
  const outcome = await handle.done;
  for (const signal of STOP_SIGNALS) process.removeListener(signal, stop);
  progress.clear();
  switch (outcome.kind) {
    case 'finished':
      if (outcome.stopped) {
        const { simulatedSeconds } = outcome.report;
        process.stderr.write(
          `stopped at ${clockTime(simulatedSeconds)} of ${clockTime(duration)}: this is the report so far\n`,
        );
        process.exitCode = STOPPED;
      }
      process.stdout.write(print(outcome));
      return;
    case 'stopped':
      process.stderr.write('stopped before anything was simulated\n');
      process.exitCode = STOPPED;
      return;
    case 'failed':
      process.stderr.write(`${outcome.problem}\n`);
      process.exitCode = outcome.cause === 'input' ? 2 : 1;
      return;
  }
}

async function train(target: string): Promise<void> {
  const line = new ProgressLine(process.stderr);
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  try {
    // TensorFlow.js is only loaded by those who train.
    const training = await import('./training/main.ts');
    const progress = { note: (text: string) => line.note(text), say: (text: string) => line.say(text) };
    process.stdout.write(await training.train(target, { ...progress, stop: stop.signal }));
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    line.note('stopped; every model, card and page is as it was last written whole');
    process.exitCode = 1;
  } finally {
    line.clear();
    process.removeListener('SIGINT', onSignal).removeListener('SIGTERM', onSignal);
  }
}

/** Options that were given, as a run is asked for. */
function requested<T extends { readonly duration?: number }>({ duration, ...rest }: T) {
  return { ...rest, ...(duration === undefined ? {} : { durationSeconds: duration }) };
}
