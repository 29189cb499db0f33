// A model file with its card and its cost.

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { featuresOf } from '../streams/frames.ts';
import { type ModelCard, modelCardSchema } from './card.ts';
import { followShapes, type GraphCost, graphCost } from './graph-cost.ts';
import { elementCount, OnnxError, type OnnxModel, type OnnxValue, readOnnx } from './onnx.ts';
import { sentOf } from './parts.ts';

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
      `${file}: there is no such ${what}; check the name, paths count from the scenario's folder`,
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
    const graph = readOnnx(bytes);
    checkShapes(graph, card.data);
    return { path, card: card.data, cost: graphCost(graph, card.data.frames), graph, bytes };
  } catch (error) {
    if (error instanceof OnnxError) throw new ModelFileError(`${path}: ${error.message}`);
    throw error;
  }
}

/** @throws {OnnxError} when the graph takes or gives something else than its card says */
function checkShapes(graph: OnnxModel, card: ModelCard): void {
  if (graph.inputs.length !== 1)
    throw new OnnxError(
      `It takes ${graph.inputs.length} inputs (${graph.inputs.map(({ name }) => name).join(', ')}); a model takes one.`,
    );
  const wanted = card.input.kind === 'frames' ? [card.frames, featuresOf(card.frontEnd)] : card.input.shape;
  checkShape('takes', graph.inputs[0], wanted);
  const sent = sentOf(graph);
  if (card.sends === null) return;
  if (sent === null)
    throw new OnnxError('Its card says that it sends activations on, and its only output is its score.');
  const shape = followShapes(graph, card.frames).get(sent.name) ?? sent.shape;
  checkShape('sends', { ...sent, shape }, card.sends.shape);
}

/** Free dimensions are anything; the first is the batch. */
function checkShape(does: string, { name, shape }: OnnxValue, wanted: readonly number[]): void {
  const own = shape.slice(1);
  if (own.length === wanted.length && own.every((size, axis) => typeof size === 'string' || size === wanted[axis]))
    return;
  throw new OnnxError(
    `It ${does} ${name} of ${shapeText(own)}, and its card says ${shapeText(wanted)} (${elementCount(wanted)} values); one of them is of another model.`,
  );
}

/** `24 × 40`; a free dimension by its name. */
export const shapeText = (shape: readonly (number | string)[]): string => shape.map((size) => size || '?').join(' × ');

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ModelFileError(`${path}: is not valid JSON`);
  }
}
