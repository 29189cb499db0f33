// A gated network as ONNX graphs, one a part: each begins where the one before it was cut. Values with places are written channels first, tokens as a
// column of pixels [batch, channels, tokens, 1], so that their dense layers are convolutions with fused bias, ReLU and 8-bit kernels.
import type { SymbolicTensor, Tensor } from '@tensorflow/tfjs';
import { z } from 'zod';
import type { OnnxModel, OnnxNode } from '../../models/onnx.ts';
import { floatTensor, int64Tensor, type OnnxTensor } from '../../models/onnx-tensor.ts';
import { INPUT, OPSET, OUTPUT, samePadding } from '../export.ts';
import type { Tf } from '../tensorflow.ts';
import { type Layer, readersOf, valuesBehind } from './graph.ts';
import type { GatedNetwork } from './insert.ts';
import { TOKEN_LAYERS } from './tokens.ts';

export const ACTIVATIONS = 'activations';
/** What a later part takes: the activations of the part before it (a graph cannot have one name for what comes in and what goes out). */
export const RECEIVED = 'received';

export interface Part {
  readonly model: OnnxModel;
  /** Of one window: [frames, bands] for the first part, else what the part before sends. */
  readonly input: readonly number[];
  /** Null for the last part. */
  readonly sends: Sends | null;
}

/** What crosses of a window that passes. */
export interface Sends {
  readonly shape: readonly number[];
  /** Values that are sent or not as one: 1, or all channels of a token. */
  readonly together: number;
}

/** The parts of a gated network with the weights that it has now. @param frames of a window, whose bands are the rest of the input */
export function partsToOnnx(tf: Tf, name: string, gated: GatedNetwork, frames: number): readonly Part[] {
  const [input] = gated.model.inputs;
  const readers = readersOf(valuesBehind(gated.model.outputs));
  return [...gated.cuts, null].map((cut, number): Part => {
    const writer = new GraphWriter(tf, readers);
    const before = gated.cuts[number - 1]?.activations;
    const shape = before === undefined ? [frames, elements(input) / frames] : writer.sentShape(before);
    if (before === undefined) writer.begin(input, shape);
    else writer.beginWith(before, RECEIVED);
    const logit = writer.write(cut?.gateLogit ?? gated.taskLogits);
    writer.score(logit, (cut?.gateLogit ?? gated.taskLogits).shape[1] ?? 1);
    const sends = cut === null ? null : sendsOf(writer.sentShape(cut.activations), cut.activations.rank === 3);
    if (cut !== null) writer.add('Identity', [writer.write(cut.activations)], ACTIVATIONS);
    const value = (output: string, dims: readonly number[]) =>
      ({ name: output, type: 'float32', shape: ['batch', ...dims] }) as const;
    return {
      model: {
        name: `${name}-${number}`,
        opset: OPSET,
        inputs: [value(before === undefined ? INPUT : RECEIVED, shape)],
        outputs: [value(OUTPUT, [1]), ...(sends === null ? [] : [value(ACTIVATIONS, sends.shape)])],
        nodes: writer.nodes,
        initializers: writer.initializers,
      },
      input: shape,
      sends,
    };
  });
}

const sendsOf = (shape: readonly number[], areTokens: boolean): Sends => ({
  shape,
  together: areTokens ? shape[0] : 1,
});

const elements = ({ shape }: SymbolicTensor): number =>
  shape.slice(1).reduce<number>((product, size) => product * (size ?? 1), 1);

const pair = z.tuple([z.number(), z.number()]);
const convolution = z.object({ strides: pair, padding: z.enum(['same', 'valid']), kernelSize: pair });
const pool = z.object({ strides: pair, padding: z.enum(['same', 'valid']), poolSize: pair });
const activated = z.object({ activation: z.enum(['linear', 'relu', 'hard_sigmoid', 'hardSigmoid']).default('linear') });

