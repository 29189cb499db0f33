// Chooses among power states. Pure: it sees what is permitted and what is known, never a future score.

import type { Nanoseconds } from '../units.ts';
import type { CorePolicy, PowerStatePlan } from './plan.ts';

/** What else bears on the choice at this moment. */
export interface Circumstances {
  /** Time to the next timer or interrupt that is certain; infinity when nothing is known. */
  readonly untilKnownWork: number;
  /** A transfer out of the core's memory is under way. */
  readonly linkBusy: boolean;
  /** The sensor delivers to this core. */
  readonly sensorFeeds: boolean;
  /** Every other core of the domain sleeps in a state for the whole domain, or there is none. */
  readonly domainAsleep: boolean;
}

/** Whether the state may be entered at all; the first state always may. */
function permitted(state: PowerStatePlan, index: number, policy: CorePolicy, now: Circumstances): boolean {
  if (index === 0) return true;
  if (!policy.permitted[index] || state.exit.latency > policy.latencyAllowed) return false;
  if (now.linkBusy && !state.linksLive) return false;
  if (now.sensorFeeds && !state.sensorLive) return false;
  return !state.wholeDomain || now.domainAsleep;
}

/**
 * The deepest permitted state that pays: its minimum residency and exit latency fit in the time to the known work. With nothing known to
 * come, the shallowest first and then a step deeper after the policy's linger in each: staying until the next state would have paid for
 * itself costs at most twice what a clairvoyant would (Karlin, Manasse, McGeoch, Owicki: Competitive randomized algorithms for nonuniform
 * problems, 1994).
 * @param current index of the state it is in, -1 when it was active
 */
export function chooseState(
  states: readonly PowerStatePlan[],
  policy: CorePolicy,
  now: Circumstances,
  current: number,
): number {
  if (!Number.isFinite(now.untilKnownWork)) {
    for (let index = current + 1; index < states.length; index++) {
      if (permitted(states[index], index, policy, now)) return index;
    }
    return current;
  }
  let choice = 0;
  for (let index = 1; index < states.length; index++) {
    if (!permitted(states[index], index, policy, now)) continue;
    if (states[index].minResidency + states[index].exit.latency <= now.untilKnownWork) choice = index;
  }
  return choice;
}

/** One way in or out of a power state. */
interface Transition {
  readonly watts: number;
  readonly latency: Nanoseconds;
}

/**
 * Nanoseconds of stay from which on a state costs less than staying in a shallower one: entry.watts·entry + deep·(stay - entry) +
 * exit.watts·exit = shallow·stay. Entry is part of the stay, exit is not. Infinity when it never pays.
 */
export function breakEven(shallowWatts: number, deepWatts: number, entry: Transition, exit: Transition): number {
  const saved = shallowWatts - deepWatts;
  if (saved <= 0) return Number.POSITIVE_INFINITY;
  const extra = (entry.watts - deepWatts) * entry.latency + exit.watts * exit.latency;
  return Math.max(entry.latency, extra / saved);
}
