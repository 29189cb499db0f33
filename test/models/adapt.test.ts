import { describe, expect, it } from 'vitest';
import { adaptInput } from '../../server/models/adapt.ts';
import { graphCost } from '../../server/models/graph-cost.ts';
import { type OnnxModel, type OnnxNode, readOnnx, writeOnnx } from '../../server/models/onnx.ts';
import { floatTensor, int64Tensor } from '../../server/models/onnx-tensor.ts';
import { ModelSession } from '../../server/models/session.ts';
import type { FrontEndSpec } from '../../server/streams/frames.ts';
import { LOG_MEL } from '../../server/streams/front-end.ts';

const picture: FrontEndSpec = {
  kind: 'picture',
  framesPerSecond: 2,
  width: 5,
  height: 4,
  channels: 3,
  mean: [0, 0, 0],
  scale: [1, 1, 1],
};
const motion: FrontEndSpec = {
  kind: 'motion',
  sampleRate: 50,
  channels: 6,
  hopSamples: 10,
  scale: Array.from({ length: 6 }, () => ({ offset: 0, factor: 1 })),
};

const node = (
  op: string,
  inputs: readonly string[],
  output: string,
  attributes: OnnxNode['attributes'] = {},
): OnnxNode => ({
  name: output,
  op,
  domain: '',
  inputs,
  outputs: [output],
  attributes,
});

/** Takes one value of a window of this shape, which lies at `place` of it, as a framework exports such a graph: a Gemm with float attributes. */
function picks(shape: readonly (number | string)[], place: number, batch: number | string = 'batch'): OnnxModel {
  const size = shape.reduce<number>((product, each) => product * Number(each), 1);
  return {
    name: 'picks',
    opset: 17,
    inputs: [{ name: 'x', type: 'float32', shape: [batch, ...shape] }],
    outputs: [{ name: 'y', type: 'float32', shape: [batch, 1] }],
    nodes: [
      node('Constant', [], 'flat_shape', { value: int64Tensor('', [2], [-1, size]) }),
      node('Reshape', ['x', 'flat_shape'], 'flat'),
      node('Gemm', ['flat', 'w', 'b'], 'y', { alpha: 1, beta: 1, transB: 1 }),
    ],
    initializers: [
      floatTensor(
        'w',
        [1, size],
        Float32Array.from({ length: size }, (_, at) => (at === place ? 1 : 0)),
      ),
      floatTensor('b', [1], [0]),
    ],
  };
}

/** What a model says of three windows whose values are all different. */
async function scoresOf(model: OnnxModel, spec: FrontEndSpec, frames: number, features: number): Promise<number[]> {
  const adapted = adaptInput(readOnnx(writeOnnx(model)), spec, frames);
  const values = Float32Array.from({ length: (frames + 2) * features }, (_, at) => at);
  const session = await ModelSession.open(writeOnnx(adapted), frames, features);
  return [...(await session.scoreWindows(values, [frames - 1, frames, frames + 1]))];
}

describe('a model as others export it', () => {
  it.each([
    // Value 2 of channel 1 of a picture 5 wide: row 0, column 2.
    ['pictures with channels first', picture, 1, 60, [3, 4, 5], 20 + 2, 2 * 3 + 1],
    ['pictures with channels last', picture, 1, 60, [4, 5, 3], 7, 7],
    // Sample 13 of axis 4.
    ['motion by axis', motion, 2, 60, [6, 20], 4 * 20 + 13, 13 * 6 + 4],
    ['motion by sample', motion, 2, 60, [20, 6], 13 * 6 + 4, 13 * 6 + 4],
    // Frame 1 of band 3.
    ['bands by frame', LOG_MEL, 2, 40, [40, 2], 3 * 2 + 1, 40 + 3],
    ['a spectrogram as a picture', LOG_MEL, 2, 40, [1, 2, 40], 43, 43],
    ['frames', LOG_MEL, 2, 40, [2, 40], 43, 43],
  ] as const)(
    'should be given its window as it takes it: %s',
    async (_, spec, frames, features, shape, place, expected) => {
      const scores = await scoresOf(picks(shape, place), spec, frames, features);
      expect(scores).toEqual([expected, expected + features, expected + 2 * features]);
    },
  );

  it('should be run one window at a time where it was exported for one', async () => {
    expect(await scoresOf(picks([3, 4, 5], 22, 1), picture, 1, 60)).toEqual([7, 67, 127]);
  });

  it('should be refused with the shapes that would do', () => {
    expect(() => adaptInput(picks([3, 5, 5], 0), picture, 1)).toThrow(
      'Its input x is 3 × 5 × 5 for a window, and 1 frame of this picture front end is 1 × 60, or 4 × 5 × 3, or 3 × 4 × 5.',
    );
    const free = {
      ...picks([6, 20], 0),
      inputs: [{ name: 'x', type: 'float32', shape: ['batch', 6, 'time'] }],
    } as const;
    expect(() => adaptInput(free, motion, 2)).toThrow(
      /its dimension "time" is free: export it with sizes that are fixed\.$/,
    );
  });

  it('should be refused by name for what cannot be counted', () => {
    const graph = picks([2, 40], 0);
    const strange = { ...graph, nodes: [node('GRU', ['x'], 'h'), ...graph.nodes] };
    expect(() => graphCost(strange, 2)).toThrow(
      'Node h is a GRU, which is not known here, so its cost cannot be counted',
    );
    const computed = { ...graph, nodes: [node('Shape', ['x'], 's'), ...graph.nodes] };
    expect(() => graphCost(computed, 2)).toThrow(
      /Node s computes with the shape of a value; export the model with sizes/,
    );
  });
});
