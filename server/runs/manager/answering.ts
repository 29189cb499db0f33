// Processes of runs that are over, kept for questions: the last few that were asked. One that is gone is simulated again, which gives the same.

import type { Input } from '../acts/act.ts';
import type { RunRequest } from '../process/messages.ts';
import type { RunHandle, StartRun } from '../process/process-client.ts';
import type { Answer, Question } from '../questions/question.ts';

/** A run that is over, as far as it is asked about. */
export interface AskedRun {
  readonly id: string;
  readonly request: RunRequest;
  /** What was done to it while it went on. */
  readonly inputs: readonly Input[];
  /** How far it came. */
  readonly simulatedSeconds: number;
}

export class Answering {
  readonly #startRun: StartRun;
  readonly #most: number;
  /** The one asked last is the last. */
  readonly #kept = new Map<string, RunHandle>();

  /** @param most processes that are kept */
  constructor(startRun: StartRun, most: number) {
    this.#startRun = startRun;
    this.#most = most;
  }

  /** Keeps the process of a run that is over. */
  keep(id: string, handle: RunHandle): void {
    this.#kept.delete(id);
    this.#kept.set(id, handle);
    void handle.gone.then(() => {
      if (this.#kept.get(id) === handle) this.#kept.delete(id);
    });
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= this.#most) return;
      this.forget(oldest);
    }
  }

  async ask({ id, request, inputs, simulatedSeconds }: AskedRun, question: Question): Promise<Answer> {
    const handle =
      this.#kept.get(id) ??
      this.#startRun({ ...request, speed: 'max', answers: true, inputs, untilSeconds: simulatedSeconds }, {});
    this.keep(id, handle);
    const outcome = await handle.done;
    if (outcome.kind === 'finished') return handle.ask(question);
    return {
      kind: 'refused',
      problem: outcome.kind === 'failed' ? outcome.problem : 'the server is shutting down',
    };
  }

  forget(id: string): void {
    this.#kept.get(id)?.leave();
    this.#kept.delete(id);
  }

  /** Ends all; settles when they are gone. */
  async close(): Promise<void> {
    const handles = [...this.#kept.values()];
    for (const handle of handles) {
      handle.stop(0);
      handle.leave();
    }
    await Promise.all(handles.map(({ gone }) => gone));
  }
}
