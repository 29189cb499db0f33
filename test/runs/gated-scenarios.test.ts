// The shipped scenarios of motion and of pictures, on their trained networks in three parts.
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadScenario } from '../../server/runs/load.ts';
import { startRun } from '../../server/runs/process/process-client.ts';
import type { RunReport } from '../../server/runs/report/report.ts';
import { stageCost } from '../../server/runs/stage-cost.ts';

const pathOf = (name: string) => fileURLToPath(new URL(`../../scenarios/${name}.yaml`, import.meta.url));

async function report(name: string, durationSeconds: number): Promise<RunReport> {
  const program = new URL('../../dist/server/runs/process/process.js', import.meta.url);
  const request = { scenario: pathOf(name), durationSeconds, speed: 'max', baseline: true } as const;
  const outcome = await startRun(request, {}, { program }).done;
  if (outcome.kind !== 'finished') throw new Error(JSON.stringify(outcome));
  return outcome.report;
}

describe.each(['walking-band', 'roadside-camera'])('the shipped scenario %s', (name) => {
  it('should have gates where its cards say, and parts that make up one network', async () => {
    const { models, stages } = await loadScenario(pathOf(name));
    for (const [index, { thresholds }] of stages.entries())
      expect(thresholds.normal).toBe(models[index].card.threshold);
    const macs = (cost: (typeof stages)[number]['model']) => cost.macs.conv + cost.macs.depthwise + cost.macs.dense;
    const parts = stages.reduce((sum, { model }) => sum + macs(model), 0);
    const whole = macs(stageCost(models, models.length - 1, -1));
    // Gates cost little of what they save.
    expect(parts).toBeGreaterThan(whole);
    expect(parts).toBeLessThan(1.2 * whole);
  });
});

describe('two hours of them', () => {
  it('should find who walks, and spend little on who does not', async () => {
    const { detections, stages, baseline } = await report('walking-band', 7200);
    expect(detections.events).toBeGreaterThan(10);
    expect(detections.truePositives / detections.events).toBeGreaterThan(0.8);
    expect(detections.falseAcceptsPerHour).toBeLessThan(5);
    expect(stages[2].windowsIn).toBeLessThan(0.3 * stages[0].windowsIn);
    expect(Reflect.get(baseline ?? {}, 'gainDevice')).toBeGreaterThan(1.5);
  });

  it('should find automobiles, and wake the application core for few of the pictures', async () => {
    const { detections, stages, baseline } = await report('roadside-camera', 7200);
    expect(detections.events).toBeGreaterThan(5);
    expect(detections.truePositives / detections.events).toBeGreaterThan(0.4);
    expect(stages[2].windowsIn).toBeLessThan(0.7 * stages[0].windowsIn);
    expect(Reflect.get(baseline ?? {}, 'gainDevice')).toBeGreaterThan(5);
  });
});
