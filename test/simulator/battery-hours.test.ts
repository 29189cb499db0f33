import { describe, expect, test } from 'vitest';
import { balance } from '../../server/simulator/balance.ts';
import type { ChargerPlan, HourPlan, Plan, SupplyPlan } from '../../server/simulator/plan.ts';
import { COULOMB } from './cells.ts';
import {
  core,
  events,
  MS,
  type Plain,
  plan,
  policy,
  relativeError,
  rows,
  S,
  simulate,
  stage,
  work,
  workLevel,
} from './sketch.ts';

const HOP = 100 * MS;
const CHARGER: Plain<ChargerPlan> = { amperes: 0.5, volts: 3.9, termination: 0.05, efficiency: 0.8 };
/** 3 to 4 V over 1 C behind 0.1 Ω: what takes an hour with an ampere-hour takes a second. */
const TINY = { ...COULOMB, capacity: 10 };

/** A device that draws `power` in its first policy and a tenth of it in its second, in a period of so many seconds. */
function device(
  power: number,
  period: number,
  spans: ReadonlyArray<Partial<Plain<HourPlan>> & { readonly start: number }>,
  {
    startSoc = 1,
    battery = TINY,
    brownOut = 0,
  }: {
    startSoc?: number;
    battery?: Extract<Plain<SupplyPlan>, { kind: 'battery' }>['battery'];
    brownOut?: number;
  } = {},
): Plan {
  const cores = [core('dsp', { states: [{ power: 0 }], work: [0], boot: [0, 500 * MS] })];
  const stages = [stage({ core: 0, work: work(workLevel(1, 0), 1 * MS) })];
  const base = policy({ cores, stages });
  return plan({
    hop: HOP,
    cores,
    stages,
    rails: [{ name: 'rail', regulator: { quiescent: 0, efficiency: [] }, brownOut }],
    sensor: {
      name: 'sensor',
      rail: 0,
      link: { rail: 0, power: 0 },
      modes: [power, power / 10].map((power, index) => ({ name: `mode ${index}`, power })),
      core: 0,
    },
    policies: [base, { ...base, sensorMode: 1 }],
    supply: { kind: 'battery', battery, startSoc, charger: CHARGER },
    hours: {
      period: period * S,
      spans: spans.map((span) => ({
        policy: 0,
        rules: [],
        plugged: false,
        resistanceFactor: 1,
        lockedShare: 0,
        ...span,
        start: span.start * S,
      })),
    },
  });
}

const hear = (seconds: number, score = 0) => rows((seconds * S) / HOP, () => [score]);

