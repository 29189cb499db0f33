// Runs models: one thread a session, batches of one fixed shape, so that a score never depends on what it was batched with.

import { InferenceSession, Tensor } from 'onnxruntime-node';

/** Windows of one batch; what is missing is padded. */
const BATCH = 32;

export class ModelSession {
  private readonly session: InferenceSession;
  private readonly input: string;
  private readonly output: string;
  private readonly batch: Float32Array;
  private readonly frames: number;
  private readonly bands: number;

  private constructor(session: InferenceSession, frames: number, bands: number) {
    this.session = session;
    [this.input] = session.inputNames;
    [this.output] = session.outputNames;
    this.frames = frames;
    this.bands = bands;
    this.batch = new Float32Array(BATCH * frames * bands);
  }

  static async open(model: Uint8Array, frames: number, bands: number): Promise<ModelSession> {
    const session = await InferenceSession.create(model, {
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      graphOptimizationLevel: 'all',
      logSeverityLevel: 3,
    });
    return new ModelSession(session, frames, bands);
  }

  /**
   * One score for each window of consecutive frames: window w holds frames w … w + (frames of the model) - 1.
   * @param frames frames × bands, of a streaming model
   */
  async scoreStretch(frames: Float32Array): Promise<Float32Array> {
    const count = frames.length / this.bands;
    return this.run(new Tensor('float32', frames, [1, count, this.bands]), count - this.frames + 1);
  }

  /**
   * Scores chosen windows.
   * @param frames frames × bands
   * @param last the last frame of each window
   */
  async scoreWindows(frames: Float32Array, last: ArrayLike<number>): Promise<Float32Array> {
    const size = this.frames * this.bands;
    const scores = new Float32Array(last.length);
    for (let from = 0; from < last.length; from += BATCH) {
      const count = Math.min(BATCH, last.length - from);
      for (let index = 0; index < count; index++) {
        const end = (last[from + index] + 1) * this.bands;
        this.batch.set(frames.subarray(end - size, end), index * size);
      }
      const tensor = new Tensor('float32', this.batch, [BATCH, this.frames, this.bands]);
      scores.set((await this.run(tensor, BATCH)).subarray(0, count), from);
    }
    return scores;
  }

  async close(): Promise<void> {
    await this.session.release();
  }

  private async run(tensor: Tensor, count: number): Promise<Float32Array> {
    const results = await this.session.run({ [this.input]: tensor });
    const { data } = results[this.output];
    if (!(data instanceof Float32Array) || data.length !== count)
      throw new Error(`the model gave ${data.length} scores for ${count} windows`);
    return data;
  }
}
