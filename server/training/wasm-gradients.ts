// The gradients that the WASM backend of TensorFlow.js 4.22 lacks, made of kernels it has. The filter's gradient of a convolution is, for each place of the
// filter, one matrix product of shifted input and output gradient; the depthwise ones are sums of shifted products.
import type { NamedAttrMap, NamedTensorInfoMap, Tensor, Tensor4D, TensorInfo } from '@tensorflow/tfjs';
import { z } from 'zod';
import type { Tf } from './tensorflow.ts';

const pair = z.union([
  z.number().transform((size): [number, number] => [size, size]),
  z.tuple([z.number(), z.number()]),
]);
const shape4 = z.tuple([z.number(), z.number(), z.number(), z.number()]);
const attributesSchema = z.object({
  strides: pair,
  dilations: pair.nullish(),
  pad: z.enum(['same', 'valid']),
  filterShape: shape4.optional(),
  inputShape: shape4.optional(),
});

type Kernel = (arguments_: { inputs: NamedTensorInfoMap; attrs?: NamedAttrMap }) => TensorInfo;

/** Registers the kernels for the backend `wasm`. Only what the networks here use: no dilation, and depthwise with stride and multiplier 1. */
export function registerGradientKernels(tf: Tf): void {
  const kernels: Readonly<Record<string, Kernel>> = {
    Conv2DBackpropFilter: ({ inputs, attrs }) => filterGradient(tf, inputs, attributesSchema.parse(attrs)),
    DepthwiseConv2dNativeBackpropInput: ({ inputs, attrs }) =>
      depthwiseInputGradient(tf, inputs, attributesSchema.parse(attrs)),
    DepthwiseConv2dNativeBackpropFilter: ({ inputs, attrs }) =>
      depthwiseFilterGradient(tf, inputs, attributesSchema.parse(attrs)),
  };
  for (const [kernelName, kernelFunc] of Object.entries(kernels))
    tf.registerKernel({ kernelName, backendName: 'wasm', kernelFunc });
}

type Attributes = z.infer<typeof attributesSchema>;
type Shape4 = readonly [number, number, number, number];

/** The input with its padding, and where each place of the filter falls on it. */
interface Geometry {
  readonly padding: [[number, number], [number, number], [number, number], [number, number]];
  readonly outHeight: number;
  readonly outWidth: number;
}

function geometryOf(tf: Tf, input: Shape4, filter: Shape4, { strides, dilations, pad }: Attributes): Geometry {
  if (dilations?.some((size) => size !== 1)) throw new Error('The gradient of a dilated convolution is not written.');
  const { padInfo, outHeight, outWidth } = tf.backend_util.computeConv2DInfo([...input], [...filter], strides, 1, pad);
  const { top, bottom, left, right } = padInfo;
  return {
    padding: [
      [0, 0],
      [top, bottom],
      [left, right],
      [0, 0],
    ],
    outHeight,
    outWidth,
  };
}

const shapeOf = (tensor: Tensor): Shape4 => shape4.parse(tensor.shape);

/** An input of a kernel. TensorFlow.js hands kernels its tensors, though it only promises their descriptions. */
function inputOf(tf: Tf, inputs: NamedTensorInfoMap, name: string): Tensor4D {
  const input = inputs[name];
  if (!(input instanceof tf.Tensor)) throw new Error(`A gradient kernel was called without ${name}.`);
  return tf.reshape(input, shape4.parse(input.shape));
}

/** What one place of the filter sees of the padded input: [batch, outHeight, outWidth, channels]. */
function seenFrom(
  tf: Tf,
  padded: Tensor4D,
  row: number,
  column: number,
  { outHeight, outWidth }: Geometry,
  strides: [number, number],
): Tensor4D {
  const [batch, , , channels] = padded.shape;
  const size = (count: number, stride: number): number => (count - 1) * stride + 1;
  const window = tf.slice(
    padded,
    [0, row, column, 0],
    [batch, size(outHeight, strides[0]), size(outWidth, strides[1]), channels],
  );
  if (strides[0] === 1 && strides[1] === 1) return window;
  const seen = tf.stridedSlice(window, [0, 0, 0, 0], window.shape, [1, strides[0], strides[1], 1]);
  return tf.reshape(seen, [batch, outHeight, outWidth, channels]);
}