describe('a charger', () => {
  test('feeds the device and charges the cell, as the closed form says', () => {
    // 3.5 V at 5 C; 0.5 A until 3.85 V without load, then towards 3.9 V at R·Q/ΔV = 1 s.
    const { simulator } = simulate(
      device(0.2, 100, [{ start: 0, plugged: true }, { start: 8 }], { startSoc: 0.5 }),
      hear(8),
    );
    const { charged, fromCharger, battery } = simulator.supply.state;
    expect(relativeError(battery?.charge ?? 0, 9 - 0.5 * Math.exp(-1 / 1))).toBeLessThan(1e-5);
    const soc = (9 - 0.5 * Math.exp(-1)) / 10;
    const stored = 10 * (soc - 0.5) * (3 + 0.5 * (soc + 0.5));
    const lost = 0.1 * (0.25 * 7 + (0.25 * (1 - Math.exp(-2))) / 2);
    expect(relativeError(charged, stored + lost)).toBeLessThan(1e-5);
    expect(relativeError(fromCharger, charged + 0.2 * 8)).toBeLessThan(1e-9);
    expect(balance(simulator).error).toBeLessThan(1e-6);
  });

  test('stops when the current has fallen, and begins again when it is plugged in again', () => {
    const spans = [{ start: 0, plugged: true }, { start: 20 }, { start: 22, plugged: true }];
    const until = (seconds: number) => simulate(device(0.2, 100, spans, { startSoc: 0.8 }), hear(seconds)).simulator;
    // It ends within a second after 0.05 A, with 3.895 V without load.
    expect(until(15).supply.soc).toBeGreaterThanOrEqual(0.895 - 1e-6);
    expect(until(15).supply.state.charging).toBe(false);
    expect(until(19).supply.soc).toBe(until(15).supply.soc);
    expect(until(21.5).supply.soc).toBeLessThan(until(19).supply.soc);
    expect(until(22.5).supply.state.charging).toBe(true);
    expect(until(24).supply.soc).toBeGreaterThan(until(21.5).supply.soc);
  });

  test('lets rules by charge go back', () => {
    const rules = [{ belowSoc: 0.55, policy: 1 }];
    const spans = [
      { start: 0, rules },
      { start: 15, rules, plugged: true },
    ];
    const profile = (seconds: number) =>
      simulate(device(0.2, 100, spans, { startSoc: 0.6 }), hear(seconds)).simulator.state.policy;
    // 0.2 W at about 3.6 V is 0.056 A: 0.5 C take 9 s.
    expect([5, 12, 14.9, 25].map(profile)).toEqual([0, 1, 1, 0]);
  });

  test('brings a device back that protection had cut off: it boots cold, and hears from then on', () => {
    const spans = [{ start: 0 }, { start: 10, plugged: true }, { start: 40 }];
    const [missed, heard] = events([6 * S, 7 * S], [20 * S, 21 * S]);
    const { simulator, outcomes } = simulate(
      device(0.2, 100, spans, { startSoc: 0.02 }),
      rows(300, (window) => [window === 65 || window === 205 ? 1 : 0]),
      { labelled: [missed, heard] },
    );
    // 0.2 C last 3 s; it comes back at 10 s, after a second's reset and its boot.
    expect(simulator.isOff).toBe(false);
    expect(simulator.cores[0].state.boots).toBe(1);
    expect(outcomes).toMatchObject([
      { kind: 'miss', event: 0, ending: 'off' },
      { kind: 'true-positive', event: 1 },
    ]);
    const heardWindows = simulator.state.counts[0].windowsIn;
    expect(heardWindows).toBeGreaterThan(200 + 20);
    expect(heardWindows).toBeLessThan(200 + 40);
    expect(balance(simulator).error).toBeLessThan(1e-6);
  });

  test('that never comes leaves it off for good', () => {
    const { simulator } = simulate(device(0.2, 100, [{ start: 0 }, { start: 10 }], { startSoc: 0.02 }), hear(30));
    expect(simulator.isOff).toBe(true);
  });

  test('pulled out under a load that the cell cannot bear is noticed at that moment', () => {
    // 1 W behind 0.1 Ω at 3.02 V browns out below 3 V: while it is plugged in it does not.
    const spans = [{ start: 0, plugged: true }, { start: 0.7777 }];
    const weak = {
      ...TINY,
      openCircuit: [
        { soc: 0, volts: 3 },
        { soc: 1, volts: 3.02 },
      ],
      capacity: 1000,
    };
    const { simulator } = simulate(device(1, 100, spans, { battery: weak }), hear(1.5));
    expect(simulator.state.offSince).toBe(0.7777 * S);
  });
});

describe('hours', () => {
  test('have their own power profile, over and over', () => {
    const spans = [{ start: 0 }, { start: 4, policy: 1 }];
    const { simulator } = simulate(device(0.2, 10, spans), hear(30));
    // The change comes with the sensor's next interrupt, which is due at that moment.
    expect(relativeError(simulator.supply.delivered, 3 * (4 * 0.2 + 6 * 0.02))).toBeLessThan(1e-9);
    expect(simulator.state.policyChanges).toBe(6);
  });

  test('that are cold raise the resistance, and turn a device off whose charge cannot be had', () => {
    const cold = [{ start: 0 }, { start: 2, resistanceFactor: 3 }, { start: 4 }];
    const { simulator } = simulate(
      device(0.35, 100, cold, { startSoc: 0.5, battery: { ...TINY, capacity: 1e5 } }),
      hear(6),
    );
    const amperes = (ohms: number) => (3.5 - Math.sqrt(3.5 ** 2 - 4 * ohms * 0.35)) / (2 * ohms);
    const loss = 4 * 0.1 * amperes(0.1) ** 2 + 2 * 0.3 * amperes(0.3) ** 2;
    expect(relativeError(simulator.supply.battery?.state.resistiveLoss ?? 0, loss)).toBeLessThan(1e-5);

    const locked = [{ start: 0 }, { start: 2, lockedShare: 0.1 }, { start: 4 }];
    const off = simulate(device(0.01, 100, locked, { startSoc: 0.09 }), hear(6)).simulator;
    expect(off.state.offSince).toBe(2 * S);
  });
});