/** Weights of a convolution or dense layer, what comes behind it folded in. */
type Folded = {
  readonly weights: Float32Array;
  readonly shape: number[];
  readonly bias: Float32Array;
};

class GraphWriter {
  readonly nodes: OnnxNode[] = [];
  readonly initializers: OnnxTensor[] = [];
  private readonly tf: Tf;
  private readonly readers: ReadonlyMap<SymbolicTensor, readonly SymbolicTensor[]>;
  private readonly names = new Map<SymbolicTensor, string>();

  constructor(tf: Tf, readers: ReadonlyMap<SymbolicTensor, readonly SymbolicTensor[]>) {
    this.tf = tf;
    this.readers = readers;
  }

  add(op: string, inputs: readonly string[], output: string, attributes: OnnxNode['attributes'] = {}): string {
    this.nodes.push({ name: output, op, domain: '', inputs, outputs: [output], attributes });
    return output;
  }

  /** The graph's input is this value, [batch, height, width, channels], laid out as frames. */
  begin(input: SymbolicTensor, frames: readonly number[]): void {
    const [, height, width, channels] = input.shape.map((size) => size ?? 1);
    let image: string;
    if (width === 1 && channels === frames[1]) {
      this.initializers.push(int64Tensor('image_axis', [1], [3]));
      const first = this.add('Transpose', [INPUT], 'bands_first', { perm: [0, 2, 1] });
      image = this.add('Unsqueeze', [first, 'image_axis'], 'image');
    } else if (channels === 1 && width === frames[1]) {
      this.initializers.push(int64Tensor('image_axis', [1], [1]));
      image = this.add('Unsqueeze', [INPUT, 'image_axis'], 'image');
    } else {
      const pixels = this.reshape(INPUT, [height, width, channels], 'pixels');
      image = this.add('Transpose', [pixels], 'image', { perm: [0, 3, 1, 2] });
    }
    this.names.set(input, image);
  }

  /** The graph's input is what another graph gave for this value. */
  beginWith(value: SymbolicTensor, name: string): void {
    this.names.set(value, name);
  }

  /** Shape of one window of a value as it is written. */
  sentShape({ shape }: SymbolicTensor): readonly number[] {
    const [, ...sizes] = shape.map((size) => size ?? 1);
    if (sizes.length === 3) return [sizes[2], sizes[0], sizes[1]];
    return sizes.length === 2 ? [sizes[1], sizes[0], 1] : sizes;
  }

  /** The score out of logits: of several classes the share of all but the first. */
  score(logits: string, classes: number): void {
    if (classes === 1) {
      this.add('Sigmoid', [logits], OUTPUT);
      return;
    }
    this.initializers.push(floatTensor('positive', [classes, 1], [0, ...new Array<number>(classes - 1).fill(1)]));
    this.add('MatMul', [this.add('Softmax', [logits], 'classes', { axis: 1 }), 'positive'], OUTPUT);
  }

  /** Adds what a value is computed with, and gives its name. */
  write(value: SymbolicTensor): string {
    const known = this.names.get(value);
    if (known !== undefined) return known;
    const name = this.writeLayer(value.sourceLayer, value);
    this.names.set(value, name);
    return name;
  }

