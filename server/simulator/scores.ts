// Scores of a stretch of windows, as inference delivers them ahead of simulated time.

/** Scores of consecutive windows. Later stages are scored only where they can be reached. */
export interface ScoreChunk {
  readonly firstWindow: number;
  /** First stage: one score per window. */
  readonly first: Float32Array;
  /** Level of each window's last hop in dB of full scale, for sensors that gate by it; left out, every window is loud enough. */
  readonly levels?: Float32Array;
  /** Later stages in order: ascending window numbers, and their scores. */
  readonly later: ReadonlyArray<{ readonly windows: Float64Array; readonly scores: Float32Array }>;
}

const NOTHING = { windows: new Float64Array(), scores: new Float32Array() };

/** Hands out the scores of windows, fastest to who asks for one after another. */
export class ScoreReader {
  readonly state: { chunks: ScoreChunk[] } = { chunks: [] };
  /** Where the last look-up ended: speed, not state. */
  private chunk = 0;
  private cursors: number[] = [];

  /** Number of the first window that no chunk covers. */
  get end(): number {
    const last = this.state.chunks[this.state.chunks.length - 1];
    return last === undefined ? 0 : last.firstWindow + last.first.length;
  }

  /** The chunk must begin where the one before ended. */
  add(chunk: ScoreChunk): void {
    if (chunk.firstWindow !== this.end)
      throw new RangeError(`scores begin at window ${chunk.firstWindow} where ${this.end} was due`);
    this.state.chunks.push(chunk);
  }

  /** Lets go of chunks that lie before `window` as a whole. */
  skip(window: number): void {
    const { state } = this;
    const [chunk, second] = state.chunks;
    if (chunk === undefined || window < (second?.firstWindow ?? this.end)) return;
    const last = state.chunks[state.chunks.length - 1];
    if (window >= this.end)
      state.chunks = [{ firstWindow: this.end, first: new Float32Array(), later: last.later.map(() => NOTHING) }];
    else {
      let over = 0;
      while (over + 1 < state.chunks.length && window >= state.chunks[over + 1].firstWindow) over++;
      if (over === 0) return;
      state.chunks.splice(0, over);
    }
    this.goTo(0);
  }

  /** Level of a window's last hop; infinity where it is not known. */
  level(window: number): number {
    const chunk = this.chunkOf(window);
    return chunk.levels?.[window - chunk.firstWindow] ?? Number.POSITIVE_INFINITY;
  }

  /** Score at a stage; not a number where the stage was not scored. */
  read(window: number, stage: number): number {
    const chunk = this.chunkOf(window);
    if (stage === 0) return chunk.first[window - chunk.firstWindow];
    const { windows, scores } = chunk.later[stage - 1];
    let cursor = this.cursors[stage] ?? 0;
    while (cursor > 0 && windows[cursor - 1] >= window) cursor--;
    while (cursor < windows.length && windows[cursor] < window) cursor++;
    this.cursors[stage] = cursor;
    return cursor < windows.length && windows[cursor] === window ? scores[cursor] : Number.NaN;
  }

  /** How many windows from this one on, at most `most` and those of its chunk, score below a threshold at the first stage. */
  below(window: number, threshold: number, most: number): number {
    const { firstWindow, first } = this.chunkOf(window);
    const from = window - firstWindow;
    const to = Math.min(first.length, from + most);
    let at = from;
    while (at < to && first[at] < threshold) at++;
    return at - from;
  }

  private chunkOf(window: number): ScoreChunk {
    const { chunks } = this.state;
    let chunk: ScoreChunk | undefined = chunks[this.chunk];
    while (chunk !== undefined && window >= chunk.firstWindow + chunk.first.length) chunk = this.goTo(this.chunk + 1);
    while (chunk !== undefined && window < chunk.firstWindow) chunk = this.goTo(this.chunk - 1);
    if (chunk === undefined) {
      this.goTo(0);
      throw new RangeError(`window ${window} has no scores`);
    }
    return chunk;
  }

  private goTo(chunk: number): ScoreChunk | undefined {
    this.chunk = chunk;
    this.cursors = [];
    return this.state.chunks[chunk];
  }
}
