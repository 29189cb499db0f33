import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { printCheck } from '../../server/cli/print-check.ts';
import { checkFile } from '../../server/cli/profile.ts';
import { checkProfile } from '../../server/profiles/check.ts';
import { type DeviceProfile, deviceProfileSchema } from '../../server/runs/files/device-profile.ts';
import { withFigure } from '../../server/runs/files/figures.ts';
import { parseYaml, readYaml } from '../../server/runs/files/yaml.ts';

const folder = fileURLToPath(new URL('../../device-profiles/', import.meta.url));
const shipped = (await readdir(folder)).filter((file) => file.endsWith('.yaml'));
const pocket = (await readYaml(`${folder}pocket-assistant.yaml`, deviceProfileSchema)).value;
const mcu = pocket.cores.findIndex(({ name }) => name === 'mcu');
const deepest = pocket.cores[mcu].powerStates.length - 1;

describe('shipped profiles', () => {
  it.each(shipped)('should pass their check without a warning: %s', async (file) => {
    const { value } = await readYaml(`${folder}${file}`, deviceProfileSchema);
    expect(checkProfile(value).warnings).toEqual([]);
  });
});

describe('a checked profile', () => {
  it('should list every figure once, the least trusted first', () => {
    const { figures } = checkProfile(pocket);
    const order = ['estimated', 'derived', 'datasheet', 'measured'];
    const trust = figures.map(({ figure }) => order.indexOf(figure.confidence));
    expect(trust).toEqual([...trust].sort((a, b) => a - b));
    expect(new Set(figures.map(({ path }) => path)).size).toBe(figures.length);
    const printed = printCheck(checkProfile(pocket), 'pocket.yaml');
    expect(printed.split('\n')[0]).toMatch(/^pocket\.yaml: \d+ figures: \d+ estimated, \d+ derived/);
  });

  it('should compute break-even times from the powers', () => {
    const { states } = checkProfile(pocket);
    const stop = states.find(({ core, state }) => core === 'mcu' && state === 'stop2');
    // (7.5 - 0.0257) mW x 10 us to enter and 10 mW x 885 us to leave, over the 7.4743 mW saved.
    const wanted = ((7.5e-3 - 25.7e-6) * 10e-6 + 10e-3 * 885e-6) / (7.5e-3 - 25.7e-6);
    expect(stop?.breakEvenSeconds.shallowest).toBeCloseTo(wanted, 7);
    expect(stop?.givenSeconds).toBeCloseTo(900e-6, 12);
  });

  it('should warn of a state that draws no less than a shallower one', () => {
    const place = ['cores', mcu, 'powerStates', deepest, 'power'];
    const { states, warnings } = checkProfile(withFigure(pocket, place, 8e-3));
    expect(states.filter(({ worth }) => worth === 'never pays back')).toMatchObject([{ core: 'mcu', state: 'stop2' }]);
    expect(warnings).toContainEqual(
      expect.stringMatching(/core mcu: .* deeper than sleep, but draws no less .*never pays back/),
    );
  });

  it('should warn of a minimum residency at which sleep costs energy', () => {
    const place = ['cores', mcu, 'powerStates', deepest, 'minResidency'];
    const { warnings } = checkProfile(withFigure(pocket, place, 50e-6));
    expect(warnings).toContainEqual(
      expect.stringMatching(/core mcu: stop2 .*breaks even after 1\.19 ms.*shorter stays in it cost energy/),
    );
  });

  it('should name a state that another always beats', () => {
    const core = pocket.cores[mcu];
    const [sleep, stop] = core.powerStates;
    // It saves a third of what stop2 saves and costs as much to leave.
    const useless = { ...stop, name: 'stop1', power: { ...stop.power, value: 5e-3 } };
    const { minResidency: _, ...bare } = useless;
    const changed: DeviceProfile = {
      ...pocket,
      cores: pocket.cores.map((one, index) => (index === mcu ? { ...core, powerStates: [sleep, bare, stop] } : one)),
    };
    expect(checkProfile(changed).warnings).toContainEqual(
      expect.stringMatching(/core mcu: stop1 is never the cheapest: .* stop2 is better/),
    );
  });

  it('should name an operating point that is slower and costs more', () => {
    const core = pocket.cores[mcu];
    const [point] = core.operatingPoints;
    const { conv } = point.throughput;
    const slow = {
      ...point,
      name: '80MHz',
      activePower: { ...point.activePower, value: 20e-3 },
      throughput: { ...point.throughput, conv: { ...conv, value: conv.value / 2 } },
    };
    const changed: DeviceProfile = {
      ...pocket,
      cores: pocket.cores.map((one, index) => (index === mcu ? { ...core, operatingPoints: [point, slow] } : one)),
    };
    const { points, warnings } = checkProfile(changed);
    expect(points.filter(({ dominatedBy }) => dominatedBy !== null)).toMatchObject([
      { core: 'mcu', point: '80MHz', dominatedBy: '160MHz' },
    ]);
    expect(warnings).toContainEqual(expect.stringMatching(/core mcu: operating point 80MHz is dominated by 160MHz/));
  });
});

describe('a profile that is wrong', () => {
  it('should be answered with file, line and fix where a figure has no source', async () => {
    const text = await readFile(`${folder}pocket-assistant.yaml`, 'utf8');
    const line = text.split('\n').findIndex((one) => one.includes('resistance: { value: 74.5 mOhm')) + 1;
    const bare = text.replace(/resistance: \{ value: 74\.5 mOhm, source: "[^"]*"/, 'resistance: { value: 74.5 mOhm');
    expect(() => parseYaml('pocket.yaml', bare, deviceProfileSchema)).toThrow(
      new RegExp(`pocket\\.yaml:${line}: battery\\.resistance\\.source: a figure names its source`),
    );
  });

  it('should be answered with file, line and fix where the clock of an operating point breaks their order', async () => {
    const text = (await readFile(`${folder}pocket-assistant.yaml`, 'utf8')).replace('clock: 110 MHz', 'clock: 200 MHz');
    const line = text.split('\n').findIndex((one) => one.includes('clock: 80 MHz')) + 1;
    expect(() => parseYaml('x.yaml', text, deviceProfileSchema)).toThrow(
      `x.yaml:${line}: cores[1].operatingPoints[2].clock: operating points go by rising or by falling clock, and 80MHz breaks the order`,
    );
  });

  it('should be told what is missing and what is wanted, in words', () => {
    const wanted: ReadonlyArray<readonly [string, RegExp]> = [
      ['title: x\n', /x\.yaml:1: rails: it is missing; give it: a list is wanted here/],
      ['title: [x]\n', /x\.yaml:1: title: a text is wanted here/],
    ];
    for (const [text, words] of wanted) expect(() => parseYaml('x.yaml', text, deviceProfileSchema)).toThrow(words);
  });

  it('should hear that a board is no profile, and what to do with it', async () => {
    await expect(checkFile(`${folder}boards/ra6m4.yaml`)).rejects.toThrow(
      /ra6m4\.yaml: this is a board, not a device profile; make one with `lightsleeper profile derive .*ra6m4\.yaml --write/,
    );
    await expect(checkFile(`${folder}measured/streaming-wake-word.yaml`)).rejects.toThrow(/rails: it is missing/);
  });
});
