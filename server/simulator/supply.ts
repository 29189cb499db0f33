// From the rails' loads through the regulators to the battery. Time is booked when a load ends, never when somebody looks, so that the
// result does not depend on how often it is looked at. Powers are constant between events, so nanoseconds are counted (as integers) per
// combination of loads and multiplied only when somebody asks. The battery alone is stepped: at every change to or from a power that its
// voltage feels at once, and at least every second; what is below that is gathered and given in one step, the sooner the more it is.

import { NANOSECONDS_PER_SECOND, type Nanoseconds } from '../units.ts';
import type { Ageing } from './aged-battery.ts';
import type { Alarms } from './alarms.ts';
import { Battery, type BatteryState } from './battery.ts';
import { type Draw, Draws } from './draws.ts';
import { spanAt } from './hours.ts';
import type { Ledger } from './ledger.ts';
import type { ChargerPlan, HourPlan, Plan } from './plan.ts';
import { wideFields, wideList } from './wide-fields.ts';

export interface SupplyState {
  /** The time up to which all energies are booked: when the load or the battery last changed. */
  since: number;
  /** The combination of loads that is drawn at this moment (numbers of `Ledger.loads`), or none. */
  load: number;
  /** Watts that the regulators draw at this moment, from the battery or the charger. */
  power: number;
  /** Nanoseconds that the battery has not yet given its power for: all, by combination, and the combinations met in them in their order, where they are calm. */
  owed: number;
  readonly owedBy: number[];
  owing: number[];
  /** Up to this power the battery bears whatever comes within the longest step, nobody asks for its state, and it may go on owing. */
  calmPower: number;
  /** The same within the short step. */
  briskPower: number;
  /** How much time it may owe: the short step once a power above the calm one is among what it owes. */
  patience: number;
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

/** The battery moves on at least this often. */
const LONGEST_STEP = 1_000_000_000;
/** And this often where it is drawn from briskly. */
const SHORT_STEP = 100_000_000;
/** Before the first event, and after the battery was cut off. */
const NO_LOAD = -1;
const NOTHING_IS_CALM = -1;

export class Supply {
  readonly state: SupplyState;
  readonly battery: Battery | null;
  /** Another one whenever charge or hour may be others. */
  revision = 0;
  /** When the battery moves on if nothing happens before: follows from the state, and stays while time is only booked. */
  look = Number.NaN;
  private readonly plan: Plan;
  private readonly charger: ChargerPlan | null;
  private readonly ledger: Ledger;
  private readonly alarms: Alarms;
  /** Follow from the plan; the same ones for all copies. */
  private readonly draws: Draws;
  /** What is owed, as the battery is told it. */
  private powers = new Float64Array();
  private shares = new Float64Array();
  /** Loaded voltage at which nothing happens yet. */
  private readonly safeVolts: number;

  constructor(plan: Plan, ledger: Ledger, alarms: Alarms, draws = new Draws(plan.rails, ledger)) {
    this.plan = plan;
    this.alarms = alarms;
    this.ledger = ledger;
    this.draws = draws;
    this.battery = plan.supply.kind === 'battery' ? new Battery(plan.supply.battery, plan.supply.startSoc) : null;
    this.charger = plan.supply.kind === 'battery' ? plan.supply.charger : null;
    const brownOuts = plan.rails.map(({ brownOut }) => brownOut);
    this.safeVolts = Math.max(...brownOuts, plan.supply.kind === 'battery' ? plan.supply.battery.cutoff : 0);
    const state: SupplyState = {
      since: 0,
      load: NO_LOAD,
      power: 0,
      owed: 0,
      owedBy: wideList(),
      owing: [],
      calmPower: NOTHING_IS_CALM,
      briskPower: NOTHING_IS_CALM,
      patience: LONGEST_STEP,
      hour: 0,
      hourUntil: Number.POSITIVE_INFINITY,
      charging: false,
      fromCharger: 0,
      charged: 0,
      spent: wideList(),
      battery: this.battery?.state ?? null,
    };
    this.state = wideFields(state, 'since', 'power', 'owed', 'calmPower', 'briskPower', 'fromCharger', 'charged');
    this.turnHour(0);
    this.state.charging = this.isPlugged;
    this.reckon();
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
    this.calm();
  }

  /** The cell ages at this moment, up to which all is booked. */
  age(ageing: Ageing): void {
    this.settle();
    this.battery?.age(ageing);
    this.calm();
  }

