// What a core's energy goes into: work, ways in and out of sleep, waiting, sleep.

import type { CorePlan } from '../simulator/plan.ts';
import type { Simulator } from '../simulator/simulator.ts';

/** Joules, or watts, by what they went into. */
export interface Parts {
  readonly active: number;
  /** Ways in and out of power states, and boots. */
  readonly wake: number;
  /** The shallowest state, behind a clock gate. */
  readonly idle: number;
  /** Deeper ones. */
  readonly sleep: number;
}
export const PARTS = ['active', 'wake', 'idle', 'sleep'] as const satisfies ReadonlyArray<keyof Parts>;

export const total = (parts: Parts): number => PARTS.reduce((sum, part) => sum + parts[part], 0);

/** The joules of a core in a run, at its rail. */
export function partsOf({ ledger, now }: Simulator, core: number, { activities, states, levels }: CorePlan): Parts {
  const parts = { active: 0, wake: 0, idle: 0, sleep: 0 };
  ledger.spentBy(core, now).forEach((span, level) => {
    const joules = (span * ledger.entries[core].levels[level]) / 1e9;
    const activity = activities[levels[level]?.activity ?? activities.length - 1];
    if (activity === 'active') parts.active += joules;
    else if (activity === states[0].name) parts.idle += joules;
    else if (states.some(({ name }) => name === activity)) parts.sleep += joules;
    else parts.wake += joules;
  });
  return parts;
}
