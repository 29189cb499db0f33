// Runs happen in child processes: one that crashes, hangs or runs out of memory takes nobody with it. This is the parent's end of the talk.

import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { assertNever } from '../../assert-never.ts';
import type { AskedAct } from '../acts/act.ts';
import type { Answer, Question } from '../questions/question.ts';
import type { RunReport } from '../report/report.ts';
import type { DetectionView, Frame, RunLayout, Speed } from '../views.ts';
import type { Acted, FromRun, RunRequest, StepTarget, ToRun } from './messages.ts';
import { V8_FLAGS } from './v8-flags.ts';

/** Told while a run goes on; all are optional. */
export interface RunHandlers {
  readonly layout?: (layout: RunLayout, warnings: readonly string[]) => void;
  readonly frame?: (frame: Frame) => void;
  readonly detections?: (detections: readonly DetectionView[]) => void;
  /** All simulated time has passed, the report is being made. */
  /** @param drawn how far the draws of uncertain figures are, 0 to 1, once they have begun */
  readonly reporting?: (drawn?: number) => void;
  /** A line that the process wrote to its standard output or error. */
  readonly log?: (line: string) => void;
}

/** How a run ended. `input`: what a person gave is wrong; `fault`: the program is; `crash`: the process died. */
export type RunOutcome =
  | {
      readonly kind: 'finished';
      readonly report: RunReport;
      readonly variants: readonly RunReport[];
      readonly stopped: boolean;
    }
  /** Stopped on request before there was a report. */
  | { readonly kind: 'stopped' }
  | { readonly kind: 'failed'; readonly problem: string; readonly cause: 'input' | 'fault' | 'crash' };

export interface RunHandle {
  pause(): void;
  resume(): void;
  /** Goes on at another speed. */
  pace(speed: Speed): void;
  /** Lets a paused run go on up to there. */
  step(to: StepTarget): void;
  /**
   * Asks the run to end and report on what it has. A process that does not heed that within 5 s is killed, and so is one whose report then takes
   * over a minute; when a grace is given, one that has not ended after that.
   */
  stop(graceMilliseconds?: number): void;
  /** Asks about the run, which goes on meanwhile; never rejects. A process that is gone refuses. */
  ask(question: Question): Promise<Answer>;
  /** Does something to the run, which takes it up at its next window; never rejects. */
  act(act: AskedAct): Promise<Acted>;
  /** Nobody will ask any more: a process that waits for questions ends. */
  leave(): void;
  /** How it ended: settles when the process is gone, or with the report where it stays for questions; never rejects. */
  readonly done: Promise<RunOutcome>;
  /** Settles when the process is gone. */
  readonly gone: Promise<void>;
}

export interface RunProcessOptions {
  /** The program of a run's process. */
  readonly program?: URL;
  /** Time that a process has to exit after its last message. */
  readonly exitGraceMilliseconds?: number;
}

export type StartRun = (request: RunRequest, handlers: RunHandlers, options?: RunProcessOptions) => RunHandle;

const STOP_GRACE = 5_000;
const REPORT_GRACE = 60_000;
const EXIT_GRACE = 3_000;
const TAIL_LINES = 20;
const TAIL_LINE_LENGTH = 400;

const PROGRAM = new URL('./process.js', import.meta.url);

// The child is our own code: kinds are checked, so that a mismatch of versions is noticed, and what they carry is taken as typed.
const record = <T extends object>() => z.custom<T>((value) => typeof value === 'object' && value !== null);
const fromRun = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('layout'), layout: record<RunLayout>(), warnings: z.array(z.string()) }),
  z.object({ kind: z.literal('frame'), frame: record<Frame>() }),
  z.object({ kind: z.literal('detections'), detections: z.array(record<DetectionView>()) }),
  z.object({ kind: z.literal('reporting'), drawn: z.number().optional() }),
  z.object({
    kind: z.literal('finished'),
    report: record<RunReport>(),
    variants: z.array(record<RunReport>()),
    stopped: z.boolean(),
  }),
  z.object({ kind: z.literal('acted'), number: z.number(), acted: record<Acted>() }),
  z.object({ kind: z.literal('answer'), number: z.number(), answer: record<Answer>() }),
  z.object({ kind: z.literal('failed'), problem: z.string(), cause: z.enum(['input', 'fault']) }),
]) satisfies z.ZodType<FromRun>;

