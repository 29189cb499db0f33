// One run from its files to its report: scores flow in, the day is simulated, outcomes come out. Pacing and processes are outside.

import { availableParallelism } from 'node:os';
import { scoringBytes } from '../../models/network.ts';
import { lowestOpening } from '../../simulator/gate.ts';
import type { LabelledEvent, Outcome } from '../../simulator/judge.ts';
import type { Simulator } from '../../simulator/simulator.ts';
import { drawSchedule, type PlacedEvent, type Schedule } from '../../streams/schedule.ts';
import { lengthsOf, type Sense } from '../../streams/sense.ts';
import { fromSeconds, type Nanoseconds } from '../../units.ts';
import type { AskedAct, LoggedInput } from '../acts/act.ts';
import { type RecordedClip, recordedClip } from '../acts/recorded.ts';
import { deviceActs, isHeard, nextWindow, targetsOf, withInput } from '../acts/take-up.ts';
import { compile } from '../compile/compile.ts';
import type { Compiled, CompileRequest } from '../compile/request.ts';
import { InputProblem, Refusal } from '../files/problem.ts';
import { type LoadedScenario, loadClips, loadScenario } from '../load.ts';
import type { RunRequest } from '../process/messages.ts';
import { ScoringPool } from '../scoring/pool.ts';
import type { ScoringJob } from '../scoring/scorer.ts';
import { ScoreTrace } from '../what-if/trace.ts';
import { CoreSecondsMeter } from './core-seconds.ts';
import { DaySimulation } from './day.ts';
import { newMemo, type RunMemo } from './memo.ts';

/** A run that was read and checked, before anything is scored. */
export interface PreparedRun {
  readonly request: RunRequest;
  readonly loaded: LoadedScenario;
  readonly compileRequest: CompileRequest;
  readonly compiled: Compiled;
  readonly seed: number;
  readonly powerProfile: string;
  readonly startSoc: number;
  readonly windows: number;
  readonly duration: Nanoseconds;
  readonly threads: number;
  readonly sense: Sense;
  readonly schedule: Schedule;
  /** Events to be detected, in samples and in time. */
  readonly targets: readonly PlacedEvent[];
  readonly events: readonly LabelledEvent[];
  /** What was done to it so far, all of it already in what is heard. */
  readonly log: readonly LoggedInput[];
  /** What need not be simulated again for another device. */
  readonly memo: RunMemo;
  /** Where computing time goes, from here on. */
  readonly coreSeconds: CoreSecondsMeter;
}

/** What a report sums up. */
export interface SimulatedRun extends PreparedRun {
  readonly day: DaySimulation;
  /** The day's, in the power profiles that its rules lead to. */
  readonly simulator: Simulator;
  readonly loudHops: () => number;
}

export interface RunEngine extends SimulatedRun {
  /** All scores so far. */
  readonly trace: ScoreTrace;
  readonly horizon: () => Nanoseconds;
  /** Waits for the scores that follow; false when all of the run is scored. */
  readonly score: () => Promise<boolean>;
  /** Simulates up to `until`, within the horizon. */
  readonly advance: (until: Nanoseconds) => readonly Outcome[];
  /**
   * Takes up what a person does, from the next window on. What the run is made of is another from then on.
   * @param clip what was recorded with it
   * @throws {InputProblem} what cannot be done to this run
   */
  readonly act: (act: AskedAct, clip: RecordedClip | null) => LoggedInput;
  /** Lets the threads end. */
  readonly close: () => void;
}

/** @throws {InputProblem} */
export function checkStartSoc(startSoc: number): void {
  if (!(startSoc > 0 && startSoc <= 1))
    throw new InputProblem(`the charge at the start is ${startSoc * 100} %; give more than 0 and at most 100 %`);
}

/** Reads and checks a run. @throws {InputProblem} */
export const prepareRun = async (request: RunRequest): Promise<PreparedRun> =>
  prepareLoaded(await loadScenario(request.scenario), request);

