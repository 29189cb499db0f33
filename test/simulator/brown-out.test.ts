import { describe, expect, test } from 'vitest';
import type { BatteryPlan } from '../../server/simulator/plan.ts';
import {
  core,
  energy,
  events,
  MS,
  type Plain,
  phase,
  plan,
  relativeError,
  rows,
  S,
  simulate,
  spent,
  stage,
  work,
  workLevel,
} from './sketch.ts';

const BOOT = 1;
const OFF = 0;

/** 3.6 V behind 2 Ω: 1 W pulls it to 2.91 V, 1.2 W to 2.70 V, and no more than 1.62 W can be had. */
const CELL: Plain<BatteryPlan> = {
  capacity: 1000,
  kind: 'thevenin' as const,
  openCircuit: [
    { soc: 0, volts: 3.6 },
    { soc: 1, volts: 3.6 },
  ],
  resistance: 2,
  polarisation: { resistance: 0, timeConstantSeconds: 0 },
  selfDischargePerSecond: 0,
  cutoff: 2.5,
};

/** A frugal core on a sturdy rail listens; a hungry one on a rail that browns out at 2.8 V works for 30 ms. */
function device(pulse: number, { cell = CELL, sturdy = 1.8, sensor = 0 } = {}) {
  const regulator = { quiescent: 0, efficiency: [] };
  return plan({
    hop: 20 * MS,
    rails: [
      { name: 'always on', regulator, brownOut: sturdy },
      { name: 'application', regulator, brownOut: 2.8 },
    ],
    supply: { kind: 'battery', startSoc: 1, charger: null, battery: cell },
    cores: [
      core('dsp', { work: [1e-3] }),
      core('app', { rail: 1, states: [{ power: 1e-3 }], boot: [50e-3, 200 * MS], work: [pulse, 30e-3, 20e-3] }),
    ],
    links: [{ name: 'spi', rail: 0, sleepPower: 0, transferPower: 0, wakeLatency: 0, bytesPerSecond: 1e6 }],
    stages: [
      stage({ core: 0, work: work(workLevel(1, 0), 1 * MS) }),
      stage({
        core: 1,
        link: 0,
        windowBytes: 2000,
        hopBytes: 100,
        work: work(workLevel(1, 0), 30 * MS),
        weights: { when: 'lost', load: phase(workLevel(1, 1), 40 * MS) },
        transferLevel: [workLevel(1, 2)],
      }),
    ],
    sensor: { name: 'mic', rail: 0, link: { rail: 0, power: 0 }, modes: [{ name: 'on', power: sensor }], core: 0 },
  });
}

