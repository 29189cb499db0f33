// The shipped scenario, through its own process, on its own recordings and models.
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { startRun } from '../../server/runs/process/process-client.ts';
import type { RunReport } from '../../server/runs/report/report.ts';

const program = new URL('../../dist/server/runs/process/process.js', import.meta.url);
const scenario = fileURLToPath(new URL('../../scenarios/kitchen-day.yaml', import.meta.url));

async function run(options: {
  seed?: number;
  threads?: number;
  powerProfile?: string;
  durationSeconds?: number;
}): Promise<RunReport> {
  const request = { scenario, speed: 'max', baseline: true, durationSeconds: 1800, ...options } as const;
  const outcome = await startRun(request, {}, { program }).done;
  if (outcome.kind !== 'finished') throw new Error(JSON.stringify(outcome));
  return outcome.report;
}

/** What does not depend on how fast the machine is and how many threads it used. */
const lasting = ({ wallSeconds: _, cost: __, ...rest }: RunReport) => rest;

describe('half an hour of the kitchen day', () => {
  it('should be the same for the same seed, however many threads score it, and another for another seed', async () => {
    const [one, two, other] = [await run({ threads: 1 }), await run({ threads: 2 }), await run({ seed: 8 })];
    expect(lasting(two)).toEqual(lasting(one));
    expect(lasting(other)).not.toEqual(lasting(one));
  });

  it('should score every window, hear the word, and account for every joule', async () => {
    const report = await run({});
    expect(report.stream.windows).toBe(1800 * 50);
    expect(report.stages[0].windowsIn).toBe(1800 * 50);
    expect(report.detections.truePositives).toBeGreaterThan(0);
    expect(report.detections.events).toBe(report.detections.truePositives + report.detections.misses);
    expect(report.conservation).toBeLessThan(1e-6);
    for (const core of report.cores) {
      expect(Object.values(core.residency).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
      const drawn = Object.values(core.joules).reduce((sum, joules) => sum + joules, 0);
      expect(drawn / report.energy.byComponent[core.name]).toBeCloseTo(1, 9);
    }
    const rails = Object.values(report.energy.byRail).reduce((sum, joules) => sum + joules, 0);
    expect(rails / report.energy.totalJoules).toBeCloseTo(1, 9);
    const { p50, parts } = report.latencyMilliseconds;
    expect(p50).not.toBeNull();
    expect(parts.some(({ part, stage }) => part === 'wake' && stage === 'verify')).toBe(true);
  });

  it('should say of a wrong power profile which ones there are', async () => {
    const request = { scenario, speed: 'max', baseline: false, powerProfile: 'turbo' } as const;
    const outcome = await startRun(request, {}, { program }).done;
    expect(outcome).toMatchObject({ kind: 'failed', cause: 'input' });
    if (outcome.kind === 'failed') expect(outcome.problem).toMatch(/turbo.*always-listening, balanced, saver/);
  });
});
