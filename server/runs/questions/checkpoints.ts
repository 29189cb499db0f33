// The simulated device every now and then, so that any stretch can be simulated again without what lies before it.

import type { Simulator } from '../../simulator/simulator.ts';
import { type Checkpoint, saveCheckpoint } from '../../simulator/snapshot.ts';

/** Each takes some 30 kB. */
const MOST = 240;
const CLOSEST = 5e9;

export class Checkpoints {
  private readonly spacing: number;
  private readonly kept: Checkpoint[] = [];
  private due: number;

  /** @param duration nanoseconds that the run has */
  constructor(duration: number) {
    this.spacing = Math.max(CLOSEST, duration / MOST);
    this.due = this.spacing;
  }

  /** To be called now and then, between events. */
  offer(simulator: Simulator): void {
    if (simulator.now < this.due) return;
    this.kept.push(saveCheckpoint(simulator));
    this.due = simulator.now + this.spacing;
  }

  /** The latest not after `time`; null when that is the start. */
  before(time: number): Checkpoint | null {
    return this.kept.findLast(({ alarms }) => alarms.now <= time) ?? null;
  }
}
