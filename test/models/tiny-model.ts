// A model for tests of what is around models: how strong a window is, in 8 bits, as score.

import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type OnnxModel, type OnnxNode, writeOnnx } from '../../server/models/onnx.ts';
import { floatTensor, uint8Tensor } from '../../server/models/onnx-tensor.ts';
import { type FrontEndSpec, featuresOf } from '../../server/streams/frames.ts';

/** The mean over the window of weight × value² as a logit, after a bias. */
function graph(frames: number, features: number, weights: (feature: number) => number, bias: number): OnnxModel {
  const size = frames * features;
  const node = (op: string, inputs: readonly string[], output: string, attributes = {}): OnnxNode => ({
    name: output,
    op,
    domain: '',
    inputs,
    outputs: [output],
    attributes,
  });
  return {
    name: 'tiny',
    opset: 13,
    inputs: [{ name: 'frames', type: 'float32', shape: ['batch', frames, features] }],
    outputs: [{ name: 'score', type: 'float32', shape: ['batch', 1] }],
    nodes: [
      node('QuantizeLinear', ['frames', 'step_scale', 'step_zero'], 'frames_q'),
      node('DequantizeLinear', ['frames_q', 'step_scale', 'step_zero'], 'frames_dq'),
      node('Flatten', ['frames_dq'], 'flat', { axis: 1 }),
      node('Mul', ['flat', 'flat'], 'squares'),
      node('Gemm', ['squares', 'w', 'b'], 'logit', { transB: 1 }),
      node('Sigmoid', ['logit'], 'score'),
    ],
    initializers: [
      floatTensor('step_scale', [], [1 / 100]),
      uint8Tensor('step_zero', [], [128]),
      floatTensor(
        'w',
        [1, size],
        Float32Array.from({ length: size }, (_, at) => weights(at % features) / size),
      ),
      floatTensor('b', [1], [bias]),
    ],
  };
}

/** Writes `name.onnx` and its card. @param weights by feature of a frame */
export function writeTinyModel(
  folder: string,
  name: string,
  frontEnd: FrontEndSpec,
  frames: number,
  weights: (feature: number) => number,
  bias: number,
): void {
  const bytes = writeOnnx(graph(frames, featuresOf(frontEnd), weights, bias));
  writeFileSync(join(folder, `${name}.onnx`), bytes);
  const card = {
    name,
    task: 'a test',
    frontEnd,
    frames,
    streaming: false,
    precision: 'int8',
    sha256: createHash('sha256').update(bytes).digest('hex'),
    threshold: 0.5,
    training: 'none',
    quality: null,
    operatingCurve: null,
  };
  writeFileSync(join(folder, `${name}.json`), JSON.stringify(card));
}
