// Placements of the shipped cascade, really scored and simulated over two minutes, by the built program: threads are started from its files.
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { scoringFloors } from '../../../server/runs/placements/score-table.ts';
import type * as StudyModule from '../../../server/runs/placements/study.ts';
import type { PlacementStudy } from '../../../server/runs/placements/study.ts';
import { allVariants } from '../../../server/runs/placements/variants.ts';
import { startRun } from '../../../server/runs/process/process-client.ts';

const built = new URL('../../../dist/server/runs/', import.meta.url);
const scenario = fileURLToPath(new URL('../../../scenarios/kitchen-day.yaml', import.meta.url));
const durationSeconds = 120;

describe('placements of the kitchen day', () => {
  let study: PlacementStudy;
  beforeAll(async () => {
    const { studyPlacements }: typeof StudyModule = await import(new URL('placements/study.js', built).href);
    study = await studyPlacements({ scenario, durationSeconds }, () => undefined);
  });

  it('should find for the shipped placement what a run of it finds', async () => {
    const outcome = await startRun(
      { scenario, durationSeconds, speed: 'max', baseline: false },
      {},
      { program: new URL('process/process.js', built) },
    ).done;
    if (outcome.kind !== 'finished') throw new Error(JSON.stringify(outcome));
    const { battery, detections, latencyMilliseconds } = outcome.report;
    const shipped = study.placements.filter(({ isShipped }) => isShipped);
    expect(shipped).toHaveLength(1);
    expect(shipped[0]).toMatchObject({
      averageMilliwatts: battery.averageMilliwatts,
      lifeHours: battery.lifeHours,
      events: detections.events,
      misses: detections.misses,
      falseAccepts: detections.falseAccepts,
      p95Milliseconds: latencyMilliseconds.p95,
      reachesQuality: true,
    });
  });

  it('should say of every variant what it comes to, or by how much it does not fit', () => {
    const refused = new Set(study.refused.flatMap(({ placements }) => placements));
    expect(study.placements.length + refused.size).toBe(63);
    const text = study.refused.map(({ reason }) => reason).join('\n');
    expect(text).toMatch(/weights of verify take [\d.]+ kB and do not fit core mcu: .* short by [\d.]+ kB/);
  });

  it('should say what every milliwatt of a placement goes to', () => {
    for (const { draws, averageMilliwatts } of study.placements) {
      const sum = draws.reduce((sum, { milliwatts }) => sum + milliwatts, 0);
      expect(sum).toBeCloseTo(averageMilliwatts, 9);
      expect(draws.filter(({ milliwatts }) => milliwatts < -1e-9)).toEqual([]);
    }
  });

  it('should show that gates pay: no ungated placement of the verifier lasts half as long', () => {
    const shipped = study.placements.find(({ isShipped }) => isShipped);
    const alone = study.placements.find(({ stages }) => stages.length === 1 && stages[0].stage === 'verify');
    expect((alone?.lifeHours ?? 0) * 2).toBeLessThan(shipped?.lifeHours ?? 0);
  });
});

describe('variants', () => {
  it('should be every stage on any core or left out, each once', () => {
    const variants = allVariants(2, ['a', 'b']);
    expect(variants).toHaveLength(3 ** 2 - 1);
    expect(new Set(variants.map((variant) => JSON.stringify(variant))).size).toBe(8);
  });

  it('should be scored as far as any of them needs', () => {
    const low = [
      { number: 0, floor: 0.3 },
      { number: 1, floor: 0.5 },
      { number: 2, floor: 0.6 },
    ];
    expect(scoringFloors(3, [low])).toEqual([0.3, 0.5, Number.POSITIVE_INFINITY]);
    // Without the first, the second hears everything; the third still only what the second lets through.
    expect(scoringFloors(3, [low, low.slice(1)])).toEqual([Number.NEGATIVE_INFINITY, 0.5, Number.POSITIVE_INFINITY]);
  });
});
