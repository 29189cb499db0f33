// What is wrong with a person's files is said once, with file, line, place and what to do: through the command itself, in a folder of one's own.
import { cpSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ended, ended, startCommand } from './command.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lightsleeper-'));
  cpSync(join(root, 'scenarios/models'), join(folder, 'models'), { recursive: true });
  for (const path of ['computer/computer-01.flac', 'speech/speech-1624-142933-0000.flac'])
    cpSync(join(root, 'scenarios/recordings', path), join(folder, 'recordings', path));
});
afterAll(() => rmSync(folder, { recursive: true }));

const lightsleeper = (...argv: string[]): Promise<Ended> => ended(startCommand(folder, ...argv));

type Change = readonly [from: string, to: string];

/** The shipped scenario and device with a change, run for a second. */
async function runChanged(changes: { scenario?: Change; device?: Change }, ...argv: string[]): Promise<Ended> {
  const change = (path: string, ...pairs: readonly Change[]) =>
    pairs.reduce(
      (text, [from, to]) => {
        expect(text).toContain(from);
        return text.replace(from, to);
      },
      readFileSync(join(root, path), 'utf8'),
    );
  const own: readonly Change[] = [
    ['device: pocket-assistant', 'device: ./device.yaml'],
    [/ +background:\n.*spell.*\n/.exec(readFileSync(join(root, 'scenarios/kitchen-day.yaml'), 'utf8'))?.[0] ?? '', ''],
    [/ +- \{ label: household.*\n/.exec(readFileSync(join(root, 'scenarios/kitchen-day.yaml'), 'utf8'))?.[0] ?? '', ''],
  ];
  writeFileSync(
    join(folder, 'day.yaml'),
    change('scenarios/kitchen-day.yaml', ...own, ...(changes.scenario === undefined ? [] : [changes.scenario])),
  );
  writeFileSync(
    join(folder, 'device.yaml'),
    change('device-profiles/pocket-assistant.yaml', ...(changes.device === undefined ? [] : [changes.device])),
  );
  return lightsleeper('run', 'day.yaml', '--duration', '1s', '--no-baseline', ...argv);
}

const refused: ReadonlyArray<readonly [string, Parameters<typeof runChanged>[0], RegExp]> = [
  [
    'a battery curve out of order',
    { device: ['charge: 95 %, voltage: 4.058 V', 'charge: 5 %, voltage: 4.058 V'] },
    /^device\.yaml:\d+: battery\.openCircuit\.points\[2\]\.charge: points of a curve go by rising or by falling charge, each once, and this one breaks the order; move it\n/,
  ],
  [
    'a battery without capacity',
    { device: ['value: 850 mAh', 'value: 0 mAh'] },
    /^device\.yaml:\d+: battery\.capacity\.value: "0 mAh" is zero; write it like "850 mAh"$/,
  ],
  [
    'a cutoff above the battery curve',
    { device: ['cutoff: { value: 3.0 V', 'cutoff: { value: 4.2 V'] },
    /^device\.yaml:\d+: battery\.cutoff\.value: the cutoff 4\.2 V is not below the voltage of the full cell, 4\.103 V: it would be off at once; lower the cutoff/,
  ],
  [
    'an unknown battery model',
    { device: ['model: thevenin', 'model: kibam'] },
    /^device\.yaml:\d+: battery\.model: a battery has a model: thevenin, coulomb or tremblay$/,
  ],
  [
    'hours that nobody described',
    {
      scenario: [
        'duration: 24 h',
        'duration: 24 h\nday: { hours: { home: {} }, weekday: { "0:00": home, "8:00": office } }',
      ],
    },
    /^day\.yaml:\d+: day\.weekday\.8:00: there are no hours "office"; there are home$/,
  ],
  [
    'a day that begins late',
    { scenario: ['duration: 24 h', 'duration: 24 h\nday: { hours: { home: {} }, weekday: { "6:00": home } }'] },
    /^day\.yaml:\d+: day\.weekday: a day begins at 0:00; say which hours begin then$/,
  ],
  [
    'a temperature where the battery does not say what it does',
    {
      scenario: ['duration: 24 h', 'duration: 24 h\ntemperature: 2 °C'],
      device: [
        / {2}temperature:\n(?: {4}.*\n)+/.exec(
          readFileSync(join(root, 'device-profiles/pocket-assistant.yaml'), 'utf8'),
        )?.[0] ?? '',
        '',
      ],
    },
    /^day\.yaml:\d+: temperature: the battery of the device does not say what a temperature does to it; give its profile a battery\.temperature$/,
  ],

  [
    'an unknown key of a scenario',
    { scenario: ['detect: computer', 'detect: computer\ncolour: red'] },
    /^day\.yaml:\d+: colour: unknown key "colour"; remove it or mend its spelling$/,
  ],
  [
    'an unknown key of a device',
    { device: ['    queue: 16\n', '    queue: 16\n    cue: 16\n'] },
    /^device\.yaml:\d+: cores\[0\]\.cue: unknown key "cue"; remove it or mend its spelling$/,
  ],
  [
    'a misspelt key, once',
    { scenario: ['duration: 24 h', 'duratoin: 24 h'] },
    /^day\.yaml:\d+: duratoin: unknown key "duratoin"; did you mean "duration"\?$/,
  ],
  [
    'a misspelt key that may be left out, deep in the file',
    { scenario: ['hold: 1500 ms', 'hodl: 1500 ms'] },
    /^day\.yaml:\d+: cascade\[2\]\.gate\.hodl: unknown key "hodl"; did you mean "hold"\?$/,
  ],
  [
    'a key that is missing',
    { scenario: ['seed: 7\n', '\n'] },
    /^day\.yaml:\d+: seed: it is missing; give it: a number is wanted here$/,
  ],
  [
    'a threshold that no score exceeds',
    { scenario: ['threshold: 0.9,', 'threshold: 1.9,'] },
    /^day\.yaml:\d+: cascade\[2\]\.gate\.threshold: it is too much; give at most 1$/,
  ],
  [
    'a text where a list belongs',
    {
      scenario: [
        /cascade:\n(?: .*\n)+/.exec(readFileSync(join(root, 'scenarios/kitchen-day.yaml'), 'utf8'))?.[0] ?? '',
        'cascade: all\n',
      ],
    },
    /^day\.yaml:\d+: cascade: a list is wanted here$/,
  ],
  [
    'a wrong unit in a scenario',
    { scenario: ['noiseFloor: -62 dB', 'noiseFloor: -62 mW'] },
    /^day\.yaml:\d+: streams\[0\]\.noiseFloor: "mW" is not a unit of level; write it like "-25 dB"$/,
  ],
  [
    'a wrong unit in a device',
    { device: ['value: 850 mAh', 'value: 850 mA'] },
    /^device\.yaml:\d+: battery\.capacity\.value: "mA" is not a unit of charge; write it like "850 mAh"$/,
  ],
  [
    'a throughput of zero, by which nothing can be divided',
    { device: ['value: 46 MMAC/s', 'value: 0 MMAC/s'] },
    /^device\.yaml:\d+: cores\[0\]\.operatingPoints\[0\]\.throughput\.conv\.value: "0 MMAC\/s" is zero; write it like/,
  ],
  [
    'a recording that is not there',
    { scenario: ['recordings/computer/*', 'recordings/komputer/*'] },
    /^day\.yaml:\d+: streams\[0\]\.events\[0\]\.clips: no recording .* matches "recordings\/komputer\/\*" in \.; mend/,
  ],
  [
    'a model that is not there',
    { scenario: ['models/keyword.onnx', 'models/keywords.onnx'] },
    /^day\.yaml:\d+: cascade\[1\]\.model: models\/keywords\.onnx: there is no such model; check the name, paths count/,
  ],
  [
    'a core that does not exist',
    { scenario: ['core: mcu', 'core: gpu'] },
    /^day\.yaml:\d+: cascade\[1\]\.core: core "gpu" does not exist; the device has dsp, mcu, app$/,
  ],
  [
    'a sensor that does not exist',
    { scenario: ['sensor: microphone', 'sensor: camera'] },
    /^day\.yaml:\d+: streams\[0\]\.sensor: sensor "camera" does not exist; the device has microphone$/,
  ],
  [
    'a device that does not exist',
    { scenario: ['device: ./device.yaml', 'device: watch'] },
    /^day\.yaml:\d+: device: there is no device "watch"; take one of device-profiles\/ \(.*pocket-assistant.*\), or the path/,
  ],
  [
    'a rail that does not exist',
    { device: ['    kind: dsp\n    rail: always-on', '    kind: dsp\n    rail: main'] },
    /^device\.yaml:\d+: cores\[0\]\.rail: rail "main" does not exist; there are always-on, application$/,
  ],
  [
    'a model that does not fit a memory',
    { scenario: ['keyword.onnx, core: mcu', 'keyword.onnx, core: dsp'] },
    /^day\.yaml:\d+: cascade\[1\]: stage keyword: the weights of keyword take [\d.]+ kB and do not fit core dsp: dsp-sram has [\d.]+ kB free: short by [\d.]+ kB; move the stage, take a smaller model, or give the core a farMemory$/m,
  ],
  [
    'YAML that is none',
    { scenario: ['title: A day', 'title: "A day'] },
    /^day\.yaml:\d+: this is not valid YAML: .*; mend the line$/m,
  ],
];

describe('lightsleeper run, given something wrong', () => {
  it.each(refused)('should refuse %s with exit code 2', async (_, changes, message) => {
    const { code, out, err } = await runChanged(changes);
    expect(err.trimEnd()).toMatch(message);
    expect([code, out]).toEqual([2, '']);
  });

  it('should refuse an empty, a truncated and a corrupt recording, each with the place that names it', async () => {
    const sound = (name: string) => join(folder, 'recordings/computer', name);
    cpSync(sound('computer-01.flac'), sound('cut.flac'));
    truncateSync(sound('cut.flac'), 9000);
    writeFileSync(sound('empty.flac'), '');
    writeFileSync(sound('noise.wav'), 'this is no sound');
    try {
      const { code, out, err } = await runChanged({});
      const place = /^day\.yaml:\d+: streams\[0\]\.events\[0\]\.clips: recordings\/computer\//;
      const lines = err.trimEnd().split('\n');
      expect(lines).toHaveLength(3);
      for (const line of lines) expect(line).toMatch(place);
      for (const what of [/cut\.flac: .*(cut short|decoded)/, /empty\.flac: is empty/, /noise\.wav: is no sound/])
        expect(err).toMatch(what);
      expect(err).toMatch(/; replace the recording, or leave it out of the pattern/);
      expect([code, out]).toEqual([2, '']);
    } finally {
      for (const name of ['cut.flac', 'empty.flac', 'noise.wav']) rmSync(sound(name));
    }
  });

  it('should say which option is wrong and how to write it', async () => {
    const { code, out, err } = await lightsleeper('run', 'day.yaml', '--start-soc', '30mW');
    expect(err).toMatch(/--start-soc.*"mW" is not a unit of share; write it like "30 %" or 0.3/);
    expect([code, out]).toEqual([2, '']);
    const missing = await lightsleeper('run', 'no-such.yaml');
    expect(missing.err).toBe(
      'no-such.yaml: there is no such file; check the name, paths count from the current folder\n',
    );
    expect(missing.code).toBe(2);
  });
});

describe('lightsleeper run', () => {
  it('should warn of power that does not fall with the depth of sleep, go on, and keep standard output one object', async () => {
    const { code, out, err } = await runChanged(
      { device: ['value: 3.3 uW, source: "64 kB', 'value: 0.3 mW, source: "64 kB'] },
      '--json',
    );
    expect(err).toMatch(
      /^warning: device\.yaml:\d+: cores\[0\]\.powerStates\[1\]\.power: power state retention of core dsp draws no less than idle/,
    );
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      device: './device.yaml',
      simulatedSeconds: 1,
      warnings: [expect.any(String)],
    });
  });
});
