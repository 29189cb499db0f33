// Scores of a stretch of windows, as inference delivers them ahead of simulated time.

/** Scores of consecutive windows. Later stages are scored only where they can be reached. */
export interface ScoreChunk {
  readonly firstWindow: number;
  /** First stage: one score per window. */
  readonly first: Float32Array;
  /** Later stages in order: ascending window numbers, and their scores. */
  readonly later: ReadonlyArray<{ readonly windows: Float64Array; readonly scores: Float32Array }>;
}

const NOTHING = { windows: new Float64Array(), scores: new Float32Array() };

/** Hands out the scores of one window after another. A chunk is let go when its last window was read. */
export class ScoreReader {
  readonly state: { chunks: ScoreChunk[]; cursors: number[] } = { chunks: [], cursors: [] };

  /** Number of the first window that no chunk covers. */
  get end(): number {
    const last = this.state.chunks[this.state.chunks.length - 1];
    return last === undefined ? 0 : last.firstWindow + last.first.length;
  }

  /** The chunk must begin where the one before ended. */
  add(chunk: ScoreChunk): void {
    const { chunks } = this.state;
    if (chunk.firstWindow !== this.end)
      throw new RangeError(`scores begin at window ${chunk.firstWindow} where ${this.end} was due`);
    if (chunks.length === 0) this.state.cursors = chunk.later.map(() => 0);
    chunks.push(chunk);
  }

  /** Forgets what comes before `window`. */
  skip(window: number): void {
    const { state } = this;
    const last = state.chunks[state.chunks.length - 1];
    if (last !== undefined && window >= this.end)
      state.chunks = [{ firstWindow: this.end, first: new Float32Array(), later: last.later.map(() => NOTHING) }];
    else while (state.chunks.length > 1 && window >= state.chunks[1].firstWindow) this.letGo();
  }

  private letGo(): void {
    this.state.chunks.shift();
    this.state.cursors.fill(0);
  }

  /** Score at a stage, for windows asked in ascending order; not a number where the stage was not scored. */
  read(window: number, stage: number): number {
    const { chunks } = this.state;
    while (chunks.length > 1 && window >= chunks[1].firstWindow) this.letGo();
    const chunk = chunks[0];
    if (chunk === undefined || window < chunk.firstWindow || window >= chunk.firstWindow + chunk.first.length)
      throw new RangeError(`window ${window} has no scores`);
    if (stage === 0) return chunk.first[window - chunk.firstWindow];
    const { windows, scores } = chunk.later[stage - 1];
    let cursor = this.state.cursors[stage - 1];
    while (cursor < windows.length && windows[cursor] < window) cursor++;
    this.state.cursors[stage - 1] = cursor;
    return cursor < windows.length && windows[cursor] === window ? scores[cursor] : Number.NaN;
  }
}
