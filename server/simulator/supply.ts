// From the rails' loads through the regulators to the battery. Called once for every span between events in which the time moves.

import { NANOSECONDS_PER_SECOND, type Nanoseconds, watts } from '../units.ts';
import { Battery, type BatteryState } from './battery.ts';
import type { Ledger } from './ledger.ts';
import type { Plan } from './plan.ts';
import { inputPower } from './regulator.ts';

export interface SupplyState {
  /** Joules into each regulator, and out of it. */
  readonly railInput: Float64Array;
  readonly railOutput: Float64Array;
  /** What is drawn at this moment. */
  readonly railLoad: Float64Array;
  readonly railDraw: Float64Array;
  power: number;
  /** Joules at the battery's terminals. */
  delivered: number;
  readonly battery: BatteryState | null;
}

/** The battery moves on at every change of power, and at least this often. */
const LONGEST_STEP = 1_000_000_000;

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
      railInput: new Float64Array(rails),
      railOutput: new Float64Array(rails),
      railLoad: new Float64Array(rails),
      railDraw: new Float64Array(rails),
      power: 0,
      delivered: 0,
      battery: this.battery?.state ?? null,
    };
  }

  /** Takes note of changed loads. Returns the voltage at the battery's terminals: not a number when it cannot deliver. */
  refresh(): number {
    const { ledger, plan, state } = this;
    if (ledger.changed) {
      let power = 0;
      for (let rail = 0; rail < plan.rails.length; rail++) {
        const load = ledger.railPower(rail);
        if (load !== state.railLoad[rail] || state.railDraw[rail] === 0) {
          state.railLoad[rail] = load;
          state.railDraw[rail] = inputPower(plan.rails[rail].regulator, watts(load));
        }
        power += state.railDraw[rail];
      }
      state.power = power;
      ledger.changed = false;
    }
    return this.voltage();
  }

  /** Under the load of this moment. */
  voltage(): number {
    if (this.plan.supply.kind === 'ideal') return this.plan.supply.volts;
    return this.battery === null ? Number.NaN : this.battery.voltage(this.state.power);
  }

  /** Lets time pass at the powers of this moment. */
  advance(span: Nanoseconds): void {
    const state = this.state;
    const seconds = span / NANOSECONDS_PER_SECOND;
    for (let rail = 0; rail < state.railLoad.length; rail++) {
      state.railOutput[rail] += state.railLoad[rail] * seconds;
      state.railInput[rail] += state.railDraw[rail] * seconds;
    }
    state.delivered += state.power * seconds;
    if (this.battery === null) return;
    let left: number = span;
    while (left > 0) {
      const step = Math.min(left, LONGEST_STEP);
      this.battery.step(state.power, step / NANOSECONDS_PER_SECOND);
      left -= step;
    }
  }

  /** The battery is cut off: nothing is drawn any more, and the cell goes on leaking. */
  disconnect(): void {
    this.state.railLoad.fill(0);
    this.state.railDraw.fill(0);
    this.state.power = 0;
    this.ledger.changed = false;
  }

  get soc(): number {
    return this.battery === null ? 1 : this.battery.soc;
  }
}
