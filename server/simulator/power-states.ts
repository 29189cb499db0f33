// A core's power states, flat: by state, what it draws in one, and the levels and nanoseconds of going there and coming back.

import type { CorePlan } from './plan.ts';

export class PowerStates {
  readonly count: number;
  readonly level: Int32Array;
  readonly entryLevel: Int32Array;
  readonly entryLatency: Float64Array;
  readonly exitLevel: Int32Array;
  readonly exitLatency: Float64Array;
  /** 1: only possible while the whole domain sleeps. */
  readonly wholeDomain: Uint8Array;
  /** Some state is for the whole domain. */
  readonly shares: boolean;
  /** Of the first state, by operating point, whose clock goes on behind the gate; those beyond have the state's own. */
  private readonly idleLevels: Int32Array;

  constructor({ states, idleLevels }: CorePlan) {
    this.count = states.length;
    this.level = Int32Array.from(states, ({ level }) => level);
    this.entryLevel = Int32Array.from(states, ({ entry }) => entry.level);
    this.entryLatency = Float64Array.from(states, ({ entry }) => entry.latency);
    this.exitLevel = Int32Array.from(states, ({ exit }) => exit.level);
    this.exitLatency = Float64Array.from(states, ({ exit }) => exit.latency);
    this.wholeDomain = Uint8Array.from(states, ({ wholeDomain }) => (wholeDomain ? 1 : 0));
    this.shares = states.some(({ wholeDomain }) => wholeDomain);
    this.idleLevels = Int32Array.from(idleLevels);
  }

  /** Level of a core that rests in a state after work at an operating point. */
  restLevel(state: number, point: number): number {
    return state === 0 && point < this.idleLevels.length ? this.idleLevels[point] : this.level[state];
  }

  /** The deepest state above this one that a core may be in by itself. */
  ownAbove(state: number): number {
    let own = state - 1;
    while (own > 0 && this.wholeDomain[own] === 1) own--;
    return own;
  }
}