describe('a pulse', () => {
  test('that the rail bears does nothing', () => {
    const { simulator } = simulate(
      device(1),
      rows(50, (window) => [window === 4 ? 1 : 0, 0]),
    );
    expect(simulator.state.brownOuts).toBe(0);
  });

  test('that pulls the voltage under the rail boots the core cold, with time, energy and all that it held', () => {
    // Window 4 pulls it down at 101 + 2 ms; 20 ms later window 5 finds it without power. Off for 1 s, 200 ms of boot.
    const passing = new Set([4, 5, 100]);
    const { simulator, outcomes } = simulate(
      device(1.2),
      rows(120, (window) => [passing.has(window) ? 1 : 0, 0]),
      { labelled: events([90 * MS, 110 * MS]) },
    );
    const { boots, loads, received } = simulator.cores[1].state;
    // The second pulse, at 2.02 s + 1 + 2 + 40 ms, pulls it down again.
    expect({ brownOuts: simulator.state.brownOuts, boots, loads: loads[1] }).toEqual({
      brownOuts: 2,
      boots: 1,
      loads: 1,
    });
    // The window in its memory was lost too.
    expect(received[1]).toBe(2000 + 2000);
    expect(spent(simulator, 1, workLevel(1, 0))).toBe(0);
    expect(spent(simulator, 1, BOOT)).toBe(200 * MS);
    const [first, second] = [103 * MS, 2063 * MS];
    expect(spent(simulator, 1, OFF)).toBe(1 * S + 120 * 20 * MS - second);
    expect(outcomes).toMatchObject([{ kind: 'miss', stage: 1, ending: 'brown-out' }]);
    // Idle to 101 ms, transfer, off, boot, idle, transfer, weights.
    const idle = 101 * MS + (2021 * MS - (first + 1200 * MS));
    const expected = 1e-3 * idle + 20e-3 * 4 * MS + 50e-3 * 200 * MS + 30e-3 * 40 * MS;
    expect(relativeError(simulator.ledger.energyOf(1, simulator.now), expected / S)).toBeLessThan(1e-9);
  });

  test('beyond OCV² / 4R takes all cores down, and they come back', () => {
    const { simulator } = simulate(
      device(1.7),
      rows(100, (window) => [window === 4 ? 1 : 0, 0]),
    );
    expect(simulator.state.brownOuts).toBe(1);
    expect(simulator.cores.map(({ state }) => state.boots)).toEqual([1, 1]);
    expect(simulator.isOff).toBe(false);
  });

  test('just short of OCV² / 4R takes down what its voltage does not suffice for', () => {
    // 1.6 W leave 2.0 V: the sturdy rail goes on at 1.8 V.
    const { simulator } = simulate(
      device(1.6),
      rows(100, (window) => [window === 4 ? 1 : 0, 0]),
    );
    expect(simulator.cores.map(({ state }) => state.boots)).toEqual([0, 1]);
    expect(simulator.isOff).toBe(false);
  });

  test('takes with it what the core had yet to send', () => {
    // Here the sender is on the weak rail, and pulled down by the receiver, which draws 1.2 W for the 2 s that a window's bytes take.
    const weak = device(1.2);
    const [dsp, app] = weak.cores;
    const swapped = {
      ...weak,
      cores: [
        { ...dsp, rail: 1 as typeof dsp.rail },
        { ...app, rail: 0 as typeof app.rail },
      ],
      links: [{ ...weak.links[0], bytesPerSecond: 1000 as (typeof weak.links)[0]['bytesPerSecond'] }],
    };
    const levels = swapped.cores[1].levels.map((level, index) =>
      index === workLevel(1, 2) ? { ...level, power: 1.2 as typeof level.power } : level,
    );
    const { simulator, outcomes } = simulate(
      { ...swapped, cores: [swapped.cores[0], { ...swapped.cores[1], levels }] },
      rows(100, (window) => [window === 4 ? 1 : 0, 0]),
      { labelled: events([90 * MS, 110 * MS]) },
    );
    expect(simulator.cores.map(({ state }) => state.boots)).toEqual([1, 0]);
    expect(simulator.links[0].state).toMatchObject({ moved: 0, waiting: [] });
    expect(simulator.cores[1].state.jobs[1]).toBe(1);
    expect(spent(simulator, 1, workLevel(1, 0))).toBe(0);
    expect(outcomes).toMatchObject([{ kind: 'miss', stage: 1, ending: 'brown-out' }]);
  });
});

describe('protection', () => {
  test('disconnects when what is left still pulls the cell under its cutoff, and the device is off for good', () => {
    // The sensor alone takes 1.4 W and leaves 2.47 V; no core is to blame.
    const { simulator, outcomes } = simulate(
      device(0, { sensor: 1.4, sturdy: 0 }),
      rows(200, () => [1, 1]),
      { labelled: events([1 * S, 1.5 * S]) },
    );
    expect(simulator.state.offSince).toBe(0);
    expect(energy(simulator)).toBe(0);
    expect(simulator.state.counts[0].windowsIn).toBe(0);
    expect(outcomes).toMatchObject([{ kind: 'miss', stage: 0, ending: 'off', time: 2.5 * S }]);
  });

  test('ends what was under way, draws nothing afterwards, and lets go of scores', () => {
    // 0.1 C at 3.6 V under 0.5 W, of which the listening core takes little: empty after a fifth of a second.
    const cell = { ...CELL, capacity: 0.03 };
    const { simulator, outcomes } = simulate(
      device(0.5, { cell }),
      rows(300, () => [1, 1]),
      { labelled: events([100 * MS, 900 * MS], [3 * S, 4 * S]) },
    );
    const { offSince } = simulator.state;
    expect(offSince).toBeLessThan(1 * S);
    expect(simulator.cores[1].state.jobs[1]).toBeGreaterThan(0);
    expect(outcomes.at(-1)).toMatchObject({ kind: 'miss', event: 1, stage: 0, ending: 'off' });
    expect(simulator.supply.voltage()).toBe(3.6);
    expect(spent(simulator, 1, simulator.ledger.entries[1].levels.length - 1)).toBe(6 * S - offSince);
    expect(simulator.states.scores.chunks.map(({ first }) => first.length)).toEqual([0]);
  });
});
