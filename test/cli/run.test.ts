// The command as a person uses it: options, Ctrl-C, what goes where.
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type Ended, ended, startCommand } from './command.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What tools read of a report. */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  '': 'scenario device powerProfile seed simulatedSeconds wallSeconds energy battery cores stages detections latencyMilliseconds baseline'.split(
    ' ',
  ),
  energy: ['totalJoules', 'byRail', 'byConfidence'],
  battery: ['startSoc', 'endSoc', 'lifeHours'],
  'cores.0': ['name', 'kind', 'averageMilliwatts', 'residency', 'joules', 'operatingPoint', 'wakes'],
  'stages.0': ['name', 'core', 'macs', 'windowsIn', 'windowsPassed', 'dropped', 'stopRate'],
  detections:
    'events truePositives misses missesBy falseAccepts missRate missRateInterval falseAcceptsPerHour falseAcceptsPerHourInterval'.split(
      ' ',
    ),
  latencyMilliseconds: ['p50', 'p95', 'p99', 'parts'],
  baseline: ['energyJoules', 'gainCompute', 'gainDevice', 'quality', 'context'],
};

/** The object at a path through JSON, which has no types. */
function at(value: unknown, path: string): object {
  const found =
    path === '' ? value : path.split('.').reduce((part: unknown, key) => Reflect.get(Object(part), key), value);
  if (typeof found !== 'object' || found === null) throw new Error(`there is no object at "${path}"`);
  return found;
}

/** @param stopAfter milliseconds until Ctrl-C */
async function lightsleeper(command: string, stopAfter?: number): Promise<Ended> {
  const child = startCommand(root, ...command.split(' '));
  const timer = stopAfter === undefined ? undefined : setTimeout(() => child.kill('SIGINT'), stopAfter);
  return ended(child).finally(() => clearTimeout(timer));
}

describe('lightsleeper run', () => {
  it('should take its options and print one object whose joules add up', async () => {
    const options = '--duration 10min --start-soc 30% --power-profile saver --speed 1000 --seed 3 --json';
    const { code, out, err } = await lightsleeper(`run scenarios/kitchen-day.yaml ${options}`);
    expect([code, err]).toEqual([0, '']);
    const report = JSON.parse(out);
    for (const [path, keys] of Object.entries(KEYS))
      expect(Object.keys(at(report, path))).toEqual(expect.arrayContaining([...keys]));
    expect(report).toMatchObject({ powerProfile: 'saver', seed: 3, simulatedSeconds: 600, battery: { startSoc: 0.3 } });
    expect(report.stages[0].windowsIn).toBe(30_000);
    const sum = (parts: Readonly<Record<string, number>>) =>
      Object.values(parts).reduce((total, part) => total + part, 0);
    expect(sum(report.energy.byConfidence) / report.energy.totalJoules).toBeCloseTo(1, 6);
    expect(sum(report.energy.byRail) / report.energy.totalJoules).toBeCloseTo(1, 6);
  });

  it('should print the same object for the same seed but for wall time, and another for another', async () => {
    const once = async (options: string): Promise<object> => {
      const { out } = await lightsleeper(`run scenarios/kitchen-day.yaml --duration 5min --json ${options}`);
      const { wallSeconds, ...report } = JSON.parse(out);
      expect(wallSeconds).toBeGreaterThan(0);
      return report;
    };
    const first = await once('--seed 5');
    expect(await once('--seed 5 --threads 1')).toEqual(first);
    expect(await once('--seed 6')).not.toEqual({ ...first, seed: 6 });
  });

  it('should report so far at Ctrl-C, its ungated baseline too', async () => {
    for (const delay of [4000, 12_000, 36_000]) {
      const { code, out, err } = await lightsleeper('run scenarios/kitchen-day.yaml --speed 100 --json', delay);
      expect(code).toBe(130);
      // On a busy machine it may take longer to begin.
      if (err.includes('stopped before anything was simulated')) continue;
      expect(err).toMatch(/^stopped at 00:\d\d:\d\d of 1 d 00:00:00: this is the report so far$/m);
      const report = JSON.parse(out);
      expect(report.simulatedSeconds).toBeLessThan((delay / 1000) * 100);
      const watts = report.baseline.energyJoules / report.simulatedSeconds;
      expect(watts).toBeGreaterThan(0.3);
      expect(watts).toBeLessThan(0.45);
      return;
    }
    expect.fail('nothing was simulated in 36 seconds');
  });
});

describe('lightsleeper what-if', () => {
  it('should print the run beside its variant', async () => {
    const { code, out } = await lightsleeper(
      'what-if scenarios/kitchen-day.yaml --duration 2min --set powerProfile=saver --set battery.capacity=425mAh',
    );
    expect(code).toBe(0);
    expect(out).toMatch(/battery lasts +[\d.]+ d +[\d.]+ d +-[\d.]+ %/);
    expect(out).toMatch(/average power +[\d.]+ mW +[\d.]+ mW +-[\d.]+ %/);
  });

  it('should say that a device lasts for ever, and what the run and the what-if have in common', async () => {
    const { code, out } = await lightsleeper(
      'what-if scenarios/week-at-home.yaml --duration 2min --set powerProfile=saver',
    );
    expect(code).toBe(0);
    expect(out).toMatch(/^week-at-home on pocket-assistant, balanced, seed 11: 2 min\n/);
    expect(out).toMatch(/^battery lasts +for ever +for ever +=$/m);
  });

  it('should give both reports as one object', async () => {
    const { code, out } = await lightsleeper(
      'what-if scenarios/kitchen-day.yaml --duration 2min --set cascade.activity.threshold=1 --json',
    );
    expect(code).toBe(0);
    const { run, whatIf, changes } = JSON.parse(out);
    expect(changes).toEqual([{ path: 'cascade.activity.threshold', value: 1 }]);
    expect(run.stages[0].threshold).toBeLessThan(1);
    expect(whatIf.stages[0].threshold).toBe(1);
    expect(run.stages[1].windowsIn).toBeGreaterThan(whatIf.stages[1].windowsIn);
  });

  it.each([
    ['', 'nothing is changed; say what with --set'],
    ['--set cascade.keyword', 'write it like cascade.keyword.threshold=0.6'],
    ['--set cascade.keywrd.threshold=0.6', 'there is no "keywrd"; there are activity, keyword, verify'],
  ])('should say what is wrong: %s', async (options, problem) => {
    const { code, out, err } = await lightsleeper(`what-if scenarios/kitchen-day.yaml ${options}`.trim());
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(problem);
  });
});
