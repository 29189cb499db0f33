// Chooses among power states. Pure: it sees what is permitted and what is known, never a future score.

import type { Nanoseconds } from '../units.ts';
import type { CorePolicy, PowerStatePlan } from './plan.ts';

/** What may stand against some states at this moment, added up. */
export const Hindrance = {
  None: 0,
  /** A transfer out of the core's memory is under way. */
  LinkBusy: 1,
  /** The sensor delivers to this core. */
  SensorFeeds: 2,
  /** Some other core of the domain does not sleep in a state for the whole domain. */
  DomainAwake: 4,
} as const;

/** What a policy asks of a core, and the states that it permits, as plain numbers: worked out once, asked at every decision. */
export class Governor {
  readonly operatingPoint: number;
  /** Some state deeper than the first may be chosen. */
  readonly hasChoice: boolean;
  /** By state: nanoseconds to stay in it, with nothing known to come, before a deeper one is tried. */
  readonly linger: Float64Array;
  private readonly states: number;
  /** By state: hindrances that keep a core out of it, all of them where the policy does. */
  private readonly barredBy: Int32Array;
  /** Nanoseconds that it must fit in: minimum residency and exit. */
  private readonly takes: Float64Array;

  constructor(states: readonly PowerStatePlan[], policy: CorePolicy) {
    this.operatingPoint = policy.operatingPoint;
    this.linger = Float64Array.from(policy.linger);
    this.states = states.length;
    this.barredBy = Int32Array.from(states, (state, index) => barredBy(state, index, policy));
    this.hasChoice = this.barredBy.some((by, state) => state > 0 && (by & BARRED) === 0);
    this.takes = Float64Array.from(states, ({ minResidency, exit }) => minResidency + exit.latency);
  }

  /**
   * The deepest permitted state that pays: its minimum residency and exit latency fit in the time to the known work. With nothing known to
   * come, the shallowest first and then a step deeper after the policy's linger in each: staying until the next state would have paid for
   * itself costs at most twice what a clairvoyant would (Karlin, Manasse, McGeoch, Owicki: Competitive randomized algorithms for nonuniform
   * problems, 1994).
   * @param current index of the state it is in, -1 when it was active
   * @param untilKnownWork nanoseconds to the next timer or interrupt that is certain; infinity when nothing is known
   * @param hindrances see `Hindrance`
   */
  choose(current: number, untilKnownWork: number, hindrances: number): number {
    const { states, barredBy, takes } = this;
    const bars = hindrances | BARRED;
    if (untilKnownWork === Number.POSITIVE_INFINITY) {
      for (let index = current + 1; index < states; index++) if ((barredBy[index] & bars) === 0) return index;
      return current;
    }
    for (let index = states - 1; index > 0; index--)
      if ((barredBy[index] & bars) === 0 && takes[index] <= untilKnownWork) return index;
    return 0;
  }
}

/** Always against what the policy does not permit. */
const BARRED = 8;

/** The first state always may be. */
function barredBy(state: PowerStatePlan, index: number, policy: CorePolicy): number {
  if (index === 0) return Hindrance.None;
  const permitted = policy.permitted[index] && state.exit.latency <= policy.latencyAllowed;
  return (
    (permitted ? Hindrance.None : BARRED) |
    (state.linksLive ? Hindrance.None : Hindrance.LinkBusy) |
    (state.sensorLive ? Hindrance.None : Hindrance.SensorFeeds) |
    (state.wholeDomain ? Hindrance.DomainAwake : Hindrance.None)
  );
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
