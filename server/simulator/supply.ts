// From the rails' loads through the regulators to the battery. Time is booked when an event comes, never when somebody looks, so that the
// result does not depend on how often it is looked at. Powers are constant between events, so nanoseconds are counted (as integers) per
// combination of loads and multiplied only when somebody asks; the battery alone is stepped, at every change of power and at every look.

import { NANOSECONDS_PER_SECOND, type Nanoseconds, watts } from '../units.ts';
import { Battery, type BatteryState } from './battery.ts';
import { spanAt } from './hours.ts';
import type { Ledger } from './ledger.ts';
import type { ChargerPlan, HourPlan, Plan } from './plan.ts';
import { inputPower } from './regulator.ts';

export interface SupplyState {
  /** The time up to which all energies are booked: that of the last event. */
  since: number;
  /** The combination of loads that is drawn at this moment (numbers of `Ledger.loads`), or none. */
  load: number;
  /** Watts that the regulators draw at this moment, from the battery or the charger. */
  power: number;
  /** Nanoseconds at this power that the battery has not yet given. */
  owed: number;
  /** The span of hours (`Plan.hours`) that this moment is in, and when it ends. */
  hour: number;
  hourUntil: number;
  /** The charger still charges: it does from when it is plugged in until the current has fallen. */
  charging: boolean;
  /** Joules out of the charger, and of them into the cell. */
  fromCharger: number;
  charged: number;
  /** Nanoseconds by combination. */
  spent: number[];
  readonly battery: BatteryState | null;
}

/** What a combination of loads draws. */
interface Draw {
  /** By rail: at the regulator's output, and at its input. */
  readonly output: Float64Array;
  readonly input: Float64Array;
  readonly power: number;
}

/** The battery moves on at every change of power, and at least this often. */
export const LONGEST_STEP = 1_000_000_000;
/** Before the first event, and after the battery was cut off. */
const NO_LOAD = -1;

export class Supply {
  readonly state: SupplyState;
  readonly battery: Battery | null;
  /** Told of every step of the battery. */
  onStep: ((watts: number, seconds: number) => void) | null = null;
  private readonly plan: Plan;
  private readonly charger: ChargerPlan | null;
  private readonly ledger: Ledger;
  /** By combination; follows from the plan. */
  private readonly draws: Draw[] = [];

  constructor(plan: Plan, ledger: Ledger) {
    this.plan = plan;
    this.ledger = ledger;
    this.battery = plan.supply.kind === 'battery' ? new Battery(plan.supply.battery, plan.supply.startSoc) : null;
    this.charger = plan.supply.kind === 'battery' ? plan.supply.charger : null;
    this.state = {
      since: 0,
      load: NO_LOAD,
      power: 0,
      owed: 0,
      hour: 0,
      hourUntil: Number.POSITIVE_INFINITY,
      charging: false,
      fromCharger: 0,
      charged: 0,
      spent: [],
      battery: this.battery?.state ?? null,
    };
    this.turnHour(0);
    this.state.charging = this.isPlugged;
  }

  /** What this hour brings; null where hours are all alike. */
  get hour(): HourPlan | null {
    return this.plan.hours?.spans[this.state.hour] ?? null;
  }

  /** The charger is plugged in, and feeds the device. */
  get isPlugged(): boolean {
    return this.charger !== null && (this.hour?.plugged ?? false);
  }

  /** Goes over to the span of hours that begins now. */
  turnHour(now: number): void {
    const { plan, state } = this;
    if (plan.hours === null) return;
    this.settle();
    const wasPlugged = this.isPlugged;
    const { index, until } = spanAt(plan.hours, now);
    state.hour = index;
    state.hourUntil = until;
    if (!this.isPlugged) state.charging = false;
    else if (!wasPlugged) state.charging = true;
    const { resistanceFactor, lockedShare } = plan.hours.spans[index];
    this.battery?.setTemperature(resistanceFactor, lockedShare);
  }

  /** Takes note of changed loads. Returns whether the battery must give more than before. */
  refresh(): boolean {
    const { state } = this;
    const load = this.ledger.loads.state.current;
    if (load === state.load) return false;
    const { power } = this.drawOf(load);
    const rose = power > state.power;
    if (power !== state.power) this.settle();
    while (state.spent.length <= load) state.spent.push(0);
    state.load = load;
    state.power = power;
    return rose;
  }

