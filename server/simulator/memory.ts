// Memories: off, retained or on as their core's power state says (one without a core is retained), on for whoever accesses them, and
// drawing more while bytes move.

import type { Nanoseconds, Watts } from '../units.ts';
import { watts } from '../units.ts';
import type { Ledger } from './ledger.ts';
import type { MemoryMode, MemoryPlan } from './plan.ts';

const OFF = 0;
const RETAINED = 1;
const ON = 2;

/** Levels of a memory in the ledger: off, retained, on, and on with 1, 2, … cores accessing it. */
export const memoryLevels = (memory: MemoryPlan, cores: number): readonly Watts[] => [
  watts(0),
  memory.retentionPower,
  ...Array.from({ length: cores + 1 }, (_, users) => watts(memory.onPower + users * memory.accessPower)),
];

export class Memory {
  readonly state: { mode: number; users: number };
  private readonly ledger: Ledger;
  private readonly entry: number;

  constructor(ledger: Ledger, entry: number) {
    this.ledger = ledger;
    this.entry = entry;
    this.state = { mode: RETAINED, users: 0 };
  }

  setMode(mode: MemoryMode, now: Nanoseconds): void {
    this.state.mode = mode === 'on' ? ON : mode === 'retained' ? RETAINED : OFF;
    this.settle(now);
  }

  access(users: 1 | -1, now: Nanoseconds): void {
    this.state.users += users;
    this.settle(now);
  }

  private settle(now: Nanoseconds): void {
    const { mode, users } = this.state;
    const awake = mode === ON || users > 0;
    this.ledger.set(this.entry, awake ? ON + users : mode, now);
  }
}
