import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { toDense } from '../../server/models/dense.ts';
import { graphCost } from '../../server/models/graph-cost.ts';
import { type OnnxAttribute, type OnnxModel, type OnnxNode, readOnnx, writeOnnx } from '../../server/models/onnx.ts';
import { elementCount, floatTensor, int64Tensor } from '../../server/models/onnx-tensor.ts';
import { ModelSession } from '../../server/models/session.ts';
import { stretches } from '../../server/models/stretches.ts';

const BANDS = 6;
const shipped = (name: string): Uint8Array =>
  readFileSync(new URL(`../../scenarios/models/${name}.onnx`, import.meta.url));

function noise(length: number, seed = 1): Float32Array {
  let state = seed;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

interface LayerSketch {
  readonly op: 'Conv' | 'MaxPool';
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
}

/** Layers over time, then one that joins what is left; time lies on the axis that `flat` says. */
function network(layers: readonly LayerSketch[], frames: number, flat: boolean): OnnxModel {
  const nodes: OnnxNode[] = [];
  const initializers = [int64Tensor('image_axis', [1], [flat ? 3 : 1]), int64Tensor('score_axes', [2], [1, 3])];
  const add = (
    op: string,
    inputs: readonly string[],
    output: string,
    attributes: Record<string, OnnxAttribute> = {},
  ) => {
    nodes.push({ name: output, op, domain: '', inputs, outputs: [output], attributes });
    return output;
  };
  let current = 'frames';
  if (flat) current = add('Transpose', [current], 'turned', { perm: [0, 2, 1] });
  current = add('Unsqueeze', [current, 'image_axis'], 'image');
  let [positions, channels, width] = flat ? [frames, BANDS, 1] : [frames, 1, BANDS];
  const convolve = (index: number, kernel: readonly number[], stride: number, dilation: number, out: number) => {
    const dims = [out, channels, ...kernel];
    initializers.push(
      floatTensor(
        `w${index}`,
        dims,
        noise(elementCount(dims), 7 + index).map((value) => value / 3),
      ),
    );
    const attributes = {
      kernel_shape: kernel,
      strides: [stride, 1],
      pads: [0, 0, 0, 0],
      dilations: [dilation, 1],
      group: 1,
    };
    current = add('Conv', [current, `w${index}`], `conv${index}`, attributes);
    channels = out;
  };
  for (const [index, { op, kernel, stride, dilation }] of layers.entries()) {
    if (op === 'Conv') {
      convolve(index, [kernel, 1], stride, dilation, 4);
      current = add('Relu', [current], `relu${index}`);
    } else
      current = add('MaxPool', [current], `pool${index}`, {
        kernel_shape: [kernel, 1],
        strides: [stride, 1],
        dilations: [dilation, 1],
      });
    positions = Math.floor((positions - dilation * (kernel - 1) - 1) / stride) + 1;
  }
  convolve(99, [positions, width], 1, 1, 1);
  current = add('Sigmoid', [current], 'probability');
  add('Squeeze', [current, 'score_axes'], 'score');
  return {
    name: 'random',
    opset: 13,
    inputs: [{ name: 'frames', type: 'float32', shape: ['batch', frames, BANDS] }],
    outputs: [{ name: 'score', type: 'float32', shape: ['batch', 1] }],
    nodes,
    initializers,
  };
}

async function score(model: OnnxModel, input: Float32Array, dims: readonly number[]): Promise<Float32Array> {
  const session = await InferenceSession.create(writeOnnx(model), { intraOpNumThreads: 1, logSeverityLevel: 3 });
  const { score } = await session.run({ frames: new Tensor('float32', input, dims) });
  if (!(score.data instanceof Float32Array)) throw new Error('no scores');
  return score.data;
}

const sketch: fc.Arbitrary<LayerSketch> = fc.record({
  op: fc.constantFrom('Conv', 'MaxPool'),
  kernel: fc.integer({ min: 1, max: 4 }),
  stride: fc.integer({ min: 1, max: 3 }),
  dilation: fc.integer({ min: 1, max: 2 }),
});

describe('a model of windows over a stretch', () => {
  it('should score each hop as the window that begins there, whatever the layers', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(sketch, { maxLength: 4 }), fc.boolean(), async (layers, flat) => {
        const frames = 60;
        const positions = layers.reduce(
          (left, { kernel, stride, dilation }) => Math.floor((left - dilation * (kernel - 1) - 1) / stride) + 1,
          frames,
        );
        fc.pre(positions >= 1);
        const model = network(layers, frames, flat);
        const dense = toDense(model, frames);
        if (dense === null) throw new Error('this model does not pad');
        const count = 23;
        const sound = noise((count + frames - 1) * BANDS);
        const hops = await score(dense, sound, [1, count + frames - 1, BANDS]);
        const windows = Array.from({ length: count }, (_, window) =>
          sound.slice(window * BANDS, (window + frames) * BANDS),
        );
        const each = Float32Array.from(windows.flatMap((window) => [...window]));
        const own = await score(model, each, [count, frames, BANDS]);
        for (let window = 0; window < count; window++) expect(hops[window]).toBeCloseTo(own[window], 5);
      }),
      { numRuns: 60 },
    );
  });

  it('should refuse what pads in time or joins frames in another way', () => {
    expect(toDense(readOnnx(shipped('verify')), 60)).toBeNull();
    const model = network([{ op: 'Conv', kernel: 3, stride: 2, dilation: 1 }], 20, true);
    expect(toDense(model, 20)).not.toBeNull();
    const change = (name: string, patch: Partial<OnnxNode>): OnnxModel => ({
      ...model,
      nodes: model.nodes.map((node) => (node.name === name ? { ...node, ...patch } : node)),
    });
    const conv = model.nodes.find(({ name }) => name === 'conv0');
    expect(toDense(change('conv0', { attributes: { ...conv?.attributes, pads: [1, 0, 0, 0] } }), 20)).toBeNull();
    expect(toDense(change('conv0', { attributes: { ...conv?.attributes, auto_pad: 'SAME_UPPER' } }), 20)).toBeNull();
    expect(toDense(change('relu0', { op: 'Softmax' }), 20)).toBeNull();
    expect(toDense(model, 25)).toBeNull(); // more than one score a window
  });

  it('should cost a tenth of the shipped keyword model’s windows', () => {
    const model = readOnnx(shipped('keyword'));
    const dense = toDense(model, 50);
    if (dense === null) throw new Error('the keyword model does not pad');
    const perHop = graphCost(dense, 1050).totalMacs - graphCost(dense, 1049).totalMacs;
    expect(perHop).toBeLessThan(graphCost(model, 50).totalMacs / 10);
  });

  it('should give the shipped keyword model’s scores to the last bit', async () => {
    const frames = noise(700 * 40, 5);
    const last = [...Array(300).keys()].map((index) => 60 + index).concat([500, 505, 506, 690]);
    const open = (stretches: boolean) => ModelSession.open(shipped('keyword'), 50, 40, { stretches });
    const [fast, plain] = await Promise.all([open(true), open(false)]);
    const scores = await plain.scoreWindows(frames, last);
    expect(new Set(scores).size).toBeGreaterThan(5);
    expect(await fast.scoreWindows(frames, last)).toEqual(scores);
  });
});

