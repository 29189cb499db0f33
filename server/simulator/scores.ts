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

/** Its windows before `end`. */
export function upTo({ firstWindow, first, levels, later }: ScoreChunk, end: number): ScoreChunk {
  const count = end - firstWindow;
  return {
    firstWindow,
    first: first.slice(0, count),
    ...(levels === undefined ? {} : { levels: levels.slice(0, count) }),
    later: later.map(({ windows, scores }) => {
      const kept = windows.filter((window) => window < end).length;
      return { windows: windows.slice(0, kept), scores: scores.slice(0, kept) };
    }),
  };
}

const NOTHING = { windows: new Float64Array(), scores: new Float32Array() };

/** Nothing, for as many stages as another has. */
const emptyAt = (firstWindow: number, { later }: ScoreChunk): ScoreChunk => ({
  firstWindow,
  first: new Float32Array(),
  later: later.map(() => NOTHING),
});

/** Hands out the scores of windows, fastest to who asks for one after another. */
export class ScoreReader {
  readonly state: { chunks: ScoreChunk[] } = { chunks: [] };
  /** The chunk of the last look-up, laid out, and where in its later stages that ended: speed, not state. */
  private chunk = 0;
  /** No chunk lies as a whole before a window under this one. */
  private needed = 0;
  private from = 0;
  private first: Float32Array = NOTHING.scores;
  private levels: Float32Array | null = null;
  private windows: readonly Float64Array[] = [];
  private scores: readonly Float32Array[] = [];
  private cursors = new Int32Array();
  /** By later stage: the scored windows on both sides of the last look-up. */
  private passed = new Float64Array();
  private upcoming = new Float64Array();

  /** Number of the first window that no chunk covers. */
  get end(): number {
    const last = this.state.chunks[this.state.chunks.length - 1];
    return last === undefined ? 0 : last.firstWindow + last.first.length;
  }

  /** Number of the first window that a chunk still covers. */
  get begin(): number {
    return this.state.chunks[0]?.firstWindow ?? 0;
  }

  /** The chunk must begin where the one before ended. */
  add(chunk: ScoreChunk): void {
    if (chunk.firstWindow !== this.end)
      throw new RangeError(`scores begin at window ${chunk.firstWindow} where ${this.end} was due`);
    this.state.chunks.push(chunk);
  }

  /** Lets go of chunks that lie before `window` as a whole. */
  skip(window: number): void {
    if (window < this.needed) return;
    this.drop(window);
    const [first] = this.state.chunks;
    this.needed = first === undefined ? 0 : first.firstWindow + first.first.length;
  }

  /** Takes back what was given from a window on, which nobody has looked at for good. */
  cut(end: number): void {
    const { state } = this;
    const [chunk] = state.chunks;
    if (chunk === undefined || end >= this.end) return;
    state.chunks = state.chunks
      .filter(({ firstWindow }) => firstWindow < end)
      .map((kept) => (kept.firstWindow + kept.first.length > end ? upTo(kept, end) : kept));
    if (state.chunks.length === 0) state.chunks = [emptyAt(end, chunk)];
    this.needed = 0;
    this.goTo(0);
  }

  private drop(window: number): void {
    const { state } = this;
    const [chunk, second] = state.chunks;
    if (chunk === undefined || window < (second?.firstWindow ?? this.end)) return;
    if (window >= this.end) state.chunks = [emptyAt(this.end, chunk)];
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
    this.find(window);
    return this.levels === null ? Number.POSITIVE_INFINITY : this.levels[window - this.from];
  }

  /** Score at a stage; not a number where the stage was not scored. */
  read(window: number, stage: number): number {
    this.find(window);
    if (stage === 0) return this.first[window - this.from];
    const windows = this.windows[stage - 1];
    const cursor = this.seek(windows, window, stage - 1);
    return cursor < windows.length && windows[cursor] === window ? this.scores[stage - 1][cursor] : Number.NaN;
  }

  /** Puts a window's scores at all stages into an array. */
  copy(window: number, into: Float32Array, at: number): void {
    this.find(window);
    into[at] = this.first[window - this.from];
    const { upcoming } = this;
    // Asked for one after another, most windows lie before the next that a later stage scored, or are it.
    for (let later = 0; later < upcoming.length; later++)
      into[at + 1 + later] =
        window > this.passed[later] && window < upcoming[later] ? Number.NaN : this.read(window, 1 + later);
  }

  /** How many windows from this one on, at most `most` and those of its chunk, score below a threshold at the first stage. */
  below(window: number, threshold: number, most: number): number {
    this.find(window);
    const { first } = this;
    const from = window - this.from;
    const to = Math.min(first.length, from + most);
    let at = from;
    while (at < to && first[at] < threshold) at++;
    return at - from;
  }

  /** Place of the first of a later stage's windows that is not before `window`. */
  private seek(windows: Float64Array, window: number, later: number): number {
    let cursor = this.cursors[later];
    while (cursor > 0 && windows[cursor - 1] >= window) cursor--;
    while (cursor < windows.length && windows[cursor] < window) cursor++;
    this.cursors[later] = cursor;
    this.passed[later] = cursor === 0 ? Number.NEGATIVE_INFINITY : windows[cursor - 1];
    this.upcoming[later] = cursor < windows.length ? windows[cursor] : Number.POSITIVE_INFINITY;
    return cursor;
  }

  /** Goes to the chunk that holds the window. */
  private find(window: number): void {
    const place = window - this.from;
    if (!(place >= 0 && place < this.first.length)) this.search(window);
  }

  private search(window: number): void {
    const { chunks } = this.state;
    let at = Math.max(0, Math.min(this.chunk, chunks.length - 1));
    while (at < chunks.length && window >= chunks[at].firstWindow + chunks[at].first.length) at++;
    while (at >= 0 && at < chunks.length && window < chunks[at].firstWindow) at--;
    if (at < 0 || at >= chunks.length) throw new RangeError(`window ${window} has no scores`);
    this.goTo(at);
  }

  private goTo(at: number): void {
    const chunk = this.state.chunks[at];
    this.chunk = chunk === undefined ? 0 : at;
    this.from = chunk?.firstWindow ?? 0;
    this.first = chunk?.first ?? NOTHING.scores;
    this.levels = chunk?.levels ?? null;
    this.windows = chunk?.later.map(({ windows }) => windows) ?? [];
    this.scores = chunk?.later.map(({ scores }) => scores) ?? [];
    this.cursors = new Int32Array(this.windows.length);
    this.passed = new Float64Array(this.windows.length).fill(Number.POSITIVE_INFINITY);
    this.upcoming = new Float64Array(this.windows.length);
  }
}
