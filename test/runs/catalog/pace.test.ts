import { describe, expect, it } from 'vitest';
import { fileCatalog } from '../../../server/runs/catalog/catalog-files.ts';
import { paceOf } from '../../../server/runs/catalog/pace.ts';
import { Stopwatch } from '../../../server/runs/manager/stopwatch.ts';

const all = new Map((await fileCatalog().scenarios()).map((scenario) => [scenario.name, scenario]));
const named = (name: string) => {
  const scenario = all.get(name);
  if (scenario === undefined) throw new Error(name);
  return scenario;
};
const run = (id: string, scenario: string, simulatedSeconds: number, wallSeconds: number) => ({
  id,
  scenario,
  simulatedSeconds,
  startSeconds: 2,
  wallSeconds,
});

describe('how long a run will take', () => {
  it('should rest on the longest run of the same scenario, less its start', () => {
    const ran = [run('kitchen-day-2', 'kitchen-day', 3600, 4), run('kitchen-day-1', 'kitchen-day', 86_400, 12)];
    expect(paceOf(named('kitchen-day'), ran, all)).toEqual({
      startSeconds: 2,
      speed: 8640,
      measuredOn: { kind: 'run', id: 'kitchen-day-1', sameScenario: true, durationSeconds: 86_400, wallSeconds: 12 },
    });
  });

  it('should rest on another scenario of the same sense, then on another machine, and say so', () => {
    const ran = [run('quiet-study-1', 'quiet-study', 86_400, 12)];
    expect(paceOf(named('kitchen-day'), ran, all)?.measuredOn).toMatchObject({ kind: 'run', sameScenario: false });
    expect(paceOf(named('walking-band'), ran, all)?.measuredOn).toMatchObject({ kind: 'elsewhere' });
  });

  it('should not be told from runs that are too short, nor of scenarios that cannot run', () => {
    const ran = [run('kitchen-day-1', 'kitchen-day', 60, 2.1)];
    expect(paceOf(named('kitchen-day'), ran, all)?.measuredOn).toMatchObject({ kind: 'elsewhere' });
    expect(paceOf({ ...named('kitchen-day'), stream: null }, ran, all)).toBeNull();
  });
});

describe('a stopwatch', () => {
  it('should tell laps of runs that went through, and of no others', () => {
    let now = 0;
    const seen = (...phases: ReadonlyArray<Parameters<Stopwatch['see']>[0]>) => {
      const stopwatch = new Stopwatch(() => now);
      for (const phase of phases) {
        stopwatch.see(phase);
        now += 1000;
      }
      return stopwatch.laps();
    };
    expect(seen('queued', 'starting', 'running', 'finished')).toEqual({ startSeconds: 1, wallSeconds: 2 });
    expect(seen('starting', 'running', 'paused', 'running', 'finished')).toBeNull();
    expect(seen('starting', 'running', 'stopped')).toBeNull();
  });
});