  /** What the regulators see under a load, that of this moment when it is left out: not a number when the battery cannot deliver it. */
  voltage(power = this.state.power): number {
    if (this.charger !== null && this.isPlugged) return this.charger.volts;
    if (this.plan.supply.kind === 'ideal') return this.plan.supply.volts;
    return this.battery === null ? Number.NaN : this.battery.voltage(power);
  }

  /** Books the time up to `to` at the powers of this moment. */
  advance(to: number): void {
    const { state, battery } = this;
    const span = to - state.since;
    if (span <= 0) return;
    state.since = to;
    if (state.load !== NO_LOAD) state.spent[state.load] += span;
    if (battery !== null) state.owed += span;
  }

  /** The battery gives what it owes; what it is asked for (charge, voltage) is as of then. */
  settle(): void {
    const { state, battery, onStep } = this;
    if (battery === null) return;
    for (; state.owed > 0; state.owed -= Math.min(state.owed, LONGEST_STEP)) {
      const seconds = Math.min(state.owed, LONGEST_STEP) / NANOSECONDS_PER_SECOND;
      onStep?.(state.power, seconds);
      this.move(state.power, seconds);
    }
  }

  /** Lets the battery, or the charger, give power for a while: at most the longest step. */
  move(power: number, seconds: number): void {
    const { battery, charger } = this;
    if (battery === null) return;
    if (charger !== null && this.isPlugged) this.feed(charger, battery, power, seconds);
    else battery.step(power, seconds);
  }

  private feed(charger: ChargerPlan, battery: Battery, power: number, seconds: number): void {
    const { state } = this;
    const before = battery.state.delivered;
    if (!state.charging) battery.step(0, seconds);
    else if (battery.charge(charger, seconds) < charger.termination) state.charging = false;
    const charged = before - battery.state.delivered;
    state.charged += charged;
    state.fromCharger += power * seconds + charged;
  }

  /** A copy with the time up to `now` booked: for meters, between events. */
  at(now: Nanoseconds): Supply {
    const copy = new Supply(this.plan, this.ledger);
    const { battery, spent, ...state } = this.state;
    Object.assign(copy.state, state, { spent: [...spent] });
    if (copy.state.battery !== null) Object.assign(copy.state.battery, battery);
    copy.advance(now);
    copy.settle();
    return copy;
  }

  /** The battery is cut off: nothing is drawn any more, and the cell goes on leaking. */
  disconnect(): void {
    this.settle();
    this.state.load = NO_LOAD;
    this.state.power = 0;
  }

  /** The cell has nothing that can be had, and no charger helps. */
  get isEmpty(): boolean {
    return !this.isPlugged && (this.battery?.isEmpty ?? false);
  }

  /** As of the last look or change of power. */
  get soc(): number {
    return this.battery === null ? 1 : this.battery.soc;
  }

  /** Joules out of each rail's regulator, as of the last event. */
  get railOutput(): Float64Array {
    return this.byRail(({ output }) => output);
  }

  /** Joules into each rail's regulator, as of the last event. */
  get railInput(): Float64Array {
    return this.byRail(({ input }) => input);
  }

  /** Joules that all regulators drew, as of the last event. */
  get delivered(): number {
    const sum = this.state.spent.reduce((sum, span, load) => sum + span * this.drawOf(load).power, 0);
    return sum / NANOSECONDS_PER_SECOND;
  }

  private byRail(powers: (draw: Draw) => Float64Array): Float64Array {
    const sums = new Float64Array(this.plan.rails.length);
    this.state.spent.forEach((span, load) => {
      if (span === 0) return;
      const by = powers(this.drawOf(load));
      for (let rail = 0; rail < sums.length; rail++) sums[rail] += span * by[rail];
    });
    return sums.map((sum) => sum / NANOSECONDS_PER_SECOND);
  }

  private drawOf(load: number): Draw {
    const { ledger, plan, draws } = this;
    while (draws.length <= load) {
      const levels = ledger.loads.levelsOf(draws.length);
      const output = Float64Array.from(plan.rails, (_, rail) => ledger.railPower(rail, levels));
      const input = output.map((power, rail) => inputPower(plan.rails[rail].regulator, watts(power)));
      draws.push({ output, input, power: input.reduce((sum, power) => sum + power, 0) });
    }
    return draws[load];
  }
}
