import { describe, expect, it } from 'vitest';
import { batteryLife } from '../../../server/runs/simulate/life.ts';
import type { BatteryPlan } from '../../../server/simulator/plan.ts';
import { COULOMB } from '../../simulator/cells.ts';
import { quantities } from '../../simulator/sketch.ts';

// An ampere-hour between 4 and 3 V: 6750 J above half of its charge and 5850 J below. At milliwatts its resistance takes nothing that counts.
const cell = { battery: quantities<BatteryPlan>(COULOMB), charger: null };
const steady = (watts: number) => ({ spanSeconds: 60, watts: [watts] });

describe('the life of a battery whose day repeats', () => {
  it.each([
    [5e-3, false],
    [1e-3, true],
  ])(
    'should be its energy over the power, rules by charge included, within 104 days and beyond: %d W',
    (watts, extrapolated) => {
      const plan = { startPolicy: 0, rules: [{ belowSoc: 0.5, policy: 1 }], hours: null };
      const life = batteryLife(cell, plan, [steady(watts), steady(watts / 2)], 1);
      expect(life.hours / ((6750 / watts + 5850 / (watts / 2)) / 3600)).toBeCloseTo(1, 3);
      expect(life.extrapolated).toBe(extrapolated);
    },
  );

  it('should end where a burst pulls the voltage under the cutoff, which its mean would not', () => {
    const plan = { startPolicy: 0, rules: [], hours: null };
    const bursts = batteryLife(cell, plan, [{ spanSeconds: 60, watts: [4, 0, 0, 0, 0, 0, 0, 0, 0, 0] }], 0.5);
    const mean = batteryLife(cell, plan, [steady(0.4)], 0.5);
    // 4 W at 3 V are 1.3 A, which 0.1 Ohm turn into 0.13 V: a quarter of the half volt that is left.
    expect(bursts.hours / mean.hours).toBeLessThan(0.85);
    expect(bursts.hours / mean.hours).toBeGreaterThan(0.65);
  });
});
