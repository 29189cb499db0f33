// The networks of a cascade: which of its stages are parts of one, and what running some of them together is.

import { shapeText } from './adapt.ts';
import type { Model } from './model.ts';
import { type OnnxModel, writeOnnx } from './onnx.ts';
import { joinParts, scoreAlone } from './parts.ts';

/** The stage at which the network of a stage begins: itself, unless it takes the activations of the one before. */
export function beginningOf(models: readonly Model[], stage: number): number {
  let first = stage;
  while (first > 0 && models[first].card.input.kind === 'activations') first--;
  return first;
}

/** What a stage runs when the last of its network that ran before it is stage `before`: its own part, and those between. */
export interface StageParts {
  readonly parts: readonly Model[];
  /** Whose activations it takes; null: it takes frames. */
  readonly after: Model | null;
}

/** @param before any stage before it, -1 for none; a stage of another network is as good as none */
export function partsOf(models: readonly Model[], stage: number, before: number): StageParts {
  const first = beginningOf(models, stage);
  const isPart = before >= first;
  return { parts: models.slice(isPart ? before + 1 : first, stage + 1), after: isPart ? models[before] : null };
}

/** Why the model of a stage cannot follow those before it; null: it can. */
export function misfit(models: readonly Model[], stage: number): string | null {
  const { card, graph } = models[stage];
  const { frontEnd, input, name } = card;
  const [{ card: first }] = models;
  const before = models[stage - 1];
  if (JSON.stringify(frontEnd) !== JSON.stringify(first.frontEnd))
    return 'its front end differs from that of the first stage; the stages of a cascade share one';
  if (input.kind === 'frames') return null;
  const wants = `${name} takes activations of ${shapeText(input.shape)}`;
  if (before === undefined)
    return `${wants}, and no stage comes before it; begin the cascade with part 0 of its network`;
  if (graph.opset !== before.graph.opset)
    return `${name} is of ONNX opset ${graph.opset}, and ${before.card.name} before it of ${before.graph.opset}; export the parts of a network with the same`;
  const { frames, sends } = before.card;
  if (sends === null)
    return `${wants}, and ${before.card.name} before it sends none on; put the part before it that it was cut from`;
  if (JSON.stringify(sends.shape) !== JSON.stringify(input.shape))
    return `${wants}, and ${before.card.name} before it sends ${shapeText(sends.shape)}; they are not parts of one network`;
  if (frames !== card.frames)
    return `${name} is for windows of ${card.frames} frames, and ${before.card.name} before it of ${frames}; they are not parts of one network`;
  return null;
}

export const joined = (parts: readonly Model[]): OnnxModel => joinParts(parts.map(({ graph }) => graph));

/** The ONNX bytes that score a stage's windows from their frames, whatever parts its network is cut into. */
export function scoringBytes(models: readonly Model[], stage: number): Uint8Array {
  const { parts } = partsOf(models, stage, -1);
  const model = models[stage];
  return parts.length === 1 && model.graph.outputs.length === 1 ? model.bytes : writeOnnx(scoreAlone(joined(parts)));
}
