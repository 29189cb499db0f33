// The networks that gates are put into, as the tasks use them.
import type { LayersModel, layers, SymbolicTensor } from '@tensorflow/tfjs';
import { applyLayer } from '../gated/graph.ts';
import { attention, positions } from '../gated/tokens.ts';
import type { Tf } from '../tensorflow.ts';

export interface ConvolutionSpec {
  readonly name: string;
  readonly filters: number;
  readonly kernel: readonly [number, number];
  readonly stride: readonly [number, number];
}

/** Convolutions, each normalised and rectified (the layer `name` is the rectified one), then a mean over all places, a hidden layer, logits. */
export function convolutionNetwork(
  tf: Tf,
  input: readonly [number, number, number],
  convolutions: readonly ConvolutionSpec[],
  hidden: number,
  classes: number,
  seed: number,
): LayersModel {
  const kernelInitializer = (own: number) => tf.initializers.heNormal({ seed: seed * 100 + own });
  const start = tf.input({ shape: [...input] });
  let x: SymbolicTensor = start;
  for (const [index, { name, filters, kernel, stride }] of convolutions.entries()) {
    const layer = tf.layers.conv2d({
      name: `${name}_conv`,
      filters,
      kernelSize: [kernel[0], kernel[1]],
      strides: [stride[0], stride[1]],
      padding: 'same',
      useBias: false,
      kernelInitializer: kernelInitializer(index),
    });
    const norm = tf.layers.batchNormalization({ name: `${name}_norm`, momentum: 0.9, epsilon: 1e-3 });
    x = applyLayer(tf.layers.reLU({ name }), applyLayer(norm, applyLayer(layer, x)));
  }
  x = applyLayer(tf.layers.globalAveragePooling2d({ name: 'mean', dataFormat: 'channelsLast' }), x);
  x = applyLayer(tf.layers.dropout({ rate: 0.2, seed }), x);
  const dense = (name: string, units: number, activation: 'relu' | 'linear', own: number) =>
    tf.layers.dense({ name, units, activation, kernelInitializer: kernelInitializer(own) });
  x = applyLayer(dense('hidden', hidden, 'relu', 50), x);
  return tf.model({ inputs: start, outputs: applyLayer(dense('logits', classes, 'linear', 51), x) });
}

export interface TransformerSpec {
  readonly patch: number;
  readonly channels: number;
  readonly heads: number;
  readonly blocks: number;
  readonly hidden: number;
}

/**
 * A small vision transformer (arXiv 2010.11929) that reads the mean of its tokens; normalised by batch behind each dense layer, as LeViT is (arXiv
 * 2104.01136), so that normalisation folds into the weights. Block n ends in the layer `sum<n>`, which everything passes.
 */
export function transformer(
  tf: Tf,
  input: readonly [number, number, number],
  { patch, channels, heads, blocks, hidden }: TransformerSpec,
  classes: number,
  seed: number,
): LayersModel {
  let own = 0;
  const kernelInitializer = () => tf.initializers.glorotNormal({ seed: seed * 100 + own++ });
  const norm = (name: string): layers.Layer =>
    tf.layers.batchNormalization({ name: `${name}_norm`, momentum: 0.9, epsilon: 1e-3 });
  const dense = (name: string, units: number, x: SymbolicTensor): SymbolicTensor =>
    applyLayer(
      norm(name),
      applyLayer(tf.layers.dense({ name, units, useBias: false, kernelInitializer: kernelInitializer() }), x),
    );
  const start = tf.input({ shape: [...input] });
  const patches = tf.layers.conv2d({
    name: 'patches',
    filters: channels,
    kernelSize: patch,
    strides: patch,
    useBias: false,
    kernelInitializer: kernelInitializer(),
  });
  const tokens = (input[0] / patch) * (input[1] / patch);
  let x = applyLayer(norm('patches'), applyLayer(patches, start));
  x = applyLayer(tf.layers.reshape({ name: 'tokens', targetShape: [tokens, channels] }), x);
  x = applyLayer(positions(tf, 'positions', seed), x);
  for (let block = 1; block <= blocks; block++) {
    const here = x;
    const [queries, keys, values] = ['queries', 'keys', 'values'].map((name) =>
      dense(`${name}${block}`, channels, here),
    );
    const mixed = applyLayer(attention(tf, heads, `attention${block}`), [queries, keys, values]);
    const attended = applyLayer(tf.layers.add({ name: `attended${block}` }), [
      here,
      dense(`mixed${block}`, channels, mixed),
    ]);
    const wide = applyLayer(tf.layers.reLU({ name: `wide${block}` }), dense(`up${block}`, hidden, attended));
    const sum = applyLayer(tf.layers.add({ name: `sum${block}` }), [attended, dense(`down${block}`, channels, wide)]);
    // One reader of the sum, whatever reads the block: a place for a gate.
    x = applyLayer(tf.layers.activation({ name: `block${block}`, activation: 'linear' }), sum);
  }
  x = applyLayer(tf.layers.globalAveragePooling1d({ name: 'mean' }), x);
  x = applyLayer(tf.layers.dropout({ rate: 0.2, seed }), x);
  const logits = tf.layers.dense({ name: 'logits', units: classes, kernelInitializer: kernelInitializer() });
  return tf.model({ inputs: start, outputs: applyLayer(logits, x) });
}