/** The same of a scenario that was read. @throws {InputProblem} */
export async function prepareLoaded(loaded: LoadedScenario, request: RunRequest): Promise<PreparedRun> {
  const { value: scenario } = loaded.scenario;
  const powerProfile = request.powerProfile ?? scenario.powerProfile;
  const startSoc = request.startSoc ?? scenario.startCharge;
  checkStartSoc(startSoc);
  const seconds = request.durationSeconds ?? scenario.duration;
  if (!(seconds >= 1 && seconds <= 100 * 86_400))
    throw new InputProblem(`a run lasts from 1 s to 100 days, and ${seconds} s were asked for`);
  const seed = request.seed ?? scenario.seed;
  const compileRequest: CompileRequest = {
    device: loaded.device.value,
    at: { scenario: loaded.scenario.at, device: loaded.device.at },
    stages: loaded.stages,
    frontEnd: loaded.frontEnd,
    powerProfile,
    supply: { kind: 'battery', startSoc },
    timetable: loaded.timetable,
  };
  const inputs = [...(request.inputs ?? [])].sort((a, b) => a.simulatedSeconds - b.simulatedSeconds);
  const isActable = request.answers === true || inputs.length > 0;
  const compiled = isActable ? compileChoosable(compileRequest) : compile(compileRequest);
  const { plan } = compiled;
  const coreSeconds = new CoreSecondsMeter(plan.stages.map(({ name }) => name));
  const sense = await coreSeconds.timeAsync('decode', () => loadClips(loaded));
  const windows = Math.floor(fromSeconds(seconds) / plan.hop);
  const duration = (windows * plan.hop) as Nanoseconds;
  const schedule = drawSchedule(loaded.stream, lengthsOf(sense), seconds, seed);
  const prepared: PreparedRun = {
    request,
    loaded,
    compileRequest,
    compiled,
    seed,
    powerProfile,
    startSoc,
    windows,
    duration,
    threads: request.threads ?? availableParallelism(),
    sense,
    schedule,
    ...targetsOf(loaded, schedule.events),
    log: [],
    memo: newMemo(),
    coreSeconds,
  };
  let run = prepared;
  for (const [index, input] of inputs.entries())
    try {
      run = withInput(run, input, await recordedClip(input.act, run.sense));
    } catch (error) {
      if (!(error instanceof InputProblem)) throw error;
      throw new InputProblem(`act ${index} of the log, ${input.act.kind}: ${error.message}`);
    }
  return run;
}

/** With the power profiles that a person may choose while it goes on: those that the device can do. */
function compileChoosable(request: CompileRequest): Compiled {
  const started = compile(request);
  const choosable = request.device.powerProfiles.flatMap(({ name }) => {
    if (started.plan.policies.some((policy) => policy.name === name)) return [];
    try {
      compile({ ...request, choosable: [name] });
      return [name];
    } catch (error) {
      if (error instanceof Refusal) return [];
      throw error;
    }
  });
  return choosable.length === 0 ? started : compile({ ...request, choosable });
}

/** @param floors by stage: windows that score lower need not be scored by those behind it */
export const scoringJob = (run: PreparedRun, floors: readonly number[]): ScoringJob => ({
  sense: run.sense,
  stages: run.loaded.models.map((model, stage) => ({
    bytes: scoringBytes(run.loaded.models, stage),
    frames: model.card.frames,
    streaming: model.card.streaming,
    floor: floors[stage],
  })),
  stream: run.loaded.stream,
  schedule: run.schedule,
  seed: run.seed,
  levels: run.loaded.device.value.sensors[0].activity !== undefined,
});

/** The lowest score with which a window may pass each stage's gate. */
export const lowestThresholds = ({ policies, stages }: Compiled['plan']): readonly number[] =>
  stages.map(({ gate }, stage) => {
    const threshold = Math.min(...policies.map(({ thresholds }) => thresholds[stage]));
    return gate === undefined ? threshold : lowestOpening(gate, threshold);
  });

/** Reads, checks and starts to score a run. @throws {InputProblem} */
export async function openRun(request: RunRequest, stop?: AbortSignal): Promise<RunEngine> {
  return startScoring(await prepareRun(request), stop);
}

/** Starts to score a run. @param stop ends what waits for scores, with its reason */
export function startScoring(run: PreparedRun, stop?: AbortSignal): RunEngine {
  const { plan } = run.compiled;
  const day = new DaySimulation(plan, run.events, run.duration, run.memo.powers);
  const floors = lowestThresholds(plan);
  const pool = new ScoringPool(scoringJob(run, floors), run.windows, run.threads, stop);
  const trace = new ScoreTrace(floors);
  for (const act of deviceActs(run.log, plan)) day.act(act);
  const engine: { -readonly [Field in keyof RunEngine]: RunEngine[Field] } = {
    ...run,
    day,
    simulator: day.simulator,
    trace,
    loudHops: () => trace.loudHops,
    horizon: () => day.simulator.horizon,
    score: async () => {
      const chunk = await pool.next();
      if (chunk === null) return false;
      trace.add(chunk);
      run.coreSeconds.addScoring(chunk.seconds);
      day.addScores(chunk.scores);
      return true;
    },
    advance: (until) => run.coreSeconds.time('simulate', () => day.advance(until)),
    act: (act, clip) => {
      const window = nextWindow(engine, day.simulator.now);
      if (window >= run.windows) throw new InputProblem('the run is over with the window that it is in');
      const input = { simulatedSeconds: (window * plan.hop) / 1e9, act };
      const next = withInput(engine, input, clip);
      const known = new Set(engine.targets);
      const { schedule, sense, loaded, targets, events, log } = next;
      Object.assign(engine, { schedule, sense, loaded, targets, events, log });
      const entry = log[log.length - 1];
      if (!isHeard(act)) {
        for (const one of deviceActs([entry], plan)) day.act(one);
        return entry;
      }
      for (const [index, target] of targets.entries()) if (!known.has(target)) day.expect(events[index]);
      trace.cut(window);
      day.forgetScores(window);
      pool.change(scoringJob(engine, floors), window);
      return entry;
    },
    close: () => pool.close(),
  };
  return engine;
}
