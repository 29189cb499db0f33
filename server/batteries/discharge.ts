// What a bench does with a cell: drawing a steady or a pulsed current until its voltage falls to the cutoff.

import { Battery } from '../simulator/battery.ts';
import type { BatteryPlan } from '../simulator/plan.ts';

/** What temperature does to the cell: times its resistances, and the share of its capacity that cannot be had. */
export interface Climate {
  readonly resistanceFactor: number;
  readonly lockedShare: number;
}

export interface Discharge {
  /** Loaded voltage over coulombs drawn. */
  readonly curve: ReadonlyArray<readonly [drawn: number, volts: number]>;
  readonly coulombs: number;
  readonly joules: number;
}

/** Points that a curve is drawn with. */
const POINTS = 200;

/** Draws a full cell at a steady current down to its cutoff. */
export function discharge(plan: BatteryPlan, amperes: number, climate: Climate): Discharge {
  const cell = new Battery(plan, 1);
  cell.setTemperature(climate.resistanceFactor, climate.lockedShare);
  const curve: Array<readonly [number, number]> = [];
  const apart = plan.capacity / POINTS;
  for (;;) {
    const power = cell.powerOf(amperes);
    const volts = power / amperes;
    const { throughput } = cell.state;
    const isOver = !(volts > plan.cutoff) || cell.isEmpty;
    if (isOver || throughput >= curve.length * apart) curve.push([throughput, volts]);
    if (isOver) return { curve, coulombs: throughput, joules: cell.state.delivered };
    cell.step(power, 1);
  }
}

/** Loaded voltage over seconds of a cell that is half full: pulses of a current, and rest between them. */
export function pulses(
  plan: BatteryPlan,
  amperes: number,
  { on, off, count }: { readonly on: number; readonly off: number; readonly count: number },
): ReadonlyArray<readonly [seconds: number, volts: number]> {
  const cell = new Battery(plan, 0.5);
  const curve: Array<readonly [number, number]> = [[0, cell.voltage(0)]];
  let seconds = 0;
  const stay = (current: number, length: number) => {
    curve.push([seconds, current > 0 ? cell.powerOf(current) / current : cell.voltage(0)]);
    for (let second = 0; second < length; second++) {
      cell.step(current > 0 ? cell.powerOf(current) : 0, 1);
      seconds++;
      curve.push([seconds, current > 0 ? cell.powerOf(current) / current : cell.voltage(0)]);
    }
  };
  stay(0, off / 2);
  for (let pulse = 0; pulse < count; pulse++) {
    stay(amperes, on);
    stay(0, off);
  }
  return curve;
}
