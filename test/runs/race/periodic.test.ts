// Slow and steady against racing to idle, for work that comes evenly: by hand, and by the simulator.
import { describe, expect, it } from 'vitest';
import { type Parts, total } from '../../../server/runs/core-parts.ts';
import { periodicEnergy } from '../../../server/runs/race/periodic.ts';
import type { Plan } from '../../../server/simulator/plan.ts';
import {
  core,
  corePolicy,
  energy,
  MS,
  plan,
  policy,
  rows,
  simulate,
  stage,
  US,
  work,
  workLevel,
} from '../../simulator/sketch.ts';

const PERIOD = 100 * MS;
const WINDOWS = 50;

/** 20 mW for 5 ms or 6 mW for 16 ms; idle behind a gate 5 or 1.5 mW; asleep 50 µW, a millisecond and 10 mW to wake, 0.1 ms at 5 mW to enter. */
const points = {
  fast: { watts: 20e-3, milliseconds: 5, idle: 5e-3 },
  slow: { watts: 6e-3, milliseconds: 16, idle: 1.5e-3 },
};
const IDLE = { power: 5e-3 };
const ASLEEP = { power: 50e-6, entry: [5e-3, 100 * US], exit: [10e-3, 1 * MS], minResidency: 3 * MS } as const;

/** A core that the sensor wakes every period, or one that a core before it wakes without a warning. */
function device(
  point: keyof typeof points,
  deep: boolean,
  known: boolean,
): { readonly device: Plan; readonly worker: number } {
  const { watts, milliseconds, idle } = points[point];
  const states = deep ? [{ ...IDLE, power: idle }, ASLEEP] : [{ ...IDLE, power: idle }];
  const worker = core('worker', { states, work: [watts] });
  const job = (on: number, deepness: number) =>
    work(workLevel(deepness, 0), on === 0 && !known ? 0 : milliseconds * MS);
  // The one that hears draws nothing: all energy is the worker's.
  const hears = core('hears', { states: [{ power: 0 }], work: [0] });
  const cores = known ? [worker] : [hears, worker];
  const stages = known
    ? [stage({ core: 0, work: job(0, states.length) })]
    : [stage({ core: 0, work: work(workLevel(1, 0), 0) }), stage({ core: 1, work: job(1, states.length) })];
  const number = cores.length - 1;
  return {
    worker: number,
    device: plan({
      hop: PERIOD,
      cores,
      stages,
      policies: [
        policy(
          { cores, stages },
          {
            cores: cores.map((each, at) =>
              corePolicy(each, at === number ? { linger: each.states.map(() => 2 * MS) } : {}),
            ),
          },
        ),
      ],
    }),
  };
}

function closed(point: keyof typeof points, deep: boolean, known: boolean): Parts {
  const { device: whole, worker } = device(point, deep, known);
  const phase = whole.stages[whole.stages.length - 1].work[0][0];
  const parts = periodicEnergy(whole.cores[worker], whole.policies[0].cores[worker], phase, PERIOD, known);
  if (parts === null) throw new Error('too slow');
  return parts;
}

/** Joules that a period takes in the simulator, once all has settled. */
function simulated(point: keyof typeof points, deep: boolean, known: boolean): number {
  const { device: whole } = device(point, deep, known);
  const scores = rows(WINDOWS, () => (known ? [0] : [1, 0]));
  const until = (periods: number) => energy(simulate(whole, scores, { until: periods * PERIOD }).simulator);
  return (until(WINDOWS) - until(10)) / (WINDOWS - 10);
}

describe('the energy of a period, by hand', () => {
  const close = (parts: Parts, expected: Parts) => {
    for (const part of ['active', 'wake', 'idle', 'sleep'] as const)
      expect(parts[part], part).toBeCloseTo(expected[part], 12);
  };

  it('should be work, wake and sleep where the next window is known', () => {
    // 20 mW · 5 ms; 10 mW · 1 ms + 5 mW · 0.1 ms; 50 µW · (100 - 1 - 5 - 0.1) ms.
    close(closed('fast', true, true), { active: 100e-6, wake: 10.5e-6, idle: 0, sleep: 4.695e-6 });
    // 6 mW · 16 ms; the same wake; 50 µW · 82.9 ms.
    close(closed('slow', true, true), { active: 96e-6, wake: 10.5e-6, idle: 0, sleep: 4.145e-6 });
  });

  it('should be work and waiting where only the clock can be gated: racing loses what the gate costs', () => {
    // 5 mW · 95 ms; 1.5 mW · 84 ms.
    close(closed('fast', false, true), { active: 100e-6, wake: 0, idle: 475e-6, sleep: 0 });
    close(closed('slow', false, true), { active: 96e-6, wake: 0, idle: 126e-6, sleep: 0 });
  });

  it('should hold the patience of a core that cannot know what comes', () => {
    // 2 ms of waiting before it goes to sleep: 5 mW · 2 ms; 50 µW · (100 - 1 - 5 - 2 - 0.1) ms.
    close(closed('fast', true, false), { active: 100e-6, wake: 10.5e-6, idle: 10e-6, sleep: 4.595e-6 });
    close(closed('slow', true, false), { active: 96e-6, wake: 10.5e-6, idle: 3e-6, sleep: 4.045e-6 });
  });

  it('should be what the simulator draws', () => {
    for (const point of ['fast', 'slow'] as const)
      for (const deep of [true, false])
        for (const known of [true, false])
          expect(
            simulated(point, deep, known) / total(closed(point, deep, known)),
            `${point} ${deep} ${known}`,
          ).toBeCloseTo(1, 9);
  });

  it('should not exist where windows come faster than the core works', () => {
    const { device: whole, worker } = device('slow', true, true);
    const phase = whole.stages[0].work[0][0];
    expect(periodicEnergy(whole.cores[worker], whole.policies[0].cores[worker], phase, 15 * MS, true)).toBeNull();
  });

  it('should stay in the shallow state where the deep one would not pay', () => {
    const { device: whole, worker } = device('fast', true, true);
    const phase = whole.stages[0].work[0][0];
    // 8 ms less 5 of work and 1 of waking leave 2: less than the 3 + 1 that sleep asks for.
    const parts = periodicEnergy(whole.cores[worker], whole.policies[0].cores[worker], phase, 8 * MS, true);
    expect(parts).toEqual({ active: expect.closeTo(100e-6, 12), wake: 0, idle: expect.closeTo(15e-6, 12), sleep: 0 });
  });
});
