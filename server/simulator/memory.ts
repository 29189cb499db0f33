// Memories: off, retained or on as their core's power state says (one without a core is retained), on for whoever accesses them, and
// drawing more while bytes move.

import { type Watts, watts } from '../units.ts';
import type { Ledger } from './ledger.ts';
import type { MemoryMode, MemoryPlan } from './plan.ts';

const OFF = 0;
const RETAINED = 1;
const ON = 2;
export type MemoryLevel = typeof OFF | typeof RETAINED | typeof ON;

/** The same for every memory; 2 is also the level of one that is on and that nobody accesses. */
export const MEMORY_LEVELS: Readonly<Record<MemoryMode, MemoryLevel>> = { off: OFF, retained: RETAINED, on: ON };

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

  setMode(mode: MemoryLevel): void {
    this.state.mode = mode;
    this.settle();
  }

  access(users: 1 | -1): void {
    this.state.users += users;
    this.settle();
  }

  private settle(): void {
    const { mode, users } = this.state;
    const awake = mode === ON || users > 0;
    this.ledger.set(this.entry, awake ? ON + users : mode);
  }
}
