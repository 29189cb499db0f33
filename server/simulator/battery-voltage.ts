// Where a cell's voltage comes from: its charge, and the current that its chemistry follows with a delay.

import { coulombs } from '../units.ts';
import type { BatteryPlan, OpenCircuitCurve, TremblayPlan } from './plan.ts';

export interface CellVoltage {
  /** With which the slow current follows the one that flows; 0: nothing is slow. */
  readonly responseSeconds: number;
  /** Coulombs between which the last look-up was: beyond them the curve has a corner. */
  lower: number;
  upper: number;
  /** Volts at a charge in coulombs; the curve's ends go on flat. */
  openCircuit(charge: number): number;
  /** Volts a coulomb at a charge between `lower` and `upper` of its look-up. */
  slope(charge: number): number;
  /** Ohms that the slow current sees at a charge. */
  polarisation(charge: number, slowCurrent: number): number;
  /** ∫ open-circuit voltage dq over `span` coulombs that end at `charge`; both negative where the cell was charged. */
  energy(charge: number, span: number): number;
}

export function cellVoltage(plan: BatteryPlan): CellVoltage {
  switch (plan.kind) {
    case 'thevenin': {
      const { resistance, timeConstantSeconds } = plan.polarisation;
      return new Curve(plan.openCircuit, plan.capacity, resistance, timeConstantSeconds);
    }
    case 'coulomb':
      return new Curve(plan.openCircuit, plan.capacity, 0, 0);
    case 'tremblay':
      return new Tremblay(plan);
  }
}

/** Mean open-circuit voltage over charge: what a coulomb of a full cell is worth. Of a curve over the share of charge, the same digits at any capacity. */
export function meanVoltage(plan: BatteryPlan): number {
  if (plan.kind === 'tremblay') return cellVoltage(plan).energy(0, plan.capacity) / plan.capacity;
  return cellVoltage({ ...plan, capacity: coulombs(1) }).energy(0, 1);
}

/** Open-circuit voltage by lines between points over coulombs, and a constant resistance that the slow current sees. */
class Curve implements CellVoltage {
  readonly responseSeconds: number;
  lower: number;
  upper: number;
  /** Where lines begin; their voltages; and by the number of its upper end what each line is. */
  private readonly corners: Float64Array;
  private readonly volts: Float64Array;
  private readonly intercepts: Float64Array;
  private readonly slopes: Float64Array;
  private readonly slowResistance: number;
  /** Where the last look-up ended: speed, not state. */
  private segment = 1;

  constructor(points: OpenCircuitCurve, capacity: number, slowResistance: number, responseSeconds: number) {
    const corners = Float64Array.from(points, ({ soc }) => soc * capacity);
    const volts = Float64Array.from(points, (point) => point.volts);
    this.corners = corners;
    this.volts = volts;
    this.slopes = volts.map((upper, at) => (at === 0 ? 0 : (upper - volts[at - 1]) / (corners[at] - corners[at - 1])));
    this.intercepts = volts.map((upper, at) => upper - this.slopes[at] * corners[at]);
    this.slowResistance = slowResistance;
    this.responseSeconds = responseSeconds;
    this.lower = corners[0];
    this.upper = corners[1];
  }

  openCircuit(charge: number): number {
    // Charge moves little from step to step, so the line of the last look-up is nearly always right.
    if (charge <= this.lower || charge > this.upper) {
      const { corners, volts } = this;
      let { segment } = this;
      while (segment > 1 && corners[segment - 1] >= charge) segment--;
      while (segment < corners.length - 1 && corners[segment] < charge) segment++;
      this.segment = segment;
      this.lower = corners[segment - 1];
      this.upper = corners[segment];
      if (charge <= corners[0]) return volts[0];
      if (charge >= corners[segment]) return volts[segment];
    }
    return this.intercepts[this.segment] + this.slopes[this.segment] * charge;
  }

  slope(): number {
    return this.slopes[this.segment];
  }

  polarisation(): number {
    return this.slowResistance;
  }

