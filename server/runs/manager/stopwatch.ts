// What a run took on the clock, from its process's start: until its first window, and in all.

import type { Phase } from './lifecycle.ts';

export interface Laps {
  readonly startSeconds: number;
  readonly wallSeconds: number;
}

export class Stopwatch {
  readonly #now: () => number;
  readonly #at = new Map<Phase['kind'], number>();

  /** @param now milliseconds of a clock that never goes back */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  see(phase: Phase['kind']): void {
    if (!this.#at.has(phase)) this.#at.set(phase, this.#now());
  }

  /** Null for a run that is not over, or that was paused. */
  laps(): Laps | null {
    const [starting, running, finished] = (['starting', 'running', 'finished'] as const).map((kind) =>
      this.#at.get(kind),
    );
    if (starting === undefined || running === undefined || finished === undefined || this.#at.has('paused'))
      return null;
    return { startSeconds: (running - starting) / 1000, wallSeconds: (finished - starting) / 1000 };
  }
}
