// What is sent on where a network is cut: fewer channels and places of which most are zero, or fewer tokens.
import type { SymbolicTensor } from '@tensorflow/tfjs';
import { InputProblem } from '../../runs/files/problem.ts';
import type { Tf } from '../tensorflow.ts';
import { applyLayer } from './graph.ts';

export interface Compression {
  /** Channels that are sent on (for tokens: of each token); left out, all of them. */
  readonly kept?: number;
  /** Places, down and across, that are made one; the rest of the network then has so many fewer. Not for tokens, which are dropped instead. */
  readonly merged?: readonly [number, number];
}

export interface Compressed {
  readonly activations: SymbolicTensor;
  /** What the rest of the network takes instead of the value. */
  readonly restored: SymbolicTensor;
  /** Never negative; the less of it, the less crosses. */
  readonly penalised: SymbolicTensor;
}

/** Where activations begin, in standard deviations: seven of ten are zero before any training. */
const OFFSET = -0.5;
/** How steeply a token goes from dropped to kept, and where it begins: half of them are dropped before any training. */
const TOKEN_SLOPE = 5;
const TOKEN_OFFSET = -2.5;

/** @param value [batch, height, width, channels], or tokens [batch, tokens, channels] */
export function compress(
  tf: Tf,
  value: SymbolicTensor,
  compression: Compression,
  name: string,
  seed: number,
): Compressed {
  const channels = value.shape.at(-1);
  if (!channels) throw new InputProblem(`The layer "${value.sourceLayer.name}" gives a shape that is not fixed.`);
  const { kept = channels, merged = [1, 1] } = compression;
  return value.rank === 3
    ? dropTokens(tf, value, channels, compression.kept, name, seed)
    : compressPlaces(tf, value, channels, kept, merged, name, seed);
}

/**
 * Fewer channels and places, normalised with a scale that is not learnt: their size is fixed, so that the penalty on the mean activation cannot be escaped
 * by making all of them smaller and the next weights larger; only zeros make it less.
 */
function compressPlaces(
  tf: Tf,
  value: SymbolicTensor,
  channels: number,
  kept: number,
  [down, across]: readonly [number, number],
  name: string,
  seed: number,
): Compressed {
  const mix = (layer: string, filters: number, own: number, useBias: boolean, size: [number, number]) =>
    tf.layers.conv2d({
      name: `${name}_${layer}`,
      filters,
      kernelSize: size,
      strides: size,
      padding: 'same',
      useBias,
      kernelInitializer: tf.initializers.heNormal({ seed: seed + own }),
    });
  const squeezed = applyLayer(mix('squeeze', kept, 3, false, [down, across]), value);
  const activations = applyLayer(tf.layers.reLU({ name: `${name}_sent` }), normalise(tf, squeezed, name, 1, OFFSET));
  const restored = applyLayer(mix('restore', channels, 5, true, [1, 1]), activations);
  return {
    activations,
    restored: applyLayer(tf.layers.reLU({ name: `${name}_restored` }), restored),
    penalised: activations,
  };
}

/** Tokens are dropped whole: each is weighed by a hard sigmoid, which reaches zero, of a normalised value, so that it is not all of them that become small. */
function dropTokens(
  tf: Tf,
  value: SymbolicTensor,
  channels: number,
  kept: number | undefined,
  name: string,
  seed: number,
): Compressed {
  const dense = (layer: string, units: number, own: number, useBias: boolean, from: SymbolicTensor) =>
    applyLayer(
      tf.layers.dense({
        name: `${name}_${layer}`,
        units,
        useBias,
        kernelInitializer: tf.initializers.heNormal({ seed: seed + own }),
      }),
      from,
    );
  const worth = normalise(tf, dense('worth', 1, 4, false, value), `${name}_worth`, TOKEN_SLOPE, TOKEN_OFFSET);
  const keep = applyLayer(tf.layers.activation({ name: `${name}_keep`, activation: 'hardSigmoid' }), worth);
  const weigh = (of: SymbolicTensor) => applyLayer(tf.layers.multiply({ name: `${name}_sent` }), [of, keep]);
  if (kept === undefined) {
    const activations = weigh(value);
    return { activations, restored: activations, penalised: keep };
  }
  const activations = weigh(normalise(tf, dense('squeeze', kept, 3, false, value), name, 1, 0));
  return { activations, restored: dense('restore', channels, 5, true, activations), penalised: keep };
}

/** By batch, with a spread that is not learnt. */
function normalise(tf: Tf, value: SymbolicTensor, name: string, spread: number, offset: number): SymbolicTensor {
  const norm = tf.layers.batchNormalization({
    name: `${name}_norm`,
    momentum: 0.9,
    epsilon: 1e-3,
    gammaInitializer: tf.initializers.constant({ value: spread }),
    betaInitializer: tf.initializers.constant({ value: offset }),
  });
  const normalised = applyLayer(norm, value);
  // Without a scale at all (`scale: false`) TensorFlow.js 4.22 fails in training.
  for (const weight of norm.trainableWeights) if (/gamma/.test(weight.originalName)) weight.trainable = false;
  return normalised;
}
