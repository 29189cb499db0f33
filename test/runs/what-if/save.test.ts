// Variants kept as scenarios, in a copy of the shipped ones.
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadScenario } from '../../../server/runs/load.ts';
import { parseChange } from '../../../server/runs/what-if/change.ts';
import { saveVariant } from '../../../server/runs/what-if/save.ts';

const shipped = fileURLToPath(new URL('../../../scenarios', import.meta.url));
let folder: string;
let scenario: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lightsleeper-save-'));
  await cp(shipped, folder, { recursive: true });
  scenario = join(folder, 'kitchen-day.yaml');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const save = (name: string, ...changes: string[]) => saveVariant({ scenario, name, changes: changes.map(parseChange) });
const files = async () => (await readdir(folder, { recursive: true })).sort();
const comments = (text: string) => text.split('\n').flatMap((line) => /#.*$/.exec(line)?.[0] ?? []);

describe('a variant that is saved', () => {
  it('should be the original with what is different, and its comments', async () => {
    const [path] = await save(
      'kitchen-strict',
      'cascade.keyword.threshold=0.8',
      'powerProfile=saver',
      'startCharge="40 %"',
    );
    const [before, after] = [await readFile(scenario, 'utf8'), await readFile(path, 'utf8')];
    expect(comments(after)).toEqual(comments(before));
    const [original, kept] = [await loadScenario(scenario), await loadScenario(path)];
    expect(kept.scenario.value).toEqual({
      ...original.scenario.value,
      title: 'A day in the kitchen, kitchen-strict',
      powerProfile: 'saver',
      startCharge: 0.4,
      cascade: original.scenario.value.cascade.map((stage) =>
        stage.stage === 'keyword' ? { ...stage, gate: { ...stage.gate, threshold: 0.8 } } : stage,
      ),
    });
    expect(kept.device.path).toBe(original.device.path);
  });

  it('should have a device of its own where that is different, whose figure says that it was asked for', async () => {
    const written = await save('kitchen-small', 'battery.capacity=300 mAh', 'cores.mcu.operatingPoint=55MHz');
    expect(written).toEqual([
      join(folder, 'devices/pocket-assistant-kitchen-small.yaml'),
      join(folder, 'kitchen-small.yaml'),
    ]);
    const { device } = await loadScenario(written[1]);
    expect(device.value.battery.capacity).toMatchObject({
      value: 1080,
      source: 'asked for in a what-if',
      confidence: 'estimated',
    });
    const profile = device.value.powerProfiles.find(({ name }) => name === 'balanced');
    expect(profile?.cores.mcu.operatingPoint).toBe('55MHz');
  });

  it.each([
    ['../evil', 'startCharge="40 %"', /is no name for a scenario/],
    ['quiet-study', 'startCharge="40 %"', /there is a quiet-study.yaml already/],
    ['kitchen-odd', 'cascade.keywrd.threshold=0.8', /there is no "keywrd"/],
    ['kitchen-odd', 'cascade.keyword.threshold=8', /threshold/],
    ['kitchen-odd', 'seed=8', /needs a run of its own/],
    ['kitchen-odd', 'cascade.verify.core=dsp', /dsp/],
  ])('should be refused as %s with %s, and nothing is left of it', async (name, change, problem) => {
    const before = await files();
    await expect(save(name, change)).rejects.toThrow(problem);
    expect(await files()).toEqual(before);
  });

  it('should leave a file alone that stands where its own is written', async () => {
    await writeFile(join(folder, 'kitchen-taken.yaml.partial'), 'mine');
    await expect(save('kitchen-taken', 'startCharge="40 %"')).rejects.toThrow();
    expect(await readFile(join(folder, 'kitchen-taken.yaml.partial'), 'utf8')).toBe('mine');
  });
});