/** Starts a run in a process of its own. */
export const startRun: StartRun = (request, handlers, options = {}) => {
  const child = fork(fileURLToPath(options.program ?? PROGRAM), [], {
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // Not in the terminal's process group: Ctrl-C is for the parent, which stops the run in order.
    detached: process.platform !== 'win32',
    // Of the parent's own options (a debugger's port, a program after -e) only those on memory are meant for runs too.
    execArgv: [...V8_FLAGS, ...process.execArgv.filter((argument) => argument.startsWith('--max-'))],
  });
  killWithParent(child);

  let outcome: RunOutcome | null = null;
  let stopping: 'no' | 'patient' | 'hasty' = 'no';
  let killTimer: NodeJS.Timeout | undefined;
  const killAfter = (milliseconds: number) => {
    clearTimeout(killTimer);
    killTimer = setTimeout(() => child.kill('SIGKILL'), milliseconds);
  };
  const end = (how: RunOutcome, graceMilliseconds: number) => {
    outcome ??= how;
    killAfter(graceMilliseconds);
  };
  const exitGrace = options.exitGraceMilliseconds ?? EXIT_GRACE;
  const stays = request.answers === true;
  const asked = new Map<number, (answer: Answer) => void>();
  const acting = new Map<number, (acted: Acted) => void>();
  let questions = 0;
  let resolveDone: (outcome: RunOutcome) => void = () => undefined;
  const done = new Promise<RunOutcome>((resolve) => {
    resolveDone = resolve;
  });

  const receive = (message: FromRun) => {
    switch (message.kind) {
      case 'layout':
        handlers.layout?.(message.layout, message.warnings);
        return;
      case 'frame':
        handlers.frame?.(message.frame);
        return;
      case 'detections':
        handlers.detections?.(message.detections);
        return;
      case 'reporting':
        if (stopping === 'patient') killAfter(REPORT_GRACE);
        handlers.reporting?.(message.drawn);
        return;
      case 'acted':
        acting.get(message.number)?.(message.acted);
        acting.delete(message.number);
        return;
      case 'answer':
        asked.get(message.number)?.(message.answer);
        asked.delete(message.number);
        return;
      case 'finished':
        if (!stays) return end(message, exitGrace);
        clearTimeout(killTimer);
        outcome = message;
        resolveDone(message);
        return;
      case 'failed':
        end({ kind: 'failed', problem: message.problem, cause: message.cause }, exitGrace);
        return;
      default:
        assertNever(message);
    }
  };
  child.on('message', (raw) => {
    if (outcome !== null && !stays) return;
    const parsed = fromRun.safeParse(raw);
    if (parsed.success) receive(parsed.data);
    else end({ kind: 'failed', cause: 'fault', problem: NOT_UNDERSTOOD }, 0);
  });

  const tail = collectOutput(child, handlers.log);
  // A message that cannot be delivered finds a process that is gone or going, which `close` reports.
  const send = (message: ToRun) => {
    if (child.connected) child.send(message, () => undefined);
  };

  const gone = new Promise<void>((resolve) => {
    const leave = (how: RunOutcome): void => {
      resolveDone(how);
      for (const answer of asked.values()) answer(GONE);
      asked.clear();
      for (const acted of acting.values()) acted(GONE);
      acting.clear();
      resolve();
    };
    child.once('error', (error) => {
      if (child.pid !== undefined) return;
      leave({ kind: 'failed', cause: 'crash', problem: `The run's process could not be started: ${error.message}.` });
    });
    // `close` comes after the last message and the last line of output, `exit` may come before them.
    child.once('close', (code, signal) => {
      clearTimeout(killTimer);
      if (outcome !== null) leave(outcome);
      else if (stopping !== 'no') leave({ kind: 'stopped' });
      else leave({ kind: 'failed', cause: 'crash', problem: obituary(code, signal, tail()) });
    });
  });
  send({ kind: 'start', request });

  return {
    pause: () => send({ kind: 'pause' }),
    resume: () => send({ kind: 'resume' }),
    pace: (speed) => send({ kind: 'pace', speed }),
    step: (to) => send({ kind: 'step', to }),
    stop(graceMilliseconds) {
      stopping = graceMilliseconds === undefined ? 'patient' : 'hasty';
      send({ kind: 'stop' });
      if (outcome === null) killAfter(graceMilliseconds ?? STOP_GRACE);
    },
    ask(question) {
      if (!child.connected) return Promise.resolve(GONE);
      const number = ++questions;
      const answer = new Promise<Answer>((resolve) => asked.set(number, resolve));
      send({ kind: 'ask', number, question });
      return answer;
    },
    act(act) {
      if (!child.connected) return Promise.resolve(GONE);
      const number = ++questions;
      const acted = new Promise<Acted>((resolve) => acting.set(number, resolve));
      send({ kind: 'act', number, act });
      return acted;
    },
    leave() {
      send({ kind: 'leave' });
      killAfter(exitGrace);
    },
    done,
    gone,
  };
};

