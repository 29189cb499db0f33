// A run with its progress on the terminal, as `run` and `what-if` have it.

import type { RunRequest } from '../runs/process/messages.ts';
import { type RunOutcome, startRun } from '../runs/process/process-client.ts';
import { FAULT, STOPPED, WRONG_INPUT } from './exit-codes.ts';
import { clockTime, ProgressLine } from './progress-line.ts';
import { onStop } from './stoppable.ts';

type Finished = Extract<RunOutcome, { kind: 'finished' }>;

/** Runs a scenario in its process, prints what came of it and sets the exit code; a first signal stops it with a report so far, a second one at once. */
export async function runScenario(request: RunRequest, print: (outcome: Finished) => string): Promise<void> {
  const progress = new ProgressLine(process.stderr);
  let duration = Number.POSITIVE_INFINITY;
  const handle = startRun(request, {
    layout: ({ durationSeconds }, warnings) => {
      duration = durationSeconds;
      for (const warning of warnings) progress.note(`warning: ${warning}`);
    },
    frame: (frame) => progress.show(frame, duration),
    reporting: (drawn) => {
      if (drawn !== undefined) progress.step('drawing figures within their ranges', drawn);
      else progress.say(request.baseline ? 'simulating the ungated baseline …' : 'summing up …');
    },
    log: (line) => progress.note(line),
  });
  const off = onStop(() => handle.stop());
  const outcome = await handle.done;
  off();
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
      process.exitCode = outcome.cause === 'input' ? WRONG_INPUT : FAULT;
      return;
  }
}
