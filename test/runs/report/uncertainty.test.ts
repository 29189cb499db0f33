// Intervals of life and power over the shipped device: its figures drawn, the same quiet minutes simulated again. No inference.
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { uncertaintyLines } from '../../../server/cli/print-report.ts';
import type { DeviceProfile } from '../../../server/runs/files/device-profile.ts';
import { figuresOf } from '../../../server/runs/files/figures.ts';
import { drawnAt, uncertainOf, uncertaintyOf } from '../../../server/runs/report/uncertainty.ts';
import { type PreparedRun, prepareRun } from '../../../server/runs/simulate/engine.ts';
import type { ScoreChunk } from '../../../server/simulator/scores.ts';

const scenario = fileURLToPath(new URL('../../../scenarios/kitchen-day.yaml', import.meta.url));
const WINDOWS = 6000;

const prepared = await prepareRun({ scenario, speed: 'max', baseline: false, durationSeconds: WINDOWS / 50 });
/** Nothing opens the first gate. */
const quiet: readonly ScoreChunk[] = [0, WINDOWS / 2].map((firstWindow) => ({
  firstWindow,
  first: new Float32Array(WINDOWS / 2),
  later: [0, 1].map(() => ({ windows: new Float64Array(), scores: new Float32Array() })),
}));
const battery = { lifeHours: 100, averageMilliwatts: 10 };

/** The shipped device with nothing uncertain but the figure at a path. */
function onlyUncertain(path: string, range: { low: number; high: number }): PreparedRun {
  const device: DeviceProfile = structuredClone(prepared.loaded.device.value);
  for (const { path: at, figure } of figuresOf(device)) {
    Object.assign(figure, { confidence: 'measured', range: at === path ? range : undefined });
  }
  for (const { regulator } of device.rails) if (regulator) regulator.efficiency.confidence = 'measured';
  return {
    ...prepared,
    loaded: { ...prepared.loaded, device: { ...prepared.loaded.device, value: device } },
    compileRequest: { ...prepared.compileRequest, device },
  };
}

describe('uncertainty', () => {
  it('should draw half below the value and half above, never outside the range', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), (u, v) => {
        const [low, value] = [2, 2 + v];
        const drawn = drawnAt({ low, value, high: 4 }, u);
        expect(drawn).toBeGreaterThanOrEqual(low);
        expect(drawn).toBeLessThanOrEqual(4);
        expect(drawn <= value).toBe(u <= 0.5 || v === 2);
      }),
    );
  });

  it('should be none where nothing is uncertain', async () => {
    const result = await uncertaintyOf(onlyUncertain('nothing', { low: 0, high: 0 }), battery, quiet, 20);
    expect(result).toMatchObject({ ranged: 0, assumed: 0, causes: [] });
    expect(result?.lifeHours).toEqual([100, 100]);
    expect(result?.averageMilliwatts[0]).toBeCloseTo(10, 9);
  });

  it('should turn the range of one power into the interval of the whole, and blame that power', async () => {
    const path = 'sensors.microphone.modes.low-power.power';
    const nominal = 333e-6;
    const run = onlyUncertain(path, { low: 0.5 * nominal, high: 2 * nominal });
    const result = await uncertaintyOf(run, battery, quiet, 100);
    if (result === null) throw new Error('there is no result');
    // What 1 W more at the microphone draws from the battery hardly depends on the load: the ends lie as far apart as the draws do.
    const [low, high] = result.averageMilliwatts;
    const [atLow, atHigh] = result.causes[0].lifeHours ?? [0, 0];
    expect(result.causes.map((cause) => [cause.path, cause.share])).toEqual([[path, 1]]);
    // 95 % of draws that are even on either side leave out 5 % of each side's width.
    const below = 10 - low;
    const above = high - 10;
    expect(above / below).toBeGreaterThan(1.7);
    expect(above / below).toBeLessThan(2.3);
    const [shortest, longest] = result.lifeHours ?? [0, 0];
    expect(atHigh).toBeLessThan(shortest);
    expect(shortest).toBeLessThan(100);
    expect(longest).toBeGreaterThan(100);
    expect(longest).toBeLessThan(atLow);
  });

  it('should be the same for the same seed, and name at most three causes of a device full of estimates', async () => {
    const [one, two] = [
      await uncertaintyOf(prepared, battery, quiet, 20),
      await uncertaintyOf(prepared, battery, quiet, 20),
    ];
    expect(two).toEqual(one);
    expect(one?.causes).toHaveLength(3);
    const shares = one?.causes.map(({ share }) => share) ?? [];
    expect([...shares].sort((a, b) => b - a)).toEqual(shares);
    expect(uncertainOf(prepared.loaded.device.value).some(({ isAssumed }) => !isAssumed)).toBe(true);
  });

  it('should blame figures for the power of a device that lasts for ever', async () => {
    const path = 'sensors.microphone.modes.low-power.power';
    const run = onlyUncertain(path, { low: 300e-6, high: 400e-6 });
    const result = await uncertaintyOf(run, { ...battery, lifeHours: null }, quiet, 20);
    if (result === null) throw new Error('there is no result');
    expect(result.lifeHours).toBeNull();
    expect(result.causes).toMatchObject([{ path, lifeHours: null, share: 1 }]);
    const [low, high] = result.causes[0].averageMilliwatts;
    expect(low).toBeLessThan(result.averageMilliwatts[0]);
    expect(high).toBeGreaterThan(result.averageMilliwatts[1]);
    const [first, second] = uncertaintyLines(result);
    expect(first).toMatch(/^Sure to {3}for ever; [\d.]+ to [\d.]+ mW/);
    expect(second).toMatch(
      /100 % from sensors\.microphone\.modes\.low-power\.power, .*: [\d.]+ mW at .*, [\d.]+ mW at/,
    );
  });

  it('should leave alone what would make it another device, and say so', async () => {
    const path = 'memories.dsp-sram.reserved';
    const run = onlyUncertain(path, { low: 1000, high: 64_000 });
    const result = await uncertaintyOf(run, battery, quiet, 20);
    expect(result?.left).toEqual([path]);
    if (result !== null) expect(uncertaintyLines(result).at(-1)).toContain(`${path} was left at its value`);
  });
});
