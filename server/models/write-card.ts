// A card for a model that came without one.

import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type FrontEndSpec, featuresOf } from '../streams/frames.ts';
import { LOG_MEL } from '../streams/front-end.ts';
import { type ModelCard, modelCardSchema } from './card.ts';
import { type GraphCost, graphCost } from './graph-cost.ts';
import { fitted } from './model.ts';
import { type OnnxModel, readOnnx } from './onnx.ts';
import { OnnxError } from './onnx-tensor.ts';
import { scoreOf } from './parts.ts';

export interface CardRequest {
  readonly name: string;
  readonly frontEnd: FrontEndSpec;
  /** Null: as the model's input says. */
  readonly frames: number | null;
  readonly threshold: number;
}

export interface NewCard {
  readonly card: ModelCard;
  readonly cost: GraphCost;
  /** What may be wrong with it, though it can be run. */
  readonly warnings: readonly string[];
}

const frontEndSchema = modelCardSchema.shape.frontEnd;

/**
 * A front end as a card writes it, out of a file that holds it alone or is a card.
 * @throws {z.ZodError | SyntaxError}
 */
export function readFrontEnd(text: string): FrontEndSpec {
  const json: unknown = JSON.parse(text);
  const card = z.object({ frontEnd: frontEndSchema }).safeParse(json);
  return card.success ? card.data.frontEnd : frontEndSchema.parse(json);
}

export const SHIPPED_FRONT_END: FrontEndSpec = LOG_MEL;

/** @throws {OnnxError} what keeps the model from being run as a stage */
export function writeCard(bytes: Uint8Array, { name, frontEnd, frames, threshold }: CardRequest): NewCard {
  const written = readOnnx(bytes);
  const window = frames ?? framesOf(written, frontEnd);
  const card: ModelCard = {
    name,
    task: name,
    frontEnd,
    frames: window,
    input: { kind: 'frames' },
    sends: null,
    streaming: false,
    precision: 'float32',
    sha256: createHash('sha256').update(bytes).digest('hex'),
    threshold,
    training: 'not known',
    quality: null,
    operatingCurve: null,
  };
  const graph = fitted(written, card);
  const cost = graphCost(graph, window);
  const score = scoreOf(graph);
  const last = graph.nodes.find(({ outputs }) => outputs.includes(score.name));
  const warnings = boundedBy(graph, last?.outputs[0] ?? '')
    ? []
    : [
        `its score comes from a ${last?.op ?? 'constant'}, not a Sigmoid or a Softmax: a gate compares it with a threshold from 0 to 1`,
      ];
  return { card: { ...card, precision: cost.precision }, cost, warnings };
}

/** How many frames fill the input. */
function framesOf({ inputs }: OnnxModel, frontEnd: FrontEndSpec): number {
  const own = inputs[0]?.shape.slice(1) ?? [];
  const sizes = own.filter((size) => typeof size === 'number');
  const frames = sizes.reduce((product, size) => product * size, 1) / featuresOf(frontEnd);
  if (sizes.length < own.length)
    throw new OnnxError(
      'Its input leaves sizes other than the batch free; export it with fixed ones, or say how many --frames a window has.',
    );
  if (!Number.isInteger(frames))
    throw new OnnxError(
      `Its input of ${own.join(' × ')} values is no whole number of frames: one of this ${frontEnd.kind} front end has ${featuresOf(frontEnd)} values.`,
    );
  return frames;
}

/** Whether a value lies between 0 and 1 for certain, rearranged or not. */
function boundedBy(graph: OnnxModel, name: string): boolean {
  const node = graph.nodes.find(({ outputs }) => outputs.includes(name));
  if (node === undefined) return false;
  if (/^(Sigmoid|HardSigmoid|Softmax)$/.test(node.op)) return true;
  return (
    /^(Squeeze|Unsqueeze|Reshape|Flatten|Identity|QuantizeLinear|DequantizeLinear|Cast)$/.test(node.op) &&
    boundedBy(graph, node.inputs[0])
  );
}
