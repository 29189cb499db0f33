// The `lightsleeper` command: each of its commands is a module of cli/.

import { Command, CommanderError } from 'commander';
import { addAdvise } from './cli/advise.ts';
import { addBattery } from './cli/battery.ts';
import { addCompare } from './cli/compare.ts';
import { WRONG_INPUT } from './cli/exit-codes.ts';
import { addGather } from './cli/gather.ts';
import { addLab } from './cli/lab.ts';
import { addModel } from './cli/model.ts';
import { addPlacements } from './cli/placements.ts';
import { addProfile } from './cli/profile.ts';
import { addRace } from './cli/race.ts';
import { addRun } from './cli/run.ts';
import { addSchema } from './cli/schema.ts';
import { addServe } from './cli/serve.ts';
import { addStream } from './cli/stream.ts';
import { addTrain } from './cli/train.ts';
import { addValidate } from './cli/validate.ts';
import { addWhatIf } from './cli/what-if.ts';
import { InputProblem } from './runs/files/problem.ts';

/** Runs the command line; sets the exit code: 0 done, 1 a fault, 2 what was given is wrong, 3 not shown, 130 stopped. */
export async function main(argv: readonly string[]): Promise<void> {
  const program = new Command('lightsleeper')
    .description(
      'Simulates always-on devices: real gated models on real sound, motion and pictures, through cores, sleep states and a battery.',
    )
    .exitOverride();
  addProfile(program);
  addValidate(program);
  addStream(program);
  addCompare(program);
  addRace(program);
  addBattery(program);
  addRun(program);
  addWhatIf(program);
  addPlacements(program, argv);
  addAdvise(program, argv);
  addServe(program);
  addModel(program);
  addTrain(program);
  addLab(program);
  addGather(program);
  addSchema(program);
  try {
    await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    if (error instanceof InputProblem) process.stderr.write(`${error.message}\n`);
    else if (!(error instanceof CommanderError)) throw error;
    process.exitCode = error instanceof CommanderError && error.exitCode === 0 ? 0 : WRONG_INPUT;
  }
}
