// From the rails' loads through the regulators to the battery. Time is booked when an event comes, never when somebody looks, so that the
// result does not depend on how often it is looked at.

import { NANOSECONDS_PER_SECOND, type Nanoseconds, watts } from '../units.ts';
import { Battery, type BatteryState } from './battery.ts';
import type { Ledger } from './ledger.ts';
import type { Plan } from './plan.ts';
import { inputPower } from './regulator.ts';

export interface SupplyState {
  /** The time up to which all energies are booked: that of the last event. */
  since: number;
  /** Joules into each regulator, and out of it; after them what rounding added to each sum (Kahan, Comm. ACM 8(1), 1965). */
  readonly railInput: Float64Array;
  readonly railInputError: Float64Array;
  readonly railOutput: Float64Array;
  readonly railOutputError: Float64Array;
  /** What is drawn at this moment. */
  readonly railLoad: Float64Array;
  readonly railDraw: Float64Array;
  power: number;
  /** Joules at the battery's terminals. */
  delivered: number;
  deliveredError: number;
  readonly battery: BatteryState | null;
}

/** The battery moves on at every event, and at least this often. */
export const LONGEST_STEP = 1_000_000_000;

export class Supply {
  readonly state: SupplyState;
  readonly battery: Battery | null;
  private readonly plan: Plan;
  private readonly ledger: Ledger;

  constructor(plan: Plan, ledger: Ledger) {
    this.plan = plan;
    this.ledger = ledger;
    this.battery = plan.supply.kind === 'battery' ? new Battery(plan.supply.battery, plan.supply.startSoc) : null;
    const rails = plan.rails.length;
    this.state = {
      since: 0,
      railInput: new Float64Array(rails),
      railInputError: new Float64Array(rails),
      railOutput: new Float64Array(rails),
      railOutputError: new Float64Array(rails),
      railLoad: new Float64Array(rails),
      railDraw: new Float64Array(rails),
      power: 0,
      delivered: 0,
      deliveredError: 0,
      battery: this.battery?.state ?? null,
    };
  }

  /** Takes note of changed loads. Returns whether the battery must give more than before. */
  refresh(): boolean {
    const { ledger, plan, state } = this;
    if (!ledger.state.changed) return false;
    let power = 0;
    for (let rail = 0; rail < plan.rails.length; rail++) {
      const load = ledger.railPower(rail);
      if (load !== state.railLoad[rail] || state.railDraw[rail] === 0) {
        state.railLoad[rail] = load;
        state.railDraw[rail] = inputPower(plan.rails[rail].regulator, watts(load));
      }
      power += state.railDraw[rail];
    }
    const rose = power > state.power;
    state.power = power;
    ledger.state.changed = false;
    return rose;
  }

  /** At the battery's terminals under the load of this moment: not a number when it cannot deliver. */
  voltage(): number {
    if (this.plan.supply.kind === 'ideal') return this.plan.supply.volts;
    return this.battery === null ? Number.NaN : this.battery.voltage(this.state.power);
  }

  /** Books the time up to `to` at the powers of this moment. */
  advance(to: number): void {
    const { state } = this;
    const span = to - state.since;
    if (span <= 0) return;
    state.since = to;
    const seconds = span / NANOSECONDS_PER_SECOND;
    const { railInput, railInputError, railOutput, railOutputError, railLoad, railDraw } = state;
    for (let rail = 0; rail < railLoad.length; rail++) {
      add(railOutput, railOutputError, rail, railLoad[rail] * seconds);
      add(railInput, railInputError, rail, railDraw[rail] * seconds);
    }
    const given = state.power * seconds - state.deliveredError;
    const delivered = state.delivered + given;
    state.deliveredError = delivered - state.delivered - given;
    state.delivered = delivered;
    if (this.battery === null) return;
    for (let left = span; left > 0; left -= LONGEST_STEP)
      this.battery.step(state.power, Math.min(left, LONGEST_STEP) / NANOSECONDS_PER_SECOND);
  }

  /** A copy with the time up to `now` booked: for meters, between events. */
  at(now: Nanoseconds): Supply {
    const copy = new Supply(this.plan, this.ledger);
    const { battery, ...state } = structuredClone(this.state);
    Object.assign(copy.state, state);
    if (copy.state.battery !== null && battery !== null) Object.assign(copy.state.battery, battery);
    copy.advance(now);
    return copy;
  }

  /** The battery is cut off: nothing is drawn any more, and the cell goes on leaking. */
  disconnect(): void {
    this.state.railLoad.fill(0);
    this.state.railDraw.fill(0);
    this.state.power = 0;
    this.ledger.state.changed = false;
  }

  /** As of the last event. */
  get soc(): number {
    return this.battery === null ? 1 : this.battery.soc;
  }
}

function add(sums: Float64Array, errors: Float64Array, index: number, amount: number): void {
  const corrected = amount - errors[index];
  const sum = sums[index] + corrected;
  errors[index] = sum - sums[index] - corrected;
  sums[index] = sum;
}
