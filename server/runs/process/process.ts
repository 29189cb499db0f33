// The program of a run's process: it is told what to do by its parent, simulates at the pace that was asked for, and tells what it sees.

import { assertNever } from '../../assert-never.ts';
import type { Nanoseconds } from '../../units.ts';
import type { AskedAct } from '../acts/act.ts';
import { recordedClip } from '../acts/recorded.ts';
import { InputProblem } from '../files/problem.ts';
import { Answers } from '../questions/answers.ts';
import type { Question } from '../questions/question.ts';
import { makeReport } from '../report/make-report.ts';
import type { RunReport, UncertaintyReport } from '../report/report.ts';
import { Tally } from '../report/tally.ts';
import { uncertaintyOf } from '../report/uncertainty.ts';
import { openRun, type RunEngine } from '../simulate/engine.ts';
import type { Speed } from '../views.ts';
import { variantOf, whatIf } from '../what-if/what-if.ts';
import { DetectionViews, FrameMaker, layoutOf } from './look.ts';
import type { Acted, FromRun, RunRequest, StepTarget, ToRun } from './messages.ts';

const FRAME_MILLISECONDS = 100;
/** At full speed messages get their turn this often. */
const BUSY_MILLISECONDS = 40;

const tell = (message: FromRun): void => {
  process.send?.(message);
};

interface Control {
  stopped: boolean;
  paused: boolean;
  /** What a paused run goes on for. */
  step: StepTarget | null;
  /** Another one than was asked for at the start. */
  speed: Speed | null;
  wake: () => void;
}
const control: Control = { stopped: false, paused: false, step: null, speed: null, wake: () => undefined };

/** The run while its time goes on: what can be acted on. */
let live: RunEngine | null = null;

/** Of a run that was asked to answer questions, once it has begun. */
let answers: Answers | null = null;

process.on('message', (message: ToRun) => {
  switch (message.kind) {
    case 'start':
      void run(message.request);
      return;
    case 'pause':
      control.paused = true;
      return;
    case 'resume':
      control.paused = false;
      control.step = null;
      control.wake();
      return;
    case 'pace':
      control.speed = message.speed;
      control.wake();
      return;
    case 'step':
      control.step = message.to;
      control.wake();
      return;
    case 'stop':
      control.stopped = true;
      control.wake();
      return;
    case 'ask':
      void answer(message.number, message.question);
      return;
    case 'act':
      void act(message.number, message.act);
      return;
    case 'leave':
      process.disconnect();
      return;
    default:
      assertNever(message);
  }
});
// Without its parent nobody would hear it.
process.on('disconnect', () => process.exit(1));

async function run(request: RunRequest): Promise<void> {
  const begun = performance.now();
  let engine: RunEngine | null = null;
  try {
    engine = await openRun(request);
    const tally = new Tally(engine.compiled.plan.stages);
    const questions = request.whatIf ?? [];
    // What cannot be asked is said before the run, not after it.
    for (const changes of questions) variantOf(engine, changes);
    if (request.answers) answers = new Answers(engine);
    else if (questions.length === 0 && request.uncertainty === undefined) engine.trace.keepNone();
    tell({ kind: 'layout', layout: layoutOf(engine), warnings: engine.compiled.warnings });
    live = engine;
    await simulate(engine, tally);
    live = null;
    // Nothing to report of.
    if (engine.simulator.now === 0) {
      answers = null;
      return;
    }
    tell({ kind: 'reporting' });
    endWithWindow(engine, tally);
    const summary = await makeReport(engine, tally, () => (performance.now() - begun) / 1e3);
    const report = { ...summary, uncertainty: await uncertainty(engine, summary) };
    const variants: RunReport[] = [];
    for (const changes of questions) variants.push(await whatIf(engine, engine.trace, changes));
    answers?.finished(report);
    tell({ kind: 'finished', report, variants, stopped: control.stopped });
  } catch (error) {
    if (error instanceof InputProblem) tell({ kind: 'failed', problem: error.message, cause: 'input' });
    else
      tell({
        kind: 'failed',
        problem: error instanceof Error ? (error.stack ?? error.message) : String(error),
        cause: 'fault',
      });
    answers = null;
    live = null;
  } finally {
    engine?.close();
    if (answers === null) process.disconnect();
  }
}

async function answer(number: number, question: Question): Promise<void> {
  const refuse = (problem: string): void => tell({ kind: 'answer', number, answer: { kind: 'refused', problem } });
  if (answers === null) return refuse('the run has not begun; ask again in a second');
  try {
    tell({ kind: 'answer', number, answer: await answers.ask(question) });
  } catch (error) {
    // A fault: it stands in the log, and the run goes on.
    console.error(error);
    refuse('the question met a fault of the program, which the server’s log describes');
  }
}

