import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { everyNode, numberOf, parseDevicetree } from '../../server/profiles/devicetree.ts';
import { importFragment, importOnto, readPowerStates } from '../../server/profiles/import.ts';
import { deviceProfileSchema } from '../../server/runs/files/device-profile.ts';
import { parseYaml } from '../../server/runs/files/yaml.ts';

const dts = await readFile(new URL('fixtures/zephyr.dts', import.meta.url), 'utf8');
const pocket = await readFile(
  fileURLToPath(new URL('../../device-profiles/pocket-assistant.yaml', import.meta.url)),
  'utf8',
);
const states = (body: string) => `/dts-v1/;\n/ {\n  power-states {\n${body}\n  };\n};\n`;
const state = (label: string, residency: number, exit: number) =>
  `${label}: ${label} { compatible = "zephyr,power-state"; min-residency-us = <${residency}>; exit-latency-us = <${exit}>; };`;

describe('the devicetree reader', () => {
  it('should read nodes, labels, cells, texts, bytes and references, with their lines', () => {
    const nodes = [...everyNode(parseDevicetree('x.dts', dts))];
    const stop2 = nodes.find(({ labels }) => labels.includes('stop2'));
    expect(stop2?.line).toBe(48);
    expect(stop2 && numberOf(stop2, 'exit-latency-us')).toEqual({ value: 885, line: 53 });
    const mac = nodes.find(({ name }) => name === 'node@1');
    expect(mac?.properties.get('local-mac-address')?.values).toEqual([
      { kind: 'bytes', bytes: [2, 0, 0, 0xab, 0xcd, 0xef] },
    ]);
    expect(mac?.properties.get('interrupts')?.values).toEqual([
      { kind: 'cells', cells: [2, 0] },
      { kind: 'cells', cells: [3, 1] },
    ]);
    const soc = nodes.find(({ name }) => name === 'soc');
    expect(soc?.properties.get('compatible')?.values).toHaveLength(3);
    expect(soc?.properties.get('ranges')?.values).toEqual([]);
  });

  it('should merge a root that is opened twice, and delete what is deleted', () => {
    const root = parseDevicetree(
      'x.dts',
      '/dts-v1/;\n/ { a { x = <1>; }; b { }; };\n/ { a { y = <2>; }; /delete-node/ b; };\n',
    );
    expect(root.children.map(({ name }) => name)).toEqual(['a']);
    expect([...root.children[0].properties.keys()]).toEqual(['x', 'y']);
  });

  it.each([
    ['#include <mem.h>\n/ { };', /x\.dts:1: a preprocessor line has no place in a built devicetree; take build/],
    ['/dts-v1/;\n&cpu0 { };', /x\.dts:2: "&cpu0" is not expected outside the root node/],
    ['/dts-v1/;\n/ {\n a = <1>\n b = <2>;\n};', /x\.dts:4: "b" stands where "," or ";" is wanted/],
    ['/dts-v1/;\n/ {\n a = <FLAG>;\n};', /x\.dts:3: "FLAG" is not a number/],
    ['/dts-v1/;\n/ {\n a {', /x\.dts:3: the file ends within/],
    ['/dts-v1/;', /x\.dts:1: there is no root node/],
  ])('should refuse what is none, with file and line: %j', (text, words) => {
    expect(() => parseDevicetree('x.dts', text)).toThrow(words);
  });
});

