// A model of one window as a model of a whole stretch: a score for every hop, with each layer computed once a hop instead of once a hop and window.
//
// A layer that moves by s frames leaves s - 1 of s positions out; which ones depends on where the window begins. Over a stretch all are needed,
// so the layer moves by one, and every later layer's taps lie s times as far apart (dilation; Giusti et al. 2013, "Fast image scanning with deep
// max-pooling convolutional neural networks"). Each score is the same sum of the same products as its window's, so that integer models
// give the same to the last bit. Padding would stand in the middle of a stretch: a model that pads in time, or joins frames in
// another way than these, stays a model of windows.

import type { OnnxModel, OnnxNode } from './onnx.ts';
import { elementCount, type OnnxTensor, tensorValues } from './onnx-tensor.ts';

/** Where time lies in a value. */
interface Timeline {
  readonly axis: number;
  readonly rank: number;
  /** Positions in one window. */
  readonly positions: number;
  /** Frames from one of them to the next. */
  readonly step: number;
}

type Constants = ReadonlyMap<string, OnnxTensor>;
type Step = { readonly node: OnnxNode; readonly after: Timeline } | null;

/** Operators that treat each value by itself; further inputs are constants. */
const POINTWISE = new Set([
  'QuantizeLinear',
  'DequantizeLinear',
  'Relu',
  'LeakyRelu',
  'Sigmoid',
  'Tanh',
  'Clip',
  'Identity',
]);

/**
 * The same model with input [1, frames, bands] and output [1, hops]: score h is that of the window that begins at frame h. (Where a window has
 * frames that its last layer does not reach, there are a few scores more at the end.) Null when a stretch is not the same as its windows.
 * @param frames of one window
 */
export function toDense(model: OnnxModel, frames: number): OnnxModel | null {
  const [input] = model.inputs;
  const [output] = model.outputs;
  if (model.inputs.length !== 1 || model.outputs.length !== 1 || input.shape.length !== 3) return null;
  const constants = new Map(model.initializers.map((tensor) => [tensor.name, tensor]));
  const timelines = new Map<string, Timeline>([[input.name, { axis: 1, rank: 3, positions: frames, step: 1 }]]);
  const nodes: OnnxNode[] = [];
  for (const node of model.nodes) {
    const before = timelines.get(node.inputs[0]);
    const others = before === undefined ? node.inputs : node.inputs.slice(1);
    if (node.outputs.length !== 1 || others.some((name) => timelines.has(name))) return null;
    // What does not depend on the frames, such as dequantised weights, stays as it is.
    const step: Step = before === undefined ? null : stepOver(node, before, constants);
    if (before !== undefined && step === null) return null;
    nodes.push(step?.node ?? node);
    if (step !== null) timelines.set(node.outputs[0], step.after);
  }
  const end = timelines.get(output.name);
  if (end === undefined || end.rank !== 2 || end.axis !== 1 || end.positions !== 1) return null;
  return {
    ...model,
    inputs: [{ ...input, shape: [1, 'frames', input.shape[2]] }],
    outputs: [{ ...output, shape: [1, 'hops'] }],
    nodes,
  };
}

/** The node of a stretch, and where time lies behind it; null for what cannot be one. */
function stepOver(node: OnnxNode, before: Timeline, constants: Constants): Step {
  if (node.domain !== '' && node.domain !== 'ai.onnx') return null;
  const { axis, rank } = before;
  // Scales and bounds that are one number each, wherever they are broadcast.
  if (POINTWISE.has(node.op))
    return node.inputs.slice(1).every((name) => name === '' || elementCount(constants.get(name)?.dims ?? [0]) === 1)
      ? { node, after: before }
      : null;
  switch (node.op) {
    case 'Transpose': {
      const perm = integers(node, 'perm', []);
      return perm.length === rank ? { node, after: { ...before, axis: perm.indexOf(axis) } } : null;
    }
    case 'Unsqueeze': {
      const added = axesOf(node, constants);
      if (added === null) return null;
      const after = [...added].sort((a, b) => a - b).reduce((at, place) => (place <= at ? at + 1 : at), axis);
      return { node, after: { ...before, axis: after, rank: rank + added.length } };
    }
    case 'Squeeze': {
      const removed = axesOf(node, constants);
      if (removed === null || removed.includes(axis)) return null;
      const after = axis - removed.filter((place) => place < axis).length;
      return { node, after: { ...before, axis: after, rank: rank - removed.length } };
    }
    case 'Conv':
      return slide(node, before, constants.get(node.inputs[1])?.dims.slice(2));
    case 'MaxPool':
    case 'AveragePool':
      return slide(node, before, undefined);
    default:
      return null;
  }
}

/** A layer that slides along the axes behind the second. @param kernel where it is not among the node's attributes */
function slide(node: OnnxNode, before: Timeline, kernel: readonly number[] | undefined): Step {
  const { attributes } = node;
  const along = before.axis - 2;
  const size = integers(node, 'kernel_shape', kernel ?? []);
  const ones = size.map(() => 1);
  const strides = [...integers(node, 'strides', ones)];
  const dilations = [...integers(node, 'dilations', ones)];
  const pads = integers(
    node,
    'pads',
    [...ones, ...ones].map(() => 0),
  );
  const automatic = attributes['auto_pad'] ?? 'NOTSET';
  if (along < 0 || along >= size.length || (automatic !== 'NOTSET' && automatic !== 'VALID')) return null;
  if (pads[along] !== 0 || pads[along + size.length] !== 0 || attributes['ceil_mode'] === 1) return null;
  // Averages cannot be dilated before opset 19, nor by integer kernels.
  if (node.op === 'AveragePool' && before.step > 1 && size[along] > 1) return null;
  const reach = dilations[along] * (size[along] - 1) + 1;
  const positions = Math.floor((before.positions - reach) / strides[along]) + 1;
  if (positions < 1) return null;
  const after = { ...before, positions, step: before.step * strides[along] };
  strides[along] = 1;
  dilations[along] *= before.step;
  const dilated = dilations.some((distance) => distance > 1);
  return { node: { ...node, attributes: { ...attributes, strides, ...(dilated ? { dilations } : {}) } }, after };
}

/** Axes to add or remove, counted from the front; null where they are not constant or are counted from the back. */
function axesOf(node: OnnxNode, constants: Constants): readonly number[] | null {
  const tensor = constants.get(node.inputs[1] ?? '');
  const axes = tensor === undefined ? integers(node, 'axes', []) : tensorValues(tensor);
  return axes.length > 0 && axes.every((axis) => axis >= 0) ? axes : null;
}

function integers(node: OnnxNode, name: string, otherwise: readonly number[]): readonly number[] {
  const value = node.attributes[name];
  return Array.isArray(value) ? value.map(Number) : otherwise;
}
