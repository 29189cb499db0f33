// One gated network, three evaluations: TensorFlow.js, the exported parts, and the 8-bit parts, on windows of shipped sound and on pictures made up.
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { glob } from 'tinyglobby';
import { beforeAll, describe, expect, it } from 'vitest';
import { graphCost } from '../../../server/models/graph-cost.ts';
import { readOnnx, writeOnnx } from '../../../server/models/onnx.ts';
import { decodeFile } from '../../../server/streams/decode.ts';
import { LOG_MEL, LogMel } from '../../../server/streams/front-end.ts';
import { Diverged } from '../../../server/training/diverged.ts';
import { type Part, partsToOnnx } from '../../../server/training/gated/export.ts';
import { fitGated } from '../../../server/training/gated/fit.ts';
import { type GatedNetwork, insertGates } from '../../../server/training/gated/insert.ts';
import { quantiseParts } from '../../../server/training/gated/quantise-parts.ts';
import { runPart, runParts } from '../../../server/training/gated/run.ts';
import { registerGradientKernels } from '../../../server/training/wasm-gradients.ts';
import { sounds, tokens } from './networks.ts';
import { waves } from './waves.ts';

const silent = { note: () => {}, say: () => {}, stop: new AbortController().signal };
const FRAMES = 24;

beforeAll(async () => {
  registerGradientKernels(tf);
  await tf.setBackend('wasm');
  await tf.ready();
});

/** Windows of the shipped recordings: speech is what is looked for, household sound is not. */
async function soundWindows(): Promise<{ readonly windows: Float32Array; readonly classes: Int32Array }> {
  const folder = fileURLToPath(new URL('../../../scenarios/recordings/', import.meta.url));
  const windows: Float32Array[] = [];
  const classes: number[] = [];
  for (const [label, kind] of ['household', 'speech'].entries())
    for (const path of (await glob(`${kind}/*`, { cwd: folder, absolute: true })).sort().slice(0, 12)) {
      const frames = new LogMel().frames((await decodeFile(path)).subarray(0, 4 * LOG_MEL.sampleRate));
      const size = FRAMES * LOG_MEL.bands;
      for (let from = 0; from + size <= frames.length; from += 6 * LOG_MEL.bands) {
        windows.push(frames.slice(from, from + size));
        classes.push(label);
      }
    }
  const flat = new Float32Array(windows.length * FRAMES * LOG_MEL.bands);
  for (const [at, window] of windows.entries()) flat.set(window, at * window.length);
  return { windows: flat, classes: Int32Array.from(classes) };
}

const pictures = () => ({
  windows: waves(128 * 48, 0.37),
  classes: Int32Array.from({ length: 128 }, (_, n) => n % 2),
});

/** Every batch of calibration windows is to be like the others. */
function shuffled(windows: Float32Array, count: number): Float32Array {
  const size = windows.length / count;
  const order = Array.from({ length: count }, (_, at) => at).sort((a, b) => ((a * 97) % count) - ((b * 97) % count));
  const flat = new Float32Array(windows.length);
  for (const [to, from] of order.entries()) flat.set(windows.subarray(from * size, (from + 1) * size), to * size);
  return flat;
}

async function trained(
  network: tf.LayersModel,
  places: readonly string[],
  { windows, classes }: { readonly windows: Float32Array; readonly classes: Int32Array },
  steps = 40,
): Promise<GatedNetwork> {
  const gated = insertGates(
    tf,
    network,
    places.map((after) => ({ after, hidden: 4, compression: { kept: 4 } })),
    5,
  );
  const weights = { alpha: places.map(() => 1), beta: places.map(() => 0.1) };
  const size = windows.length / classes.length;
  let at = 0;
  const draw = () => {
    const picked = Array.from({ length: 64 }, () => (at = (at + 97) % classes.length));
    const batch = new Float32Array(64 * size);
    for (const [slot, index] of picked.entries())
      batch.set(windows.subarray(index * size, (index + 1) * size), slot * size);
    return { windows: batch, classes: Int32Array.from(picked, (index) => classes[index]) };
  };
  await fitGated(tf, 'test', gated, { steps, batch: 64, learningRate: 5e-3 }, weights, draw, silent);
  return gated;
}

