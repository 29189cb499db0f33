// Trained layers into an ONNX graph, and back out of one.
import type { OnnxModel, OnnxNode } from '../models/onnx.ts';
import { floatTensor, int64Tensor, type OnnxTensor, tensorValues } from '../models/onnx-tensor.ts';
import type { FoldedLayer } from './build.ts';
import type { Layer, Network } from './networks.ts';

/** Opset 13: per-channel quantisation, and axes of Unsqueeze and Squeeze as inputs. */
export const OPSET = 13;

export const INPUT = 'frames';
export const OUTPUT = 'score';

/**
 * The float graph. Input `frames`: [batch, frames, bands], as the front end gives them; output `score`: [batch, 1], or [batch, hops] of a streaming
 * network, whose number of frames is free.
 */
export function toOnnx(network: Network, folded: readonly FoldedLayer[]): OnnxModel {
  const nodes: OnnxNode[] = [];
  const initializers: OnnxTensor[] = [];
  const add = (
    op: string,
    inputs: readonly string[],
    output: string,
    attributes: OnnxNode['attributes'] = {},
  ): string => {
    nodes.push({ name: output, op, domain: '', inputs, outputs: [output], attributes });
    return output;
  };
  let current: string;
  if (network.bandsAs === 'channels') {
    initializers.push(int64Tensor('image_axis', [1], [3]));
    // [batch, frames, bands] → [batch, bands, frames, 1]
    current = add('Transpose', [INPUT], 'bands_first', { perm: [0, 2, 1] });
    current = add('Unsqueeze', [current, 'image_axis'], 'image');
  } else {
    initializers.push(int64Tensor('image_axis', [1], [1]));
    current = add('Unsqueeze', [INPUT, 'image_axis'], 'image');
  }
  let size: readonly [number, number] =
    network.bandsAs === 'channels' ? [network.frames, 1] : [network.frames, network.bands];
  for (const [index, layer] of network.layers.entries()) {
    if (layer.kind === 'average') {
      current = add('AveragePool', [current], `average${index}`, { kernel_shape: layer.kernel, strides: [1, 1] });
    } else {
      const { weights, weightShape, bias } = folded[index];
      initializers.push(floatTensor(`w${index}`, weightShape, weights), floatTensor(`b${index}`, [bias.length], bias));
      const attributes = {
        kernel_shape: layer.kernel,
        strides: layer.stride,
        pads: padding(layer, size),
        group: layer.kind === 'depthwise' ? layer.channels : 1,
      };
      current = add('Conv', [current, `w${index}`, `b${index}`], `conv${index}`, attributes);
      if (layer.relu) current = add('Relu', [current], `relu${index}`);
    }
    size = sizeAfter(layer, size);
  }
  initializers.push(int64Tensor('score_axes', [2], [1, 3]));
  current = add('Sigmoid', [current], 'probability');
  add('Squeeze', [current, 'score_axes'], OUTPUT);
  const free = network.streaming;
  return {
    name: network.name,
    opset: OPSET,
    inputs: [{ name: INPUT, type: 'float32', shape: ['batch', free ? 'frames' : network.frames, network.bands] }],
    outputs: [{ name: OUTPUT, type: 'float32', shape: ['batch', free ? 'hops' : 1] }],
    nodes,
    initializers,
  };
}

/** The layers' weights out of a float graph that toOnnx made. Throws an Error when it is not of this network. */
export function fromOnnx(network: Network, model: OnnxModel): readonly FoldedLayer[] {
  const find = (name: string): OnnxTensor => {
    const tensor = model.initializers.find((initializer) => initializer.name === name);
    if (!tensor) throw new Error(`The ONNX file has no ${name}: it is not the float graph of ${network.name}.`);
    return tensor;
  };
  return network.layers.map((layer, index) => {
    if (layer.kind === 'average')
      return { weights: new Float32Array(0), weightShape: [0, 0, 0, 0], bias: new Float32Array(0) };
    const weights = find(`w${index}`);
    const [out, inPerGroup, time, frequency] = weights.dims;
    if (out !== layer.channels || time !== layer.kernel[0] || frequency !== layer.kernel[1])
      throw new Error(
        `Layer ${index} of the ONNX file is ${weights.dims.join(' × ')}: it is not the float graph of ${network.name}.`,
      );
    return {
      weights: Float32Array.from(tensorValues(weights)),
      weightShape: [out, inPerGroup, time, frequency],
      bias: Float32Array.from(tensorValues(find(`b${index}`))),
    };
  });
}

type Convolution = Exclude<Layer, { kind: 'average' }>;

function padding({ padding, kernel, stride }: Convolution, size: readonly [number, number]): readonly number[] {
  if (padding === 'valid') return [0, 0, 0, 0];
  return samePadding(kernel, stride, size);
}

/** TensorFlow's "same": the output is ⌈size / stride⌉ long, and what padding is odd goes to the end. As ONNX pads: begins, then ends. */
export function samePadding(
  kernel: readonly [number, number],
  stride: readonly [number, number],
  size: readonly [number, number],
): readonly number[] {
  const total = [0, 1].map((axis) =>
    Math.max(0, (Math.ceil(size[axis] / stride[axis]) - 1) * stride[axis] + kernel[axis] - size[axis]),
  );
  return [...total.map((sum) => Math.floor(sum / 2)), ...total.map((sum) => Math.ceil(sum / 2))];
}

function sizeAfter(layer: Layer, size: readonly [number, number]): readonly [number, number] {
  const along = (axis: 0 | 1): number => {
    if (layer.kind === 'average') return size[axis] - layer.kernel[axis] + 1;
    if (layer.padding === 'same') return Math.ceil(size[axis] / layer.stride[axis]);
    return Math.floor((size[axis] - layer.kernel[axis]) / layer.stride[axis]) + 1;
  };
  return [along(0), along(1)];
}
