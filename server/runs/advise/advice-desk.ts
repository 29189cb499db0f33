// Advice that was asked of a server: one search at a time, each in a process of its own, which is killed when it is cancelled.

import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { V8_FLAGS } from '../process/v8-flags.ts';
import type { Advice, AdviceRequest } from './advise.ts';
import { present, verdict } from './verdict.ts';

export type FromAdviser =
  | { readonly kind: 'progress'; readonly step: string; readonly share: number }
  | { readonly kind: 'advice'; readonly advice: Advice }
  | { readonly kind: 'failed'; readonly problem: string };

/** How a search stands. */
export type AdviceState =
  | { readonly state: 'waiting' }
  | { readonly state: 'searching'; readonly step: string; readonly share: number }
  /** `words`: what can be said of it, a sentence or two each. */
  | { readonly state: 'done'; readonly advice: Advice; readonly words: readonly string[] }
  | { readonly state: 'failed'; readonly problem: string }
  | { readonly state: 'cancelled' };

export type AdviceView = AdviceState & { readonly id: string; readonly scenario: string };

interface Search {
  readonly id: string;
  /** Its name; the request has its path. */
  readonly scenario: string;
  readonly request: AdviceRequest;
  standing: AdviceState;
  process: ChildProcess | null;
}

const PROGRAM = new URL('./advice-process.js', import.meta.url);
/** Searches that wait, and those that are over and kept. */
const MOST_WAITING = 5;
const MOST_KEPT = 20;

const fromAdviser = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('progress'), step: z.string(), share: z.number() }),
  z.object({ kind: z.literal('advice'), advice: z.custom<Advice>((value) => typeof value === 'object') }),
  z.object({ kind: z.literal('failed'), problem: z.string() }),
]);

export class AdviceDesk {
  readonly #program: URL;
  readonly #log: (line: string) => void;
  /** In the order of asking. */
  readonly #searches = new Map<string, Search>();
  #count = 0;

  /** @param log told what a process writes */
  constructor(log: (line: string) => void, program = PROGRAM) {
    this.#log = log;
    this.#program = program;
  }

  /** Returns null when too many wait. */
  ask(scenario: string, request: AdviceRequest): AdviceView | null {
    const searches = [...this.#searches.values()];
    if (searches.filter(({ standing }) => standing.state === 'waiting').length >= MOST_WAITING) return null;
    const over = searches.filter((search) => isOver(search));
    for (const { id } of over.slice(0, Math.max(0, over.length - MOST_KEPT + 1))) this.#searches.delete(id);
    const id = `${scenario}-advice-${++this.#count}`;
    const search: Search = { id, scenario, request, standing: { state: 'waiting' }, process: null };
    this.#searches.set(id, search);
    this.#startNext();
    return viewOf(search);
  }

  /** The newest first. */
  list(): readonly AdviceView[] {
    return Array.from(this.#searches.values(), viewOf).reverse();
  }

  get(id: string): AdviceView | null {
    const search = this.#searches.get(id);
    return search === undefined ? null : viewOf(search);
  }

  /** Ends a search that is not over. */
  cancel(id: string): AdviceView | null {
    const search = this.#searches.get(id);
    if (search === undefined) return null;
    this.#end(search, { state: 'cancelled' });
    return viewOf(search);
  }

  close(): void {
    for (const search of this.#searches.values()) this.#end(search, { state: 'cancelled' });
  }

  #startNext(): void {
    const searches = [...this.#searches.values()];
    if (searches.some((search) => search.process !== null)) return;
    const next = searches.find(({ standing }) => standing.state === 'waiting');
    if (next !== undefined) this.#start(next);
  }

  #start(search: Search): void {
    const child = fork(fileURLToPath(this.#program), [], {
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      execArgv: [...V8_FLAGS],
    });
    search.process = child;
    search.standing = { state: 'searching', step: 'starting', share: 0 };
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => {
        said = (said + text).slice(-2000);
        this.#log(text.trimEnd().slice(0, 2000));
      });
    child.on('message', (raw) => {
      if (isOver(search)) return;
      const parsed = fromAdviser.safeParse(raw);
      if (!parsed.success) return;
      const message = parsed.data;
      if (message.kind === 'progress')
        search.standing = { state: 'searching', step: message.step, share: message.share };
      else if (message.kind === 'advice') search.standing = doneWith(message.advice);
      else search.standing = { state: 'failed', problem: message.problem };
    });
    child.once('close', () => {
      search.process = null;
      if (!isOver(search))
        search.standing = { state: 'failed', problem: `The search ended without an advice. ${said}`.trim() };
      this.#startNext();
    });
    child.once('error', (error) => {
      if (!isOver(search))
        search.standing = { state: 'failed', problem: `The search could not be started: ${error.message}.` };
    });
    child.send(search.request);
  }

  #end(search: Search, standing: AdviceState): void {
    if (!isOver(search)) search.standing = standing;
    search.process?.kill('SIGKILL');
  }
}

const doneWith = (advice: Advice): AdviceState => ({
  state: 'done',
  advice,
  words: [verdict(advice), ...present(advice)],
});

const viewOf = ({ id, scenario, standing }: Search): AdviceView => ({ id, scenario, ...standing });

const isOver = ({ standing: { state } }: Search): boolean => state !== 'waiting' && state !== 'searching';
