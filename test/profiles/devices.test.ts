// Every shipped device that hears takes the kitchen's cascade: the first stage where the sensor is heard, the last on its biggest core.

import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { compile } from '../../server/runs/compile/compile.ts';
import { deviceProfileSchema } from '../../server/runs/files/device-profile.ts';
import { withFigure } from '../../server/runs/files/figures.ts';
import { readYaml } from '../../server/runs/files/yaml.ts';
import { loadScenario } from '../../server/runs/load.ts';
import { Simulator } from '../../server/simulator/simulator.ts';
import { nanoseconds } from '../../server/units.ts';

const project = fileURLToPath(new URL('../..', import.meta.url));
const kitchen = await loadScenario(`${project}scenarios/kitchen-day.yaml`);
const read = (file: string) => readYaml(`${project}device-profiles/${file}`, deviceProfileSchema);
const shipped = (await readdir(`${project}device-profiles`)).filter((file) => file.endsWith('.yaml'));
const isHearing = await Promise.all(
  shipped.map(async (file) => (await read(file)).value.sensors[0].kind === 'microphone'),
);
const files = shipped.filter((_, index) => isHearing[index]);
type Device = Awaited<ReturnType<typeof read>>;

const compiled = ({ value: device, at }: Device, powerProfile = device.powerProfiles[0].name) =>
  compile({
    device,
    at: { scenario: at, device: at },
    stages: kitchen.stages.map((stage, index) => ({
      ...stage,
      core: device.cores[Math.min(index, device.cores.length - 1)].name,
    })),
    frontEnd: kitchen.frontEnd,
    powerProfile,
    supply: { kind: 'ideal' },
  });

/** Mean watts over a minute in which a window passes the first gate every `everyHops`. */
function watts(device: Device, powerProfile: string, everyHops: number, decibels = 0): number {
  const { plan } = compiled(device, powerProfile);
  const simulator = new Simulator(plan, []);
  const windows = 3000;
  const passing = Array.from({ length: Math.floor(windows / everyHops) }, (_, index) => index * everyHops);
  const first = new Float32Array(windows);
  for (const window of passing) first[window] = 1;
  const scores = new Float32Array(passing.length);
  const later = plan.stages.slice(1).map(() => ({ windows: Float64Array.from(passing), scores }));
  simulator.addScores({ firstWindow: 0, first, later, levels: new Float32Array(windows).fill(decibels) });
  const end = nanoseconds(windows * plan.hop);
  simulator.advance(end);
  return simulator.supply.at(end).delivered / (end / 1e9);
}

describe('shipped devices', () => {
  it.each(files)('should run the cascade of the kitchen in each of their power profiles: %s', async (file) => {
    const device = await read(file);
    for (const { name } of device.value.powerProfiles) expect(compiled(device, name).plan.stages).toHaveLength(3);
  });

  it('should refuse a device that can never keep up, with the arithmetic', async () => {
    const device = await read('stm32u575.yaml');
    const place = ['cores', 0, 'operatingPoints', 0, 'throughput', 'frontEnd'];
    const slow = { ...device, value: withFigure(device.value, place, 100e3) };
    expect(() => compiled(slow)).toThrow(
      /takes \d+\.\d+ ms a window .* every 20\.00 ms: it can never keep up, short by 92\.10 ms; take a faster/,
    );
  });

  it('should show the price of retained banks: kept where words are frequent, dropped where they are rare', async () => {
    const device = await read('nrf54-wearable.yaml');
    const often = ['banks-kept', 'banks-dropped'].map((profile) => watts(device, profile, 25));
    const rarely = ['banks-kept', 'banks-dropped'].map((profile) => watts(device, profile, 1500));
    expect(often[0]).toBeLessThan(often[1]);
    expect(rarely[1]).toBeLessThan(rarely[0]);
  });

  it('should let a sensor gate: a quiet watch draws what its maker measured, and a loud room keeps it sampling', async () => {
    const watch = await read('da1470x-watch.yaml');
    // Renesas AN-B-095: 75 uA at 3.3 V with detector and microphone on.
    expect(watts(watch, 'voice-activity', 1e9, -70) / (75e-6 * 3.3)).toBeCloseTo(1, 1);
    expect(watts(watch, 'voice-activity', 1e9, -20)).toBeGreaterThan(24.8e-3);
  });
});
