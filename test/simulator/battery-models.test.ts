import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Battery } from '../../server/simulator/battery.ts';
import { meanVoltage } from '../../server/simulator/battery-voltage.ts';
import type { BatteryPlan } from '../../server/simulator/plan.ts';
import { battery, CGR18650DA, COULOMB, draw, LINEAR, loaded, rest, THEVENIN } from './cells.ts';
import { type Plain, quantities, relativeError } from './sketch.ts';

const [TYPICAL, RATED] = [0.466, 2.33];
const R = 0.083;
/** From the published points by hand: A, B, E0 and K, charges in ampere-hours. */
const A = 4.17 - 3.714;
const B = 3 / 1.74;
const E0 = 4.17 + R * TYPICAL - A;
const K = (3.714 - 3.57 + A * Math.exp(-B * 2.14)) / ((RATED / (RATED - 2.14)) * (2.14 + TYPICAL));
const voltage = (drawn: number, amperes: number, slow: number) =>
  E0 - R * amperes - ((K * RATED) / (RATED - drawn)) * (drawn + slow) + A * Math.exp(-B * drawn);

describe('the Tremblay cell', () => {
  const drawn = (cell: Battery) => (1 - cell.soc) * RATED;

  test('passes the published points of its curve at the typical current', () => {
    const cell = battery(CGR18650DA);
    expect(loaded(cell, TYPICAL)).toBeCloseTo(4.17, 9);
    draw(cell, TYPICAL, (1.74 / TYPICAL) * 3600);
    expect(drawn(cell)).toBeCloseTo(1.74, 4);
    // The fit leaves the middle point by what is left of the exponential (A/e³) less the polarisation: 20 mV.
    expect(loaded(cell, TYPICAL)).toBeCloseTo(voltage(1.74, TYPICAL, TYPICAL), 4);
    expect(Math.abs(loaded(cell, TYPICAL) - 3.714)).toBeLessThan(0.021);
    draw(cell, TYPICAL, ((2.14 - drawn(cell)) / TYPICAL) * 3600);
    expect(loaded(cell, TYPICAL)).toBeCloseTo(3.57, 4);
  });

  test.each([
    [0.2, 0.466],
    [1, 2.33],
    [2, 4.66],
  ])('at %d C follows the formula and gives its charge up to the cutoff', (_, amperes) => {
    const cell = battery(CGR18650DA);
    draw(cell, amperes, 600);
    const slow = amperes * (1 - Math.exp(-600 / 30));
    expect(loaded(cell, amperes)).toBeCloseTo(voltage((amperes * 600) / 3600, amperes, slow), 4);
    draw(cell, amperes, 1e6, 3);
    // Where the formula passes 3 V, by bisection.
    let [low, high] = [0, RATED];
    for (let step = 0; step < 60; step++) {
      const middle = (low + high) / 2;
      if (voltage(middle, amperes, amperes) > 3) low = middle;
      else high = middle;
    }
    expect(Math.abs(drawn(cell) - low)).toBeLessThan((2 * amperes) / 3600);
  });

  test('gives less charge the faster it is drawn, and less than its resistance alone explains', () => {
    const until = (amperes: number, cutoff: number) => {
      const cell = battery(CGR18650DA);
      draw(cell, amperes, 1e6, cutoff);
      return drawn(cell);
    };
    const given = [0.2, 1, 2].map((rate) => until(rate * RATED, 3));
    expect(given[0]).toBeGreaterThan(given[1]);
    expect(given[1]).toBeGreaterThan(given[2]);
    // The cutoff lowered by R·(2C - 0.2C) makes up for the series resistance, and not for polarisation.
    expect(until(2 * RATED, 3 - R * 1.8 * RATED)).toBeLessThan(given[0] - 0.002);
  });

  test('after a change of current follows the new one anew, whatever the time', () => {
    const cell = battery(CGR18650DA);
    draw(cell, 0.2, 3600);
    draw(cell, 1, 15);
    // ns-3 would have it settled at once: its filter counts from the beginning of the simulation.
    expect(cell.state.slowCurrent).toBeCloseTo(1 - 0.8 * Math.exp(-15 / 30), 4);
  });
});