  private writeLayer(layer: Layer, value: SymbolicTensor): string {
    const [input] = value.inputs;
    const { name } = layer;
    const kind = layer.getClassName();
    switch (kind) {
      case 'Conv2D':
      case 'DepthwiseConv2D':
      case 'Dense':
        return this.writeWeighted(layer, kind, value);
      case 'BatchNormalization':
        // Written with the layer before it.
        return this.write(input);
      case 'ReLU':
        return this.add('Relu', [this.write(input)], name);
      case 'Activation':
      case 'Dropout':
        return this.activate(this.write(input), activationOf(layer), name);
      case 'AveragePooling2D': {
        const { strides, padding, poolSize } = pool.parse(layer.getConfig());
        if (padding !== 'valid') throw new Error(`The pool ${name} pads; only "valid" ones are written.`);
        return this.add('AveragePool', [this.write(input)], name, { kernel_shape: poolSize, strides });
      }
      case 'GlobalAveragePooling1D':
      case 'GlobalAveragePooling2D': {
        const means = this.add('GlobalAveragePool', [this.write(input)], `${name}_means`);
        return this.add('Flatten', [means], name, { axis: 1 });
      }
      case 'Flatten':
        return this.flatten(input, name);
      case 'Reshape': {
        // Pixels into tokens, row by row.
        if (value.rank !== 3 || input.rank !== 4 || value.shape[2] !== input.shape[3])
          throw new Error(`${name} reshapes other than pixels into tokens.`);
        return this.reshape(this.write(input), this.sentShape(value), name);
      }
      case 'Add':
        return this.add('Add', this.writeBoth(value), name);
      case 'Multiply':
        return this.add('Mul', this.writeBoth(value), name);
      case TOKEN_LAYERS.POSITIONS: {
        const [tokens, channels] = layer.getWeights()[0].shape;
        this.initializers.push(
          floatTensor(
            `${name}_p`,
            [1, channels, tokens, 1],
            this.read(() => this.tf.transpose(layer.getWeights()[0])),
          ),
        );
        return this.add('Add', [this.write(input), `${name}_p`], name);
      }
      case TOKEN_LAYERS.ATTENTION:
        return this.writeAttention(layer, value);
      default:
        throw new Error(`The layer ${name} is a ${kind}, which is not written to ONNX.`);
    }
  }

  private writeBoth({ inputs, sourceLayer }: SymbolicTensor): string[] {
    if (inputs.length !== 2) throw new Error(`${sourceLayer.name} joins ${inputs.length} values; two are written.`);
    return inputs.map((input) => this.write(input));
  }

  private flatten(input: SymbolicTensor, name: string): string {
    const source = this.write(input);
    // Places come before channels in TensorFlow.js.
    const ordered = input.rank === 4 ? this.add('Transpose', [source], `${name}_last`, { perm: [0, 2, 3, 1] }) : source;
    return this.add('Flatten', [ordered], name, { axis: 1 });
  }

  private reshape(source: string, sizes: readonly number[], name: string): string {
    this.initializers.push(int64Tensor(`${name}_shape`, [sizes.length + 1], [0, ...sizes]));
    return this.add('Reshape', [source, `${name}_shape`], name);
  }

  private activate(source: string, activation: Activation, name: string): string {
    switch (activation) {
      case 'linear':
        return source;
      case 'relu':
        return this.add('Relu', [source], name);
      case 'hardSigmoid':
        return this.add('HardSigmoid', [source], name, { alpha: 0.2, beta: 0.5 });
    }
  }

  private writeWeighted(layer: Layer, kind: 'Conv2D' | 'DepthwiseConv2D' | 'Dense', value: SymbolicTensor): string {
    const [input] = value.inputs;
    const { name } = layer;
    const source = this.write(input);
    const { weights, shape, bias } = this.fold(layer, kind, value);
    this.initializers.push(floatTensor(`${name}_w`, shape, weights), floatTensor(`${name}_b`, [bias.length], bias));
    const activation = activationOf(layer);
    const end = activation === 'linear' ? name : `${name}_linear`;
    if (shape.length === 2) this.add('Gemm', [source, `${name}_w`, `${name}_b`], end, { transB: 1 });
    else
      this.add('Conv', [source, `${name}_w`, `${name}_b`], end, {
        kernel_shape: shape.slice(2),
        ...(kind === 'Dense' ? { strides: [1, 1], pads: [0, 0, 0, 0] } : this.geometry(layer, input)),
        group: kind === 'DepthwiseConv2D' ? shape[0] : 1,
      });
    return this.activate(end, activation, name);
  }

