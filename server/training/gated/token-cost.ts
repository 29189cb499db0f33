// What a part costs that receives few of its tokens. All dropped tokens arrive as the same vector (zeros, restored with the same bias), and what is computed
// with tokens keeps equal ones equal: so they need be computed once, and be counted as often as there are in attention's sums and in the mean of all.
import { type GraphCost, graphCost } from '../../models/graph-cost.ts';
import type { OnnxModel } from '../../models/onnx.ts';
import { int64Tensor, tensorValues } from '../../models/onnx-tensor.ts';
import type { Part } from './export.ts';

/**
 * Of a part behind a cut that drops tokens, with so many of them kept: those and one that stands for the dropped.
 * Throws when the part does not take tokens, or has another size that is equal to their number.
 */
export function costWithTokens({ model, input }: Part, kept: number): GraphCost {
  const [channels, tokens, one] = input;
  if (one !== 1) throw new RangeError(`${model.name} takes no tokens`);
  if (channels === tokens) throw new RangeError(`${model.name} takes as many tokens as channels: which are which?`);
  return graphCost(resized(model, tokens, Math.min(tokens, kept + 1)), 1);
}

/** The graph with other shapes where it takes tokens or arranges them; its weights know nothing of how many there are. */
function resized(model: OnnxModel, from: number, to: number): OnnxModel {
  const shapes = new Set(model.nodes.filter(({ op }) => op === 'Reshape').map(({ inputs }) => inputs[1]));
  return {
    ...model,
    inputs: model.inputs.map((input) => ({ ...input, shape: input.shape.map((size) => (size === from ? to : size)) })),
    initializers: model.initializers.map((tensor) =>
      shapes.has(tensor.name)
        ? int64Tensor(
            tensor.name,
            [...tensor.dims],
            tensorValues(tensor).map((size) => (size === from ? to : size)),
          )
        : tensor,
    ),
  };
}
