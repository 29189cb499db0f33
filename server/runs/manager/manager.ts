// Keeps the runs of a server: starts them when there is room, collects what they tell and passes it on.

import { assertNever } from '../../assert-never.ts';
import { type AskedAct, bringsRecording, type Input, MOST_INPUTS, MOST_RECORDINGS } from '../acts/act.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { MeasuredRun } from '../catalog/pace.ts';
import type { StepTarget } from '../process/messages.ts';
import type { StartRun } from '../process/process-client.ts';
import type { Answer, AnswerTo, Question } from '../questions/question.ts';
import type {
  DetectionView,
  Frame,
  InputView,
  RunDetails,
  RunLayout,
  RunSnapshot,
  RunView,
  ScenarioView,
  Speed,
} from '../views.ts';
import { Answering } from './answering.ts';
import { isOver, phaseAfter, processOf } from './lifecycle.ts';
import { Run } from './run.ts';

/** What a person asks for; what is left out comes from the scenario. */
export interface LaunchRequest {
  /** A scenario's name, as the catalog lists it. */
  readonly scenario: string;
  readonly seed?: number | undefined;
  readonly powerProfile?: string | undefined;
  readonly durationSeconds?: number | undefined;
  readonly startSoc?: number | undefined;
  readonly speed: Speed;
}

export type ManagerEvent =
  /** A run is new, changed its state or was forgotten. */
  | { readonly kind: 'runs' }
  | { readonly kind: 'run'; readonly run: RunDetails }
  | { readonly kind: 'layout'; readonly id: string; readonly layout: RunLayout }
  | { readonly kind: 'frame'; readonly id: string; readonly sequence: number; readonly frame: Frame }
  /** Something was done to a run. */
  | { readonly kind: 'marks'; readonly id: string; readonly marks: readonly InputView[] }
  | { readonly kind: 'detections'; readonly id: string; readonly detections: readonly DetectionView[] };

export type RunProblemKind = 'not-found' | 'invalid' | 'conflict' | 'busy';

type RecordedAct = Extract<AskedAct, { readonly kind: 'sound' | 'motion' }>;

/** Something asked of the manager cannot be done; the message says why and what to do instead. */
export class RunProblem extends Error {
  override readonly name = 'RunProblem';
  readonly kind: RunProblemKind;

  constructor(kind: RunProblemKind, message: string) {
    super(message);
    this.kind = kind;
  }
}

export interface ManagerLimits {
  /** Runs that use all the processor they can get and go on at once. */
  readonly fullSpeed: number;
  /** Processes of runs at once, whatever their speed: each holds its models and clips in memory. */
  readonly processes: number;
  /** Runs that wait for their turn. */
  readonly queued: number;
  /** Runs that are over and still shown. */
  readonly finished: number;
  /** Processes of runs that are over, kept for questions. */
  readonly answering: number;
}

export const DEFAULT_LIMITS: ManagerLimits = { fullSpeed: 1, processes: 6, queued: 50, finished: 50, answering: 2 };

/** Faster than this a run is taken to use all the processor it can get. */
const PACED_SPEED = 1000;

export interface RunManagerParts {
  readonly catalog: Catalog;
  readonly startRun: StartRun;
  readonly limits?: Partial<ManagerLimits>;
  /** Told what runs' processes write and how they end. */
  readonly log?: RunLog;
}

export type RunLog = (level: 'info' | 'warn' | 'error', id: string, line: string) => void;

/** A server's runs. Everything is answered from memory; the runs themselves happen in other processes. */
export class RunManager {
  readonly #catalog: Catalog;
  readonly #startRun: StartRun;
  readonly #limits: ManagerLimits;
  readonly #log: RunLog;
  /** In the order of creation. */
  readonly #runs = new Map<string, Run>();
  /** By scenario, how many runs it had: ids are never used twice. */
  readonly #numbers = new Map<string, number>();
  readonly #answering: Answering;
  readonly #listeners = new Set<(event: ManagerEvent) => void>();
  #closing = false;

  constructor({ catalog, startRun, limits, log }: RunManagerParts) {
    this.#catalog = catalog;
    this.#startRun = startRun;
    this.#limits = { ...DEFAULT_LIMITS, ...limits };
    this.#log = log ?? (() => undefined);
    this.#answering = new Answering(startRun, this.#limits.answering);
  }

