// Streams of motion and of pictures, on the devices and recordings that ship, with small models made here: through the run's own process.
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadClips, loadScenario } from '../../server/runs/load.ts';
import { startRun } from '../../server/runs/process/process-client.ts';
import type { RunReport } from '../../server/runs/report/report.ts';
import type { MotionSpec, PictureSpec } from '../../server/streams/frames.ts';
import { writeTinyModel } from '../models/tiny-model.ts';

const recordings = fileURLToPath(new URL('../../scenarios/recordings', import.meta.url));
let folder = '';

const motion: MotionSpec = {
  kind: 'motion',
  sampleRate: 50,
  channels: 6,
  hopSamples: 25,
  scale: [0, 0, 0, 0, 0, 0].map((offset, axis) => ({ offset, factor: axis < 3 ? 1 / 20 : 1 / 5 })),
};
const picture: PictureSpec = {
  kind: 'picture',
  framesPerSecond: 2,
  width: 32,
  height: 32,
  channels: 3,
  mean: [0.5, 0.5, 0.5],
  scale: [2, 2, 2],
};

const MOTION = `title: Walking
description: A test
device: nrf54-band
powerProfile: motion-engine
duration: 30 min
detect: walking
streams:
  - sensor: imu
    background: [{ clips: "motion/seated/*", share: 50 %, spell: 1 min }]
    events:
      - { label: walking, clips: "motion/walking/*", rate: 60/h }
      - { label: standing-up, clips: "motion/standing-up/*", rate: 30/h }
cascade:
  - { stage: turns, model: turns.onnx, core: mcu, gate: { threshold: 0.5, hold: 2 s } }
seed: 3
`;
const PICTURE = `title: Cars
description: A test
device: driveway-camera
powerProfile: watching
duration: 30 min
detect: automobile
streams:
  - sensor: camera
    background: [{ clips: "pictures/background/*", spell: 10 min }]
    events:
      - { label: automobile, clips: "pictures/automobile/*", rate: 30/h, hold: 4 s }
      - { label: animal, clips: "pictures/animal/*.jpg", rate: 30/h, hold: 4 s }
cascade:
  - { stage: bright, model: bright.onnx, core: mcu, gate: { threshold: 0.3 } }
  - { stage: sure, model: bright.onnx, core: app, gate: { threshold: 0.5, hold: 4 s } }
seed: 5
`;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lightsleeper-'));
  for (const kind of ['motion', 'pictures']) cpSync(join(recordings, kind), join(folder, kind), { recursive: true });
  // Who walks turns hips and phone: rotation alone.
  writeTinyModel(folder, 'turns', motion, 4, (feature) => (feature % 6 < 3 ? 0 : 400), -3);
  writeTinyModel(folder, 'bright', picture, 1, () => 4, -1.2);
});
afterAll(() => rmSync(folder, { recursive: true }));

function write(text: string, ...changes: ReadonlyArray<readonly [string, string]>): string {
  const path = join(folder, 'day.yaml');
  const changed = changes.reduce((all, [from, to]) => {
    expect(all).toContain(from);
    return all.replace(from, to);
  }, text);
  writeFileSync(path, changed);
  return path;
}

async function report(scenario: string, options: { threads?: number; powerProfile?: string } = {}): Promise<RunReport> {
  const program = new URL('../../dist/server/runs/process/process.js', import.meta.url);
  const outcome = await startRun({ scenario, speed: 'max', baseline: true, ...options }, {}, { program }).done;
  if (outcome.kind !== 'finished') throw new Error(JSON.stringify(outcome));
  return outcome.report;
}

const lasting = ({ wallSeconds: _, cost: __, ...rest }: RunReport) => rest;

