import { describe, expect, test } from 'vitest';
import { balance } from '../../server/simulator/balance.ts';
import type { TheveninPlan } from '../../server/simulator/plan.ts';
import { core, MS, type Plain, plan, relativeError, rows, S, simulate, stage, work, workLevel } from './sketch.ts';

const HOP = 20 * MS;

/** Draws the same power whatever it does. */
function steady(power: number, cell: Partial<Plain<TheveninPlan>>, seconds: number) {
  const battery = {
    capacity: 10,
    kind: 'thevenin' as const,
    openCircuit: [
      { soc: 0, volts: 3 },
      { soc: 1, volts: 3 },
    ],
    resistance: 0,
    polarisation: { resistance: 0, timeConstantSeconds: 0 },
    selfDischargePerSecond: 0,
    cutoff: 2,
    ...cell,
  };
  const device = plan({
    hop: HOP,
    cores: [core('dsp', { states: [{ power }], work: [power] })],
    stages: [stage({ core: 0, work: work(workLevel(1, 0), 7 * MS) })],
    supply: { kind: 'battery', startSoc: 1, charger: null, battery },
  });
  return simulate(
    device,
    rows((seconds * S) / HOP, () => [0]),
  ).simulator;
}

/** It is looked at every hop: the first look at or after `seconds`. */
const firstLookAfter = (seconds: number) => Math.ceil((seconds * S) / HOP) * HOP;

describe('a cell', () => {
  test('of constant voltage and resistance gives (V - √(V² - 4RP)) / 2R', () => {
    const simulator = steady(0.9, { resistance: 0.5 }, 20);
    const amperes = (3 - Math.sqrt(9 - 4 * 0.5 * 0.9)) / (2 * 0.5);
    const battery = simulator.supply.at(simulator.now).battery;
    expect(relativeError(10 - (battery?.state.charge ?? 0), amperes * 20)).toBeLessThan(1e-9);
    expect(relativeError(battery?.state.resistiveLoss ?? 0, amperes ** 2 * 0.5 * 20)).toBeLessThan(1e-9);
    expect(relativeError(battery?.state.delivered ?? 0, 18)).toBeLessThan(1e-9);
  });

  test('that stays above its cutoff lasts until it is empty', () => {
    const amperes = (3 - Math.sqrt(9 - 4 * 0.5 * 0.9)) / (2 * 0.5);
    expect(steady(0.9, { resistance: 0.5 }, 40).state.offSince).toBe(firstLookAfter(10 / amperes));
  });

  test('of linear voltage is cut off when V - I·R reaches the cutoff, as long after the start as the integral says', () => {
    // V falls from 4 to 3 V over the charge; P = (V - I·R)·I; cut off where V - I·R = 3.1 V, that is I = P / 3.1 V.
    const [power, resistance, cutoff, capacity] = [0.8, 0.4, 3.1, 20];
    // dq/dt = -(V - √(V² - 4RP)) / 2R and dV = dq / capacity: t = capacity · ∫ (V + √(V² - 4RP)) / 2P dV.
    const c = 4 * resistance * power;
    const integral = (volts: number) => {
      const root = Math.sqrt(volts ** 2 - c);
      return (volts ** 2 / 2 + (volts * root - c * Math.log(volts + root)) / 2) / (2 * power);
    };
    const lowest = cutoff + (resistance * power) / cutoff;
    const lasts = capacity * (integral(4) - integral(lowest));
    const cell = {
      capacity,
      resistance,
      cutoff,
      openCircuit: [
        { soc: 0, volts: 3 },
        { soc: 1, volts: 4 },
      ],
    };
    const simulator = steady(power, cell, 100);
    expect(simulator.state.offSince).toBe(firstLookAfter(lasts));
    expect(simulator.state.offSince).toBeLessThan(100 * S);
    // The same integral the other way round: the charge after 20 s is the one that takes 20 s to reach.
    const charge = steady(power, cell, 20).supply.soc * capacity;
    expect(relativeError(capacity * (integral(4) - integral(3 + charge / capacity)), 20)).toBeLessThan(1e-9);
  });

  test('loses charge to self-discharge alone, and its balance still closes', () => {
    const leak = 1e-3;
    const cell = {
      selfDischargePerSecond: leak,
      cutoff: 3.2,
      openCircuit: [
        { soc: 0, volts: 3 },
        { soc: 1, volts: 4 },
      ],
    };
    // 4 V falls by 1 mV a second and passes 3.2 V after 800 s; a millisecond is for the last digits.
    expect(steady(0, cell, 820).state.offSince).toBeGreaterThanOrEqual(firstLookAfter(800 - 1e-3));
    expect(steady(0, cell, 820).state.offSince).toBeLessThanOrEqual(firstLookAfter(800 + 1e-3));
    const simulator = steady(0, cell, 100);
    expect(relativeError(1 - simulator.supply.at(simulator.now).soc, 100 * leak)).toBeLessThan(1e-9);
    expect(balance(simulator).error).toBeLessThan(1e-9);
  });

  test('whose slow voltage has settled gives what a cell of both resistances would', () => {
    // 3 V behind 0.3 Ω and 0.2 Ω with 0.5 s: after 40 s the slow part is exp(-80) from settled.
    const simulator = steady(0.9, { resistance: 0.3, polarisation: { resistance: 0.2, timeConstantSeconds: 0.5 } }, 20);
    const amperes = (3 - Math.sqrt(9 - 4 * 0.5 * 0.9)) / (2 * 0.5);
    expect(relativeError(simulator.supply.battery?.polarisation ?? 0, amperes * 0.2)).toBeLessThan(1e-9);
    expect(balance(simulator).error).toBeLessThan(1e-6);
  });

  test('of a hundred ampere-hours still counts microamperes', () => {
    const simulator = steady(3e-6, { capacity: 360_000 }, 100);
    const battery = simulator.supply.at(simulator.now).battery;
    const { charge = 0, chargeError = 0 } = battery?.state ?? {};
    expect(relativeError(360_000 - charge + chargeError, 1e-6 * 100)).toBeLessThan(1e-6);
    expect(balance(simulator).error).toBeLessThan(1e-9);
  });
});
