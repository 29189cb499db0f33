// A cell: an open-circuit voltage, a series resistance, and a slow part that shows the rate-capacity effect and recovery. What the voltage is
// depends on the model (battery-voltage.ts); here charge and energy are counted. The slow part is kept as the current that has been flowing,
// through a filter of one time constant: for a Thevenin cell that times its resistance is the voltage of its one RC pair (Chen and Rincón-Mora,
// Accurate electrical battery model, IEEE Trans. Energy Convers. 21(2), 2006). Within a step the power is constant, and the current is the one
// at the mean voltages of the step, which makes its error third order.

import { type Ageing, agedBattery } from './aged-battery.ts';
import { type CellVoltage, cellVoltage } from './battery-voltage.ts';
import type { BatteryPlan } from './plan.ts';

export interface BatteryState {
  /** Coulombs that are left, and what rounding added to them: a day of microamperes must not vanish in an ampere-hour. */
  charge: number;
  chargeError: number;
  /** Amperes that the slow part sees. */
  slowCurrent: number;
  /** Energies so far, in joules. Each is integrated by itself, so that their balance is a check. What charges the cell is delivered less. */
  delivered: number;
  deliveredError: number;
  resistiveLoss: number;
  polarisationLoss: number;
  selfDischarge: number;
  /** Coulombs and joules through the terminals, either way. */
  throughput: number;
  turnover: number;
  /** What temperature does: times the resistances, and the share of the capacity that cannot be had. */
  resistanceFactor: number;
  lockedShare: number;
  /** What age did to it so far: times the capacity and the resistances of the plan, and the coulombs that went with the capacity. */
  capacityLeft: number;
  resistanceGrown: number;
  agedAway: number;
  /** When it last aged, or at the beginning: its charge then, and ∫ open-circuit voltage dq of all before. */
  chargeBefore: number;
  takenBefore: number;
}

/** What flows into a cell at most, and up to which voltage. */
export interface ChargeLimits {
  readonly amperes: number;
  readonly volts: number;
}

/** Where the current changes by more than this share within half a step, or the curve has a corner, the step is halved. */
const LARGEST_CHANGE = 2e-4;
const SHORTEST_STEP = 1e-6;
/** Within a mixed step the voltage stays the same but for this share; then the order of its powers does not matter (see `calmPower`). */
const STEADY = 1e-5;
/** And the slow part is this much slower than the step. */
const SLOWER = 20;
/** A current that would take ten million hours for all of the charge is none. */
const LEAST_RATE = 1 / 3.6e10;

const IDLE = Float64Array.of(0);
const WHOLE = Float64Array.of(1);
const NONE = -1;

export class Battery {
  readonly state: BatteryState;
  private readonly newPlan: BatteryPlan;
  /** As it is by now, and what follows from it. */
  private plan: BatteryPlan;
  private cell: CellVoltage;
  private readonly relaxation: Relaxation;
  /** Coulombs a second. */
  private leak: number;
  /** What the step under way is asked for: powers to deliver and each one's share of the time, or a charge within limits. */
  private powers: Float64Array = IDLE;
  private shares: Float64Array = WHOLE;
  private count = 1;
  private limits: ChargeLimits | null = null;
  /** Of the currents last asked for. */
  private meanSquare = 0;
  private readonly one = new Float64Array(1);

  constructor(plan: BatteryPlan, startSoc: number) {
    this.newPlan = plan;
    this.plan = plan;
    this.cell = cellVoltage(plan);
    this.relaxation = new Relaxation(this.cell.responseSeconds);
    this.leak = plan.selfDischargePerSecond * plan.capacity;
    const charge = plan.capacity * startSoc;
    this.state = {
      charge,
      chargeError: 0,
      slowCurrent: 0,
      delivered: 0,
      deliveredError: 0,
      resistiveLoss: 0,
      polarisationLoss: 0,
      selfDischarge: 0,
      throughput: 0,
      turnover: 0,
      resistanceFactor: 1,
      lockedShare: 0,
      capacityLeft: 1,
      resistanceGrown: 1,
      agedAway: 0,
      chargeBefore: charge,
      takenBefore: 0,
    };
  }

  /** As it is by now. */
  get present(): BatteryPlan {
    return this.plan;
  }

  get soc(): number {
    return this.state.charge / this.plan.capacity;
  }

  /** Nothing is left, or nothing that can be had at this temperature. */
  get isEmpty(): boolean {
    return this.soc <= this.state.lockedShare;
  }

  /** Volts across the slow part. */
  get polarisation(): number {
    const { charge, slowCurrent } = this.state;
    return this.slowResistance(charge, slowCurrent) * slowCurrent;
  }

  /** Volts without a load that the slow part would see. */
  openCircuit(charge = this.state.charge): number {
    return this.cell.openCircuit(charge);
  }

