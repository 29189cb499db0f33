// A run of a scenario beside a trace that was measured while a real device heard the same stream.

import { type Comparison, compareTraces } from '../../traces/compare-traces.ts';
import { type MeasuredTrace, readTrace, TraceFileError } from '../../traces/read-trace.ts';
import { RunTracer } from '../../traces/run-trace.ts';
import type { Nanoseconds } from '../../units.ts';
import { InputProblem } from '../files/problem.ts';
import type { RunRequest } from '../process/messages.ts';
import { openRun } from '../simulate/engine.ts';
import { type Probe, powerModel } from './power-model.ts';

export interface CompareRequest {
  readonly run: RunRequest;
  /** Path of the measured trace. */
  readonly measured: string;
  readonly volts: number | null;
  /** The rail behind whose regulator it was measured; null: at the battery's terminals. */
  readonly rail: string | null;
}

export interface CompareReport {
  readonly scenario: string;
  readonly device: string;
  readonly powerProfile: string;
  readonly seed: number;
  readonly trace: { readonly path: string } & Omit<MeasuredTrace, 'bins'>;
  readonly rail: string | null;
  readonly comparison: Comparison;
}

/** A person starts the recording and the stream by hand. */
const SLACK_SECONDS = 60;

/** @param progress simulated seconds so far @throws {InputProblem} @throws the reason of `stop`, once it is asked for */
export async function compareWithTrace(
  request: CompareRequest,
  progress: (seconds: number) => void = () => {},
  stop?: AbortSignal,
): Promise<CompareReport> {
  const { bins, ...trace } = await readTrace(request.measured, request.volts).catch((error: unknown) => {
    if (error instanceof TraceFileError) throw new InputProblem(error.message);
    throw error;
  });
  const engine = await openRun(request.run, stop);
  try {
    const { simulator, compiled, loaded } = engine;
    const probe = probeOf(request.rail, compiled.plan.rails);
    const model = powerModel(loaded.device.value, compiled.plan, simulator.ledger, probe);
    const tracer = new RunTracer(simulator);
    const asked = request.run.durationSeconds !== undefined;
    const until = asked ? engine.duration : Math.min(engine.duration, (trace.seconds + SLACK_SECONDS) * 1e9);
    while (simulator.now < until) {
      while (engine.horizon() <= simulator.now) if (!(await engine.score())) break;
      tracer.advance(Math.min(until, engine.horizon()) as Nanoseconds);
      simulator.takeOutcomes();
      progress(simulator.now / 1e9);
    }
    const result = compareTraces(tracer.trace(), bins, model);
    if (!result.ok) throw new InputProblem(`${request.measured}: ${result.problem}`);
    return {
      scenario: loaded.path.replace(/^.*[\\/]/, '').replace(/\.ya?ml$/, ''),
      device: loaded.scenario.value.device,
      powerProfile: engine.powerProfile,
      seed: engine.seed,
      trace: { path: request.measured, ...trace },
      rail: request.rail,
      comparison: result.comparison,
    };
  } finally {
    engine.close();
  }
}

function probeOf(name: string | null, rails: ReadonlyArray<{ readonly name: string }>): Probe {
  if (name === null) return { kind: 'battery' };
  const rail = rails.findIndex((candidate) => candidate.name === name);
  if (rail < 0)
    throw new InputProblem(`there is no rail "${name}"; the device has ${rails.map((each) => each.name).join(', ')}`);
  return { kind: 'rail', rail };
}
