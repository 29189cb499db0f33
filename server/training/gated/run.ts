// Runs the parts of a gated network one after the other on windows, as the cores of a device would, but without stopping any: every gate's score of every
// window, and what would cross.
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { elementCount, type OnnxModel, writeOnnx } from '../../models/onnx.ts';
import { OUTPUT } from '../export.ts';
import { ACTIVATIONS, type Part } from './export.ts';

export interface PartScores {
  /** By part: of each window. */
  readonly scores: readonly Float32Array[];
  /** By part but the last: non-zeros among what would cross, of each window. */
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
    const each = input.length / count;
    for (let at = 0; at < input.length; at++) if (input[at] !== 0) sent[number][Math.floor(at / each)]++;
  }
  return { scores, sent };
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
  const each = sends === null ? 0 : elementCount(sends);
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