  /** Voltage at the terminals under a load; not a number when the cell cannot deliver it (P > OCV²/4R). */
  voltage(power: number): number {
    const open = this.openCircuit() - this.polarisation;
    const resistance = this.plan.resistance * this.state.resistanceFactor;
    return open - resistance * current(open, resistance, power);
  }

  /** Power that draws a current at this moment. */
  powerOf(amperes: number): number {
    const resistance = this.plan.resistance * this.state.resistanceFactor;
    return (this.openCircuit() - this.polarisation - resistance * amperes) * amperes;
  }

  /**
   * Delivers constant power for a while.
   * @param power watts at the terminals, deliverable
   * @param seconds halved as often as the current within them asks for
   */
  step(power: number, seconds: number): void {
    this.one[0] = power;
    this.mixedStep(this.one, WHOLE, 1, seconds);
  }

  /**
   * Delivers several powers for a while, none of them above `calmPower`.
   * @param shares by power: its share of the time; together 1
   * @param count of powers
   */
  mixedStep(powers: Float64Array, shares: Float64Array, count: number, seconds: number): void {
    this.powers = powers;
    this.shares = shares;
    this.count = count;
    this.limits = null;
    this.move(seconds);
  }

  /**
   * Power up to which it does not matter for `seconds` when what is delivered. Whatever is drawn then, the voltage stays the same but for
   * STEADY, so that all of it can be taken in one step: of what a constant voltage leaves, only that change times how slow the slow part
   * is depends on the order. And whatever is drawn then, the loaded voltage stays at `volts` and charge above the share `soc`.
   * @returns watts; negative: none
   */
  calmPower(seconds: number, volts: number, soc: number): number {
    const { cell, leak, plan, state } = this;
    const { charge, slowCurrent } = state;
    if (slowCurrent < 0 || (cell.responseSeconds > 0 && cell.responseSeconds < SLOWER * seconds)) return NONE;
    const open = this.openCircuit();
    const resistance = plan.resistance * state.resistanceFactor;
    const slowResistance = this.slowResistance(charge, slowCurrent);
    const followed = slowResistance * this.relaxation.gone(seconds);
    const fall = Math.abs(cell.slope(charge)) * seconds;
    const change = STEADY * open;
    const lowest = open - slowResistance * slowCurrent - change;
    const amperes = Math.min(
      (change - fall * leak - followed * slowCurrent) / (fall + followed),
      (lowest - volts) / resistance,
      lowest / (2 * resistance),
      (charge - Math.max(cell.lower, soc * plan.capacity)) / (2 * seconds) - leak,
    );
    return amperes > 0 && charge <= cell.upper ? (lowest - resistance * amperes) * amperes : NONE;
  }

  /**
   * Takes charge for a while: constant current up to a voltage, then constant voltage; a full cell takes none.
   * @param seconds halved as often as the current within them asks for
   * @returns amperes that flow into it at the end
   */
  charge(limits: ChargeLimits, seconds: number): number {
    this.limits = limits;
    this.move(seconds);
    const resistance = this.plan.resistance * this.state.resistanceFactor;
    return 0 - this.currentAt(this.openCircuit() - this.polarisation, resistance);
  }

  /** Another temperature: what the slow part stores changes with its resistance, and the difference is lost or found in it. */
  setTemperature(resistanceFactor: number, lockedShare: number): void {
    const before = this.stored();
    this.state.resistanceFactor = resistanceFactor;
    this.state.lockedShare = lockedShare;
    this.state.polarisationLoss += before - this.stored();
  }

  /** Its capacity and resistances become so many times what they are, at the same state of charge. What the slow part stores changes as with temperature. */
  age({ capacity, resistance }: Ageing): void {
    const { state } = this;
    const stored = this.stored();
    state.takenBefore = this.taken();
    state.capacityLeft *= capacity;
    state.resistanceGrown *= resistance;
    const kept = state.charge * capacity;
    state.agedAway += state.charge - kept;
    state.charge = kept;
    state.chargeError = 0;
    state.chargeBefore = kept;
    this.restored();
    state.polarisationLoss += stored - this.stored();
  }

  /** To be called when `state` was written to from elsewhere: what follows from its age. */
  restored(): void {
    const { newPlan, state } = this;
    const capacity = newPlan.capacity * state.capacityLeft;
    const resistance = newPlan.resistance * state.resistanceGrown;
    if (this.plan.capacity === capacity && this.plan.resistance === resistance) return;
    this.plan = agedBattery(newPlan, { capacity: state.capacityLeft, resistance: state.resistanceGrown });
    this.cell = cellVoltage(this.plan);
    this.leak = this.plan.selfDischargePerSecond * this.plan.capacity;
  }

  /** ∫ open-circuit voltage dq so far. */
  private taken(): number {
    const { charge, chargeError, chargeBefore, takenBefore } = this.state;
    return takenBefore + this.cell.energy(charge, chargeBefore - charge + chargeError);
  }

