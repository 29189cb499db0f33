// The whole lab on motion that is made up: what a stopped one finished is not trained again, a quick one replaces no page, and bad input is said.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { OnnxModel } from '../../../server/models/onnx.ts';
import { InputProblem } from '../../../server/runs/files/problem.ts';
import { Checkpoints } from '../../../server/training/lab/checkpoints.ts';
import { lab } from '../../../server/training/lab/main.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lab-'));
  vi.stubEnv('LIGHTSLEEPER_DATA', join(folder, 'data'));
  vi.stubEnv('XDG_CACHE_HOME', join(folder, 'cache'));
  for (let subject = 1; subject <= 8; subject++) writeSubject(`s${String(subject).padStart(2, '0')}`, subject);
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** Half a minute: still, then steps of two a second, each subject's a little other. */
function writeSubject(name: string, seed: number): void {
  mkdirSync(join(folder, 'data', 'imu', name), { recursive: true });
  const rows = Array.from({ length: 3000 }, (_, n) => {
    const walks = n >= 1500;
    const swing = walks ? 4 * Math.sin((2 * Math.PI * (1.8 + 0.05 * seed) * n) / 100) : 0.05 * Math.sin(0.7 * n * seed);
    return `${0.3 * swing},${swing},${9.8 + swing},${swing / 4},0.01,0.02,${n * 10},${walks ? 'WALKING' : 'SEATED'}`;
  });
  const head = 'x_acc,y_acc,z_acc,x_gyro,y_gyro,z_gyro,timestamp,label';
  writeFileSync(join(folder, 'data', 'imu', name, `${name}_01_sp.csv`), `${[head, ...rows].join('\n')}\n`);
}

const finished = (): string[] => readdirSync(join(folder, 'cache', 'lightsleeper', 'lab', 'motion')).sort();

describe('lightsleeper lab', () => {
  it('should go on where it was stopped, and end with a page', async () => {
    const stop = new AbortController();
    const notes: string[] = [];
    const stopping = lab(
      'motion',
      { seeds: 1, quick: true, sweep: true, steps: 4 },
      {
        note: (line) => {
          notes.push(line);
          if (line.startsWith('2/')) stop.abort();
        },
        say: () => {},
        stop: stop.signal,
      },
    );
    await expect(stopping).rejects.toThrow(/aborted/);
    const before = finished();
    // The weights that all begin with, and two networks.
    expect(before).toHaveLength(3);
    expect(before.some((name) => name.includes('partial'))).toBe(false);

    const again: string[] = [];
    const page = await lab(
      'motion',
      { seeds: 1, quick: true, sweep: true, steps: 4 },
      { note: (line) => again.push(line), say: () => {}, stop: new AbortController().signal },
    );
    expect(finished()).toHaveLength(6);
    // The same figures and the same seconds: these two were read, not trained.
    expect(again.filter((line) => /^[12]\//.test(line))).toEqual(notes.filter((line) => /^[12]\//.test(line)));
    expect(page).toMatch(/A quick one, of few steps/);
    expect(page).toMatch(/\| two \| \d/);
    expect(page).toMatch(/Energy of a MAC \(nrf54-band, motion-engine\): mcu \d+ pJ/);
    expect(page).toMatch(/\| gap9: GreenWaves GAP9 with NE16 \(derived\) \| 4.26 pJ \|/);
    expect(page).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('should read back what it wrote, and take what is damaged for not there', () => {
    const model: OnnxModel = {
      name: 'part',
      opset: 13,
      inputs: [{ name: 'frames', type: 'float32', shape: ['batch', 2] }],
      outputs: [{ name: 'score', type: 'float32', shape: ['batch', 2] }],
      nodes: [{ name: 'score', op: 'Identity', domain: '', inputs: ['frames'], outputs: ['score'], attributes: {} }],
      initializers: [],
    };
    const scores = { scores: [Float32Array.of(0.25, 0.5)], sent: [Uint32Array.of(3)] };
    const trained = {
      parts: [{ model, input: [2], sends: null }],
      floatParts: [{ model, input: [2], sends: null }],
      elementsBefore: [7],
      validation: scores,
      test: scores,
      floatTest: scores,
      seconds: 1.5,
    };
    const checkpoints = new Checkpoints(join(folder, 'checkpoints'));
    const weights = [Float32Array.of(0.1, -2), Float32Array.of(3)];
    checkpoints.writeWeights({ weights: 1 }, weights);
    expect(checkpoints.readWeights({ weights: 1 })).toEqual(weights);
    expect(checkpoints.readWeights({ weights: 2 })).toBeUndefined();
    rmSync(join(folder, 'checkpoints'), { recursive: true });
    checkpoints.write({ seed: 1 }, trained);
    expect(checkpoints.read({ seed: 1 })).toEqual(trained);
    expect(checkpoints.read({ seed: 2 })).toBeUndefined();
    const [only] = readdirSync(join(folder, 'checkpoints'));
    writeFileSync(join(folder, 'checkpoints', only, 'result.json'), '{');
    expect(checkpoints.read({ seed: 1 })).toBeUndefined();
  });

  it.each([
    ['a task that is not there', 'motions', /no lab task called "motions"; say one of motion, picture, vit/],
    [
      'data that are not there',
      'vit',
      /no pictures to train with in .*set LIGHTSLEEPER_DATA to the folder that holds images/,
    ],
  ])('should say what is wrong with %s', async (_, task, sentence) => {
    const progress = { note: () => {}, say: () => {}, stop: new AbortController().signal };
    const wrong = lab(task, { seeds: 1, quick: true, sweep: true, steps: 4 }, progress);
    await expect(wrong).rejects.toThrow(sentence);
    await expect(wrong).rejects.toBeInstanceOf(InputProblem);
  });
});
