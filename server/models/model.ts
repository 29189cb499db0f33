// A model file with its card and its cost.

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type ModelCard, modelCardSchema } from './card.ts';
import { type GraphCost, graphCost } from './graph-cost.ts';
import { OnnxError, readOnnx } from './onnx.ts';

export interface Model {
  readonly path: string;
  readonly card: ModelCard;
  readonly cost: GraphCost;
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
    return { path, card: card.data, cost: graphCost(readOnnx(bytes), card.data.frames), bytes };
  } catch (error) {
    if (error instanceof OnnxError) throw new ModelFileError(`${path}: ${error.message}`);
    throw error;
  }
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ModelFileError(`${path}: is not valid JSON`);
  }
}
