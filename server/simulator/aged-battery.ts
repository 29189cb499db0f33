// A cell as it is when it has aged.

import { amperes, coulombs, ohms, volts } from '../units.ts';
import type { BatteryPlan, CurvePoint } from './plan.ts';

export interface Ageing {
  /** Times the capacity, and times the resistances. */
  readonly capacity: number;
  readonly resistance: number;
}

/** Open-circuit voltage over the state of charge stays as it was. Of a Tremblay cell the slow part comes from that curve, so only its series resistance ages. */
export function agedBattery(plan: BatteryPlan, { capacity, resistance }: Ageing): BatteryPlan {
  const cell = { capacity: coulombs(plan.capacity * capacity), resistance: ohms(plan.resistance * resistance) };
  switch (plan.kind) {
    case 'thevenin': {
      const { polarisation } = plan;
      const slow = { ...polarisation, resistance: ohms(polarisation.resistance * resistance) };
      return { ...plan, ...cell, polarisation: slow };
    }
    case 'coulomb':
      return { ...plan, ...cell };
    case 'tremblay': {
      // Its points are loaded voltages: what the current of the curve drops over the resistance is not of the cell's own curve.
      const typicalCurrent = amperes(plan.typicalCurrent * capacity);
      const shift = plan.resistance * plan.typicalCurrent - cell.resistance * typicalCurrent;
      const point = ({ volts: at, drawn }: CurvePoint): CurvePoint => ({
        volts: volts(at + shift),
        drawn: coulombs(drawn * capacity),
      });
      return {
        ...plan,
        ...cell,
        typicalCurrent,
        full: volts(plan.full + shift),
        exponential: point(plan.exponential),
        nominal: point(plan.nominal),
      };
    }
  }
}
