// A TensorFlow.js network as a graph of values: what a value is computed from, what reads it, and computing it again from other values.
import type { layers, SymbolicTensor } from '@tensorflow/tfjs';

export type Layer = layers.Layer;

/** All values that these are computed from, and these, each after what it needs. */
export function valuesBehind(outputs: readonly SymbolicTensor[]): readonly SymbolicTensor[] {
  const ordered = new Set<SymbolicTensor>();
  const visit = (value: SymbolicTensor): void => {
    if (ordered.has(value)) return;
    for (const input of value.inputs) visit(input);
    ordered.add(value);
  };
  for (const output of outputs) visit(output);
  return [...ordered];
}

/** Of each value, the values computed from it. */
export function readersOf(
  values: readonly SymbolicTensor[],
): ReadonlyMap<SymbolicTensor, ReadonlyArray<SymbolicTensor>> {
  const readers = new Map<SymbolicTensor, SymbolicTensor[]>();
  for (const value of values)
    for (const input of new Set(value.inputs)) readers.set(input, [...(readers.get(input) ?? []), value]);
  return readers;
}

/** The one output of a layer on these inputs. */
export function applyLayer(layer: Layer, inputs: SymbolicTensor | SymbolicTensor[]): SymbolicTensor {
  // The typings say "one or many tensors"; the layers used here give one.
  return layer.apply(inputs) as SymbolicTensor;
}

/**
 * Computes a value with some of the values behind it replaced, by the same layers with the same weights. What does not depend on a replaced value is
 * not computed again.
 * @param replaced values and what stands for them; what is computed anew is added
 */
export function recompute(value: SymbolicTensor, replaced: Map<SymbolicTensor, SymbolicTensor>): SymbolicTensor {
  const known = replaced.get(value);
  if (known) return known;
  const inputs = value.inputs.map((input) => recompute(input, replaced));
  const same = inputs.every((input, at) => input === value.inputs[at]);
  const computed = same ? value : applyLayer(value.sourceLayer, inputs.length === 1 ? inputs[0] : inputs);
  replaced.set(value, computed);
  return computed;
}
