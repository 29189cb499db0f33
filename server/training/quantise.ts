// Float graphs into 8-bit ones (QDQ: the float operators stay, between QuantizeLinear and DequantizeLinear), with ranges from real windows.
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { type OnnxModel, type OnnxNode, writeOnnx } from '../models/onnx.ts';
import {
  elementCount,
  floatTensor,
  int8Tensor,
  int32Tensor,
  type OnnxTensor,
  tensorValues,
  uint8Tensor,
} from '../models/onnx-tensor.ts';

/**
 * Weights use 7 of their 8 bits: on x86 without VNNI, ONNX Runtime adds two products of 8-bit activations and weights in 16 bits with saturation, and
 * 2·255·63 is the most that fits. So every machine computes the same integers.
 */
const WEIGHT_LIMIT = 63;

/** Operators whose outputs go through 8 bits. */
const COMPUTES = new Set([
  'Conv',
  'Gemm',
  'MatMul',
  'Add',
  'Mul',
  'AveragePool',
  'GlobalAveragePool',
  'MaxPool',
  'Softmax',
  'HardSigmoid',
]);
/** Operators that only move numbers: what went in as bytes comes out as the same bytes. */
const MOVES = new Set(['Transpose', 'Unsqueeze', 'Squeeze', 'Reshape', 'Flatten']);

interface Range {
  readonly low: number;
  readonly high: number;
}

/** A byte b stands for (b - zero)·scale. */
export interface ByteScale {
  readonly scale: number;
  readonly zero: number;
}

/** The front ends give values from -1 to 1. */
const FRONT_END: Range = { low: -1, high: 1 };

export interface Quantised {
  readonly model: OnnxModel;
  /** Of a tensor of the float graph that has gone through 8 bits. */
  scaleOf(name: string): ByteScale;
}

/**
 * Quantises a graph that toOnnx or partToOnnx made: activations to uint8 with one scale a tensor, weights to symmetric int8 with one scale an output
 * channel, biases to int32.
 * @param calibration windows as the graph takes them, one after the other
 * @param window shape of one of them
 * @param input how the graph's input was written as bytes by whoever sends it; else it lies between -1 and 1
 */
