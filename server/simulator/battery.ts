// A Thevenin cell: open-circuit voltage over charge, a series resistance, and one RC pair whose slow voltage shows the rate-capacity
// effect and recovery (Chen and Rincón-Mora, Accurate electrical battery model, IEEE Trans. Energy Convers. 21(2), 2006, with one pair).
// Within a step the power is constant, and the current is the one at the mean voltages of the step, which makes its error third order.

import type { BatteryPlan } from './plan.ts';

export interface BatteryState {
  /** Coulombs that are left, and what rounding added to them: a day of microamperes must not vanish in an ampere-hour. */
  charge: number;
  chargeError: number;
  /** Voltage across the RC pair. */
  polarisation: number;
  /** Energies so far, in joules. Each is integrated by itself, so that their balance is a check. */
  delivered: number;
  deliveredError: number;
  resistiveLoss: number;
  polarisationLoss: number;
  selfDischarge: number;
  /** Coulombs through the terminals. */
  throughput: number;
}

/** Where the current changes by more than this share within half a step, or the curve has a corner, the step is halved. */
const LARGEST_CHANGE = 2e-4;
const SHORTEST_STEP = 1e-6;

export class Battery {
  readonly state: BatteryState;
  private readonly plan: BatteryPlan;
  private readonly startCharge: number;
  private readonly capacitance: number;
  private readonly relaxation: Relaxation;
  private readonly resistance: number;
  private readonly polarisationResistance: number;
  private readonly polarisationConductance: number;
  private readonly tau: number;
  /** Coulombs a second. */
  private readonly leak: number;
  /** The open-circuit curve over coulombs: where its lines begin, and by the number of their upper end what they are. */
  private readonly corners: Float64Array;
  private readonly intercepts: Float64Array;
  private readonly slopes: Float64Array;
  /** Where the last look-up in the open-circuit curve ended: speed, not state. */
  private segment = 1;

