// `lightsleeper compare` and `lightsleeper stream` as a person runs them. A folder named in LIGHTSLEEPER_KEEP keeps what they write.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { decodeFile } from '../../server/streams/decode.ts';
import { writeCapture } from '../traces/shipped-capture.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const scenario = join(root, 'scenarios', 'kitchen-day.yaml');
const folder = process.env['LIGHTSLEEPER_KEEP'] ?? mkdtempSync(join(tmpdir(), 'lightsleeper-'));
const SECONDS = 120;

function lightsleeper(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'server', 'bin.js'), ...args], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  return { status, stdout, stderr };
}

describe('compare', () => {
  const capture = join(folder, 'capture.csv');
  const picture = join(folder, 'bench.svg');
  beforeAll(async () => {
    await writeCapture(capture, {
      scenario,
      seconds: SECONDS,
      change: { 'mcu active': 19.6e-3, 'dsp active': 1.75e-3 },
      instrument: {
        samplesPerSecond: 2500,
        gain: 0.003,
        floor: 0,
        drift: -90e-6,
        begins: 2.5,
        noise: [0.02, 30e-6],
        spike: 40e-3,
        jitter: 0.2,
        volts: 3,
      },
    });
  });
  const run = (...args: readonly string[]) =>
    lightsleeper('compare', scenario, '--measured', capture, '--duration', `${SECONDS} s`, ...args);

  it('should find on real sound which figures of the device differ, and draw both traces', () => {
    const { status, stdout, stderr } = run('--voltage', '3.0V', '--json', '--picture', picture);
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const { alignment, proposal, measured, proposed } = JSON.parse(stdout);
    // A single short spell of speech: the trace fits many drifts, and only one of them to the millisecond.
    expect(alignment.drift).toBeCloseTo(90e-6, 5);
    expect(alignment.offset).toBeCloseTo(2.5, 3);
    const figure = (path: string) => proposal.figures.find((each: { path: string }) => each.path === path).proposed;
    expect(figure('cores.mcu.operatingPoints.160MHz.activePower') / 19.6e-3).toBeCloseTo(1, 1);
    expect(figure('cores.dsp.operatingPoints.30MHz.activePower') / 1.75e-3).toBeCloseTo(1, 1);
    expect(measured / proposed).toBeCloseTo(1, 2);
    const svg = readFileSync(picture, 'utf8');
    expect(svg).toMatch(/^<svg .*<\/svg>\n$/s);
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
  });

  it('should answer what is wrong with one sentence', () => {
    expect(run()).toMatchObject({ status: 2, stderr: expect.stringMatching(/capture\.csv:1: .*--voltage 3\.0V\n$/) });
    expect(run('--voltage', '3')).toMatchObject({ status: 2, stderr: expect.stringContaining('has no unit') });
    expect(run('--voltage', '3V', '--rail', 'aux')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('the device has always-on, application'),
    });
    expect(lightsleeper('compare', scenario, '--measured', 'none.csv', '--voltage', '3V')).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/none\.csv: there is no such file/),
    });
  });
});

describe('stream', () => {
  it('should write what the device hears, and where in it the words are', async () => {
    const args = ['--wav', 'day.wav', '--truth', 'day.json', '--duration', '10min', '--seed', '11'];
    expect(lightsleeper('stream', scenario, ...args)).toMatchObject({ status: 0, stderr: '' });
    const samples = await decodeFile(join(folder, 'day.wav'));
    expect(samples.length).toBe(600 * 16_000);
    const [truth] = JSON.parse(readFileSync(join(folder, 'day.json'), 'utf8'));
    expect(truth).toMatchObject({ wav_file: 'day.wav', sample_rate: 16_000, length_sec: 600, detect: 'computer' });
    expect(truth.detection_windows.length).toBeGreaterThan(0);
    const level = (from: number, to: number) => {
      const part = samples.subarray(Math.round(from * 16_000), Math.round(to * 16_000));
      return Math.sqrt(part.reduce((sum, value) => sum + value * value, 0) / part.length);
    };
    // Each word is 15 dB over what surrounds it, give or take 3 dB and the silence within its recording.
    for (const [start, end] of truth.detection_windows)
      expect(level(start, end)).toBeGreaterThan(1.5 * level(start - 0.4, start));
  });
});
