// `lightsleeper race`: run a stage slow and steady, or race to idle?

import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { racePicture } from '../runs/race/picture.ts';
import { race } from '../runs/race/race.ts';
import { json } from './json.ts';
import { addSimulationOptions, requestOf, type SimulationOptions } from './options.ts';
import { printRace, racePage } from './print-race.ts';
import { ProgressLine } from './progress-line.ts';
import { stoppable } from './stoppable.ts';

interface RaceOptions extends SimulationOptions {
  readonly stage: string;
  readonly picture?: string;
  readonly markdown?: boolean;
  readonly json?: boolean;
}

export function addRace(program: Command): void {
  const command = program
    .command('race')
    .description('run a stage slow and steady, or race to idle: every operating point of its core')
    .argument('<scenario>', 'path of a scenario, e.g. scenarios/kitchen-day.yaml')
    .requiredOption('--stage <name>', 'the stage whose core is compared')
    .option('--picture <file>', 'draw the energy of a window by its parts as SVG')
    .option('--markdown', "print the project's page on it")
    .option('--json', 'print the study as one JSON object');
  addSimulationOptions(command).action(async (scenario: string, options: RaceOptions) => {
    const line = new ProgressLine(process.stderr);
    const study = await stoppable(line, 'stopped: no operating point is compared', (stop) =>
      race(requestOf(scenario, options), options.stage, (text) => line.say(text), stop),
    );
    if (study === null) return;
    const { picture, markdown, duration, stage } = options;
    if (picture !== undefined) await writeFile(picture, racePicture(study));
    if (options.json) process.stdout.write(json(study));
    else if (markdown) {
      const command = `lightsleeper race ${scenario} --stage ${stage}${duration === undefined ? '' : ` --duration ${duration / 3600}h`} --markdown${picture === undefined ? '' : ` --picture ${picture}`}`;
      process.stdout.write(racePage(study, command, picture));
    } else process.stdout.write(printRace(study));
  });
}