describe('a batch of windows', () => {
  it.each([
    ['keyword', 50],
    ['verify', 60],
  ] as const)('should give the shipped %s model’s scores to the last bit, whatever its size', async (name, frames) => {
    const sound = noise(100 * 40, 8).map((value, at) => value * (1 + Math.sin(at / 400)));
    const last = [59, 60, 63, 70, 71, 80, 85, 90, 98];
    const scores = await Promise.all(
      [1, 3, 8, 32].map(async (batch) => {
        const session = await ModelSession.open(shipped(name), frames, 40, { stretches: false, batch });
        return session.scoreWindows(sound, last);
      }),
    );
    for (const other of scores.slice(1)) expect(other).toEqual(scores[0]);
  });
});

describe('stretches of windows', () => {
  it('should hold every window once, in order, and join what is near', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 3000 }), { maxLength: 200 }), (numbers) => {
        const windows = numbers.sort((a, b) => a - b);
        const found = stretches(windows);
        expect(found.flatMap(({ from, to }) => windows.slice(from, to))).toEqual(windows);
        for (const { from, to, dense } of found)
          if (dense)
            for (let at = from + 1; at < to; at++) expect(windows[at] - windows[at - 1]).toBeLessThanOrEqual(100);
      }),
    );
    expect(stretches([...Array(50).keys()])).toEqual([{ from: 0, to: 50, dense: true }]);
    expect(stretches([0, 1000, 2000])).toEqual([{ from: 0, to: 3, dense: false }]);
  });
});
