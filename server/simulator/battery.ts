// A Thevenin cell: open-circuit voltage over charge, a series resistance, and one RC pair whose slow voltage shows the rate-capacity
// effect and recovery (Chen and Rincón-Mora, Accurate electrical battery model, IEEE Trans. Energy Convers. 21(2), 2006, with one pair).
// Within a step the power is constant and the current is taken at the middle of the step, which makes the error of a step third order.

import type { BatteryPlan } from './plan.ts';

export interface BatteryState {
  /** Coulombs that are left. */
  charge: number;
  /** Voltage across the RC pair. */
  polarisation: number;
  /** Energies so far, in joules. Each is integrated by itself, so that their balance is a check. */
  delivered: number;
  resistiveLoss: number;
  polarisationLoss: number;
  selfDischarge: number;
  /** Coulombs through the terminals. */
  throughput: number;
}

export class Battery {
  readonly state: BatteryState;
  private readonly plan: BatteryPlan;
  private readonly startEnergy: number;
  private readonly startPolarisationEnergy: number;
  private readonly capacitance: number;
  private segment = 1;

  constructor(plan: BatteryPlan, startSoc: number) {
    this.plan = plan;
    this.state = {
      charge: plan.capacity * startSoc,
      polarisation: 0,
      delivered: 0,
      resistiveLoss: 0,
      polarisationLoss: 0,
      selfDischarge: 0,
      throughput: 0,
    };
    this.capacitance =
      plan.polarisation.resistance > 0 ? plan.polarisation.timeConstantSeconds / plan.polarisation.resistance : 0;
    this.startEnergy = this.storedEnergy(this.state.charge);
    this.startPolarisationEnergy = 0;
  }

  get soc(): number {
    return this.state.charge / this.plan.capacity;
  }

  /** Voltage at the terminals under a load; not a number when the cell cannot deliver it (P > OCV²/4R). */
  voltage(power: number): number {
    const open = this.openCircuit(this.state.charge) - this.state.polarisation;
    return open - this.plan.resistance * current(open, this.plan.resistance, power);
  }

  /**
   * Delivers constant power for a while.
   * @param power watts at the terminals, deliverable
   * @param seconds at most about a second, so that the voltage hardly moves within the step
   */
  step(power: number, seconds: number): void {
    const { plan, state } = this;
    const { resistance, polarisation, capacity } = plan;
    const tau = polarisation.timeConstantSeconds;
    const leak = plan.selfDischargePerSecond * capacity;
    const half = seconds / 2;

    const first = current(this.openCircuit(state.charge) - state.polarisation, resistance, power);
    const decayHalf = tau > 0 ? Math.exp(-half / tau) : 0;
    const middlePolarisation = state.polarisation * decayHalf + first * polarisation.resistance * (1 - decayHalf);
    const middleCharge = state.charge - (first + leak) * half;
    const middleOpen = this.openCircuit(middleCharge);
    const amperes = current(middleOpen - middlePolarisation, resistance, power);

    const decay = decayHalf * decayHalf;
    const settled = amperes * polarisation.resistance;
    const before = state.polarisation;
    const after = settled + (before - settled) * decay;
    state.polarisation = after;
    state.charge -= (amperes + leak) * seconds;
    state.throughput += amperes * seconds;

    state.delivered += power * seconds;
    state.resistiveLoss += amperes * amperes * resistance * seconds;
    if (polarisation.resistance > 0) {
      // ∫ v²/R dt of v(t) = settled + (before - settled)·exp(-t/τ), in closed form.
      const swing = before - settled;
      const integral =
        settled * settled * seconds +
        2 * settled * swing * tau * (1 - decay) +
        0.5 * swing * swing * tau * (1 - decay * decay);
      state.polarisationLoss += integral / polarisation.resistance;
    }
    state.selfDischarge += leak * middleOpen * seconds;
  }

  /** Terminal energy + losses + self-discharge + stored in the RC pair, against ∫ open-circuit voltage dq: their relative difference. */
  imbalance(): number {
    const state = this.state;
    const taken = this.startEnergy - this.storedEnergy(state.charge);
    const polarisationEnergy =
      0.5 * this.capacitance * state.polarisation * state.polarisation - this.startPolarisationEnergy;
    const accounted =
      state.delivered + state.resistiveLoss + state.polarisationLoss + state.selfDischarge + polarisationEnergy;
    return taken === 0 ? 0 : (taken - accounted) / taken;
  }

  /** Open-circuit voltage at a charge in coulombs; the curve's ends go on flat. */
  openCircuit(charge: number): number {
    const points = this.plan.openCircuit;
    const soc = charge / this.plan.capacity;
    this.seek(soc);
    const low = points[this.segment - 1];
    const high = points[this.segment];
    if (soc <= low.soc) return low.volts;
    if (soc >= high.soc) return high.volts;
    return low.volts + ((soc - low.soc) / (high.soc - low.soc)) * (high.volts - low.volts);
  }

  /** ∫ open-circuit voltage dq from empty to `charge`: of a line between points, the trapezium is exact. */
  private storedEnergy(charge: number): number {
    const points = this.plan.openCircuit;
    const capacity = this.plan.capacity;
    const soc = charge / capacity;
    let energy = Math.min(soc, points[0].soc) * points[0].volts * capacity;
    for (let index = 1; index < points.length && points[index - 1].soc < soc; index++) {
      const from = points[index - 1];
      const to = Math.min(points[index].soc, soc);
      energy += (to - from.soc) * 0.5 * (from.volts + this.openCircuit(to * capacity)) * capacity;
    }
    const end = points[points.length - 1];
    if (soc > end.soc) energy += (soc - end.soc) * end.volts * capacity;
    return energy;
  }

  /** Charge moves little from step to step, so the segment of the last look-up is nearly always right. */
  private seek(soc: number): void {
    const points = this.plan.openCircuit;
    while (this.segment > 1 && points[this.segment - 1].soc > soc) this.segment--;
    while (this.segment < points.length - 1 && points[this.segment].soc < soc) this.segment++;
  }
}

/** The smaller root of P = (open - R·I)·I; not a number when there is none. */
function current(open: number, resistance: number, power: number): number {
  if (resistance === 0) return power / open;
  return (2 * power) / (open + Math.sqrt(open * open - 4 * resistance * power));
}
