// What a model costs, counted from its graph: shapes are followed from node to node for one window.

import type { OnnxModel, OnnxNode } from './onnx.ts';
import { ELEMENT_BYTES, elementCount, OnnxError, type OnnxTensor, tensorValues } from './onnx-tensor.ts';

/** Multiply-accumulates by the class of operator that does them; `other` counts one operation per element. */
export interface MacsByClass {
  readonly conv: number;
  readonly depthwise: number;
  readonly dense: number;
  readonly other: number;
}

export interface GraphCost {
  readonly macs: MacsByClass;
  /** Without `other`. */
  readonly totalMacs: number;
  readonly parameters: number;
  readonly weightBytes: number;
  /** The largest that a layer's input and output take together, at the precision of the activations. */
  readonly activationBytes: number;
  /** Operators that a device runs: not those that only move the point or the axes. */
  readonly layers: number;
  readonly precision: 'int8' | 'float32';
}

type Shape = readonly number[];

const POOLS_ALL = new Set(['GlobalAveragePool', 'GlobalMaxPool', 'ReduceMean', 'ReduceMax', 'ReduceSum']);

/** Operators that change how numbers are written or arranged, and that a runtime on a device folds away. */
const FREE = new Set([
  'QuantizeLinear',
  'DequantizeLinear',
  'Transpose',
  'Unsqueeze',
  'Squeeze',
  'Reshape',
  'Flatten',
  'Identity',
  'Dropout',
  'Cast',
]);
const ELEMENTWISE = new Set(
  (
    'Relu Sigmoid Clip Add Mul Tanh HardSigmoid Softmax Sub Div LeakyRelu PRelu Elu Selu HardSwish Gelu Mish Softplus Erf Exp Log Sqrt Pow Abs Neg ' +
    'Reciprocal Max Min BatchNormalization InstanceNormalization LayerNormalization'
  ).split(' '),
);
/** Of these only the first input has the shape of what comes out. */
const SHAPED_BY_FIRST = /Normalization$|^(Clip|PRelu)$/;

/**
 * @param frames of the window, for a graph whose number of frames is free
 * @throws {OnnxError} naming the node, for an operator or a shape that cannot be counted
 */
export function graphCost(model: OnnxModel, frames: number): GraphCost {
  const shapes = followShapes(model, frames);
  const macs = { conv: 0, depthwise: 0, dense: 0, other: 0 };
  const precision = model.nodes.some(({ op }) => op === 'DequantizeLinear') ? 'int8' : 'float32';
  const elementBytes = precision === 'int8' ? 1 : 4;
  let layers = 0;
  let activations = 0;
  for (const node of model.nodes) {
    if (FREE.has(node.op)) continue;
    layers++;
    const elements = elementCount(shapes.get(node.outputs[0]) ?? []);
    const weights = shapes.get(node.inputs[1] ?? '');
    if (node.op === 'Conv' && weights !== undefined) {
      const each = elementCount(weights.slice(1));
      const depthwise = weights[1] === 1 && Number(node.attributes['group'] ?? 1) > 1;
      macs[depthwise ? 'depthwise' : 'conv'] += elements * each;
    } else if (node.op === 'Gemm' || node.op === 'MatMul') {
      const inner = shapes.get(node.inputs[0])?.at(-1) ?? 0;
      macs.dense += elements * inner;
    } else if (node.op === 'AveragePool' || node.op === 'MaxPool') {
      macs.other += elements * elementCount(ints(node, 'kernel_shape'));
    } else if (POOLS_ALL.has(node.op)) {
      macs.other += elementCount(shapes.get(node.inputs[0]) ?? []);
    } else macs.other += elements;
    const input = elementCount(shapes.get(node.inputs[0]) ?? []);
    activations = Math.max(activations, (input + elements) * elementBytes);
  }
  const weights = model.initializers.filter(isWeight);
  return {
    macs,
    totalMacs: macs.conv + macs.depthwise + macs.dense,
    parameters: weights.reduce((sum, tensor) => sum + elementCount(tensor.dims), 0),
    weightBytes: weights.reduce((sum, tensor) => sum + elementCount(tensor.dims) * ELEMENT_BYTES[tensor.type], 0),
    activationBytes: activations,
    layers,
    precision,
  };
}

/**
 * Shapes of all values for one window.
 * @param frames of the window, for a graph whose number of frames is free
 * @throws {OnnxError} naming the node, for an operator or a shape that cannot be followed
 */
export function followShapes(model: OnnxModel, frames: number): ReadonlyMap<string, Shape> {
  const constants = new Map(model.initializers.map((tensor) => [tensor.name, tensor]));
  const shapes = new Map<string, Shape>(model.initializers.map((tensor) => [tensor.name, tensor.dims]));
  for (const { name, shape } of model.inputs)
    shapes.set(
      name,
      shape.map((size, axis) => (typeof size === 'number' ? size : axis === 0 ? 1 : frames)),
    );
  for (const node of model.nodes) {
    const shape = outputShape(node, shapes, constants);
    for (const output of node.outputs) shapes.set(output, shape);
  }
  return shapes;
}

/** Weights and biases; scales, zero points, axes and shapes are not counted as parameters. */
const isWeight = ({ name, type }: OnnxTensor): boolean => type !== 'int64' && !/_(scale|zero)$/.test(name);