describe('rest', () => {
  test.each<[string, Plain<BatteryPlan>, number]>([
    ['thevenin', THEVENIN, 30],
    ['tremblay', CGR18650DA, 30],
  ])('brings a %s cell back at its time constant', (_, plan, tau) => {
    const cell = battery(plan);
    draw(cell, 1, 300);
    const [open, sag] = [cell.openCircuit(), cell.polarisation];
    expect(sag).toBeGreaterThan(0.004);
    rest(cell, 45);
    expect(cell.openCircuit()).toBe(open);
    expect(relativeError(cell.polarisation, sag * Math.exp(-45 / tau))).toBeLessThan(1e-9);
  });

  test('between pulses lets a cell give more before its cutoff than one pull does', () => {
    const steady = battery(THEVENIN);
    draw(steady, 2, 1e6, 3.3);
    const pulsed = battery(THEVENIN);
    while (draw(pulsed, 2, 10, 3.3) === 10) rest(pulsed, 60);
    const plain = battery(COULOMB);
    draw(plain, 2, 1e6, 3.3);
    const settled = 3.3 + 2 * 0.1;
    // Closed forms: the steady pull stops where OCV = cutoff + I·(R + Rp); without the slow part where OCV = cutoff + I·R.
    expect(steady.openCircuit()).toBeCloseTo(settled + 2 * 0.2, 2);
    expect(plain.openCircuit()).toBeCloseTo(settled, 2);
    // Pulsed periodically, i* begins a pulse at e⁻² of what it ends with, I·(1 - e^-⅓)/(1 - e^-7⁄3); the last look is a second before.
    const begins = (Math.exp(-2) * 2 * (1 - Math.exp(-10 / 30))) / (1 - Math.exp(-70 / 30));
    const last = 2 + (begins - 2) * Math.exp(-9 / 30);
    expect(Math.abs(pulsed.openCircuit() - (settled + last * 0.2))).toBeLessThan(0.006);
  });

  test('changes nothing of a coulomb-counting cell', () => {
    const cell = battery(COULOMB);
    draw(cell, 2, 100);
    const before = { ...cell.state };
    rest(cell, 100);
    expect(cell.polarisation).toBe(0);
    expect(cell.state).toEqual({ ...before, slowCurrent: 0 });
  });
});

describe('a load that a cell cannot give', () => {
  test.each<[string, Plain<BatteryPlan>]>([
    ['thevenin', THEVENIN],
    ['coulomb', COULOMB],
    ['tremblay', CGR18650DA],
  ])('has no voltage, and is more than OCV²/4R (%s)', (_, plan) => {
    const cell = battery(plan, 0.5);
    const most = cell.openCircuit() ** 2 / (4 * plan.resistance);
    expect(cell.voltage(most * (1 - 1e-9))).toBeCloseTo(cell.openCircuit() / 2, 3);
    expect(cell.voltage(most * (1 + 1e-9))).toBeNaN();
    // What the slow part takes counts as well.
    draw(cell, 1, 60);
    expect(cell.voltage((cell.openCircuit() - cell.polarisation) ** 2 / (4 * plan.resistance) + 1e-9)).toBeNaN();
  });
});

const plans = fc.constantFrom<Plain<BatteryPlan>>(
  { ...THEVENIN, selfDischargePerSecond: 1e-7 },
  { ...COULOMB, selfDischargePerSecond: 1e-6 },
  { ...CGR18650DA, selfDischargePerSecond: 1e-7 },
  {
    ...THEVENIN,
    openCircuit: [
      { soc: 0, volts: 3 },
      { soc: 0.4, volts: 3.6 },
      { soc: 0.9, volts: 3.7 },
      { soc: 1, volts: 4.2 },
    ],
  },
);
/** Seconds, and amperes drawn, or charged where they are negative. */
const course = fc.array(
  fc.record({ seconds: fc.integer({ min: 1, max: 900 }), amperes: fc.double({ min: -1.5, max: 1.5, noNaN: true }) }),
  { minLength: 1, maxLength: 6 },
);
/** Colder, warmer: the resistance and what cannot be had. */
const climate = fc.constantFrom(0.9, 1, 2.3);

function follow(
  cell: Battery,
  one: typeof course extends fc.Arbitrary<infer T> ? T : never,
  factor: number,
  parts: number,
) {
  for (const { seconds, amperes } of one) {
    cell.setTemperature(amperes > 0 ? factor : 1, 0);
    for (let second = 0; second < seconds; second++)
      for (let part = 0; part < parts; part++)
        if (amperes < 0) cell.charge({ amperes: -amperes, volts: 4.1 }, 1 / parts);
        else if (cell.voltage(amperes * 3.5) > 2.5) cell.step(amperes * 3.5, 1 / parts);
  }
  return cell;
}