  private geometry(layer: Layer, { shape }: SymbolicTensor) {
    const { strides, padding, kernelSize } = convolution.parse(layer.getConfig());
    const size: [number, number] = [shape[1] ?? 1, shape[2] ?? 1];
    return { strides, pads: padding === 'valid' ? [0, 0, 0, 0] : samePadding(kernelSize, strides, size) };
  }

  /** Weights with outputs first, and the normalisation that is the layer's only reader folded in. */
  private fold(layer: Layer, kind: string, value: SymbolicTensor): Folded {
    const { tf } = this;
    const next = this.readers.get(value) ?? [];
    const norm = next.length === 1 ? next[0].sourceLayer : undefined;
    const isNormalised = norm?.getClassName() === 'BatchNormalization';
    return tf.tidy((): Folded => {
      const [kernel, ownBias] = layer.getWeights();
      const order = kind === 'Conv2D' ? [3, 2, 0, 1] : kind === 'DepthwiseConv2D' ? [2, 3, 0, 1] : [1, 0];
      const outFirst = tf.transpose(kernel, order);
      const placed = kind === 'Dense' && value.rank === 3 ? outFirst.reshape([...outFirst.shape, 1, 1]) : outFirst;
      const from: Tensor = ownBias ?? tf.zeros([placed.shape[0]]);
      const dataOf = (weights: Tensor, bias: Tensor): Folded => ({
        weights: Float32Array.from(weights.dataSync()),
        shape: weights.shape,
        bias: Float32Array.from(bias.dataSync()),
      });
      if (!isNormalised || norm === undefined) return dataOf(placed, from);
      const { epsilon } = z.object({ epsilon: z.number() }).parse(norm.getConfig());
      const [gamma, beta, mean, variance] = ['gamma', 'beta', 'moving_mean', 'moving_variance'].map((own) =>
        weightOf(norm, own),
      );
      const factor = gamma.div(variance.add(epsilon).sqrt());
      const spread = factor.reshape([-1, ...placed.shape.slice(1).map(() => 1)]);
      return dataOf(placed.mul(spread), beta.add(from.sub(mean).mul(factor)));
    });
  }

  private writeAttention(layer: Layer, value: SymbolicTensor): string {
    const { name } = layer;
    const { heads } = z.object({ heads: z.number() }).parse(layer.getConfig());
    const [, tokens, channels] = value.shape.map((size) => size ?? 1);
    const size = channels / heads;
    const [queries, keys, values] = value.inputs.map((input, at) =>
      this.reshape(this.write(input), [heads, size, tokens], `${name}_${['queries', 'keys', 'values'][at]}`),
    );
    this.initializers.push(floatTensor(`${name}_size`, [], [1 / Math.sqrt(size)]));
    const rows = this.add('Transpose', [queries], `${name}_rows`, { perm: [0, 1, 3, 2] });
    const products = this.add('MatMul', [rows, keys], `${name}_products`);
    const scores = this.add('Mul', [products, `${name}_size`], `${name}_scores`);
    const shares = this.add('Softmax', [scores], `${name}_shares`, { axis: 3 });
    const columns = this.add('Transpose', [shares], `${name}_columns`, { perm: [0, 1, 3, 2] });
    const mixed = this.add('MatMul', [values, columns], `${name}_mixed`);
    return this.reshape(mixed, [channels, tokens, 1], name);
  }

  private read(compute: () => Tensor): Float32Array {
    return this.tf.tidy(() => Float32Array.from(compute().dataSync()));
  }
}

function weightOf(layer: Layer, name: string): Tensor {
  const weight = layer.weights.find(({ originalName }) => originalName.endsWith(name));
  if (!weight) throw new Error(`The layer ${layer.name} has no ${name}.`);
  return weight.read();
}

type Activation = 'linear' | 'relu' | 'hardSigmoid';

function activationOf(layer: Layer): Activation {
  const { activation } = activated.parse(layer.getConfig());
  return activation === 'hard_sigmoid' ? 'hardSigmoid' : activation;
}
