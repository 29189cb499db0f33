// A network in TensorFlow.js, as it is trained: convolution, batch normalisation, ReLU; and folded, as it is deployed.
import type { LayersModel, SymbolicTensor, Tensor } from '@tensorflow/tfjs';
import type { Layer, Network } from './networks.ts';
import type { Tf } from './tensorflow.ts';

/** One layer as deployed, normalisation folded in. */
export interface FoldedLayer {
  /** [out, in / groups, time, frequency], flattened. */
  readonly weights: Float32Array;
  readonly weightShape: readonly [number, number, number, number];
  readonly bias: Float32Array;
}

/** [time, frequency, channels] of what the first layer sees. */
export const imageShape = ({ frames, bands, bandsAs }: Network): [number, number, number] =>
  bandsAs === 'channels' ? [frames, 1, bands] : [frames, bands, 1];

/**
 * The network to be trained; its output is the logit, [batch, 1]. `dropout` acts before the last two convolutions. */
export function buildForTraining(tf: Tf, network: Network, dropout: number, seed: number): LayersModel {
  const input = tf.input({ shape: imageShape(network) });
  let x: SymbolicTensor = input;
  for (const [index, layer] of network.layers.entries()) {
    if (dropout > 0 && index >= network.layers.length - 2)
      x = apply(tf.layers.dropout({ rate: dropout, seed: seed + index }), x);
    const normalised = isRectified(layer);
    x = apply(layerFor(tf, layer, index, seed, !normalised), x);
    if (normalised) x = apply(tf.layers.batchNormalization({ name: normOf(index), momentum: 0.97, epsilon: 1e-3 }), x);
    if (isRectified(layer)) x = apply(tf.layers.reLU(), x);
  }
  return tf.model({ inputs: input, outputs: apply(tf.layers.flatten(), x) });
}

/** The deployed network with these weights; its output is the score, [batch, 1] (or [batch, hops] of a streaming network over more frames). */
export function buildFolded(tf: Tf, network: Network, folded: readonly FoldedLayer[]): LayersModel {
  const [frames, ...rest] = imageShape(network);
  const input = tf.input({ shape: [network.streaming ? null : frames, ...rest] });
  let x: SymbolicTensor = input;
  for (const [index, layer] of network.layers.entries()) {
    x = apply(layerFor(tf, layer, index, 0, true), x);
    if (layer.kind !== 'average' && layer.relu) x = apply(tf.layers.reLU(), x);
  }
  const model = tf.model({ inputs: input, outputs: apply(tf.layers.activation({ activation: 'sigmoid' }), x) });
  setWeights(tf, network, model, folded);
  return model;
}

function setWeights(tf: Tf, network: Network, model: LayersModel, folded: readonly FoldedLayer[]): void {
  tf.tidy(() => {
    for (const [index, { weights, weightShape, bias }] of folded.entries()) {
      if (network.layers[index].kind === 'average') continue;
      const order = network.layers[index].kind === 'depthwise' ? [2, 3, 0, 1] : [2, 3, 1, 0];
      const kernel = tf.transpose(tf.tensor(weights, [...weightShape]), order);
      model.getLayer(`layer${index}`).setWeights([kernel, tf.tensor1d(bias)]);
    }
  });
}

/** Folds each normalisation into the convolution before it: w·γ/σ and β - μ·γ/σ. An averaging layer folds to no weights. */
export function fold(tf: Tf, network: Network, model: LayersModel): readonly FoldedLayer[] {
  return network.layers.map((layer, index): FoldedLayer => {
    if (layer.kind === 'average')
      return { weights: new Float32Array(0), weightShape: [0, 0, 0, 0], bias: new Float32Array(0) };
    const normalised = model.layers.some(({ name }) => name === normOf(index));
    const deployed = tf.tidy(() => {
      const [kernel, ownBias] = model.getLayer(`layer${index}`).getWeights();
      const [gamma, beta, mean, variance]: readonly Tensor[] = normalised
        ? model.getLayer(normOf(index)).getWeights()
        : [tf.ones([layer.channels]), ownBias, tf.zeros([layer.channels]), tf.ones([layer.channels])];
      const scale = gamma.div(variance.add(normalised ? 1e-3 : 0).sqrt());
      const bias = beta.sub(mean.mul(scale));
      const outFirst = tf.transpose(kernel, layer.kind === 'depthwise' ? [2, 3, 0, 1] : [3, 2, 0, 1]);
      return { weights: outFirst.mul(scale.reshape([-1, 1, 1, 1])), bias };
    });
    const [out, inPerGroup, time, frequency] = deployed.weights.shape;
    const folded: FoldedLayer = {
      weights: Float32Array.from(deployed.weights.dataSync()),
      weightShape: [out, inPerGroup ?? 1, time ?? 1, frequency ?? 1],
      bias: Float32Array.from(deployed.bias.dataSync()),
    };
    tf.dispose(deployed);
    return folded;
  });
}

const normOf = (index: number): string => `norm${index}`;

const isRectified = (layer: Layer): boolean => layer.kind !== 'average' && layer.relu;

function layerFor(tf: Tf, layer: Layer, index: number, seed: number, useBias: boolean) {
  const name = `layer${index}`;
  if (layer.kind === 'average')
    return tf.layers.averagePooling2d({ name, poolSize: [...layer.kernel], strides: [1, 1], padding: 'valid' });
  const shared = { name, kernelSize: [...layer.kernel], strides: [...layer.stride], padding: layer.padding, useBias };
  const initializer = tf.initializers.heNormal({ seed: seed * 100 + index });
  return layer.kind === 'depthwise'
    ? tf.layers.depthwiseConv2d({
        ...shared,
        kernelSize: [layer.kernel[0], layer.kernel[1]],
        strides: [layer.stride[0], layer.stride[1]],
        depthwiseInitializer: initializer,
      })
    : tf.layers.conv2d({
        ...shared,
        kernelSize: [layer.kernel[0], layer.kernel[1]],
        strides: [layer.stride[0], layer.stride[1]],
        filters: layer.channels,
        kernelInitializer: initializer,
      });
}

function apply(layer: { apply(inputs: SymbolicTensor): unknown }, input: SymbolicTensor): SymbolicTensor {
  // The typings say "one or many tensors"; a layer of one input and one output gives one.
  return layer.apply(input) as SymbolicTensor;
}
