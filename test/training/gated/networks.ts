// Small networks to put gates into.
import type { LayersModel, layers, SymbolicTensor } from '@tensorflow/tfjs';
import { attention, positions } from '../../../server/training/gated/tokens.ts';
import type { Tf } from '../../../server/training/tensorflow.ts';

/** Convolutions over time, one after the other, of windows of 8 frames by 6 bands. */
export const chain = (tf: Tf): LayersModel =>
  tf.sequential({
    layers: [
      tf.layers.conv2d({
        kernelInitializer: tf.initializers.heNormal({ seed: 1 }),
        name: 'first',
        inputShape: [8, 1, 6],
        filters: 5,
        kernelSize: [3, 1],
        activation: 'relu',
      }),
      tf.layers.conv2d({
        kernelInitializer: tf.initializers.heNormal({ seed: 2 }),
        name: 'second',
        filters: 4,
        kernelSize: [3, 1],
        strides: [2, 1],
        activation: 'relu',
      }),
      tf.layers.globalAveragePooling2d({ name: 'pool', dataFormat: 'channelsLast' }),
      tf.layers.dense({ kernelInitializer: tf.initializers.heNormal({ seed: 3 }), name: 'logit', units: 1 }),
    ],
  });

/** Two residual blocks over tokens, as a transformer has them. */
export function tokens(tf: Tf): LayersModel {
  const input = tf.input({ shape: [4, 4, 3] });
  const one = (layer: layers.Layer, on: SymbolicTensor | SymbolicTensor[]) => layer.apply(on) as SymbolicTensor;
  let x = one(
    tf.layers.conv2d({
      kernelInitializer: tf.initializers.heNormal({ seed: 4 }),
      name: 'patches',
      filters: 6,
      kernelSize: 2,
      strides: 2,
    }),
    input,
  );
  x = one(tf.layers.reshape({ name: 'tokens', targetShape: [4, 6] }), x);
  x = one(positions(tf, 'positions', 1), x);
  for (const block of [1, 2]) {
    const [q, k, v] = ['q', 'k', 'v'].map((name) =>
      one(
        tf.layers.dense({
          kernelInitializer: tf.initializers.heNormal({ seed: 5 }),
          name: `${name}${block}`,
          units: 6,
        }),
        x,
      ),
    );
    const mixed = one(
      tf.layers.dense({ kernelInitializer: tf.initializers.heNormal({ seed: 6 }), name: `mixed${block}`, units: 6 }),
      one(attention(tf, 2, `attention${block}`), [q, k, v]),
    );
    x = one(tf.layers.add({ name: `sum${block}` }), [x, mixed]);
    x = one(tf.layers.activation({ name: `block${block}`, activation: 'linear' }), x);
  }
  x = one(tf.layers.globalAveragePooling1d({ name: 'pool' }), x);
  return tf.model({
    inputs: input,
    outputs: one(
      tf.layers.dense({ kernelInitializer: tf.initializers.heNormal({ seed: 7 }), name: 'logit', units: 1 }),
      x,
    ),
  });
}

/** Convolutions over the frames of sound, normalised. */
export function sounds(tf: Tf, frames: number): LayersModel {
  const norm = () => tf.layers.batchNormalization({ momentum: 0.9 });
  return tf.sequential({
    layers: [
      tf.layers.conv2d({
        kernelInitializer: tf.initializers.heNormal({ seed: 8 }),
        inputShape: [frames, 1, 40],
        filters: 12,
        kernelSize: [3, 1],
        useBias: false,
      }),
      norm(),
      tf.layers.reLU({ name: 'first' }),
      tf.layers.depthwiseConv2d({
        depthwiseInitializer: tf.initializers.heNormal({ seed: 20 }),
        kernelSize: [5, 1],
        useBias: false,
      }),
      norm(),
      tf.layers.reLU(),
      tf.layers.conv2d({
        kernelInitializer: tf.initializers.heNormal({ seed: 9 }),
        filters: 16,
        kernelSize: [3, 1],
        strides: [2, 1],
        padding: 'same',
        useBias: false,
      }),
      norm(),
      tf.layers.reLU({ name: 'second' }),
      tf.layers.averagePooling2d({ poolSize: [3, 1], strides: [3, 1] }),
      tf.layers.flatten(),
      tf.layers.dense({ kernelInitializer: tf.initializers.heNormal({ seed: 10 }), units: 1 }),
    ],
  });
}
