// A shipped network cut into parts, as a gated one comes: each with a gate's head of its own, and the last as it was.

import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { modelCardSchema } from '../../server/models/card.ts';
import { followShapes } from '../../server/models/graph-cost.ts';
import { type OnnxModel, type OnnxNode, readOnnx, writeOnnx } from '../../server/models/onnx.ts';
import { floatTensor } from '../../server/models/onnx-tensor.ts';

const shipped = (name: string) => new URL(`../../scenarios/models/${name}`, import.meta.url);

export const WHOLE = readOnnx(readFileSync(shipped('keyword.onnx')));

/** Where it is cut, all dequantised: what crosses takes 8 bits. */
export const CUTS = [
  { tensor: 'relu0_dq', shape: shapeOf('relu0_dq') },
  { tensor: 'relu2_dq', shape: shapeOf('relu2_dq') },
] as const;

/** Without the batch. */
function shapeOf(tensor: string): readonly number[] {
  return followShapes(WHOLE, 50).get(tensor)?.slice(1) ?? [];
}

/** What a value's node needs, up to where something is known already. */
function upTo(model: OnnxModel, wanted: string, known: ReadonlySet<string>): readonly OnnxNode[] {
  const needed = new Set([wanted]);
  const nodes = [...model.nodes].reverse().filter(({ inputs, outputs }) => {
    const isNeeded = outputs.some((name) => needed.has(name) && !known.has(name));
    if (isNeeded) for (const name of inputs) needed.add(name);
    return isNeeded;
  });
  return nodes.reverse();
}

/** A head that is sure of loud activations: their mean by channel, weighed alike. */
function head(tensor: string, channels: number): Pick<OnnxModel, 'nodes' | 'initializers'> {
  const node = (op: string, inputs: readonly string[], output: string): OnnxNode => ({
    name: output,
    op,
    domain: '',
    inputs,
    outputs: [output],
    attributes: op === 'Conv' ? { kernel_shape: [1, 1] } : {},
  });
  return {
    nodes: [
      node('GlobalAveragePool', [tensor], 'mean'),
      node('Conv', ['mean', 'head_w'], 'logit'),
      node('Sigmoid', ['logit'], 'likely'),
      node('Squeeze', ['likely', 'score_axes'], 'score'),
    ],
    initializers: [
      floatTensor('head_w', [1, channels, 1, 1], new Float32Array(channels).fill(0.5)),
      ...WHOLE.initializers.filter(({ name }) => name === 'score_axes'),
    ],
  };
}

/** Three parts of the keyword model, from frames to its own score. */
export const PARTS: readonly OnnxModel[] = [...CUTS, null].map((cut, index): OnnxModel => {
  const before = CUTS[index - 1] ?? null;
  const known = new Set(before === null ? [] : [before.tensor]);
  const nodes = upTo(WHOLE, cut?.tensor ?? 'score', known);
  const used = new Set(nodes.flatMap(({ inputs }) => inputs));
  const gate = cut === null ? { nodes: [], initializers: [] } : head(cut.tensor, cut.shape[0]);
  return {
    ...WHOLE,
    name: `part${index}`,
    inputs:
      before === null ? WHOLE.inputs : [{ name: before.tensor, type: 'float32', shape: ['batch', ...before.shape] }],
    outputs: [
      ...WHOLE.outputs,
      ...(cut === null ? [] : [{ name: cut.tensor, type: 'float32' as const, shape: ['batch', ...cut.shape] }]),
    ],
    nodes: [...nodes, ...gate.nodes],
    initializers: [...WHOLE.initializers.filter(({ name }) => used.has(name)), ...gate.initializers],
  };
});

/** Bytes that cross where they are cut. */
export const SENT = [1500, 400] as const;

/** Writes `part0.onnx` … with their cards. */
export function writeParts(folder: string): void {
  const card = modelCardSchema.parse(JSON.parse(readFileSync(shipped('keyword.json'), 'utf8')));
  for (const [index, part] of PARTS.entries()) {
    const bytes = writeOnnx(part);
    const before = CUTS[index - 1];
    const cut = CUTS[index];
    writeFileSync(join(folder, `part${index}.onnx`), bytes);
    writeFileSync(
      join(folder, `part${index}.json`),
      JSON.stringify({
        ...card,
        name: `part${index}`,
        input: before === undefined ? { kind: 'frames' } : { kind: 'activations', shape: before.shape },
        sends:
          cut === undefined ? null : { shape: cut.shape, bytesPerWindow: SENT[index], source: 'made for this test' },
        sha256: createHash('sha256').update(bytes).digest('hex'),
      }),
    );
  }
}
