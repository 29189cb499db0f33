// A network that is cut into parts, put together again: what a later part says is scored in one go from the frames, by the graph that was cut.
//
// A part takes the activations of the part before it. They cross with 8 bits a value, and are so within the joined graph, whose nodes are those of
// the files: a score is the same wherever the parts run, and a later part's windows are scored in batches and stretches as any model's are.

import type { OnnxModel, OnnxNode, OnnxValue } from './onnx.ts';
import { OnnxError } from './onnx-tensor.ts';

/** The output that a gate decides on. */
const SCORE = 'score';

/** The output that is called so; of a model with one output, that one. @throws {OnnxError} */
export function scoreOf({ outputs }: OnnxModel): OnnxValue {
  const score =
    outputs.length === 1 ? outputs[0] : outputs.find(({ name }) => name === SCORE || name.endsWith(`/${SCORE}`));
  if (score === undefined)
    throw new OnnxError(
      `Of its outputs (${outputs.map(({ name }) => name).join(', ')}) none is called ${SCORE}; name the one so that its gate decides on.`,
    );
  return score;
}

/** What is sent on to the next part; null: nothing is. */
export function sentOf(model: OnnxModel): OnnxValue | null {
  const score = scoreOf(model);
  return model.outputs.find((output) => output !== score) ?? null;
}

/** The part of a graph that its score takes, and the score as its only output. */
export function scoreAlone(model: OnnxModel): OnnxModel {
  const score = scoreOf(model);
  return model.outputs.length === 1 ? model : pruned({ ...model, outputs: [score] });
}

/**
 * One graph of parts that follow one another: it takes what the first takes, and gives what the last gives. The gates between are left out.
 * @throws {OnnxError} when one sends nothing on, or they are of different opsets
 */
export function joinParts(parts: readonly OnnxModel[]): OnnxModel {
  const [first] = parts;
  if (parts.length === 1) return first;
  const nodes: OnnxNode[] = [];
  const initializers: OnnxModel['initializers'][number][] = [];
  let outputs: readonly OnnxValue[] = [];
  let taken: string | null = null;
  for (const [index, part] of parts.entries()) {
    if (part.opset !== first.opset)
      throw new OnnxError(`Its parts are of opsets ${first.opset} and ${part.opset}; export them all with the same.`);
    const before = taken;
    // The scale and zero of a tensor keep their endings, by which they are known.
    const named = (name: string): string => {
      if (name === '') return '';
      return before !== null && name === part.inputs[0].name ? before : `part${index}/${name}`;
    };
    for (const node of part.nodes)
      nodes.push({
        ...node,
        name: named(node.name),
        inputs: node.inputs.map(named),
        outputs: node.outputs.map(named),
      });
    for (const tensor of part.initializers) initializers.push({ ...tensor, name: named(tensor.name) });
    outputs = part.outputs.map((output) => ({ ...output, name: named(output.name) }));
    const sent = sentOf(part);
    if (sent === null && part !== parts[parts.length - 1])
      throw new OnnxError(`Its part ${index} (${part.name}) gives a score and no activations for the next.`);
    taken = sent === null ? null : named(sent.name);
  }
  const inputs = first.inputs.map((input) => ({ ...input, name: `part0/${input.name}` }));
  return pruned({ ...first, inputs, outputs, nodes, initializers });
}

/** Without what none of the outputs takes. */
function pruned(model: OnnxModel): OnnxModel {
  const wanted = new Set(model.outputs.map(({ name }) => name));
  const nodes = [...model.nodes].reverse().filter(({ inputs, outputs }) => {
    const isWanted = outputs.some((name) => wanted.has(name));
    if (isWanted) for (const name of inputs) wanted.add(name);
    return isWanted;
  });
  return {
    ...model,
    nodes: nodes.reverse(),
    initializers: model.initializers.filter(({ name }) => wanted.has(name)),
  };
}