  /** Terminal energy + losses + self-discharge + stored in the slow part, against ∫ open-circuit voltage dq: their difference, of all that flowed. */
  imbalance(): number {
    const { delivered, resistiveLoss, polarisationLoss, selfDischarge, turnover } = this.state;
    const taken = this.taken();
    const accounted = delivered + resistiveLoss + polarisationLoss + selfDischarge + this.stored();
    const flowed = Math.max(Math.abs(taken), turnover);
    return flowed === 0 ? 0 : (taken - accounted) / flowed;
  }

  private move(seconds: number): void {
    const { cell, leak, plan, state } = this;
    const resistance = plan.resistance * state.resistanceFactor;
    const tau = cell.responseSeconds;
    const half = seconds * 0.5;

    // Of the way to the current that flows, the slow one goes the share `gone` in this step, and on average it still lacks `lacking`.
    const gone = this.relaxation.gone(seconds);
    const lacking = (tau * gone) / seconds;
    const { charge, slowCurrent: before } = state;
    const slowBefore = this.slowResistance(charge, before);
    const first = this.currentAt(cell.openCircuit(charge) - slowBefore * before, resistance);
    const { lower, upper } = cell;
    const meanSlow = first + (before - first) * lacking;
    const middle = charge - (first + leak) * half;
    const middleOpen = cell.openCircuit(middle);
    const slowMiddle = this.slowResistance(middle, meanSlow);
    const meanOpen = middleOpen - slowMiddle * meanSlow;
    const amperes = this.currentAt(meanOpen, resistance);
    const outflow = (amperes + leak) * seconds;
    const end = charge - outflow;
    const overCorner = (charge - lower) * (end - lower) < 0 || (charge - upper) * (end - upper) < 0;
    // As the current turns round, the slow part may see another resistance.
    const slowStart = this.slowResistance(charge, meanSlow);
    const turning = before !== 0 && slowStart !== slowBefore;
    const most = LARGEST_CHANGE * Math.max(Math.abs(amperes), LEAST_RATE * plan.capacity);
    if ((overCorner || turning || Math.abs(amperes - first) > most) && seconds > SHORTEST_STEP) {
      this.move(half);
      return this.move(half);
    }

    const after = before + (amperes - before) * gone;
    state.slowCurrent = after;
    const taken = -outflow - state.chargeError;
    const left = charge + taken;
    state.chargeError = left - charge - taken;
    state.charge = left;
    state.throughput += Math.abs(amperes) * seconds;

    const power = this.limits === null ? this.meanPower() : (meanOpen - resistance * amperes) * amperes;
    const given = power * seconds - state.deliveredError;
    const delivered = state.delivered + given;
    state.deliveredError = delivered - state.delivered - given;
    state.delivered = delivered;
    state.turnover += Math.abs(power) * seconds;
    state.resistiveLoss += this.meanSquare * resistance * seconds;
    if (slowMiddle > 0) {
      // ∫ i*² dt of i*(t) = amperes + (before - amperes)·exp(-t/τ), in closed form.
      const swing = before - amperes;
      const squares =
        amperes * amperes * seconds + 2 * amperes * swing * tau * gone + 0.5 * swing * swing * tau * gone * (2 - gone);
      // What is stored, τ·R·i*²/2, changes with R as charge goes; that part of the change no current brought.
      const change = this.slowResistance(left, meanSlow) - slowStart;
      state.polarisationLoss += slowMiddle * squares - (change === 0 ? 0 : (0.5 * tau * change * squares) / seconds);
    }
    state.selfDischarge += leak * middleOpen * seconds;
  }

  private slowResistance(charge: number, slowCurrent: number): number {
    return this.cell.polarisation(charge, slowCurrent) * this.state.resistanceFactor;
  }

  /** Joules in the slow part. */
  private stored(): number {
    const { slowCurrent } = this.state;
    return 0.5 * this.cell.responseSeconds * this.polarisation * slowCurrent;
  }

  /** What flows on average at an open-circuit voltage less the slow part. */
  private currentAt(open: number, resistance: number): number {
    const { count, limits, powers, shares } = this;
    if (limits !== null) {
      const mean = this.chargingAt(open, resistance, limits);
      this.meanSquare = mean * mean;
      return mean;
    }
    let mean = 0;
    let square = 0;
    for (let index = 0; index < count; index++) {
      const amperes = currentAtMost(open, resistance, powers[index]);
      mean += shares[index] * amperes;
      square += shares[index] * (amperes * amperes);
    }
    this.meanSquare = square;
    return mean;
  }

  private chargingAt(open: number, resistance: number, { amperes, volts }: ChargeLimits): number {
    if (open >= volts || this.state.charge >= this.plan.capacity) return 0;
    return -(resistance > 0 ? Math.min(amperes, (volts - open) / resistance) : amperes);
  }

  private meanPower(): number {
    const { count, powers, shares } = this;
    let mean = 0;
    for (let index = 0; index < count; index++) mean += shares[index] * powers[index];
    return mean;
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
