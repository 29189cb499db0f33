// Gated compression layers (after arXiv 2303.08970 and 2405.01739; the formulas are our reconstruction): where a network is cut, a gate head says how
// likely the input is one to look at, and a compression sends few, mostly zero activations on to the rest of the network.
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs';
import { InputProblem } from '../../runs/files/problem.ts';
import type { Tf } from '../tensorflow.ts';
import { applyLayer, readersOf, recompute, valuesBehind } from './graph.ts';

export interface Place {
  /** Name of the layer whose output is gated and compressed. */
  readonly after: string;
  /** Channels that are sent on (for tokens: of each token). */
  readonly kept: number;
  /** Units of the gate head's hidden layer. */
  readonly hidden: number;
}

/** What crosses from one part to the next. */
export interface Cut {
  readonly place: Place;
  /** Elements of what was there before, in one window: what would cross without compression. */
  readonly elementsBefore: number;
  readonly gateLogit: SymbolicTensor;
  /** Compressed, never negative unless tokens; mostly zero after training. */
  readonly activations: SymbolicTensor;
}

export interface GatedNetwork {
  /** Outputs: the task's logits, then the gates' logits, then the activations that cross. */
  readonly model: LayersModel;
  readonly taskLogits: SymbolicTensor;
  /** From input to output. */
  readonly cuts: readonly Cut[];
}

/**
 * Puts a gated compression layer behind each of these layers of a sequential or functional network of one input and one output, whose weights the new
 * network shares. Throws an InputProblem when there is no such layer, when several layers read its output, or when the network goes around it.
 */
export function insertGates(tf: Tf, network: LayersModel, places: readonly Place[], seed: number): GatedNetwork {
  if (network.inputs.length !== 1 || network.outputs.length !== 1)
    throw new InputProblem(
      `Gates go into networks of one input and one output; "${network.name}" has ${network.inputs.length} and ${network.outputs.length}.`,
    );
  const values = valuesBehind(network.outputs);
  const found = places.map((place) => ({ place, value: findPlace(network, values, place, places) }));
  found.sort((a, b) => values.indexOf(a.value) - values.indexOf(b.value));
  const replaced = new Map<SymbolicTensor, SymbolicTensor>();
  const cuts = found.map(({ place, value }, index): Cut => {
    const here = recompute(value, replaced);
    const name = `gc${index + 1}`;
    const gateLogit = addGateHead(tf, here, place.hidden, name, seed + 10 * index);
    const { activations, restored } = addCompression(tf, here, place.kept, name, seed + 10 * index);
    replaced.set(value, restored);
    return { place, elementsBefore: elementsOf(here), gateLogit, activations };
  });
  const taskLogits = recompute(network.outputs[0], replaced);
  const model = tf.model({
    inputs: network.inputs,
    outputs: [taskLogits, ...cuts.map(({ gateLogit }) => gateLogit), ...cuts.map(({ activations }) => activations)],
  });
  return { model, taskLogits, cuts };
}

const elementsOf = ({ shape }: SymbolicTensor): number =>
  shape.slice(1).reduce<number>((product, size) => product * (size ?? 1), 1);

function findPlace(
  network: LayersModel,
  values: readonly SymbolicTensor[],
  { after, kept }: Place,
  places: readonly Place[],
): SymbolicTensor {
  const matches = values.filter(({ sourceLayer, inputs }) => sourceLayer.name === after && inputs.length > 0);
  const names = values.filter(({ inputs }) => inputs.length > 0).map(({ sourceLayer }) => sourceLayer.name);
  if (matches.length === 0)
    throw new InputProblem(`There is no layer "${after}" to put a gate behind; there are ${names.join(', ')}.`);
  if (matches.length > 1)
    throw new InputProblem(
      `The layer "${after}" is used ${matches.length} times, so the place behind it is not one; name another.`,
    );
  if (places.filter((place) => place.after === after).length > 1)
    throw new InputProblem(`Two gates are put behind "${after}"; one is enough.`);
  if (!(Number.isInteger(kept) && kept > 0))
    throw new InputProblem(
      `The gate behind "${after}" would send ${kept} channels on; it takes a whole number above 0.`,
    );
  const [value] = matches;
  const readers = readersOf(values).get(value) ?? [];
  if (readers.length === 0)
    throw new InputProblem(`"${after}" gives the network's output: there is nothing behind it that a gate could save.`);
  if (readers.length > 1)
    throw new InputProblem(
      `The output of "${after}" goes to ${readers.map(({ sourceLayer }) => sourceLayer.name).join(' and ')}; a gate needs a place with one reader. Put an identity layer (activation "linear") there, and name the layer before it.`,
    );
  const around = wayAround(network, value);
  if (around !== undefined)
    throw new InputProblem(
      `The network goes around "${after}" through "${around}", so nothing is saved by a gate there; name a layer that everything passes.`,
    );
  return value;
}