describe('every model', () => {
  test('keeps its energy: ∫ open-circuit voltage dq is what left, what was lost, and what is stored, charged or drawn', () => {
    fc.assert(
      fc.property(
        plans,
        course,
        climate,
        fc.double({ min: 0.45, max: 0.95, noNaN: true }),
        (plan, one, factor, soc) => {
          const cell = follow(battery(plan, soc), one, factor, 1);
          expect(Math.abs(cell.imbalance())).toBeLessThan(1e-6);
        },
      ),
      { numRuns: 150, seed: 7 },
    );
  });

  test('leaves the charge that a hundredfold finer step leaves', () => {
    fc.assert(
      fc.property(
        plans,
        course,
        climate,
        fc.double({ min: 0.45, max: 0.95, noNaN: true }),
        (plan, one, factor, soc) => {
          const coarse = follow(battery(plan, soc), one, factor, 1);
          const fine = follow(battery(plan, soc), one, factor, 100);
          expect(Math.abs(coarse.state.charge - fine.state.charge) / fine.state.throughput).toBeLessThan(1e-6);
        },
      ),
      { numRuns: 12, seed: 7 },
    );
  });

  test.each<[string, Plain<BatteryPlan>]>([
    ['thevenin', THEVENIN],
    ['coulomb', COULOMB],
    ['tremblay', CGR18650DA],
  ])('is plain data, and goes on from it (%s)', (_, plan) => {
    const whole = battery(plan, 0.8);
    draw(whole, 0.7, 500);
    const second = battery(plan, 0.8);
    Object.assign(second.state, structuredClone(whole.state));
    for (const cell of [whole, second]) draw(cell, 1.1, 300);
    expect(second.state).toEqual(whole.state);
  });

  test('says what a full cell is worth a coulomb', () => {
    expect(meanVoltage(quantities<BatteryPlan>(COULOMB))).toBeCloseTo(3.5, 12);
    const cell = battery(CGR18650DA);
    let sum = 0;
    const steps = 1_000_000;
    for (let step = 0; step < steps; step++) sum += cell.openCircuit(((step + 0.5) / steps) * CGR18650DA.capacity);
    expect(relativeError(meanVoltage(quantities<BatteryPlan>(CGR18650DA)), sum / steps)).toBeLessThan(1e-6);
  });
});

describe('a charge', () => {
  test('of constant current, then constant voltage, ends with the charge that the closed form says', () => {
    // V = 3 + q/Q behind 0.1 Ω to 3.9 V at 0.5 A: constant current up to 3.85 V without load, then q nears 0.9 Q at R·Q = 360 s.
    const cell = battery(COULOMB, 0.5);
    const limits = { amperes: 0.5, volts: 3.9 };
    const constant = (0.35 * 3600) / 0.5;
    for (let second = 0; second < constant; second++) expect(cell.charge(limits, 1)).toBeCloseTo(0.5, 6);
    expect(cell.soc).toBeCloseTo(0.85, 9);
    for (let second = 0; second < 720; second++) cell.charge(limits, 1);
    expect(cell.soc).toBeCloseTo(0.9 - 0.05 * Math.exp(-720 / 360), 7);
    expect(cell.charge(limits, 1e-3)).toBeCloseTo(0.5 * Math.exp(-2), 5);
    // Into the terminals went all that is stored now and what the resistance took.
    const stored = LINEAR.capacity * (cell.soc - 0.5) * (3 + 0.5 * (cell.soc + 0.5));
    const lost = 0.1 * (0.25 * constant + (0.25 * 360 * (1 - Math.exp(-4))) / 2);
    expect(relativeError(-cell.state.delivered, stored + lost)).toBeLessThan(1e-6);
  });

  test('of a cell above the voltage does nothing', () => {
    const cell = battery(THEVENIN, 0.95);
    expect(cell.charge({ amperes: 1, volts: 3.9 }, 1)).toBe(0);
    expect(cell.soc).toBe(0.95);
  });
});

describe('cold', () => {
  test('locks a share of the charge, and gives it back', () => {
    const cell = battery(COULOMB, 0.04);
    expect(cell.isEmpty).toBe(false);
    cell.setTemperature(2, 0.05);
    expect(cell.isEmpty).toBe(true);
    cell.setTemperature(1, 0);
    expect(cell.isEmpty).toBe(false);
  });

  test('raises the resistance: loaded voltage falls by I·R as often as it says', () => {
    const cell = battery(COULOMB, 0.5);
    expect(loaded(cell, 1)).toBeCloseTo(3.4, 12);
    cell.setTemperature(2.27, 0);
    expect(loaded(cell, 1)).toBeCloseTo(3.5 - 0.227, 12);
  });
});