describe('imported power states', () => {
  it('should be those of the cpu, enabled, with the times that the file holds and no others', () => {
    const { cpu, states } = readPowerStates('zephyr.dts', dts);
    expect(cpu).toBe('cpu@0');
    expect(states.map(({ name }) => name)).toEqual(['stop0', 'stop1', 'stop2']);
    expect(states[0]).toMatchObject({ residencyMicroseconds: { value: 100 }, exitMicroseconds: null });
    expect(states[2]).toMatchObject({ residencyMicroseconds: { value: 900 }, exitMicroseconds: { value: 885 } });
  });

  it('should update a state that the profile has, and leave every comment and figure beside it as it was', () => {
    const merged = importOnto(readPowerStates('zephyr.dts', dts), 'pocket.yaml', pocket, 'mcu');
    expect(merged).toContain('# A pocket voice assistant');
    const onlyStop2 = readPowerStates('zephyr.dts', dts.replace('&stop0 &stop1 &stop2', '&stop2'));
    const { cores } = parseYaml('x', importOnto(onlyStop2, 'pocket.yaml', pocket, 'mcu'), deviceProfileSchema).value;
    const before = parseYaml('x', pocket, deviceProfileSchema).value.cores;
    const mcu = cores[1].powerStates[1];
    expect(mcu.minResidency).toMatchObject({ value: 900e-6, source: 'zephyr.dts:52, min-residency-us of stop2' });
    expect(mcu.power).toEqual(before[1].powerStates[1].power);
    expect(cores[0]).toEqual(before[0]);
  });

  it('should block a run where a power is not given, with file and line, until it is', () => {
    const merged = importOnto(readPowerStates('zephyr.dts', dts), 'pocket.yaml', pocket, 'mcu');
    const line = merged.split('\n').findIndex((text) => text.includes('name: stop0')) + 2;
    expect(() => parseYaml('pocket.yaml', merged, deviceProfileSchema)).toThrow(
      new RegExp(`pocket\\.yaml:${line}: cores\\[1\\]\\.powerStates\\[1\\]\\.power: a figure is wanted here`),
    );
    expect(merged).toMatch(/power: null # not in the devicetree: give it, with its source/);
  });

  it('should make a fragment where there is no profile yet, its operating points without powers', () => {
    const opp =
      'opp-table { compatible = "operating-points-v2"; opp-1 { opp-hz = /bits/ 64 <48000000>; opp-microvolt = <900000>; }; };';
    const fragment = importFragment(readPowerStates('z.dts', states(`${state('idle', 10, 5)}${opp}`)));
    expect(fragment).toMatch(/name: 48MHz\n\s+clock: 48 MHz\n\s+voltage: 0\.9 V\n\s+activePower: null/);
    expect(fragment).toContain(
      'exitLatency: { value: 5 us, source: "z.dts:4, exit-latency-us of idle", confidence: datasheet }',
    );
  });

  it('should say which core is meant when a profile has several', () => {
    const imported = readPowerStates('zephyr.dts', dts);
    expect(() => importOnto(imported, 'pocket.yaml', pocket)).toThrow(
      /which core is meant\? give --core with one of dsp, mcu, app/,
    );
    expect(() => importOnto(imported, 'pocket.yaml', pocket, 'npu')).toThrow(
      /no core "npu"; give --core with one of dsp, mcu, app/,
    );
  });

  it.each([
    [
      '/dts-v1/;\n/ { cpus { cpu@0 { device_type = "cpu"; }; }; };',
      /x\.dts:2: no power states: .*or write powerStates by hand/,
    ],
    ['/dts-v1/;\n/ { cpus { cpu@0 {\ncpu-power-states = <&deep>; }; }; };', /x\.dts:3: cpu-power-states names &deep/],
    [
      states(`${state('idle', 10, 5)}
        opp-table { compatible = "operating-points-v2";
          opp-2 { opp-hz = /bits/ 64 <200000000>; };
          opp-1 { opp-hz = /bits/ 64 <100000000>; }; };`),
      /x\.dts:7: operating points are not sorted: 100 MHz comes after 200 MHz; write them by rising clock/,
    ],
  ])('should be refused with file, line and fix', (text, words) => {
    expect(() => readPowerStates('x.dts', text)).toThrow(words);
  });

  it('should note times that do not grow with depth', () => {
    const { notes } = readPowerStates('x.dts', states(`${state('light', 500, 100)}\n${state('deep', 400, 50)}`));
    expect(notes).toEqual([
      'x.dts:5: deep is deeper than light and has no longer minimum residency',
      'x.dts:5: deep is deeper than light and has a shorter exit latency',
    ]);
  });
});
