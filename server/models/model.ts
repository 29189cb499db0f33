// A model file with its card and its cost.

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { adaptInput, shapeText } from './adapt.ts';
import { type ModelCard, modelCardSchema } from './card.ts';
import { followShapes, type GraphCost, graphCost } from './graph-cost.ts';
import { type OnnxModel, type OnnxValue, readOnnx, writeOnnx } from './onnx.ts';
import { elementCount, OnnxError } from './onnx-tensor.ts';
import { scoreOf, sentOf } from './parts.ts';

export interface Model {
  readonly path: string;
  readonly card: ModelCard;
  readonly cost: GraphCost;
  readonly graph: OnnxModel;
  readonly bytes: Uint8Array;
}

/** A model that cannot be used; the message names the file. */
export class ModelFileError extends Error {
  override readonly name = 'ModelFileError';
}

/** @throws {ModelFileError} when the file or its card is missing, does not fit, or holds what cannot be counted */
export async function loadModel(path: string): Promise<Model> {
  const missing = (file: string, what: string) => () => {
    throw new ModelFileError(
      `${file}: there is no such ${what}; ${what === 'model' ? "check the name, paths count from the scenario's folder" : 'write one with `lightsleeper model card`'}`,
    );
  };
  const bytes = await readFile(path).catch(missing(path, 'model'));
  const cardPath = path.replace(/\.onnx$/, '.json');
  const cardText = await readFile(cardPath, 'utf8').catch(missing(cardPath, 'model card'));
  const card = modelCardSchema.safeParse(parseJson(cardText, cardPath));
  if (!card.success) {
    const [issue] = card.error.issues;
    throw new ModelFileError(`${cardPath}: ${issue.path.join('.')}: ${issue.message}`);
  }
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (sha256 !== card.data.sha256)
    throw new ModelFileError(`${cardPath}: this card is of another file than ${path}; train or export the model again`);
  try {
    const written = readOnnx(bytes);
    const graph = fitted(written, card.data);
    const cost = graphCost(graph, card.data.frames);
    return { path, card: card.data, cost, graph, bytes: graph === written ? bytes : writeOnnx(graph) };
  } catch (error) {
    if (error instanceof OnnxError) throw new ModelFileError(`${path}: ${error.message}`);
    throw error;
  }
}

/** @throws {OnnxError} when the graph takes or gives something else than its card says */
export function fitted(graph: OnnxModel, card: Pick<ModelCard, 'frontEnd' | 'frames' | 'input' | 'sends'>): OnnxModel {
  const model = card.input.kind === 'frames' ? adaptInput(graph, card.frontEnd, card.frames) : graph;
  if (card.input.kind === 'activations') checkShape('takes', graph.inputs[0], card.input.shape);
  const shapes = followShapes(model, card.frames);
  const score = scoreOf(model);
  const values = elementCount(shapes.get(score.name) ?? []);
  if (values !== 1)
    throw new OnnxError(
      `Its output ${score.name} has ${values} values for a window; a gate decides on one, from 0 to 1.`,
    );
  if (card.sends === null) return model;
  const sent = sentOf(model);
  if (sent === null)
    throw new OnnxError('Its card says that it sends activations on, and its only output is its score.');
  checkShape('sends', { ...sent, shape: shapes.get(sent.name) ?? sent.shape }, card.sends.shape);
  return model;
}

/** Free dimensions are anything; the first is the batch. */
function checkShape(does: string, { name, shape }: OnnxValue, wanted: readonly number[]): void {
  const own = shape.slice(1);
  if (own.length === wanted.length && own.every((size, axis) => typeof size === 'string' || size === wanted[axis]))
    return;
  throw new OnnxError(
    `It ${does} ${name} of ${shapeText(own)}, and its card says ${shapeText(wanted)}; one of them is of another model.`,
  );
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ModelFileError(`${path}: is not valid JSON`);
  }
}