describe('half an hour of motion', () => {
  it('should find people who walk, and sleep while nothing moves', async () => {
    const path = write(MOTION);
    const one = await report(path, { threads: 1 });
    expect(one.stream.windows).toBe(1800 * 2);
    expect(one.detections.events).toBeGreaterThan(15);
    expect(one.detections.truePositives / one.detections.events).toBeGreaterThan(0.7);
    // The motion engine hands on what moves, and what comes within its hold.
    expect(one.stages[0].windowsIn).toBeGreaterThan(300);
    expect(one.stages[0].windowsIn).toBeLessThan(2400);
    expect(one.conservation).toBeLessThan(1e-6);
    expect(lasting(await report(path, { threads: 2 }))).toEqual(lasting(one));
  });

  it('should take six windows at a time out of a FIFO that holds them, and answer later', async () => {
    const path = write(MOTION);
    const [prompt, patient] = [await report(path), await report(path, { powerProfile: 'patient' })];
    expect(patient.cores[0].wakes).toBeLessThan(prompt.cores[0].wakes / 2);
    expect(patient.latencyMilliseconds.p50 ?? 0).toBeGreaterThan((prompt.latencyMilliseconds.p50 ?? 0) + 500);
  });
});

describe('half an hour of pictures', () => {
  it('should look when the picture changes, and weigh what it sends on by the picture', async () => {
    const path = write(PICTURE);
    const seen = await report(path);
    expect(seen.stream.windows).toBe(1800 * 2);
    expect(seen.detections.events).toBeGreaterThan(8);
    expect(seen.stages[0].windowsIn).toBeGreaterThan(40);
    expect(seen.stages[0].windowsIn).toBeLessThan(1800);
    expect(seen.stages[1].windowsIn).toBeGreaterThan(0);
    expect(lasting(await report(path, { threads: 1 }))).toEqual(lasting(seen));
  });
});

describe('a stream that its sensor cannot give', () => {
  it.each([
    [
      'motion with a noise floor',
      MOTION,
      ['    background', '    noiseFloor: -60 dB\n    background'],
      /day\.yaml:\d+: streams\[0\]\.noiseFloor: imu is an imu, whose recordings have no noiseFloor; remove it$/,
    ],
    [
      'pictures that are held for no time',
      PICTURE,
      ['rate: 30/h, hold: 4 s }\n      - { label: animal', 'rate: 30/h }\n      - { label: animal'],
      /day\.yaml:\d+: streams\[0\]\.events\[0\]: camera is a camera, whose recordings need a hold; give one$/,
    ],
    [
      'sound for a camera',
      PICTURE,
      ['pictures/animal/*.jpg', 'motion/walking/*'],
      /day\.yaml:\d+: streams\[0\]\.events\[1\]\.clips: no recording \(jpg, png\) matches "motion\/walking\/\*"/,
    ],
    [
      'models of another sense',
      MOTION,
      ['turns.onnx', 'bright.onnx'],
      /device-profiles\/nrf54-band\.yaml:\d+: sensors\[0\]\.kind: the models take picture, which is for a camera, and sensor imu is a imu/,
    ],
  ] as const)('should be refused in a sentence: %s', async (_, text, change, message) => {
    await expect(loadScenario(write(text, change))).rejects.toThrow(message);
  });

  it('should be refused where a recording is damaged, with its line', async () => {
    mkdirSync(join(folder, 'damaged'), { recursive: true });
    writeFileSync(join(folder, 'damaged', 'a.csv'), 'time_ms,ax,ay,az,gx,gy,gz\n0,1,2,3,4,5,6\n20,1,2,x,4,5,6\n');
    writeFileSync(join(folder, 'damaged', 'b.png'), 'no picture');
    const walk = await loadScenario(write(MOTION, ['motion/walking/*', 'damaged/*.csv']));
    await expect(loadClips(walk)).rejects.toThrow(
      /^.*day\.yaml:\d+: streams\[0\]\.events\[0\]\.clips: .*a\.csv: line 3: column az holds "x" and no number; replace the recording/,
    );
    const cars = await loadScenario(write(PICTURE, ['pictures/automobile/*', 'damaged/*.png']));
    await expect(loadClips(cars)).rejects.toThrow(/b\.png: is no picture that can be decoded; use jpg or png; replace/);
  });
});