async function act(number: number, asked: AskedAct): Promise<void> {
  const say = (acted: Acted): void => tell({ kind: 'acted', number, acted });
  try {
    const clip = live === null ? null : await recordedClip(asked, live.sense);
    if (live === null) say({ problem: 'the run is over, so that nothing can be done to it any more; launch it again' });
    else say(live.act(asked, clip));
  } catch (error) {
    if (error instanceof InputProblem) return say({ problem: error.message });
    // A fault: it stands in the log, and the run goes on.
    console.error(error);
    say({ problem: 'this met a fault of the program, which the server’s log describes' });
  }
}

/** Of a run that was stopped, report and questions hear what it heard, in whole windows: so it goes on to the end of the one that it was in. */
function endWithWindow({ advance, compiled, simulator, trace }: RunEngine, tally: Tally): void {
  const { hop } = compiled.plan;
  const windows = Math.ceil(simulator.now / hop);
  tally.add(advance((windows * hop) as Nanoseconds));
  trace.cut(windows);
}

async function uncertainty(engine: RunEngine, report: RunReport): Promise<UncertaintyReport | null> {
  const { request, trace } = engine;
  if (request.uncertainty === undefined || control.stopped) return null;
  let told = 0;
  const say = (drawn: number): void => {
    if (drawn - told < 0.02) return;
    told = drawn;
    tell({ kind: 'reporting', drawn });
  };
  return uncertaintyOf(engine, report.battery, trace.chunks, request.uncertainty, say, () => control.stopped);
}

async function simulate(engine: RunEngine, tally: Tally): Promise<void> {
  const { request, simulator } = engine;
  const duration = Math.min(engine.duration, (request.untilSeconds ?? Number.POSITIVE_INFINITY) * 1e9);
  const views = new DetectionViews(engine);
  const frames = new FrameMaker(engine, tally.latency, performance.now());
  const { hop } = engine.compiled.plan;
  let pace = new Pace(request.speed, performance.now());
  let nextFrame = performance.now();
  let shownUntil = 0;

  while (simulator.now < duration && !control.stopped) {
    if (control.speed !== null) {
      pace = new Pace(control.speed, performance.now());
      pace.restart(simulator.now, performance.now());
      control.speed = null;
    }
    if (control.paused && control.step === null) {
      await paused();
      pace.restart(simulator.now, performance.now());
      continue;
    }
    const { step } = control;
    // Window by window, so that it ends with the one that decided.
    const goal = step === null ? pace.target(performance.now()) : (Math.floor(simulator.now / hop) + 1) * hop;
    const target = Math.min(goal, duration);
    // Chunk by chunk, as the scores come: where they are slower than the pace, the run is shown as far as it got and heeds what it is told.
    const behind = engine.horizon() < target && (await engine.score());
    if ((control.paused && step === null) || control.stopped) continue;
    const began = performance.now();
    const outcomes = engine.advance(Math.min(target, engine.horizon()) as Nanoseconds);
    tally.add(outcomes);
    answers?.keep();
    if (outcomes.length > 0) tell({ kind: 'detections', detections: outcomes.map((outcome) => views.view(outcome)) });
    const now = performance.now();
    const arrived = simulator.now >= target && (step === 'window' || (step === 'detection' && outcomes.length > 0));
    if (arrived) control.step = null;
    // What was lost is not made up for later, which would look like a run that goes faster than asked for.
    if (behind && simulator.now < target) pace.restart(simulator.now, now);
    if (now >= nextFrame || arrived || simulator.now >= duration) {
      tell({ kind: 'frame', frame: frames.make(now) });
      nextFrame = now + FRAME_MILLISECONDS;
      shownUntil = simulator.now;
    }
    await (pace.isFull || step !== null ? turn(began) : sleep(Math.max(5, nextFrame - now)));
  }
  // A frame over no time at all would say that nothing draws any power.
  if (simulator.now > shownUntil) tell({ kind: 'frame', frame: frames.make(performance.now()) });
}

/** How far simulated time may have got. */
class Pace {
  readonly isFull: boolean;
  private readonly speed: number;
  private simulated = 0;
  private wall: number;

  constructor(speed: RunRequest['speed'], wall: number) {
    this.isFull = speed === 'max';
    this.speed = speed === 'max' ? Number.POSITIVE_INFINITY : speed;
    this.wall = wall;
  }

  restart(simulated: number, wall: number): void {
    this.simulated = simulated;
    this.wall = wall;
  }

  target(wall: number): number {
    if (this.isFull) return Number.POSITIVE_INFINITY;
    return this.simulated + Math.floor((wall - this.wall) * this.speed * 1e6);
  }
}

const sleep = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

let lastTurn = 0;
async function turn(now: number): Promise<void> {
  if (now - lastTurn < BUSY_MILLISECONDS) return;
  lastTurn = now;
  await new Promise<void>((resolve) => setImmediate(resolve));
}

const paused = (): Promise<void> =>
  new Promise((resolve) => {
    control.wake = resolve;
  });
