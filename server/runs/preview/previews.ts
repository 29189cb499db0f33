// Previews are mixed in a child process, which is started when first asked and ends when nobody asks any more: decoding and mixing keep nobody waiting,
// and one that hangs or runs out of memory takes nobody with it.

import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { PreviewAnswer, PreviewQuestion, PreviewRefusal } from './question.ts';

export interface PreviewLimits {
  /** Questions that wait for their turn; more are refused. */
  readonly waiting: number;
  /** A question that takes longer is given up, and its process killed. */
  readonly answerMilliseconds: number;
  /** So long after the last question the process ends, and with it what it keeps in memory. */
  readonly idleMilliseconds: number;
}

const DEFAULT_LIMITS: PreviewLimits = { waiting: 16, answerMilliseconds: 30_000, idleMilliseconds: 300_000 };
/** Of V8's heap: schedules of a hundred busy days. Recordings lie outside it. */
const HEAP_MEGABYTES = 512;

const here = import.meta.url.includes('/dist/') ? './' : '../../../dist/server/runs/preview/';
const PROGRAM = new URL(`${here}program.js`, import.meta.url);

// The child is our own code: kinds are checked, and what they carry is taken as typed.
const reply = z.custom<PreviewAnswer>(
  (value) =>
    z.object({ kind: z.enum(['overview', 'stretch', 'sound', 'picture', 'refused']) }).safeParse(value).success,
);

interface Waiting {
  readonly question: PreviewQuestion;
  readonly resolve: (answer: PreviewAnswer) => void;
}

export class Previews {
  readonly #limits: PreviewLimits;
  readonly #log: (line: string) => void;
  readonly #waiting: Waiting[] = [];
  #answering: Waiting | null = null;
  #child: ChildProcess | null = null;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  /** @param log told of lines that the process writes, and of its death */
  constructor(log: (line: string) => void = () => {}, limits: Partial<PreviewLimits> = {}) {
    this.#limits = { ...DEFAULT_LIMITS, ...limits };
    this.#log = log;
  }

  /**
   * Answers in the order of questions; never rejects but when `signal` is aborted, which takes back a question that still waits.
   */
  ask(question: PreviewQuestion, signal?: AbortSignal): Promise<PreviewAnswer> {
    if (this.#closed || this.#waiting.length >= this.#limits.waiting) return Promise.resolve(TOO_MANY);
    return new Promise<PreviewAnswer>((resolve, reject) => {
      const waiting: Waiting = { question, resolve };
      this.#waiting.push(waiting);
      signal?.addEventListener('abort', () => {
        const place = this.#waiting.indexOf(waiting);
        if (place >= 0) this.#waiting.splice(place, 1);
        reject(signal.reason);
      });
      this.#next();
    });
  }

  /** Ends the process; settles when it is gone. */
  async close(): Promise<void> {
    this.#closed = true;
    const child = this.#child;
    for (const { resolve } of this.#waiting.splice(0)) resolve(TOO_MANY);
    if (child === null) return;
    const gone = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGKILL');
    await gone;
  }

  #next(): void {
    if (this.#answering !== null) return;
    const next = this.#waiting.shift();
    if (next === undefined) {
      this.#endAfter(this.#limits.idleMilliseconds);
      return;
    }
    this.#answering = next;
    this.#child ??= this.#start();
    this.#child.send(next.question, () => undefined);
    this.#endAfter(this.#limits.answerMilliseconds);
  }

  #endAfter(milliseconds: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#child?.kill('SIGKILL'), milliseconds);
    this.#timer.unref();
  }

  #settle(answer: PreviewAnswer): void {
    this.#answering?.resolve(answer);
    this.#answering = null;
    this.#next();
  }

  #start(): ChildProcess {
    const child = fork(fileURLToPath(PROGRAM), [], {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      // Not in the terminal's process group: Ctrl-C is for the parent, which ends it in order.
      detached: process.platform !== 'win32',
      execArgv: [`--max-old-space-size=${HEAP_MEGABYTES}`],
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => this.#log(text.trimEnd()));
    child.on('message', (raw) => {
      const parsed = reply.safeParse(raw);
      this.#settle(parsed.success ? parsed.data : DIED);
    });
    // It could not be started; `close` follows only where it was.
    child.on('error', (error) => {
      this.#log(error.message);
      if (child.pid === undefined) this.#gone(child);
    });
    child.once('close', () => this.#gone(child));
    return child;
  }

  #gone(child: ChildProcess): void {
    if (this.#child !== child) return;
    this.#child = null;
    clearTimeout(this.#timer);
    if (this.#answering !== null) this.#settle(DIED);
  }
}

const TOO_MANY: PreviewRefusal = {
  kind: 'refused',
  cause: 'busy',
  problem: 'Too many previews are asked for at once. Try again in some seconds.',
};
const DIED: PreviewRefusal = {
  kind: 'refused',
  cause: 'fault',
  problem:
    'The preview could not be made: it took too long or too much memory. Take a shorter duration, or fewer and shorter recordings; the server’s log may say more.',
};
