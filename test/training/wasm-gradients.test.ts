import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { registerGradientKernels } from '../../server/training/wasm-gradients.ts';

beforeAll(() => registerGradientKernels(tf));

/** Gradients of a sum of squares with respect to input and filter. */
async function gradientsOn(
  backend: string,
  convolve: (x: tf.Tensor4D, w: tf.Tensor4D) => tf.Tensor,
  x: Float32Array,
  xShape: [number, number, number, number],
  w: Float32Array,
  wShape: [number, number, number, number],
): Promise<Float32Array[]> {
  await tf.setBackend(backend);
  const gradients = tf.grads((a: tf.Tensor, b: tf.Tensor) =>
    tf.sum(tf.square(convolve(a.as4D(...xShape), b.as4D(...wShape)))),
  );
  const results = gradients([tf.tensor(x, xShape), tf.tensor(w, wShape)]);
  return results.map((gradient) => Float32Array.from(gradient.dataSync()));
}

const values = (count: number, step: number): Float32Array =>
  Float32Array.from({ length: count }, (_, n) => Math.sin(step * n + 1));

describe('gradients on the WASM backend', () => {
  const cases = [
    { name: 'convolution, valid', kind: 'conv', strides: [1, 1], pad: 'valid', x: [2, 7, 5, 3], w: [3, 2, 3, 4] },
    {
      name: 'convolution, same, stride 2',
      kind: 'conv',
      strides: [2, 2],
      pad: 'same',
      x: [2, 8, 5, 2],
      w: [5, 5, 2, 3],
    },
    {
      name: 'convolution, stride along time only',
      kind: 'conv',
      strides: [2, 1],
      pad: 'valid',
      x: [1, 9, 1, 4],
      w: [4, 1, 4, 2],
    },
    { name: 'depthwise, valid', kind: 'depthwise', strides: [1, 1], pad: 'valid', x: [2, 8, 1, 3], w: [5, 1, 3, 1] },
    { name: 'depthwise, same', kind: 'depthwise', strides: [1, 1], pad: 'same', x: [1, 5, 4, 2], w: [3, 3, 2, 1] },
  ] as const;
  for (const { name, kind, strides, pad, x, w } of cases)
    it(`should equal those of the plain CPU backend: ${name}`, async () => {
      const convolve = (a: tf.Tensor4D, b: tf.Tensor4D) =>
        kind === 'conv' ? tf.conv2d(a, b, [...strides], pad) : tf.depthwiseConv2d(a, b, [...strides], pad);
      const size = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);
      const run = (backend: string) =>
        gradientsOn(backend, convolve, values(size(x), 0.7), [...x], values(size(w), 1.3), [...w]);
      const [wasm, plain] = [await run('wasm'), await run('cpu')];
      for (const [at, gradient] of plain.entries())
        for (const [index, value] of gradient.entries()) expect(wasm[at][index]).toBeCloseTo(value, 3);
    });
});
