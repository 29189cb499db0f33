// Float graphs into 8-bit ones (QDQ: the float operators stay, between QuantizeLinear and DequantizeLinear), with ranges from real windows.
import { InferenceSession, Tensor } from 'onnxruntime-node';
import {
  elementCount,
  floatTensor,
  int8Tensor,
  int32Tensor,
  type OnnxModel,
  type OnnxNode,
  type OnnxTensor,
  tensorValues,
  uint8Tensor,
  writeOnnx,
} from '../models/onnx.ts';
import { INPUT } from './export.ts';

/**
 * Weights use 7 of their 8 bits: on x86 without VNNI, ONNX Runtime adds two products of 8-bit activations and weights in 16 bits with saturation, and
 * 2·255·63 is the most that fits. So every machine computes the same integers.
 */
const WEIGHT_LIMIT = 63;

interface Range {
  readonly low: number;
  readonly high: number;
}

/**
 * Quantises the convolutions and pools of a graph that toOnnx made: activations to uint8 with one scale a tensor, weights to symmetric int8 with one
 * scale an output channel, biases to int32. `calibration` holds windows of `frames × bands`, one after the other.
 */
export async function quantise(float: OnnxModel, calibration: Float32Array, frames: number): Promise<OnnxModel> {
  const ranges = await activationRanges(float, calibration, frames);
  const constants = new Map(float.initializers.map((tensor) => [tensor.name, tensor]));
  const nodes: OnnxNode[] = [];
  const initializers: OnnxTensor[] = [];
  const scales = new Map<string, number>();
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
  const throughBytes = (name: string): void => {
    const { scale, zero } = byteScale(ranges.get(name) ?? { low: -1, high: 1 });
    initializers.push(floatTensor(`${name}_scale`, [], [scale]), uint8Tensor(`${name}_zero`, [], [zero]));
    push('QuantizeLinear', [name, `${name}_scale`, `${name}_zero`], `${name}_q`);
    push('DequantizeLinear', [`${name}_q`, `${name}_scale`, `${name}_zero`], `${name}_dq`);
    scales.set(name, scale);
    twins.set(name, `${name}_dq`);
  };
  const rectified = new Set(float.nodes.filter(({ op }) => op === 'Relu').map(({ inputs }) => inputs[0]));
  for (const node of float.nodes) {
    const [input, weights, bias] = node.inputs;
    const output = node.outputs[0];
    const source = twins.get(input) ?? input;
    if (node.op === 'Conv') {
      const inputScale = scales.get(input) ?? 1;
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
      // An unsigned range that starts at zero clips as ReLU does, so the node itself goes.
      const end = rectified.has(output) ? output.replace('conv', 'relu') : output;
      push('Conv', [source, `${weights}_dq`, `${bias}_dq`], end, node.attributes);
      throughBytes(end);
    } else if (node.op === 'Relu') {
    } else {
      const others = node.inputs.slice(1);
      for (const other of others) {
        const constant = constants.get(other);
        if (constant) initializers.push(constant);
      }
      push(node.op, [source, ...others], output, node.attributes);
      if (node.op === 'AveragePool' || output === 'image') throughBytes(output);
    }
  }
  return { ...float, nodes, initializers };
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
  if (!weightTensor || !biasTensor) throw new Error(`The convolution of ${weights} has no constant weights and bias.`);
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

function byteScale({ low, high }: Range): { scale: number; zero: number } {
  const from = Math.min(0, low);
  const scale = Math.fround(Math.max(1e-6, Math.max(0, high) - from) / 255);
  return { scale, zero: clamp(Math.round(-from / scale), 0, 255) };
}

const clamp = (value: number, low: number, high: number): number => Math.max(low, Math.min(high, value));

/** Ranges of all tensors that will be quantised, over the calibration windows. */
async function activationRanges(
  float: OnnxModel,
  calibration: Float32Array,
  frames: number,
): Promise<ReadonlyMap<string, Range>> {
  const rectified = new Set(float.nodes.filter(({ op }) => op === 'Relu').map(({ inputs }) => inputs[0]));
  const watched = float.nodes
    .filter(({ op, outputs }) => (op === 'Conv' && !rectified.has(outputs[0])) || op === 'Relu' || op === 'AveragePool')
    .map(({ outputs }) => outputs[0]);
  const exposed: OnnxModel = {
    ...float,
    outputs: watched.map((name) => ({ name, type: 'float32', shape: ['n', 'c', 'h', 'w'] })),
  };
  const session = await InferenceSession.create(writeOnnx(exposed), { intraOpNumThreads: 1, logSeverityLevel: 3 });
  const bands = Number(float.inputs[0].shape[2]);
  const size = frames * bands;
  const batch = 32;
  const batchRanges = new Map<string, Range[]>();
  for (let from = 0; from + batch * size <= calibration.length; from += batch * size) {
    const windows = new Tensor('float32', calibration.slice(from, from + batch * size), [batch, frames, bands]);
    const results = await session.run({ [INPUT]: windows });
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
  // What the network ends in keeps its extremes: the highest scores must stay apart, because that is where the thresholds are.
  const last = watched.at(-1);
  // Elsewhere the ends are means over batches of each batch's extreme, not the extreme of all: one freak value does not cost every other its precision.
  const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
  const ranges = new Map<string, Range>();
  for (const [name, all] of batchRanges) {
    const lows = all.map(({ low }) => low);
    const highs = all.map(({ high }) => high);
    ranges.set(name, { low: mean(lows), high: name === last ? Math.max(...highs) : mean(highs) });
  }
  return ranges;
}