  /** Of a line between points the trapezium is exact. */
  energy(charge: number, span: number): number {
    const from = Math.min(charge, charge + span);
    const to = Math.max(charge, charge + span);
    let energy = 0;
    let at = from;
    let covered = 0;
    for (const corner of this.corners) {
      if (corner <= at || corner >= to) continue;
      energy += 0.5 * (this.openCircuit(at) + this.openCircuit(corner)) * (corner - at);
      covered += corner - at;
      at = corner;
    }
    energy += 0.5 * (this.openCircuit(at) + this.openCircuit(to)) * (Math.abs(span) - covered);
    return span < 0 ? -energy : energy;
  }
}

/** Of its capacity, what is left where the curve is taken to end: its pole is at 0. */
const EMPTY_SHARE = 1e-3;

/**
 * O. Tremblay, L.-A. Dessaint, Experimental validation of a battery dynamic model for EV applications, World Electric Vehicle Journal 3, 2009:
 *   V = E0 - R·i - K·Q/(Q - it)·(it + i*) + A·exp(-B·it), and K·Q/(it + 0.1·Q)·i* in place of the slow part while i* charges.
 * Constants as ns-3's GenericBatteryModel (lithium-ion) takes them from three points of a curve, its K in V/Ah and Ω at once. There i* is
 * i·(1 - exp(-t/30 s)) with the time of the simulation, as its own comment regrets; here i* is the current through the filter that this is
 * the step response of, so it starts anew at every change of current.
 */
class Tremblay implements CellVoltage {
  readonly responseSeconds: number;
  lower: number;
  upper = Number.POSITIVE_INFINITY;
  private readonly capacity: number;
  private readonly constant: number;
  /** Volts a coulomb, and ohms. */
  private readonly fall: number;
  private readonly slowResistance: number;
  private readonly amplitude: number;
  private readonly decay: number;

  constructor(plan: TremblayPlan) {
    const { capacity, full, exponential, nominal, typicalCurrent, resistance } = plan;
    this.responseSeconds = plan.responseSeconds;
    this.capacity = capacity;
    this.lower = EMPTY_SHARE * capacity;
    this.amplitude = full - exponential.volts;
    this.decay = 3 / exponential.drawn;
    this.constant = full + resistance * typicalCurrent - this.amplitude;
    const drop = exponential.volts - nominal.volts + this.amplitude * Math.exp(-this.decay * nominal.drawn);
    const hours = nominal.drawn / 3600 + typicalCurrent;
    this.slowResistance = (drop * (1 - nominal.drawn / capacity)) / hours;
    this.fall = this.slowResistance / 3600;
  }

  openCircuit(charge: number): number {
    const left = Math.max(charge, this.lower);
    const drawn = this.capacity - left;
    return this.constant - (this.fall * this.capacity * drawn) / left + this.amplitude * Math.exp(-this.decay * drawn);
  }

  slope(charge: number): number {
    const left = Math.max(charge, this.lower);
    const { capacity, amplitude, decay } = this;
    return (this.fall * capacity * capacity) / (left * left) + amplitude * decay * Math.exp(-decay * (capacity - left));
  }

  polarisation(charge: number, slowCurrent: number): number {
    const left = Math.max(charge, this.lower);
    const shrinking = slowCurrent < 0 ? 1.1 * this.capacity - left : left;
    return (this.slowResistance * this.capacity) / shrinking;
  }

  /** In closed form, so that little drawn from much keeps its digits. */
  energy(charge: number, span: number): number {
    const low = Math.min(charge, charge + span);
    const flat = Math.max(0, Math.min(Math.abs(span), this.lower - low));
    const total = Math.abs(span) - flat;
    const from = Math.max(low, this.lower);
    const { capacity, decay } = this;
    const energy =
      this.openCircuit(this.lower) * flat +
      this.constant * total -
      this.fall * capacity * (capacity * Math.log1p(total / from) - total) +
      (this.amplitude / decay) * Math.exp(-decay * (capacity - from)) * Math.expm1(decay * total);
    return span < 0 ? -energy : energy;
  }
}
