// Cells for tests, and what a bench does with them.

import { Battery } from '../../server/simulator/battery.ts';
import type { BatteryPlan, TremblayPlan } from '../../server/simulator/plan.ts';
import type { Plain } from './sketch.ts';

/** Panasonic CGR18650DA, as ns-3's GenericBatteryModel has it. */
export const CGR18650DA: Plain<TremblayPlan> = {
  kind: 'tremblay',
  capacity: 2.33 * 3600,
  resistance: 0.083,
  selfDischargePerSecond: 0,
  cutoff: 3,
  full: 4.17,
  exponential: { volts: 3.714, drawn: 1.74 * 3600 },
  nominal: { volts: 3.57, drawn: 2.14 * 3600 },
  typicalCurrent: 0.466,
  responseSeconds: 30,
};

/** Voltage falls from 4 to 3 V over an ampere-hour. */
export const LINEAR = {
  capacity: 3600,
  openCircuit: [
    { soc: 0, volts: 3 },
    { soc: 1, volts: 4 },
  ],
  resistance: 0.1,
  selfDischargePerSecond: 0,
  cutoff: 3,
} as const;

export const THEVENIN = {
  ...LINEAR,
  kind: 'thevenin',
  polarisation: { resistance: 0.2, timeConstantSeconds: 30 },
} as const;
export const COULOMB = { ...LINEAR, kind: 'coulomb' } as const;

export const battery = (plan: Plain<BatteryPlan>, soc = 1): Battery => new Battery(plan as BatteryPlan, soc);

/** Draws a steady current for a while, or until the voltage under it falls to `cutoff`; says how long that was. */
export function draw(cell: Battery, amperes: number, seconds: number, cutoff = 0): number {
  let at = 0;
  for (; at < seconds; at++) {
    const power = cell.powerOf(amperes);
    if (!(power / amperes > cutoff)) break;
    cell.step(power, Math.min(1, seconds - at));
  }
  return at;
}

export function rest(cell: Battery, seconds: number): void {
  for (let at = 0; at < seconds; at++) cell.step(0, 1);
}

/** Loaded voltage at a current. */
export const loaded = (cell: Battery, amperes: number): number => cell.powerOf(amperes) / amperes;
