// The parts of a gated network in 8 bits: each is calibrated on what the 8-bit part before it really sends, with the same bytes on both sides of a cut.
import { type ByteScale, quantise } from '../quantise.ts';
import type { Part } from './export.ts';
import { ACTIVATIONS } from './export.ts';
import { runPart } from './run.ts';

/** @param calibration windows of the training split, one after the other */
export async function quantiseParts(parts: readonly Part[], calibration: Float32Array): Promise<readonly Part[]> {
  const quantised: Part[] = [];
  let windows = calibration;
  let scale: ByteScale | undefined;
  for (const part of parts) {
    const { model, scaleOf } = await quantise(part.model, windows, part.input, scale);
    const own = { ...part, model };
    quantised.push(own);
    const { activations } = await runPart(own, windows);
    if (activations === null) break;
    windows = activations;
    const crossing = part.model.nodes.find(({ outputs }) => outputs[0] === ACTIVATIONS);
    scale = scaleOf(crossing?.inputs[0] ?? ACTIVATIONS);
  }
  return quantised;
}
