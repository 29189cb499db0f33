// A sensor that gates by itself: below its level it hands nothing on, and the core behind it sleeps as if there were no sensor.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SensorPlan } from '../../server/simulator/plan.ts';
import { Simulator } from '../../server/simulator/simulator.ts';
import { restoreSimulator, saveSimulator } from '../../server/simulator/snapshot.ts';
import type { Nanoseconds } from '../../server/units.ts';
import { randomCase } from './random-device.ts';
import { chunk, core, events, MS, plan, quantities, rows, S, stage, US, work, workLevel } from './sketch.ts';

const QUIET = -90;
const LOUD = -30;
const activity = { decibels: -50, hold: 100 * MS, power: 0.1e-3 };

const device = plan({
  sensor: {
    name: 'microphone',
    rail: 0,
    link: { rail: 0, power: 0.5e-3 },
    modes: [{ name: 'on', power: 2e-3 }],
    core: 0,
    activity,
  },
  cores: [
    core('mcu', {
      states: [{ power: 5e-3 }, { power: 10e-6, exit: [8e-3, 500 * US], sensorLive: false, minResidency: 1 * MS }],
      work: [20e-3],
    }),
  ],
  stages: [stage({ core: 0, work: work(workLevel(2, 0), 2 * MS) })],
});

function run(levels: readonly number[], labelled = events()): Simulator {
  const simulator = new Simulator(device, labelled);
  const scores = chunk(
    rows(levels.length, () => [0]),
    0,
    1,
  );
  simulator.addScores({ ...scores, levels: Float32Array.from(levels) });
  simulator.advance((levels.length * device.hop) as Nanoseconds);
  return simulator;
}

describe('a sensor that gates by itself', () => {
  it('should hand on what is loud and what follows within the hold, and draw its own power otherwise', () => {
    const simulator = run(Array.from({ length: 100 }, (_, window) => (window === 50 ? LOUD : QUIET)));
    // Window 50 ends at 1.02 s; those that end before 1.12 s come with it.
    expect(simulator.state.counts[0].windowsIn).toBe(5);
    expect(simulator.state.unheard).toBe(95);
    const open = 0.1;
    const { ledger, entries } = simulator;
    const end = simulator.now;
    expect(ledger.energyOf(entries.sensor, end)).toBeCloseTo(open * 2e-3 + (2 - open) * 0.1e-3, 12);
    expect(ledger.energyOf(entries.sensorLink, end)).toBeCloseTo(open * 0.5e-3, 12);
  });

  it('should let the core sleep in a state that a feeding sensor forbids, and wake it', () => {
    const silent = run(Array.from({ length: 100 }, () => QUIET));
    expect(silent.supply.at(silent.now).delivered / 2).toBeCloseTo(0.1e-3 + 10e-6, 9);
    const once = run(Array.from({ length: 100 }, (_, window) => (window === 50 ? LOUD : QUIET)));
    expect(once.cores[0].state.exits[1]).toBe(1);
    const loud = run(Array.from({ length: 100 }, () => LOUD));
    expect(loud.state.counts[0].windowsIn).toBe(100);
    expect(loud.cores[0].state.entries[1]).toBeLessThanOrEqual(1);
  });

  it('should be blamed for an event that it did not hear', () => {
    const labelled = events([0.5 * S, 0.9 * S]);
    const simulator = run(
      Array.from({ length: 200 }, () => QUIET),
      labelled,
    );
    expect(simulator.takeOutcomes()).toMatchObject([{ kind: 'miss', ending: 'unheard', stage: 0 }]);
  });

  it('should come to the same last digit with cycles jumped over, and from a saved state', () => {
    let jumped = 0;
    const silence = fc.array(fc.constantFrom(QUIET, QUIET, QUIET, LOUD), { minLength: 5, maxLength: 40 });
    fc.assert(
      fc.property(randomCase('strong', 100), silence, fc.integer({ min: 0, max: 500 }), (one, pattern, hold) => {
        const count = one.scores.length * 20;
        const scores = Array.from({ length: count }, (_, window) => one.scores[window % one.scores.length]);
        const levels = Float32Array.from(scores, (_, window) => pattern[window % pattern.length]);
        const sensor = {
          ...one.device.sensor,
          ...quantities<Pick<SensorPlan, 'activity'>>({ activity: { ...activity, hold: hold * MS } }),
        };
        const gated = { ...one.device, sensor };
        const begin = (fastForward: boolean) => {
          const simulator = new Simulator(gated, one.labelled, { fastForward });
          simulator.addScores({ ...chunk(scores, 0, gated.stages.length), levels });
          return simulator;
        };
        const [plain, forward] = [begin(false), begin(true)];
        const end = (count * gated.hop) as Nanoseconds;
        const half = Math.floor(end / 2) as Nanoseconds;
        for (const each of [plain, forward]) each.advance(half);
        const restored = restoreSimulator(gated, one.labelled, structuredClone(saveSimulator(forward)));
        for (const each of [plain, forward, restored]) each.advance(end);
        expect(saveSimulator(forward)).toEqual(saveSimulator(plain));
        expect(saveSimulator(restored)).toEqual(saveSimulator(plain));
        jumped += forward.forward?.tally.jumped ?? 0;
      }),
      { numRuns: 100, seed: 11, endOnFailure: true },
    );
    expect(jumped).toBeGreaterThan(5000);
  });
});
