// Runs models: one thread a session. Windows that follow one another are scored as a stretch where the model allows it (dense.ts), others in batches
// of one fixed shape, so that a score never depends on what it was scored with.

import { InferenceSession, Tensor } from 'onnxruntime-node';
import { toDense } from './dense.ts';
import { readOnnx, writeOnnx } from './onnx.ts';
import { type Stretch, stretches } from './stretches.ts';

export interface SessionOptions {
  /** False: score windows one by one even where they follow one another. */
  readonly stretches?: boolean;
  /** Windows of one batch; what is missing is padded. Measured: more than 8 gain little, and few windows come at a time. */
  readonly batch?: number;
}

export class ModelSession {
  private readonly windows: InferenceSession;
  private readonly dense: InferenceSession | null;
  private readonly batch: Float32Array;
  private readonly batchSize: number;
  private readonly frames: number;
  private readonly bands: number;

  private constructor(
    windows: InferenceSession,
    dense: InferenceSession | null,
    frames: number,
    bands: number,
    batchSize: number,
  ) {
    this.windows = windows;
    this.dense = dense;
    this.frames = frames;
    this.bands = bands;
    this.batchSize = batchSize;
    this.batch = new Float32Array(batchSize * frames * bands);
  }

  static async open(
    model: Uint8Array,
    frames: number,
    bands: number,
    { stretches = true, batch = 8 }: SessionOptions = {},
  ): Promise<ModelSession> {
    const graph = readOnnx(model);
    const dense = stretches ? toDense(graph, frames) : null;
    const [fixed] = graph.inputs[0].shape;
    return new ModelSession(
      await openSession(model),
      dense === null ? null : await openSession(writeOnnx(dense)),
      frames,
      bands,
      // A model that was exported for so many windows at a time takes no others.
      typeof fixed === 'number' ? fixed : batch,
    );
  }

  /**
   * One score for each window of consecutive frames: window w holds frames w … w + (frames of the model) - 1.
   * @param frames frames × bands, of a streaming model
   */
  async scoreStretch(frames: Float32Array): Promise<Float32Array> {
    const count = frames.length / this.bands;
    const scores = await run(this.windows, new Tensor('float32', frames, [1, count, this.bands]));
    return expect(scores, count - this.frames + 1);
  }

  /**
   * Scores chosen windows.
   * @param frames frames × bands
   * @param last the last frame of each window, ascending
   */
  async scoreWindows(frames: Float32Array, last: ArrayLike<number>): Promise<Float32Array> {
    const { dense } = this;
    const scores = new Float32Array(last.length);
    if (dense === null) await this.scoreBatches(frames, last, { from: 0, to: last.length }, scores);
    else
      for (const stretch of stretches(last)) {
        if (stretch.dense) await this.scoreDense(dense, frames, last, stretch, scores);
        else await this.scoreBatches(frames, last, stretch, scores);
      }
    return scores;
  }

  async close(): Promise<void> {
    await this.windows.release();
    await this.dense?.release();
  }

  private async scoreDense(
    session: InferenceSession,
    frames: Float32Array,
    last: ArrayLike<number>,
    { from, to }: Pick<Stretch, 'from' | 'to'>,
    scores: Float32Array,
  ): Promise<void> {
    const first = last[from] + 1 - this.frames;
    const count = last[to - 1] + 1 - first;
    const stretch = frames.subarray(first * this.bands, (first + count) * this.bands);
    const hops = await run(session, new Tensor('float32', stretch, [1, count, this.bands]));
    for (let index = from; index < to; index++) scores[index] = hops[last[index] - last[from]];
  }

  private async scoreBatches(
    frames: Float32Array,
    last: ArrayLike<number>,
    { from, to }: Pick<Stretch, 'from' | 'to'>,
    scores: Float32Array,
  ): Promise<void> {
    const { batchSize } = this;
    const size = this.frames * this.bands;
    for (let at = from; at < to; at += batchSize) {
      const count = Math.min(batchSize, to - at);
      for (let index = 0; index < count; index++) {
        const end = (last[at + index] + 1) * this.bands;
        this.batch.set(frames.subarray(end - size, end), index * size);
      }
      const batch = await run(this.windows, new Tensor('float32', this.batch, [batchSize, this.frames, this.bands]));
      scores.set(expect(batch, batchSize).subarray(0, count), at);
    }
  }
}

const openSession = (model: Uint8Array): Promise<InferenceSession> =>
  InferenceSession.create(model, {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
  });

async function run(session: InferenceSession, tensor: Tensor): Promise<Float32Array> {
  const results = await session.run({ [session.inputNames[0]]: tensor });
  const { data } = results[session.outputNames[0]];
  if (!(data instanceof Float32Array)) throw new Error('the model gave no 32-bit scores');
  return data;
}

function expect(scores: Float32Array, count: number): Float32Array {
  if (scores.length !== count) throw new Error(`the model gave ${scores.length} scores for ${count} windows`);
  return scores;
}