/** A layer through which the output depends on something before the value, but not by way of it. */
function wayAround({ outputs }: LayersModel, value: SymbolicTensor): string | undefined {
  const before = new Set(valuesBehind([value]));
  const seen = new Set<SymbolicTensor>();
  const open = [...outputs];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    for (const input of next.inputs) {
      if (input === value) continue;
      if (before.has(input)) return next.sourceLayer.name;
      open.push(input);
    }
  }
  return undefined;
}

/** Mean over places (or tokens), a small hidden layer, one logit: a few hundred multiply-accumulates. */
function addGateHead(tf: Tf, value: SymbolicTensor, hidden: number, name: string, seed: number): SymbolicTensor {
  const pooled =
    value.rank === 4
      ? applyLayer(tf.layers.globalAveragePooling2d({ name: `${name}_pool`, dataFormat: 'channelsLast' }), value)
      : value.rank === 3
        ? applyLayer(tf.layers.globalAveragePooling1d({ name: `${name}_pool` }), value)
        : value;
  const dense = (layer: string, units: number, activation: 'relu' | 'linear', own: number) =>
    tf.layers.dense({
      name: `${name}_${layer}`,
      units,
      activation,
      kernelInitializer: tf.initializers.heNormal({ seed: seed + own }),
    });
  return applyLayer(dense('logit', 1, 'linear', 2), applyLayer(dense('hidden', hidden, 'relu', 1), pooled));
}

/**
 * Fewer channels, normalised with a scale that is not learnt: their size is fixed, so that the penalty on the mean activation cannot be escaped by making all of
 * them smaller and the next weights larger; only zeros make it less. Tokens are dropped whole: each is weighed by a hard sigmoid, which reaches zero.
 */
function addCompression(
  tf: Tf,
  value: SymbolicTensor,
  kept: number,
  name: string,
  seed: number,
): { readonly activations: SymbolicTensor; readonly restored: SymbolicTensor } {
  const channels = value.shape.at(-1);
  if (!channels) throw new InputProblem(`The layer "${value.sourceLayer.name}" gives a shape that is not fixed.`);
  const kernelInitializer = (own: number) => tf.initializers.heNormal({ seed: seed + own });
  const mix = (layer: string, units: number, own: number, useBias: boolean) =>
    value.rank === 4
      ? tf.layers.conv2d({
          name: `${name}_${layer}`,
          filters: units,
          kernelSize: 1,
          useBias,
          kernelInitializer: kernelInitializer(own),
        })
      : tf.layers.dense({ name: `${name}_${layer}`, units, useBias, kernelInitializer: kernelInitializer(own) });
  const norm = tf.layers.batchNormalization({ name: `${name}_norm`, momentum: 0.9, epsilon: 1e-3 });
  const squeezed = applyLayer(norm, applyLayer(mix('squeeze', kept, 3, false), value));
  // Without a scale at all (`scale: false`) TensorFlow.js 4.22 fails in training.
  for (const weight of norm.trainableWeights) if (/gamma/.test(weight.originalName)) weight.trainable = false;
  if (value.rank === 3) {
    const keep = applyLayer(
      tf.layers.dense({
        name: `${name}_keep`,
        units: 1,
        activation: 'hardSigmoid',
        kernelInitializer: kernelInitializer(4),
      }),
      value,
    );
    const activations = applyLayer(tf.layers.multiply({ name: `${name}_sent` }), [squeezed, keep]);
    return { activations, restored: applyLayer(mix('restore', channels, 5, true), activations) };
  }
  const activations = applyLayer(tf.layers.reLU({ name: `${name}_sent` }), squeezed);
  const restored = applyLayer(
    tf.layers.reLU({ name: `${name}_restored` }),
    applyLayer(mix('restore', channels, 5, true), activations),
  );
  return { activations, restored };
}