const sigmoid = (logit: number): number => 1 / (1 + Math.exp(-logit));
const apart = (a: ArrayLike<number>, b: ArrayLike<number>): number[] =>
  Array.from(a, (value, at) => Math.abs(value - b[at])).sort((x, y) => x - y);

/** The scores of all gates and of the task, by TensorFlow.js. */
function evaluate({ model }: GatedNetwork, windows: Float32Array, parts: number): number[][] {
  const shape = model.inputs[0].shape.slice(1).map((size) => size ?? 1);
  const size = shape.reduce((a, b) => a * b, 1);
  const outputs = model.predict(tf.tensor(windows, [windows.length / size, ...shape])) as tf.Tensor[];
  const [task, ...rest] = outputs.map((output) => Array.from(output.dataSync(), sigmoid));
  return [...rest.slice(0, parts - 1), task];
}

describe.each([
  { name: 'sound', make: () => sounds(tf, FRAMES), places: ['first', 'second'], data: soundWindows, frames: FRAMES },
  { name: 'tokens', make: () => tokens(tf), places: ['sum1'], data: async () => pictures(), frames: 1 },
])('the parts of a gated network: $name', ({ make, places, data, frames }) => {
  let gated: GatedNetwork;
  let windows: Float32Array;
  let float: readonly Part[];
  let bytes: readonly Part[];

  beforeAll(async () => {
    const set = await data();
    windows = set.windows;
    gated = await trained(make(), places, set);
    float = partsToOnnx(tf, 'test', gated, frames);
    bytes = await quantiseParts(float, shuffled(windows, set.classes.length));
  });

  it('should score as the network in TensorFlow.js does', async () => {
    const { scores } = await runParts(float, windows);
    for (const [number, expected] of evaluate(gated, windows, float.length).entries())
      expect(apart(expected, scores[number]).at(-1)).toBeLessThan(2e-5);
  });

  it('should score nearly so in 8 bits', async () => {
    const { scores } = await runParts(float, windows);
    const eight = await runParts(bytes, windows);
    for (const [number, expected] of scores.entries()) {
      const errors = apart(expected, eight.scores[number]);
      expect(errors[Math.floor(0.95 * errors.length)]).toBeLessThan(0.06);
    }
  });

  it('should send whole bytes that the next part reads as they are', async () => {
    const { activations } = await runPart(bytes[0], windows);
    const written = readOnnx(writeOnnx(bytes[1].model));
    const scale = written.initializers.find(({ name }) => name === 'received_scale');
    const zero = written.initializers.find(({ name }) => name === 'received_zero');
    const [step] = new Float32Array(new Uint8Array(scale?.raw ?? []).buffer);
    for (const value of activations ?? []) {
      const byte = value / step + (zero?.raw[0] ?? Number.NaN);
      expect(Math.abs(byte - Math.round(byte))).toBeLessThan(1e-3);
      expect(Math.round(byte)).toBeGreaterThanOrEqual(0);
      expect(Math.round(byte)).toBeLessThanOrEqual(255);
    }
  });

  it('should have a cost that is counted, and a gate head of a few hundred multiply-accumulates at most', () => {
    const costs = bytes.map(({ model }) => graphCost(readOnnx(writeOnnx(model)), frames));
    for (const { totalMacs, precision } of costs) {
      expect(totalMacs).toBeGreaterThan(0);
      expect(precision).toBe('int8');
    }
    expect(costs[0].macs.dense).toBeLessThan(1000);
  });
});

describe('training a gated network', () => {
  it('should learn to gate, and to send fewer activations for a larger penalty', async () => {
    const set = await soundWindows();
    const gated = await trained(sounds(tf, FRAMES), ['first'], set, 120);
    const [gate] = evaluate(gated, set.windows, 2);
    const mean = (label: number) => {
      const own = gate.filter((_, at) => set.classes[at] === label);
      return own.reduce((a, b) => a + b, 0) / own.length;
    };
    expect(mean(1) - mean(0)).toBeGreaterThan(0.2);
  });

  it('should stop with a sentence when the loss is no longer a number', async () => {
    const set = pictures();
    set.windows[5] = Number.NaN;
    await expect(trained(tokens(tf), ['sum1'], set)).rejects.toThrow(
      /test: the loss is no longer a number at step \d+ of 40 .*Nothing of this network was written; lower the learning rate/,
    );
    await expect(trained(tokens(tf), ['sum1'], set)).rejects.toBeInstanceOf(Diverged);
  });
});