  constructor(plan: BatteryPlan, startSoc: number) {
    this.plan = plan;
    this.startCharge = plan.capacity * startSoc;
    this.state = {
      charge: this.startCharge,
      chargeError: 0,
      polarisation: 0,
      delivered: 0,
      deliveredError: 0,
      resistiveLoss: 0,
      polarisationLoss: 0,
      selfDischarge: 0,
      throughput: 0,
    };
    this.relaxation = new Relaxation(plan.polarisation.timeConstantSeconds);
    this.resistance = plan.resistance;
    this.polarisationResistance = plan.polarisation.resistance;
    this.polarisationConductance = 1 / plan.polarisation.resistance;
    this.tau = plan.polarisation.timeConstantSeconds;
    this.leak = plan.selfDischargePerSecond * plan.capacity;
    this.capacitance = this.polarisationResistance > 0 ? this.tau / this.polarisationResistance : 0;
    const points = plan.openCircuit;
    this.corners = Float64Array.from(points, ({ soc }) => soc * plan.capacity);
    const slope = (upper: number) =>
      (points[upper].volts - points[upper - 1].volts) / (this.corners[upper] - this.corners[upper - 1]);
    this.slopes = Float64Array.from(points, (_, upper) => (upper === 0 ? 0 : slope(upper)));
    this.intercepts = Float64Array.from(points, (_, upper) =>
      upper === 0 ? 0 : points[upper].volts - slope(upper) * this.corners[upper],
    );
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
   * @param seconds at most about a second
   */
  step(power: number, seconds: number): void {
    const { state, resistance, polarisationResistance, tau, leak } = this;
    const { charge, polarisation: before } = state;
    const half = seconds * 0.5;

    // Of the way to its settled value, the slow voltage goes the share `gone` in this step, and on average it still lacks `lacking`.
    const gone = this.relaxation.gone(seconds);
    const lacking = (tau * gone) / seconds;
    const first = currentAtMost(this.openCircuit(charge) - before, resistance, power);
    const corner = this.corners[this.segment - 1];
    const firstSettled = first * polarisationResistance;
    const meanPolarisation = firstSettled + (before - firstSettled) * lacking;
    const middleOpen = this.openCircuit(charge - (first + leak) * half);
    const amperes = currentAtMost(middleOpen - meanPolarisation, resistance, power);
    const outflow = (amperes + leak) * seconds;
    const overCorner = charge > corner && charge - outflow < corner;
    if ((overCorner || Math.abs(amperes - first) > LARGEST_CHANGE * amperes) && seconds > SHORTEST_STEP) {
      this.step(power, half);
      return this.step(power, half);
    }

    const settled = amperes * polarisationResistance;
    state.polarisation = before + (settled - before) * gone;
    const taken = -outflow - state.chargeError;
    const left = charge + taken;
    state.chargeError = left - charge - taken;
    state.charge = left;
    state.throughput += amperes * seconds;

    const deliveredBefore = state.delivered;
    const given = power * seconds - state.deliveredError;
    const delivered = deliveredBefore + given;
    state.deliveredError = delivered - deliveredBefore - given;
    state.delivered = delivered;
    state.resistiveLoss += amperes * amperes * resistance * seconds;
    if (polarisationResistance > 0) {
      // ∫ v²/R dt of v(t) = settled + (before - settled)·exp(-t/τ), in closed form.
      const swing = before - settled;
      const integral = settled * settled * seconds + swing * tau * gone * (2 * settled + 0.5 * swing * (2 - gone));
      state.polarisationLoss += integral * this.polarisationConductance;
    }
    state.selfDischarge += leak * middleOpen * seconds;
  }

  /** Terminal energy + losses + self-discharge + stored in the RC pair, against ∫ open-circuit voltage dq: their relative difference. */
  imbalance(): number {
    const state = this.state;
    const taken = this.energyTaken();
    const polarisationEnergy = 0.5 * this.capacitance * state.polarisation * state.polarisation;
    const accounted =
      state.delivered + state.resistiveLoss + state.polarisationLoss + state.selfDischarge + polarisationEnergy;
    return taken === 0 ? 0 : (taken - accounted) / taken;
  }

  /** Open-circuit voltage at a charge in coulombs; the curve's ends go on flat. */
  openCircuit(charge: number): number {
    // Charge moves little from step to step, so the segment of the last look-up is nearly always right.
    const { corners } = this;
    let { segment } = this;
    if (charge <= corners[segment - 1] || charge > corners[segment]) {
      while (segment > 1 && corners[segment - 1] >= charge) segment--;
      while (segment < corners.length - 1 && corners[segment] < charge) segment++;
      this.segment = segment;
      if (charge <= corners[0]) return this.plan.openCircuit[0].volts;
      if (charge >= corners[segment]) return this.plan.openCircuit[segment].volts;
    }
    return this.intercepts[segment] + this.slopes[segment] * charge;
  }

  /** ∫ open-circuit voltage dq from the start to now: of a line between points, the trapezium is exact. */
  private energyTaken(): number {
    const { charge, chargeError } = this.state;
    const { openCircuit, capacity } = this.plan;
    let energy = 0;
    let upper = this.startCharge;
    for (let index = openCircuit.length - 1; index >= 0; index--) {
      const corner = openCircuit[index].soc * capacity;
      if (corner >= upper || corner <= charge) continue;
      energy += 0.5 * (this.openCircuit(upper) + this.openCircuit(corner)) * (upper - corner);
      upper = corner;
    }
    return energy + 0.5 * (this.openCircuit(upper) + this.openCircuit(charge)) * (upper - charge + chargeError);
  }
}

/** The share of its way that an exponential goes in a step. Steps of the same few lengths come again and again. */
class Relaxation {
  private readonly timeConstant: number;
  private readonly lengths = new Float64Array(256).fill(Number.NaN);
  private readonly shares = new Float64Array(256);

  constructor(timeConstantSeconds: number) {
    this.timeConstant = timeConstantSeconds;
  }

  gone(seconds: number): number {
    if (this.timeConstant === 0) return 1;
    const place = Math.imul(seconds * 1e9, 0x9e3779b1) >>> 24;
    if (this.lengths[place] !== seconds) {
      this.lengths[place] = seconds;
      this.shares[place] = -Math.expm1(-seconds / this.timeConstant);
    }
    return this.shares[place];
  }
}

/** The smaller root of P = (open - R·I)·I; not a number when there is none. */
function current(open: number, resistance: number, power: number): number {
  if (resistance === 0) return power / open;
  return (2 * power) / (open + Math.sqrt(open * open - 4 * resistance * power));
}

/** The same where a step began with a load that the cell could just give: at its limit then, never without a value. */
function currentAtMost(open: number, resistance: number, power: number): number {
  if (resistance === 0) return power / open;
  return (2 * power) / (open + Math.sqrt(Math.max(0, open * open - 4 * resistance * power)));
}
