// An evaluation of a quantised graph that shares nothing with ONNX Runtime: integers all the way, with TensorFlow.js doing the convolutions. Products
// and sums of 8-bit activations and 7-bit weights stay below 2^24, so that its 32-bit floats hold them exactly.
import type { Tensor4D } from '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs';
import type { OnnxModel, OnnxNode } from '../../server/models/onnx.ts';
import { tensorValues } from '../../server/models/onnx-tensor.ts';

/** Bytes less their zero point, [batch, channels, height, width], and what one step is worth. */
interface Quantised {
  readonly steps: Tensor4D;
  readonly scale: number;
  readonly zero: number;
}

const LARGEST_EXACT = 2 ** 24;

/** Scores of windows, frames × bands each, and the step of the logit they come from. */
export function evaluateIntegers(
  model: OnnxModel,
  windows: readonly Float32Array[],
  frames: number,
): { readonly scores: readonly number[]; readonly logitStep: number } {
  const bands = windows[0].length / frames;
  tf.engine().startScope();
  const constants = new Map(model.initializers.map((tensor) => [tensor.name, tensor]));
  const constant = (name: string): number[] => {
    const tensor = constants.get(name);
    if (!tensor) throw new Error(`no constant ${name}`);
    return tensorValues(tensor);
  };
  const flat = new Float32Array(windows.length * frames * bands);
  for (const [at, window] of windows.entries()) flat.set(window, at * window.length);
  const sound = tf.tensor3d(flat, [windows.length, frames, bands]);
  const asChannels = model.nodes.some(({ op }) => op === 'Transpose');
  const image: Tensor4D = asChannels ? sound.transpose([0, 2, 1]).expandDims(3) : sound.expandDims(1);
  const [first] = model.nodes.filter(({ op }) => op === 'QuantizeLinear');
  let current = quantise(new Float64Array(image.dataSync()), image.shape, ...pointOf(first));
  for (const node of model.nodes) {
    if (node.op !== 'Conv' && node.op !== 'AveragePool') continue;
    const quantiser = model.nodes.find(({ op, inputs }) => op === 'QuantizeLinear' && inputs[0] === node.outputs[0]);
    if (!quantiser) throw new Error(`${node.name} is not quantised`);
    const [scale, zero] = pointOf(quantiser);
    const [real, shape] = node.op === 'Conv' ? convolve(node, current) : average(node, current);
    current = quantise(real, shape, scale, zero);
  }
  const logits = Array.from(current.steps.dataSync(), (steps) => steps * current.scale);
  tf.engine().endScope();
  return { scores: logits.map((logit) => 1 / (1 + Math.exp(-logit))), logitStep: current.scale };

  function pointOf({ inputs }: OnnxNode): [number, number] {
    return [constant(inputs[1])[0], constant(inputs[2])[0]];
  }

  function convolve({ inputs, attributes }: OnnxNode, { steps, scale }: Quantised): [Float64Array, number[]] {
    const weights = inputs[1].replace(/_dq$/, '');
    const shape = constants.get(`${weights}_q`)?.dims ?? [];
    const [out, perGroup, height, width] = shape;
    const bias = constant(`${inputs[2].replace(/_dq$/, '')}_q`);
    const kernel = tf.tensor4d(constant(`${weights}_q`), [out, perGroup, height, width]);
    const [top, left, bottom, right] = integers(attributes['pads']);
    const padded = tf.pad(steps.transpose([0, 2, 3, 1]), [
      [0, 0],
      [top, bottom],
      [left, right],
      [0, 0],
    ]) as Tensor4D;
    const [down, across] = integers(attributes['strides']);
    const sums =
      Number(attributes['group']) > 1
        ? tf.depthwiseConv2d(padded, kernel.transpose<Tensor4D>([2, 3, 0, 1]), [down, across], 'valid')
        : tf.conv2d(padded, kernel.transpose<Tensor4D>([2, 3, 1, 0]), [down, across], 'valid');
    const inOrder = sums.transpose([0, 3, 1, 2]);
    const scales = constant(`${weights}_scale`);
    const perChannel = (inOrder.shape[2] ?? 1) * (inOrder.shape[3] ?? 1);
    const real = new Float64Array(inOrder.dataSync());
    for (let at = 0; at < real.length; at++) {
      if (Math.abs(real[at]) >= LARGEST_EXACT) throw new Error('a sum is too large to be exact');
      const channel = Math.floor(at / perChannel) % out;
      real[at] = (real[at] + bias[channel]) * (scale * scales[channel]);
    }
    return [real, inOrder.shape];
  }

  function average({ attributes }: OnnxNode, { steps, scale }: Quantised): [Float64Array, number[]] {
    const [height, width] = integers(attributes['kernel_shape']);
    const pooled = tf.avgPool(steps.transpose<Tensor4D>([0, 2, 3, 1]), [height, width], 1, 'valid');
    const inOrder = pooled.transpose([0, 3, 1, 2]);
    return [new Float64Array(inOrder.dataSync()).map((value) => value * scale), inOrder.shape];
  }
}

function quantise(values: Float64Array, shape: readonly number[], scale: number, zero: number): Quantised {
  const bytes = new Float32Array(values.length);
  for (let at = 0; at < bytes.length; at++)
    bytes[at] = Math.max(0, Math.min(255, roundToEven(values[at] / scale) + zero)) - zero;
  const [batch, channels, height, width] = shape;
  return { steps: tf.tensor4d(bytes, [batch, channels, height, width]), scale, zero };
}

function roundToEven(value: number): number {
  const rounded = Math.round(value);
  return rounded - value === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}

const integers = (attribute: unknown): number[] => {
  if (!Array.isArray(attribute)) throw new Error('an attribute is missing');
  return attribute.map(Number);
};