function filterGradient(tf: Tf, inputs: NamedTensorInfoMap, attributes: Attributes): Tensor {
  const { filterShape, strides } = attributes;
  if (!filterShape) throw new Error('The gradient of a filter needs its shape.');
  return tf.tidy(() => {
    const x = inputOf(tf, inputs, 'x');
    const geometry = geometryOf(tf, shapeOf(x), filterShape, attributes);
    const padded = tf.pad(x, geometry.padding);
    const [height, width, inChannels, outChannels] = filterShape;
    const gradient = tf.reshape(inputOf(tf, inputs, 'dy'), [-1, outChannels]);
    const places: Tensor[] = [];
    for (let row = 0; row < height; row++)
      for (let column = 0; column < width; column++) {
        const seen = tf.reshape(seenFrom(tf, padded, row, column, geometry, strides), [-1, inChannels]);
        places.push(tf.matMul(seen, gradient, true, false));
      }
    return tf.reshape(tf.concat(places, 0), filterShape);
  });
}

function depthwiseFilterGradient(tf: Tf, inputs: NamedTensorInfoMap, attributes: Attributes): Tensor {
  const { filterShape } = attributes;
  if (!filterShape) throw new Error('The gradient of a filter needs its shape.');
  assertPlainDepthwise(filterShape, attributes);
  return tf.tidy(() => {
    const x = inputOf(tf, inputs, 'x');
    const geometry = geometryOf(tf, shapeOf(x), filterShape, attributes);
    const padded = tf.pad(x, geometry.padding);
    const gradient = inputOf(tf, inputs, 'dy');
    const [height, width] = filterShape;
    const places: Tensor[] = [];
    for (let row = 0; row < height; row++)
      for (let column = 0; column < width; column++)
        places.push(tf.sum(tf.mul(seenFrom(tf, padded, row, column, geometry, [1, 1]), gradient), [0, 1, 2]));
    return tf.reshape(tf.concat(places, 0), filterShape);
  });
}

function depthwiseInputGradient(tf: Tf, inputs: NamedTensorInfoMap, attributes: Attributes): Tensor {
  const { inputShape } = attributes;
  if (!inputShape) throw new Error('The gradient of an input needs its shape.');
  return tf.tidy(() => {
    const weights = inputOf(tf, inputs, 'filter');
    const filterShape = shapeOf(weights);
    assertPlainDepthwise(filterShape, attributes);
    const { padding, outHeight, outWidth } = geometryOf(tf, inputShape, filterShape, attributes);
    const [batch, inHeight, inWidth, channels] = inputShape;
    const [, [top, bottom], [left, right]] = padding;
    const gradient = inputOf(tf, inputs, 'dy');
    let sum: Tensor4D = tf.zeros([batch, inHeight + top + bottom, inWidth + left + right, channels]);
    for (let row = 0; row < filterShape[0]; row++)
      for (let column = 0; column < filterShape[1]; column++) {
        const part: Tensor4D = tf.mul(
          gradient,
          tf.reshape(tf.slice(weights, [row, column, 0, 0], [1, 1, channels, 1]), [channels]),
        );
        const below = inHeight + top + bottom - outHeight - row;
        const beside = inWidth + left + right - outWidth - column;
        sum = tf.add(
          sum,
          tf.pad(part, [
            [0, 0],
            [row, below],
            [column, beside],
            [0, 0],
          ]),
        );
      }
    return tf.slice(sum, [0, top, left, 0], [...inputShape]);
  });
}

function assertPlainDepthwise(filter: Shape4, { strides }: Attributes): void {
  if (filter[3] !== 1 || strides[0] !== 1 || strides[1] !== 1)
    throw new Error('The gradient of a depthwise convolution is only written for stride 1 and multiplier 1.');
}