  /** The load of this moment is one that the battery bears for certain. */
  get isCalm(): boolean {
    return this.state.power <= this.state.briskPower;
  }

  /** For how long, in nanoseconds, loads of which this is the highest can be owed before anything has to be looked at. */
  roomFor(highest: number): number {
    const { power, briskPower, owed, patience } = this.state;
    if (power > briskPower || highest > briskPower) return 0;
    return Math.min(patience, this.patienceFor(highest)) - owed;
  }

  private patienceFor(power: number): number {
    const { calmPower, briskPower } = this.state;
    return power > calmPower && power <= briskPower ? SHORT_STEP : LONGEST_STEP;
  }

  /** Whether an interrupt of the sensor, with the next after `cycle` nanoseconds, is a moment to give what is owed. */
  isDue(cycle: number): boolean {
    const { owed, patience } = this.state;
    return !this.isCalm || owed + cycle > patience;
  }

  /** The same as of now, with the time since the last change of load not booked yet. Books it, and gives what is owed, when it is. */
  settleIfDue(cycle: number): boolean {
    const { now } = this.alarms;
    if (this.isCalm && now + cycle <= this.look) return false;
    this.advance(now);
    this.settle();
    return true;
  }

  /** Changes over to the loads of this moment. Returns whether the battery must give more than before. */
  follow(): boolean {
    const { current } = this.ledger.loads.state;
    return current !== this.state.load && this.changeTo(current);
  }

  private changeTo(load: number): boolean {
    this.advance(this.alarms.now);
    return this.refresh(load);
  }

  /** Changes over to a load, with all time before it booked. Returns whether the battery must give more than before. */
  refresh(load: number): boolean {
    const { state } = this;
    if (load === state.load) return false;
    const power = this.powerOf(load);
    const rose = power > state.power;
    if (!this.owesOn(load, power)) this.turnTo(load, power);
    state.load = load;
    state.power = power;
    return rose;
  }

  /** Nothing is to be done about a load but to go on owing, as mostly. */
  private owesOn(load: number, power: number): boolean {
    const { state } = this;
    return (
      power <= state.calmPower &&
      power <= state.briskPower &&
      state.power <= state.briskPower &&
      state.owed < state.patience &&
      load < state.spent.length
    );
  }

  /** Gives what is owed where another power must not follow it unseen, and reckons how long the new one can be owed. */
  private turnTo(load: number, power: number): void {
    const { state } = this;
    const patience = this.patienceFor(power);
    if (power !== state.power && (Math.max(power, state.power) > state.briskPower || state.owed >= patience))
      this.settle();
    if (load >= state.spent.length) this.grow(load);
    if (patience < state.patience || power > state.briskPower) {
      state.patience = this.patienceFor(power);
      this.reckon();
    }
  }

  private grow(load: number): void {
    const { spent, owedBy } = this.state;
    while (spent.length <= load) {
      spent.push(0);
      owedBy.push(0);
    }
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
    if (state.load === NO_LOAD) return this.move(0, span / NANOSECONDS_PER_SECOND);
    state.spent[state.load] += span;
    if (battery !== null) this.owe(state.load, span);
  }

  /** Books the time up to now. A cell that is cut off takes whole steps, which this would divide. */
  book(): void {
    if (this.state.load !== NO_LOAD) this.advance(this.alarms.now);
  }

  /** The battery will have to give for this. What is not calm is given before another power follows. */
  owe(load: number, span: number): void {
    const { state } = this;
    state.owed += span;
    if (!this.isCalm) return;
    if (state.owedBy[load] === 0) state.owing.push(load);
    state.owedBy[load] += span;
  }

  /** The same of all loads of a stretch that there is room for. */
  oweAll(spent: ReadonlyArray<readonly [load: number, span: number]>, times: number, highest: number): void {
    for (const [load, span] of spent) this.owe(load, times * span);
    this.state.patience = Math.min(this.state.patience, this.patienceFor(highest));
  }

  /** The battery gives what it owes; what it is asked for (charge, voltage) is as of then. */
  settle(): void {
    const { state, battery } = this;
    if (battery === null) return this.reckon();
    const { owed, owedBy, owing } = state;
    if (owing.length > 0) this.giveMixed(battery);
    else
      for (let left = owed; left > 0; left -= LONGEST_STEP)
        this.move(state.power, Math.min(left, LONGEST_STEP) / NANOSECONDS_PER_SECOND);
    if (owing.length > 0) {
      for (const load of owing) owedBy[load] = 0;
      owing.length = 0;
    }
    state.owed = 0;
    this.calm();
  }