function outputShape(
  node: OnnxNode,
  shapes: ReadonlyMap<string, Shape>,
  constants: ReadonlyMap<string, OnnxTensor>,
): Shape {
  const known = (index: number): Shape => {
    const shape = shapes.get(node.inputs[index] ?? '');
    if (shape === undefined)
      throw new OnnxError(`The shape of input ${index} of node ${node.name} (${node.op}) cannot be found out.`);
    return shape;
  };
  const constant = (index: number): readonly number[] => {
    const tensor = constants.get(node.inputs[index] ?? '');
    if (tensor === undefined)
      throw new OnnxError(
        `Node ${node.name} (${node.op}) takes a shape that is computed; only constant ones are known.`,
      );
    return tensorValues(tensor);
  };
  const input = known(0);
  if (ELEMENTWISE.has(node.op))
    return SHAPED_BY_FIRST.test(node.op) || node.inputs.length < 2 ? input : broadcast(input, known(1));
  switch (node.op) {
    case 'QuantizeLinear':
    case 'DequantizeLinear':
    case 'Identity':
    case 'Dropout':
    case 'Cast':
      return input;
    case 'Transpose':
      return ints(node, 'perm').map((axis) => input[axis]);
    case 'Unsqueeze': {
      const shape = [...input];
      for (const axis of [...constant(1)].sort((a, b) => a - b)) shape.splice(axis, 0, 1);
      return shape;
    }
    case 'Squeeze': {
      const axes = constant(1);
      return input.filter((_, axis) => !axes.includes(axis));
    }
    case 'Flatten': {
      const axis = Number(node.attributes['axis'] ?? 1);
      return [elementCount(input.slice(0, axis)), elementCount(input.slice(axis))];
    }
    case 'Reshape': {
      const wanted = constant(1).map((size, axis) => (size === 0 ? input[axis] : size));
      const rest = elementCount(input) / elementCount(wanted.filter((size) => size > 0));
      return wanted.map((size) => (size < 0 ? rest : size));
    }
    case 'Conv':
      return [input[0], known(1)[0], ...spatial(node, input.slice(2), known(1).slice(2))];
    case 'AveragePool':
    case 'MaxPool':
      return [input[0], input[1], ...spatial(node, input.slice(2), ints(node, 'kernel_shape'))];
    case 'GlobalAveragePool':
    case 'GlobalMaxPool':
      return [input[0], input[1], ...input.slice(2).map(() => 1)];
    case 'Gemm':
      return [input[0], node.attributes['transB'] ? known(1)[0] : known(1)[1]];
    case 'MatMul':
      return [...broadcast(input.slice(0, -2), known(1).slice(0, -2)), ...input.slice(-2, -1), known(1).at(-1) ?? 1];
    case 'ReduceMean':
    case 'ReduceMax':
    case 'ReduceSum': {
      const named = node.inputs.length > 1 ? constant(1) : ints(node, 'axes', []);
      const axes = named.map((axis) => (axis < 0 ? axis + input.length : axis));
      const isGone = (axis: number) => axes.length === 0 || axes.includes(axis);
      if (Number(node.attributes['keepdims'] ?? 1) === 0) return input.filter((_, axis) => !isGone(axis));
      return input.map((size, axis) => (isGone(axis) ? 1 : size));
    }
    case 'Shape':
      throw new OnnxError(
        `Node ${node.name} computes with the shape of a value; export the model with sizes that are fixed, the batch apart.`,
      );
    case 'Concat': {
      const axis = Number(node.attributes['axis']);
      const along = axis < 0 ? axis + input.length : axis;
      const sum = node.inputs.reduce((total, _, index) => total + known(index)[along], 0);
      return input.map((size, at) => (at === along ? sum : size));
    }
    default: {
      const domain = node.domain === '' ? '' : `${node.domain}.`;
      throw new OnnxError(
        `Node ${node.name} is a ${domain}${node.op}, which is not known here, so its cost cannot be counted; export the model without it.`,
      );
    }
  }
}

function spatial(node: OnnxNode, sizes: Shape, kernel: Shape): Shape {
  const strides = ints(
    node,
    'strides',
    kernel.map(() => 1),
  );
  const dilations = ints(
    node,
    'dilations',
    kernel.map(() => 1),
  );
  const pads = ints(
    node,
    'pads',
    [...kernel, ...kernel].map(() => 0),
  );
  const automatic = String(node.attributes['auto_pad'] ?? 'NOTSET');
  return sizes.map((size, axis) => {
    if (automatic.startsWith('SAME')) return Math.ceil(size / strides[axis]);
    const padded = size + pads[axis] + pads[axis + kernel.length];
    return Math.floor((padded - dilations[axis] * (kernel[axis] - 1) - 1) / strides[axis]) + 1;
  });
}

function ints(node: OnnxNode, name: string, otherwise?: Shape): Shape {
  const value = node.attributes[name];
  if (Array.isArray(value)) return value.map(Number);
  if (otherwise !== undefined) return otherwise;
  throw new OnnxError(`Node ${node.name} (${node.op}) has no ${name}.`);
}

function broadcast(a: Shape, b: Shape): Shape {
  const length = Math.max(a.length, b.length);
  return Array.from({ length }, (_, axis) =>
    Math.max(a[axis - length + a.length] ?? 1, b[axis - length + b.length] ?? 1),
  );
}
