// What simulations of a run came to, by all that they were of, so that a question about another device does not repeat what is the same for it.

import { createHash } from 'node:crypto';
import type { PowerTrace } from './life.ts';

/** Results beyond this many (each a few numbers, or a minute's power for every minute) push out those that were asked for longest ago. */
const MOST = 64;

/** The power of a day in one power profile, and what a day without a sound came to, for any device that hears this run's sound. */
export interface RunMemo {
  readonly powers: Memo<PowerTrace>;
  readonly quiet: Memo<QuietDay>;
}

export interface QuietDay {
  readonly joules: number;
  /** Inferences by stage. */
  readonly jobs: readonly number[];
}

export const newMemo = (): RunMemo => ({ powers: new Memo(), quiet: new Memo() });

export class Memo<Value> {
  private readonly values = new Map<string, Value>();

  /** @param of plain data that the value follows from, whole */
  get(of: object): Value | undefined {
    const key = keyOf(of);
    const value = this.values.get(key);
    if (value === undefined) return undefined;
    this.values.delete(key);
    this.values.set(key, value);
    return value;
  }

  set(of: object, value: Value): void {
    this.values.set(keyOf(of), value);
    for (const oldest of this.values.keys()) {
      if (this.values.size <= MOST) return;
      this.values.delete(oldest);
    }
  }
}

/** JSON gives every number in full but for those that are none, or no end, which it takes for nothing. */
const keyOf = (of: object): string =>
  createHash('sha256')
    .update(
      JSON.stringify(of, (_, value) => (typeof value === 'number' && !Number.isFinite(value) ? `${value}` : value)),
    )
    .digest('base64');
