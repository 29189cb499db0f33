// Runs the parts of a gated network one after the other on windows, as the cores of a device would, but without stopping any: every gate's score of every
// window, and what would cross.
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { type OnnxModel, writeOnnx } from '../../models/onnx.ts';
import { elementCount } from '../../models/onnx-tensor.ts';
import { OUTPUT } from '../export.ts';
import { ACTIVATIONS, type Part, type Sends } from './export.ts';

export interface PartScores {
  /** By part: of each window. */
  readonly scores: readonly Float32Array[];
  /** By part but the last: of each window, values (of tokens: whole tokens) that are not zero and would cross. */
  readonly sent: readonly Uint32Array[];
}

const BATCH = 64;

/**
 * @param windows one after the other
 */
export async function runParts(parts: readonly Part[], windows: Float32Array): Promise<PartScores> {
  const size = elementCount(parts[0].input);
  const count = windows.length / size;
  const scores = parts.map(() => new Float32Array(count));
  const sent = parts.slice(1).map(() => new Uint32Array(count));
  let input = windows;
  for (const [number, part] of parts.entries()) {
    const output = await runPart(part, input);
    scores[number].set(output.scores);
    if (output.activations === null) continue;
    input = output.activations;
    if (part.sends !== null) sent[number].set(countSent(input, part.sends));
  }
  return { scores, sent };
}

/** Of each window, groups of values that are not all zero; values of a token lie as far apart as there are tokens. */
function countSent(activations: Float32Array, { shape, together }: Sends): Uint32Array {
  const each = elementCount(shape);
  const groups = each / together;
  return Uint32Array.from({ length: activations.length / each }, (_, window) => {
    const own = activations.subarray(window * each, (window + 1) * each);
    let count = 0;
    for (let group = 0; group < groups; group++)
      for (let at = group; at < each; at += groups)
        if (own[at] !== 0) {
          count++;
          break;
        }
    return count;
  });
}

interface PartOutput {
  readonly scores: Float32Array;
  readonly activations: Float32Array | null;
}

/** One part on all windows. @param input one window after the other, as the part takes them */
export async function runPart({ model, input: shape, sends }: Part, input: Float32Array): Promise<PartOutput> {
  const session = await open(model);
  const size = elementCount(shape);
  const count = input.length / size;
  const scores = new Float32Array(count);
  const each = sends === null ? 0 : elementCount(sends.shape);
  const activations = sends === null ? null : new Float32Array(count * each);
  try {
    for (let from = 0; from < count; from += BATCH) {
      const batch = Math.min(BATCH, count - from);
      const feed = new Tensor('float32', input.slice(from * size, (from + batch) * size), [batch, ...shape]);
      const results = await session.run({ [model.inputs[0].name]: feed });
      scores.set(floats(results[OUTPUT]), from);
      activations?.set(floats(results[ACTIVATIONS]), from * each);
    }
  } finally {
    await session.release();
  }
  return { scores, activations };
}

function floats({ data }: Tensor): Float32Array {
  if (!(data instanceof Float32Array)) throw new Error('a part gave no 32-bit floats');
  return data;
}

const open = (model: OnnxModel): Promise<InferenceSession> =>
  InferenceSession.create(writeOnnx(model), {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
  });
