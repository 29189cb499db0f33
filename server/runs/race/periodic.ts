// What a core takes for a window when they come evenly: the steady cycle in closed form, by the rules of the simulator's governor. It wakes,
// works, and rests until the next one. A window that would come while a state is being entered counts as coming at its end.

import type { CorePlan, CorePolicy } from '../../simulator/plan.ts';
import type { Parts } from '../core-parts.ts';

/** Work on one window: level of the core, and nanoseconds. */
export interface Work {
  readonly level: number;
  readonly duration: number;
}

/** One stay in a power state: nanoseconds from when it is entered. */
interface Stay {
  readonly state: number;
  readonly span: number;
}

/**
 * Joules of one period.
 * @param period nanoseconds from one window to the next
 * @param known the core knows when the next window comes (the sensor wakes it by its clock)
 * @returns null when the windows come faster than they can be worked on
 */
export function periodicEnergy(
  core: CorePlan,
  policy: CorePolicy,
  work: Work,
  period: number,
  known: boolean,
): Parts | null {
  const candidates = core.states.flatMap((state, index) =>
    index === 0 || (policy.permitted[index] && state.exit.latency <= policy.latencyAllowed) ? [index] : [],
  );
  const restAfter = (state: number) => period - core.states[state].exit.latency - work.duration;
  // The state that the core wakes from decides how long it can rest, and that decides the state: the deepest that agrees with itself.
  const agreeing = candidates.filter((state) => {
    const rest = restAfter(state);
    if (rest < 0) return false;
    if (known) return state === 0 || core.states[state].minResidency + core.states[state].exit.latency <= rest;
    return (staysFor(core, policy, candidates, rest).at(-1)?.state ?? 0) === state;
  });
  const from = agreeing.at(-1) ?? 0;
  const rest = restAfter(from);
  if (rest < 0) return null;
  const stays = known ? [{ state: from, span: rest }] : staysFor(core, policy, candidates, rest);
  return energyOf(core, policy, work, stays, from);
}

/** With nothing known to come: from state to deeper state, after the policy's linger in each. */
function staysFor(core: CorePlan, policy: CorePolicy, states: readonly number[], rest: number): readonly Stay[] {
  const stays: Stay[] = [];
  let left = rest;
  for (const [index, state] of states.entries()) {
    const patience = index + 1 < states.length ? core.states[state].entry.latency + policy.linger[state] : left;
    stays.push({ state, span: Math.min(left, patience) });
    left -= patience;
    if (left <= 0) break;
  }
  return stays;
}

function energyOf(core: CorePlan, policy: CorePolicy, work: Work, stays: readonly Stay[], from: number): Parts {
  const joules = (level: number, span: number) => (core.levels[level].power * span) / 1e9;
  const parts = { active: joules(work.level, work.duration), wake: 0, idle: 0, sleep: 0 };
  const { exit } = core.states[from];
  parts.wake += joules(exit.level, exit.latency);
  for (const { state, span } of stays) {
    const { entry, level } = core.states[state];
    parts.wake += joules(entry.level, Math.min(span, entry.latency));
    const inside = Math.max(0, span - entry.latency);
    if (state === 0) parts.idle += joules(core.idleLevels[policy.operatingPoint] ?? level, inside);
    else parts.sleep += joules(level, inside);
  }
  return parts;
}