  /** Makes a run of a scenario; it starts at once or waits for its turn. */
  async launch(request: LaunchRequest): Promise<RunDetails> {
    const scenario = await this.#check(request);
    const path = this.#catalog.scenarioPath(scenario.name);
    if (path === null) throw new RunProblem('not-found', `The file of scenario ${scenario.name} is gone.`);
    this.#makeRoom();
    const number = (this.#numbers.get(scenario.name) ?? 0) + 1;
    this.#numbers.set(scenario.name, number);
    const { seed, powerProfile, durationSeconds, startSoc, speed } = request;
    const run = new Run(
      `${scenario.name}-${number}`,
      scenario,
      {
        scenario: path,
        speed,
        baseline: true,
        answers: true,
        ...(seed !== undefined && { seed }),
        ...(powerProfile !== undefined && { powerProfile }),
        ...(durationSeconds !== undefined && { durationSeconds }),
        ...(startSoc !== undefined && { startSoc }),
      },
      new Date(),
    );
    this.#runs.set(run.id, run);
    this.#changed(run);
    this.#startWaiting();
    return run.details();
  }

  /** All runs, the newest first. */
  list(): readonly RunView[] {
    return Array.from(this.#runs.values(), (run) => run.view()).reverse();
  }

  counts(): { readonly active: number; readonly total: number } {
    return { active: this.#active().length, total: this.#runs.size };
  }

  /** Runs that went through at full speed, the newest first: what others will take can be told from them. */
  measured(): readonly MeasuredRun[] {
    return Array.from(this.#runs.values())
      .reverse()
      .flatMap((run) => run.measured() ?? []);
  }

  get(id: string): RunDetails {
    return this.#find(id).details();
  }

  snapshot(id: string): RunSnapshot {
    return this.#find(id).snapshot();
  }

  pause(id: string): RunDetails {
    const run = this.#find(id);
    const { phase } = run;
    switch (phase.kind) {
      case 'running':
        phase.process.pause();
        run.phase = { kind: 'paused', process: phase.process };
        this.#changed(run);
        // A paused run leaves the processor to others.
        this.#startWaiting();
        return run.details();
      case 'queued':
      case 'starting':
        throw new RunProblem('conflict', `Run ${id} is ${phase.kind}: it can be paused once it runs.`);
      case 'paused':
        throw new RunProblem('conflict', `Run ${id} is paused already.`);
      case 'finished':
      case 'stopped':
      case 'failed':
        throw new RunProblem('conflict', `Run ${id} is over (${phase.kind}): there is nothing to pause.`);
      default:
        return assertNever(phase);
    }
  }

  /** Changes the speed of a run that is not over. */
  pace(id: string, speed: Speed): RunDetails {
    const run = this.#find(id);
    const process = processOf(run.phase);
    if (process === null)
      throw new RunProblem(
        'conflict',
        `Run ${id} is ${run.phase.kind}: only the speed of one that goes on can be changed.`,
      );
    process.pace(speed);
    run.speed = speed;
    this.#changed(run);
    this.#startWaiting();
    return run.details();
  }

  /** Lets a run go on to the next window or the next detection or miss, where it is paused. */
  step(id: string, to: StepTarget): RunDetails {
    const { kind } = this.#find(id).phase;
    if (kind === 'running') this.pause(id);
    const run = this.#find(id);
    if (run.phase.kind !== 'paused')
      throw new RunProblem('conflict', `Run ${id} is ${kind}: only one that runs or is paused can go on step by step.`);
    run.phase.process.step(to);
    return run.details();
  }

  resume(id: string): RunDetails {
    const run = this.#find(id);
    const { phase } = run;
    switch (phase.kind) {
      case 'paused':
        phase.process.resume();
        run.phase = { kind: 'running', process: phase.process };
        this.#changed(run);
        return run.details();
      case 'queued':
      case 'starting':
      case 'running':
        throw new RunProblem('conflict', `Run ${id} is ${phase.kind}, not paused.`);
      case 'finished':
      case 'stopped':
      case 'failed':
        throw new RunProblem('conflict', `Run ${id} is over (${phase.kind}): launch the scenario again.`);
      default:
        return assertNever(phase);
    }
  }

  /** Ends a run, and answers when it is over: at once as a rule, within some seconds when its process has to be killed. */
  async stop(id: string, graceMilliseconds?: number): Promise<RunDetails> {
    const run = this.#find(id);
    const { phase } = run;
    switch (phase.kind) {
      case 'queued':
        run.phase = { kind: 'stopped', report: null };
        this.#changed(run);
        return run.details();
      case 'starting':
      case 'running':
      case 'paused':
        phase.process.stop(graceMilliseconds);
        await phase.process.done;
        return run.details();
      case 'finished':
      case 'stopped':
      case 'failed':
        throw new RunProblem('conflict', `Run ${id} is over (${phase.kind}): there is nothing to stop.`);
      default:
        return assertNever(phase);
    }
  }

  /** Calls `listener` at every event from now on; the returned function ends that. */
  subscribe(listener: (event: ManagerEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Stops all runs and refuses new ones; settles when every process is gone. */
  async close(graceMilliseconds = 2000): Promise<void> {
    this.#closing = true;
    // What waits goes first, so that it does not start in the place of what ends.
    const open = Array.from(this.#runs.values()).filter((run) => !isOver(run.phase));
    open.sort((a, b) => Number(b.phase.kind === 'queued') - Number(a.phase.kind === 'queued'));
    await Promise.all(open.map((run) => this.stop(run.id, graceMilliseconds)));
    await this.#answering.close();
  }

  /**
   * Asks about a run that goes on or is over. One whose process is gone is simulated again first, which takes some seconds.
   * @throws {RunProblem} where there is no answer
   */
  async ask<K extends Question['kind']>(id: string, question: Extract<Question, { kind: K }>): Promise<AnswerTo<K>> {
    const answer = await this.#answer(this.#find(id), question);
    if (answer.kind === 'refused') throw new RunProblem('invalid', inSentence(answer.problem));
    // One process answers what it was asked.
    if (answer.kind !== question.kind) throw new Error(`${question.kind} was asked and ${answer.kind} answered`);
    return answer as AnswerTo<K>;
  }

  /**
   * Does something to a run that goes on: from its next window on it is as if it had always been so.
   * @throws {RunProblem} what cannot be done
   */
  async act(id: string, act: AskedAct): Promise<InputView> {
    const run = this.#find(id);
    const { phase } = run;
    switch (phase.kind) {
      case 'running':
      case 'paused': {
        checkRoom(run, act);
        const acted = await phase.process.act(act);
        if ('problem' in acted) throw new RunProblem('invalid', inSentence(acted.problem));
        run.addInput(acted);
        this.#emit({ kind: 'marks', id, marks: [acted.view] });
        return acted.view;
      }
      case 'queued':
      case 'starting':
        throw new RunProblem('conflict', `Run ${id} is ${phase.kind}: it can be acted on once it runs.`);
      case 'finished':
      case 'stopped':
      case 'failed':
        throw new RunProblem('conflict', `Run ${id} is over (${phase.kind}): launch the scenario again to act on it.`);
      default:
        return assertNever(phase);
    }
  }

  /** What was done to a run, recordings included. @throws {RunProblem} */
  inputsOf(id: string): readonly Input[] {
    return this.#find(id).log.map(({ input }) => input);
  }

  /** What was recorded with an act. @throws {RunProblem} */
  recordingOf(id: string, number: number, file: 'recording.wav' | 'recording.csv'): RecordedAct {
    const act = this.#find(id).log[number]?.input.act;
    if (act?.kind === 'sound' && file === 'recording.wav') return act;
    if (act?.kind === 'motion' && file === 'recording.csv') return act;
    throw new RunProblem('not-found', `There is no ${file} with act ${number} of run ${id}.`);
  }

  async #answer(run: Run, question: Question): Promise<Answer> {
    const { id, phase, request } = run;
    const inputs = this.inputsOf(id);
    switch (phase.kind) {
      case 'running':
      case 'paused':
        return phase.process.ask(question);
      case 'finished':
        return this.#answering.ask({ id, request, inputs, simulatedSeconds: phase.report.simulatedSeconds }, question);
      case 'stopped': {
        const simulatedSeconds = phase.report?.simulatedSeconds ?? 0;
        if (simulatedSeconds === 0) throw new RunProblem('conflict', `Run ${id} was stopped before it heard anything.`);
        return this.#answering.ask({ id, request, inputs, simulatedSeconds }, question);
      }
      case 'queued':
      case 'starting':
        throw new RunProblem('conflict', `Run ${id} is ${phase.kind}: it can be asked about once it runs.`);
      case 'failed':
        throw new RunProblem('conflict', `Run ${id} failed, so that there is nothing to ask about.`);
      default:
        return assertNever(phase);
    }
  }

  async #check(request: LaunchRequest): Promise<ScenarioView> {
    if (this.#closing) throw new RunProblem('busy', 'The server is shutting down.');
    const scenarios = await this.#catalog.scenarios();
    const scenario = scenarios.find(({ name }) => name === request.scenario);
    if (scenario === undefined) {
      const names = scenarios.map(({ name }) => name).join(', ');
      throw new RunProblem('not-found', `There is no scenario ${request.scenario}. There is: ${names || 'none'}.`);
    }
    if (scenario.problem !== null)
      throw new RunProblem('conflict', `Scenario ${scenario.name} cannot be run as it is: ${scenario.problem}`);
    const { powerProfile } = request;
    if (powerProfile !== undefined && !scenario.powerProfiles.includes(powerProfile)) {
      const known = scenario.powerProfiles.join(', ');
      throw new RunProblem(
        'invalid',
        `Device ${scenario.device} has no power profile ${powerProfile}. Take one of: ${known}.`,
      );
    }
    return scenario;
  }

  /** Forgets the oldest runs that are over; refuses when too many wait. */
  #makeRoom(): void {
    const runs = Array.from(this.#runs.values());
    const waiting = runs.filter((run) => run.phase.kind === 'queued').length;
    if (waiting >= this.#limits.queued)
      throw new RunProblem(
        'busy',
        `${waiting} runs wait for their turn already: stop some of them, or try again later.`,
      );
    const over = runs.filter((run) => isOver(run.phase));
    for (const run of over.slice(0, Math.max(0, over.length - this.#limits.finished))) {
      this.#runs.delete(run.id);
      this.#answering.forget(run.id);
    }
  }

  /** Starts what waits and has room, in order; a paced run may overtake one that waits for the processor. */
  #startWaiting(): void {
    if (this.#closing) return;
    for (const run of this.#runs.values()) {
      if (run.phase.kind !== 'queued') continue;
      const active = this.#active();
      if (active.length >= this.#limits.processes) return;
      const busy = active.filter((other) => other.phase.kind !== 'paused' && isFullSpeed(other.speed)).length;
      if (isFullSpeed(run.speed) && busy >= this.#limits.fullSpeed) continue;
      this.#start(run);
    }
  }

  #start(run: Run): void {
    const { id } = run;
    const process = this.#startRun(run.request, {
      layout: (layout, warnings) => {
        for (const warning of warnings) this.#log('warn', id, warning);
        run.layout = layout;
        this.#emit({ kind: 'layout', id, layout });
        if (run.phase.kind !== 'starting') return;
        run.phase = { kind: 'running', process };
        this.#changed(run);
      },
      frame: (frame) => this.#emit({ kind: 'frame', id, sequence: run.addFrame(frame), frame }),
      detections: (detections) => {
        run.addDetections(detections);
        this.#emit({ kind: 'detections', id, detections });
      },
      log: (line) => this.#log('info', id, line),
    });
    run.phase = { kind: 'starting', process };
    this.#changed(run);
    void process.done.then((outcome) => {
      run.phase = phaseAfter(outcome);
      if (outcome.kind === 'finished' && !this.#closing) this.#answering.keep(id, process);
      else process.leave();
      if (run.phase.kind === 'failed') this.#log('warn', id, `failed: ${run.phase.problem}`);
      else this.#log('info', id, run.phase.kind);
      this.#changed(run);
      this.#startWaiting();
    });
  }

  #active(): readonly Run[] {
    return Array.from(this.#runs.values()).filter((run) => processOf(run.phase) !== null);
  }

  #find(id: string): Run {
    const run = this.#runs.get(id);
    if (run !== undefined) return run;
    throw new RunProblem(
      'not-found',
      `There is no run ${id}: it was never started, or is one of the oldest and was forgotten, or the server was restarted since.`,
    );
  }

  #changed(run: Run): void {
    this.#emit({ kind: 'run', run: run.details() });
    this.#emit({ kind: 'runs' });
  }

  #emit(event: ManagerEvent): void {
    for (const listener of this.#listeners) {
      try {
        listener(event);
      } catch (error) {
        this.#log('error', 'events', `a listener failed: ${error instanceof Error ? error.stack : String(error)}`);
      }
    }
  }
}

/** A log is bounded, and so are the recordings in it. */
function checkRoom({ id, log }: Run, act: AskedAct): void {
  if (log.length >= MOST_INPUTS)
    throw new RunProblem('conflict', `Run ${id} was acted on ${MOST_INPUTS} times, which is the most it keeps.`);
  const recordings = log.filter(({ input }) => bringsRecording(input.act)).length;
  if (bringsRecording(act) && recordings >= MOST_RECORDINGS)
    throw new RunProblem(
      'conflict',
      `Run ${id} was sent ${MOST_RECORDINGS} recordings, which is the most it keeps; play one of the scenario’s own.`,
    );
}

export const inSentence = (problem: string): string =>
  `${problem[0].toUpperCase()}${problem.slice(1).replace(/\.$/, '')}.`;

function isFullSpeed(speed: Speed): boolean {
  return speed === 'max' || speed > PACED_SPEED;
}