export async function quantise(
  float: OnnxModel,
  calibration: Float32Array,
  window: readonly number[],
  input: ByteScale = byteScale(FRONT_END),
): Promise<Quantised> {
  const consumers = consumersOf(float);
  const rectified = rectifiedBy(float, consumers);
  const ranges = await activationRanges(float, calibration, window, rectified);
  const constants = new Map(float.initializers.map((tensor) => [tensor.name, tensor]));
  const nodes: OnnxNode[] = [];
  const initializers: OnnxTensor[] = [];
  const scales = new Map<string, ByteScale>();
  /** The dequantised twin of each tensor that has gone through 8 bits. */
  const twins = new Map<string, string>();
  const push = (
    op: string,
    inputs: readonly string[],
    output: string,
    attributes: OnnxNode['attributes'] = {},
  ): void => {
    nodes.push({ name: output, op, domain: '', inputs, outputs: [output], attributes });
  };
  const throughBytes = (name: string, as: ByteScale): void => {
    initializers.push(floatTensor(`${name}_scale`, [], [as.scale]), uint8Tensor(`${name}_zero`, [], [as.zero]));
    push('QuantizeLinear', [name, `${name}_scale`, `${name}_zero`], `${name}_q`);
    push('DequantizeLinear', [`${name}_q`, `${name}_scale`, `${name}_zero`], `${name}_dq`);
    scales.set(name, as);
    twins.set(name, `${name}_dq`);
  };
  const isComputedWith = (name: string): boolean => (consumers.get(name) ?? []).some(({ op }) => COMPUTES.has(op));
  const twinOf = (name: string): string => twins.get(name) ?? name;
  for (const { name } of float.inputs) if (isComputedWith(name)) throughBytes(name, input);
  for (const node of float.nodes) {
    const output = node.outputs[0];
    // An unsigned range that starts at zero clips as ReLU does, so the node itself goes.
    const end = rectified.get(output) ?? output;
    if (node.op === 'Relu' && [...rectified.values()].includes(output)) continue;
    if (constants.has(node.inputs[1]) && (node.op === 'Conv' || node.op === 'Gemm')) {
      const [from, weights, bias] = node.inputs;
      const inputScale = scales.get(from)?.scale ?? 1;
      const weightScales = quantiseWeights(constants, weights, bias, inputScale, initializers);
      push('DequantizeLinear', [`${weights}_q`, `${weights}_scale`, `${weights}_zero`], `${weights}_dq`, { axis: 0 });
      push('DequantizeLinear', [`${bias}_q`, `${bias}_scale`, `${bias}_zero`], `${bias}_dq`, { axis: 0 });
      initializers.push(
        floatTensor(
          `${bias}_scale`,
          [weightScales.length],
          weightScales.map((scale) => Math.fround(scale) * inputScale),
        ),
        int32Tensor(`${bias}_zero`, [weightScales.length], new Array<number>(weightScales.length).fill(0)),
      );
      push(node.op, [twinOf(from), `${weights}_dq`, `${bias}_dq`], end, node.attributes);
    } else {
      for (const other of node.inputs) {
        const constant = constants.get(other);
        if (constant && COMPUTES.has(node.op)) twins.set(other, pushConstant(constant, push, initializers));
        else if (constant) initializers.push(constant);
      }
      push(node.op, node.inputs.map(twinOf), end, node.attributes);
    }
    if (COMPUTES.has(node.op)) throughBytes(end, byteScale(ranges.get(end) ?? FRONT_END));
    else if (MOVES.has(node.op)) {
      const before = scales.get(node.inputs[0]);
      if (before !== undefined || isComputedWith(output)) throughBytes(output, before ?? input);
    }
  }
  return {
    model: { ...float, nodes, initializers },
    scaleOf: (name) => {
      const scale = scales.get(name);
      if (!scale) throw new Error(`${name} does not go through 8 bits in ${float.name}.`);
      return scale;
    },
  };
}

function consumersOf({ nodes }: OnnxModel): ReadonlyMap<string, readonly OnnxNode[]> {
  const consumers = new Map<string, OnnxNode[]>();
  for (const node of nodes)
    for (const input of node.inputs) consumers.set(input, [...(consumers.get(input) ?? []), node]);
  return consumers;
}

/** Tensors that nothing but a ReLU reads, with the ReLU's output. */
function rectifiedBy(
  { nodes }: OnnxModel,
  consumers: ReadonlyMap<string, readonly OnnxNode[]>,
): ReadonlyMap<string, string> {
  return new Map(
    nodes.flatMap(({ op, inputs, outputs }): [string, string][] =>
      op === 'Relu' && consumers.get(inputs[0])?.length === 1 ? [[inputs[0], outputs[0]]] : [],
    ),
  );
}

/** A constant that is added or multiplied, as bytes with one scale; gives the name of what they stand for. */
function pushConstant(
  { name, dims, ...tensor }: OnnxTensor,
  push: (op: string, inputs: readonly string[], output: string) => void,
  initializers: OnnxTensor[],
): string {
  const values = tensorValues({ name, dims, ...tensor });
  const scale = Math.fround(values.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-8) / 127);
  initializers.push(
    int8Tensor(
      `${name}_q`,
      dims,
      values.map((value) => Math.round(value / scale)),
    ),
    floatTensor(`${name}_scale`, [], [scale]),
    int8Tensor(`${name}_zero`, [], [0]),
  );
  push('DequantizeLinear', [`${name}_q`, `${name}_scale`, `${name}_zero`], `${name}_dq`);
  return `${name}_dq`;
}