const GONE: Answer & Acted = {
  kind: 'refused',
  problem: 'the run’s process is gone; ask again, and it is simulated anew',
};

const NOT_UNDERSTOOD =
  "The run's process sent a message that this version does not understand; build again (npm run build) and restart.";

/** Passes output on line by line and returns a function that gives its last lines. */
function collectOutput(child: ChildProcess, log: RunHandlers['log']): () => readonly string[] {
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue;
    let rest = '';
    const keep = (line: string) => {
      const shown = line.trimEnd().slice(0, TAIL_LINE_LENGTH);
      if (shown === '') return;
      log?.(shown);
      if (stream !== child.stderr) return;
      lines.push(shown);
      if (lines.length > TAIL_LINES) lines.shift();
    };
    stream.setEncoding('utf8');
    stream.on('data', (chunk: string) => {
      const parts = (rest + chunk).split('\n');
      // A process that never ends its line must not fill our memory.
      rest = (parts.pop() ?? '').slice(0, TAIL_LINE_LENGTH);
      parts.forEach(keep);
    });
    stream.on('end', () => keep(rest));
    stream.on('error', () => undefined);
  }
  return () => lines;
}

/** Says how a process died, for a person. */
function obituary(code: number | null, signal: NodeJS.Signals | null, tail: readonly string[]): string {
  const said = tail.length === 0 ? '' : ` It last said:\n${tail.join('\n')}`;
  if (tail.some((line) => /out of memory|ERR_WORKER_OUT_OF_MEMORY/i.test(line)))
    return `The run's process ran out of memory. Take a shorter duration, fewer clips or fewer runs at once.${said}`;
  if (signal === 'SIGKILL')
    return `The run's process was killed by the system, most likely because memory ran out. Take a shorter duration or fewer runs at once.${said}`;
  if (signal !== null) return `The run's process died of ${signal}.${said}`;
  return `The run's process ended with exit code ${code} and without a report.${said}`;
}

// A child notices by itself when its parent is gone; one that is too busy or stuck to notice is taken along here.
const living = new Set<ChildProcess>();
function killWithParent(child: ChildProcess): void {
  if (living.size === 0) process.once('exit', killAll);
  living.add(child);
  child.once('exit', () => {
    living.delete(child);
    if (living.size === 0) process.removeListener('exit', killAll);
  });
}
function killAll(): void {
  for (const child of living) child.kill('SIGKILL');
}
