// One run from its files to its report: scores flow in, the simulators go on, outcomes come out. Pacing and processes are outside.

import { availableParallelism } from 'node:os';
import type { Outcome } from '../simulator/judge.ts';
import { balance, Simulator } from '../simulator/simulator.ts';
import type { Clip } from '../streams/clip.ts';
import { drawSchedule, type PlacedEvent, type Schedule } from '../streams/schedule.ts';
import { fromSeconds, type Nanoseconds } from '../units.ts';
import { type Compiled, compile } from './compile.ts';
import { InputProblem } from './files/problem.ts';
import { PowerTracer } from './life.ts';
import { type LoadedScenario, loadClips, loadScenario } from './load.ts';
import type { RunRequest } from './messages.ts';
import { ScoringPool } from './scoring/pool.ts';

/** Energy is kept minute by minute, for the battery's life. */
const TRACE_SPAN = 60_000_000_000;
/** A run whose accounts differ by more has a fault. */
const LARGEST_IMBALANCE = 1e-6;

export interface RunEngine {
  readonly request: RunRequest;
  readonly loaded: LoadedScenario;
  readonly compiled: Compiled;
  readonly seed: number;
  readonly powerProfile: string;
  readonly startSoc: number;
  readonly duration: Nanoseconds;
  readonly threads: number;
  readonly clips: readonly Clip[];
  readonly schedule: Schedule;
  /** Events to be detected. */
  readonly targets: readonly PlacedEvent[];
  readonly simulator: Simulator;
  /** The same day in each power profile that the rules can lead to; by policy. */
  readonly tracers: readonly PowerTracer[];
  readonly loudHops: () => number;
  readonly horizon: () => Nanoseconds;
  /** Waits for the scores that follow; false when all of the run is scored. */
  readonly score: () => Promise<boolean>;
  /** Simulates up to `until`, within the horizon. */
  readonly advance: (until: Nanoseconds) => readonly Outcome[];
  /** Lets the threads end. */
  readonly close: () => void;
}

/** Reads, checks and starts to score a run. @throws {InputProblem} */
export async function openRun(request: RunRequest): Promise<RunEngine> {
  const loaded = await loadScenario(request.scenario);
  const { value: scenario } = loaded.scenario;
  const powerProfile = request.powerProfile ?? scenario.powerProfile;
  const startSoc = request.startSoc ?? scenario.startCharge;
  if (!(startSoc > 0 && startSoc <= 1))
    throw new InputProblem(`the charge at the start is ${startSoc * 100} %; give more than 0 and at most 100 %`);
  const seconds = request.durationSeconds ?? scenario.duration;
  if (!(seconds >= 1 && seconds <= 100 * 86_400))
    throw new InputProblem(`a run lasts from 1 s to 100 days, and ${seconds} s were asked for`);
  const seed = request.seed ?? scenario.seed;
  const shared = {
    device: loaded.device.value,
    at: { scenario: loaded.scenario.at, device: loaded.device.at },
    stages: loaded.stages,
    frontEnd: loaded.frontEnd,
  };
  const compiled = compile({ ...shared, powerProfile, supply: { kind: 'battery', startSoc } });
  const { plan } = compiled;
  const clips = await loadClips(loaded);
  const windows = Math.floor(fromSeconds(seconds) / plan.hop);
  const duration = (windows * plan.hop) as Nanoseconds;
  const schedule = drawSchedule(
    loaded.stream,
    clips.map(({ samples }) => samples.length),
    seconds,
    seed,
  );
  const targets = schedule.events.filter(({ label }) => label === scenario.detect);
  const toTime = (sample: number): Nanoseconds => fromSeconds(sample / loaded.stream.sampleRate);
  const events = targets.map(({ start, end }) => ({ start: toTime(start), end: toTime(end) }));

  const simulator = new Simulator(plan, events);
  // What the rules can lead to is simulated beside it, so that the life of the battery rests on the same day in each profile. The starting
  // profile needs no second simulation: charge only falls, so once a rule has ended it, it does not come back.
  const shadows = plan.policies.flatMap((_, policy) =>
    policy === plan.startPolicy
      ? []
      : [new Simulator({ ...plan, supply: idealSupply(plan.supply), startPolicy: policy, rules: [] }, events)],
  );
  const simulators = [simulator, ...shadows];
  const tracers = simulators.map((each) => new PowerTracer(each));
  const threads = request.threads ?? availableParallelism();
  const pool = new ScoringPool(
    {
      frontEnd: loaded.models[0].card.frontEnd,
      stages: loaded.models.map((model, stage) => ({
        bytes: model.bytes,
        frames: model.card.frames,
        streaming: model.card.streaming,
        floor: Math.min(...plan.policies.map(({ thresholds }) => thresholds[stage])),
      })),
      stream: loaded.stream,
      clips,
      schedule,
      seed,
    },
    windows,
    threads,
  );
  let loudHops = 0;
  return {
    request,
    loaded,
    compiled,
    seed,
    powerProfile,
    startSoc,
    duration,
    threads,
    clips,
    schedule,
    targets,
    simulator,
    tracers,
    loudHops: () => loudHops,
    horizon: () => simulator.horizon,
    score: async () => {
      const chunk = await pool.next();
      if (chunk === null) return false;
      loudHops += chunk.loudHops;
      for (const each of simulators) each.addScores(chunk.scores);
      return true;
    },
    advance: (until) => {
      while (simulator.now < until) {
        const mark = (Math.floor(simulator.now / TRACE_SPAN) + 1) * TRACE_SPAN;
        const next = Math.min(mark, until) as Nanoseconds;
        for (const each of simulators) each.advance(next);
        if (next === mark || next === duration) for (const tracer of tracers) tracer.mark();
      }
      for (const shadow of shadows) shadow.takeOutcomes();
      const { error } = balance(simulator);
      if (error > LARGEST_IMBALANCE)
        throw new Error(
          `the accounts of energy differ by ${error} at ${simulator.now} ns, which is a fault of the simulator`,
        );
      return simulator.takeOutcomes();
    },
    close: () => pool.close(),
  };
}

const idealSupply = (supply: Simulator['plan']['supply']): Simulator['plan']['supply'] =>
  supply.kind === 'ideal' ? supply : { kind: 'ideal', volts: supply.battery.cutoff };
