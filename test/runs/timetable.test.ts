import { describe, expect, test } from 'vitest';
import { batteryLife } from '../../server/runs/simulate/life.ts';
import { timetableOf } from '../../server/runs/timetable.ts';
import type { BatteryPlan, HourPlan, Plan } from '../../server/simulator/plan.ts';
import { COULOMB } from '../simulator/cells.ts';
import { core, type Plain, plan, relativeError, S, stage, work, workLevel } from '../simulator/sketch.ts';

const hours = {
  night: { plugged: true, events: 0.1 },
  home: { plugged: false },
  out: { plugged: false, events: { a: 2 } },
};

describe('a timetable', () => {
  test('repeats a day, and a week where weekends differ', () => {
    const weekday = { '7:30': 'home', '0:00': 'night' };
    const day = timetableOf({ day: { hours, weekday } });
    expect(day?.periodSeconds).toBe(86_400);
    expect(day?.spans.map(({ startSeconds, name }) => [startSeconds, name])).toEqual([
      [0, 'night'],
      [27_000, 'home'],
    ]);
    const week = timetableOf({ day: { hours, weekday, weekend: { '0:00': 'out' } }, temperature: 5 });
    expect(week?.periodSeconds).toBe(7 * 86_400);
    expect(week?.spans).toHaveLength(5 * 2 + 2);
    expect(week?.spans[11]).toMatchObject({ startSeconds: 6 * 86_400, name: 'out', temperature: 5, plugged: false });
    expect(['a', 'b'].map((label) => week?.spans[11].events(label))).toEqual([2, 1]);
  });

  test('is none where nothing changes, and one span where only the temperature is given', () => {
    expect(timetableOf({})).toBeNull();
    expect(timetableOf({ temperature: -10 })?.spans).toMatchObject([{ startSeconds: 0, temperature: -10 }]);
  });
});

describe('the life of a battery', () => {
  const HOUR = 3600;
  const flat = {
    ...COULOMB,
    openCircuit: [
      { soc: 0, volts: 3.5 },
      { soc: 1, volts: 3.5 },
    ],
    resistance: 0,
  };
  /** Plugged in from 0:00 for so many hours, at 0.5 A to 3.6 V. */
  const device = (plugged: number, battery: Plain<BatteryPlan> = flat): Plan => {
    const span = (start: number, plugged: boolean): Plain<HourPlan> => ({
      start: start * HOUR * S,
      policy: 0,
      rules: [],
      plugged,
      resistanceFactor: 1,
      lockedShare: 0,
    });
    const spans = plugged > 0 ? [span(0, true), span(plugged, false)] : [span(0, false), span(12, false)];
    return plan({
      cores: [core('dsp', { work: [0] })],
      stages: [stage({ core: 0, work: work(workLevel(1, 0), 1000) })],
      supply: {
        kind: 'battery',
        startSoc: 1,
        battery,
        charger: { amperes: 0.5, volts: 3.6, termination: 0.05, efficiency: 0.8 },
      },
      hours: { period: 24 * HOUR * S, spans },
    });
  };
  const life = (plugged: number, watts: number, from = 1) => {
    const { supply, ...plan } = device(plugged);
    if (supply.kind === 'ideal') throw new Error('it has a battery');
    return batteryLife(supply, plan, [{ spanSeconds: 60, watts: [watts] }], from).hours;
  };

  test('is for ever where a day charges what a day uses', () => {
    // 22 h at 0.1 W and 3.5 V are 0.63 Ah; two hours charge 1 Ah.
    expect(life(2, 0.1)).toBe(Number.POSITIVE_INFINITY);
  });

  test('ends when it first runs out, where a day uses more than it holds', () => {
    // After the two plugged hours 1 Ah at 0.35 W and 3.5 V: 10 h.
    expect(Math.abs(life(2, 0.35) - 12)).toBeLessThan(0.01);
  });

  test('ends after some days, where each charges less than it uses', () => {
    // A quarter of an hour gives 0.125 Ah; 23.75 h at 0.7/24 W take 0.198 Ah: it falls by 0.073 Ah a day.
    const daily = (23.75 * 0.7) / 24 / 3.5 - 0.125;
    const days = life(0.25, 0.7 / 24, 0.8) / 24;
    expect(days).toBeGreaterThan(0.8 / daily - 2.5);
    expect(days).toBeLessThan(0.8 / daily + 1);
  });

  test('without a charger is charge over current', () => {
    expect(relativeError(life(0, 0.035), 100)).toBeLessThan(1e-4);
  });
});
