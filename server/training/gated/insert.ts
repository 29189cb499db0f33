// Gated compression layers (after arXiv 2303.08970 and 2405.01739; the formulas are our reconstruction): where a network is cut, a gate head says how
// likely the input is one to look at, and a compression sends few, mostly zero activations on to the rest of the network.
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs';
import { InputProblem } from '../../runs/files/problem.ts';
import type { Tf } from '../tensorflow.ts';
import { type Compression, compress } from './compress.ts';
import { applyLayer, readersOf, recompute, valuesBehind } from './graph.ts';

export interface Place {
  /** Name of the layer whose output is gated and compressed. */
  readonly after: string;
  /** Left out, activations cross as they are, which costs no quality. */
  readonly compression?: Compression;
  /** Units of the gate head's hidden layer. */
  readonly hidden: number;
  /** What the gate head sees of the order of places: a convolution over them before their mean, which knows none. Not for tokens. */
  readonly look?: Look | undefined;
}

export interface Look {
  readonly filters: number;
  readonly kernel: readonly [number, number];
  readonly stride: readonly [number, number];
}

/** What crosses from one part to the next. */
export interface Cut {
  readonly place: Place;
  /** Elements of what is there without any gate, in one window: what would cross without compression. */
  readonly elementsBefore: number;
  readonly gateLogit: SymbolicTensor;
  readonly activations: SymbolicTensor;
  /** What the penalty of the loss is on: what crosses, or for tokens how much of each does. */
  readonly penalised: SymbolicTensor;
}

export interface GatedNetwork {
  /** Outputs: the task's logits, then the gates' logits, then what is penalised. */
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
    const gateLogit = addGateHead(tf, here, place, name, seed + 10 * index);
    const { activations, restored, penalised } =
      place.compression === undefined
        ? { activations: here, restored: here, penalised: here }
        : compress(tf, here, place.compression, name, seed + 10 * index);
    replaced.set(value, restored);
    return { place, elementsBefore: elementsOf(value), gateLogit, activations, penalised };
  });
  const taskLogits = recompute(network.outputs[0], replaced);
  const model = tf.model({
    inputs: network.inputs,
    outputs: [taskLogits, ...cuts.map(({ gateLogit }) => gateLogit), ...cuts.map(({ penalised }) => penalised)],
  });
  return { model, taskLogits, cuts };
}

const elementsOf = ({ shape }: SymbolicTensor): number =>
  shape.slice(1).reduce<number>((product, size) => product * (size ?? 1), 1);

function findPlace(
  network: LayersModel,
  values: readonly SymbolicTensor[],
  { after, compression }: Place,
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
  const kept = compression?.kept;
  if (kept !== undefined && !(Number.isInteger(kept) && kept > 0))
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

/** A small convolution where the place has a look, the mean over places (or tokens), a small hidden layer, one logit. */
function addGateHead(
  tf: Tf,
  value: SymbolicTensor,
  { hidden, look }: Place,
  name: string,
  seed: number,
): SymbolicTensor {
  const seen = look === undefined || value.rank !== 4 ? value : addLook(tf, value, look, name, seed + 6);
  const pooled =
    seen.rank === 4
      ? applyLayer(tf.layers.globalAveragePooling2d({ name: `${name}_pool`, dataFormat: 'channelsLast' }), seen)
      : seen.rank === 3
        ? applyLayer(tf.layers.globalAveragePooling1d({ name: `${name}_pool` }), seen)
        : seen;
  const dense = (layer: string, units: number, activation: 'relu' | 'linear', own: number) =>
    tf.layers.dense({
      name: `${name}_${layer}`,
      units,
      activation,
      kernelInitializer: tf.initializers.heNormal({ seed: seed + own }),
    });
  return applyLayer(dense('logit', 1, 'linear', 2), applyLayer(dense('hidden', hidden, 'relu', 1), pooled));
}

function addLook(
  tf: Tf,
  value: SymbolicTensor,
  { filters, kernel, stride }: Look,
  name: string,
  seed: number,
): SymbolicTensor {
  const convolution = tf.layers.conv2d({
    name: `${name}_look`,
    filters,
    kernelSize: [kernel[0], kernel[1]],
    strides: [stride[0], stride[1]],
    padding: 'same',
    useBias: false,
    kernelInitializer: tf.initializers.heNormal({ seed }),
  });
  const norm = tf.layers.batchNormalization({ name: `${name}_look_norm`, momentum: 0.9, epsilon: 1e-3 });
  return applyLayer(tf.layers.reLU({ name: `${name}_seen` }), applyLayer(norm, applyLayer(convolution, value)));
}