/** Adds the quantised weights and bias; gives the weights' scale per output channel. */
function quantiseWeights(
  constants: ReadonlyMap<string, OnnxTensor>,
  weights: string,
  bias: string,
  inputScale: number,
  initializers: OnnxTensor[],
): readonly number[] {
  const weightTensor = constants.get(weights);
  const biasTensor = constants.get(bias);
  if (!weightTensor || !biasTensor) throw new Error(`The layer of ${weights} has no constant weights and bias.`);
  const values = tensorValues(weightTensor);
  const channels = weightTensor.dims[0];
  const perChannel = elementCount(weightTensor.dims) / channels;
  const scales = Array.from({ length: channels }, (_, channel) => {
    const own = values.slice(channel * perChannel, (channel + 1) * perChannel);
    return Math.fround(Math.max(1e-8, ...own.map(Math.abs)) / WEIGHT_LIMIT);
  });
  initializers.push(
    int8Tensor(
      `${weights}_q`,
      weightTensor.dims,
      values.map((value, at) =>
        clamp(Math.round(value / scales[Math.floor(at / perChannel)]), -WEIGHT_LIMIT, WEIGHT_LIMIT),
      ),
    ),
    floatTensor(`${weights}_scale`, [channels], scales),
    int8Tensor(`${weights}_zero`, [channels], new Array<number>(channels).fill(0)),
    int32Tensor(
      `${bias}_q`,
      biasTensor.dims,
      tensorValues(biasTensor).map((value, channel) => Math.round(value / (scales[channel] * inputScale))),
    ),
  );
  return scales;
}

function byteScale({ low, high }: Range): ByteScale {
  const from = Math.min(0, low);
  const scale = Math.fround(Math.max(1e-6, Math.max(0, high) - from) / 255);
  return { scale, zero: clamp(Math.round(-from / scale), 0, 255) };
}

const clamp = (value: number, low: number, high: number): number => Math.max(low, Math.min(high, value));

/** Ranges of all tensors that will be quantised, over the calibration windows. */
async function activationRanges(
  float: OnnxModel,
  calibration: Float32Array,
  window: readonly number[],
  rectified: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, Range>> {
  const watched = float.nodes
    .filter(({ op }) => COMPUTES.has(op))
    .map(({ outputs: [output] }) => rectified.get(output) ?? output);
  const exposed: OnnxModel = {
    ...float,
    outputs: watched.map((name) => ({ name, type: 'float32', shape: [], shapeless: true })),
  };
  const session = await InferenceSession.create(writeOnnx(exposed), { intraOpNumThreads: 1, logSeverityLevel: 3 });
  const size = elementCount(window);
  const batch = 32;
  const batchRanges = new Map<string, Range[]>();
  for (let from = 0; from + batch * size <= calibration.length; from += batch * size) {
    const windows = new Tensor('float32', calibration.slice(from, from + batch * size), [batch, ...window]);
    const results = await session.run({ [float.inputs[0].name]: windows });
    for (const name of watched) {
      const { data } = results[name];
      if (!(data instanceof Float32Array)) throw new Error(`The output ${name} holds no floats.`);
      let low = 0;
      let high = 0;
      for (const value of data) {
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
      batchRanges.set(name, [...(batchRanges.get(name) ?? []), { low, high }]);
    }
  }
  await session.release();
  // What scores are made of keeps its extremes: the highest must stay apart, because that is where the thresholds are.
  const ends = new Set(float.nodes.filter(({ op }) => op === 'Sigmoid').map(({ inputs }) => inputs[0]));
  // Elsewhere the ends are means over batches of each batch's extreme, not the extreme of all: one freak value does not cost every other its precision.
  const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
  const ranges = new Map<string, Range>();
  for (const [name, all] of batchRanges) {
    const lows = all.map(({ low }) => low);
    const highs = all.map(({ high }) => high);
    ranges.set(name, { low: mean(lows), high: ends.has(name) ? Math.max(...highs) : mean(highs) });
  }
  return ranges;
}