  private giveMixed(battery: Battery): void {
    const { owed, owedBy, owing } = this.state;
    if (owing.length > this.powers.length) {
      this.powers = new Float64Array(2 * owing.length);
      this.shares = new Float64Array(2 * owing.length);
    }
    const { powers, shares } = this;
    for (let place = 0; place < owing.length; place++) {
      powers[place] = this.powerOf(owing[place]);
      shares[place] = owedBy[owing[place]] / owed;
    }
    battery.mixedStep(powers, shares, owing.length, owed / NANOSECONDS_PER_SECOND);
  }

  /** Up to which power it may owe from now on, and for how long. */
  private calm(): void {
    const { battery, plan, state } = this;
    this.revision++;
    if (battery === null) return this.reckon();
    // Where a rule asks for the charge, or nothing more can be had.
    let floor = battery.state.lockedShare;
    for (const { belowSoc } of this.hour?.rules ?? plan.rules)
      if (belowSoc <= battery.soc) floor = Math.max(floor, belowSoc);
    const within = (step: number): number =>
      this.isPlugged ? NOTHING_IS_CALM : battery.calmPower(step / NANOSECONDS_PER_SECOND, this.safeVolts, floor);
    state.calmPower = within(LONGEST_STEP);
    state.briskPower = within(SHORT_STEP);
    state.patience = this.patienceFor(state.power);
    this.reckon();
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

  /** What the battery and what is owed to it stand at. */
  mark() {
    const { load, power, owed, calmPower, briskPower, patience, charging, fromCharger, charged } = this.state;
    const { owing, owedBy, battery } = this.state;
    return {
      rest: { load, power, owed, calmPower, briskPower, patience, charging, fromCharger, charged },
      owing: owing.slice(),
      owed: owing.map((load) => owedBy[load]),
      battery: { ...battery },
    };
  }

  goBackTo({ rest, owed, owing, battery }: ReturnType<Supply['mark']>): void {
    const { state } = this;
    for (const load of state.owing) state.owedBy[load] = 0;
    owing.forEach((load, place) => {
      state.owedBy[load] = owed[place];
    });
    state.owing = owing;
    Object.assign(state, rest);
    if (state.battery !== null) Object.assign(state.battery, battery);
    this.restored();
  }

  /** To be called when `state` was written to from elsewhere. */
  restored(): void {
    this.battery?.restored();
    this.revision++;
    this.reckon();
  }

  /** To be called when time was booked in another way than by `advance`. */
  reckon(): void {
    const { since, owed, patience } = this.state;
    this.look = since - owed + patience;
  }

  /** What the regulators draw under a load. */
  powerOf(load: number): number {
    return this.draws.powerOf(load);
  }

  /** The same by rail. */
  drawOf(load: number): Draw {
    return this.draws.of(load);
  }

  /** A copy with the time up to `now` booked: for meters, between events. */
  at(now: Nanoseconds): Supply {
    const copy = new Supply(this.plan, this.ledger, this.alarms, this.draws);
    const { battery, spent, owedBy, owing, ...state } = this.state;
    Object.assign(copy.state, state, { spent: [...spent], owedBy: [...owedBy], owing: [...owing] });
    if (copy.state.battery !== null) Object.assign(copy.state.battery, battery);
    copy.restored();
    copy.advance(now);
    copy.settle();
    return copy;
  }

  /** The battery is cut off: nothing is drawn any more, and the cell goes on leaking. */
  disconnect(): void {
    this.settle();
    this.state.load = NO_LOAD;
    this.state.power = 0;
    this.state.patience = LONGEST_STEP;
    this.reckon();
  }

  /** The cell has nothing that can be had, and no charger helps. */
  get isEmpty(): boolean {
    return !this.isPlugged && (this.battery?.isEmpty ?? false);
  }

  /** As of the last step of the battery. */
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
    const sum = this.state.spent.reduce((sum, span, load) => sum + span * this.powerOf(load), 0);
    return sum / NANOSECONDS_PER_SECOND;
  }

  private byRail(powers: (draw: Draw) => Float64Array): Float64Array {
    const sums = new Float64Array(this.plan.rails.length);
    this.state.spent.forEach((span, load) => {
      if (span === 0) return;
      const by = powers(this.draws.of(load));
      for (let rail = 0; rail < sums.length; rail++) sums[rail] += span * by[rail];
    });
    return sums.map((sum) => sum / NANOSECONDS_PER_SECOND);
  }
}
