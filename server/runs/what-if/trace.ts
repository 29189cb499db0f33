// The scores of a run, kept for questions about other devices that hear the same: 4 bytes a window for the first stage (17 MB a day), and
// 12 a window that got to a later one.

import type { ScoreChunk } from '../../simulator/scores.ts';
import type { ScoredChunk } from '../scoring/scorer.ts';

/** Beyond this many windows (four days at 20 ms) none are kept, so that memory stays bounded. */
const MOST_WINDOWS = 17_280_000;

export class ScoreTrace {
  /** In order, without a gap; empty when the run is too long for them to be kept. */
  chunks: ScoreChunk[] = [];
  windows = 0;
  loudHops = 0;
  /** By stage: windows whose scores reach it were scored by the next stage. */
  floors: readonly number[];

  private isWanted = true;

  constructor(floors: readonly number[]) {
    this.floors = floors;
  }

  add({ scores, loudHops }: Pick<ScoredChunk, 'scores' | 'loudHops'>): void {
    this.windows += scores.first.length;
    this.loudHops += loudHops;
    if (this.isKept) this.chunks.push(scores);
    else this.chunks = [];
  }

  /** Nobody will ask: scores are let go as they come. */
  keepNone(): void {
    this.isWanted = false;
    this.chunks = [];
  }

  /** What it holds by now, to which nothing more comes. */
  soFar(): ScoreTrace {
    const copy = new ScoreTrace(this.floors);
    copy.chunks = [...this.chunks];
    copy.windows = this.windows;
    copy.loudHops = this.loudHops;
    return copy;
  }

  /** Lets go of all windows but the first `windows`. */
  cut(windows: number): void {
    if (windows >= this.windows) return;
    const last = this.chunks.findLast(({ firstWindow }) => firstWindow < windows);
    this.chunks = this.chunks.filter(({ firstWindow }) => firstWindow < windows);
    if (last !== undefined) this.chunks[this.chunks.length - 1] = upTo(last, windows);
    this.windows = windows;
  }

  get isKept(): boolean {
    return this.isWanted && this.windows <= MOST_WINDOWS;
  }
}

/** Its windows before `end`. */
function upTo({ firstWindow, first, levels, later }: ScoreChunk, end: number): ScoreChunk {
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

/**
 * The windows that a stage must have scored and has not, were these the thresholds: by chunk of the trace. Those of the stage after it follow
 * from their scores.
 */
export function missingAt(chunk: ScoreChunk, stage: number, thresholds: readonly number[]): readonly number[] {
  const known = chunk.later[stage - 1];
  const reached = reachOf(chunk, stage - 1, thresholds);
  let at = 0;
  return reached.filter((window) => {
    while (at < known.windows.length && known.windows[at] < window) at++;
    return known.windows[at] !== window;
  });
}

/** Windows whose scores open all gates up to that of `stage`. */
function reachOf({ firstWindow, first, later }: ScoreChunk, stage: number, thresholds: readonly number[]): number[] {
  if (stage > 0) {
    const before = new Set(reachOf({ firstWindow, first, later }, stage - 1, thresholds));
    const { windows, scores } = later[stage - 1];
    return [...windows].filter((window, index) => scores[index] >= thresholds[stage] && before.has(window));
  }
  const reached: number[] = [];
  for (let index = 0; index < first.length; index++)
    if (first[index] >= thresholds[0]) reached.push(firstWindow + index);
  return reached;
}

/** The chunk with more scores of a stage, for windows in ascending order that it had none for. */
export function withScores(
  chunk: ScoreChunk,
  stage: number,
  windows: readonly number[],
  scores: Float32Array,
): ScoreChunk {
  const known = chunk.later[stage - 1];
  const all = [...known.windows].map((window, index) => [window, known.scores[index]] as const);
  windows.forEach((window, index) => {
    all.push([window, scores[index]]);
  });
  all.sort(([a], [b]) => a - b);
  const merged = {
    windows: Float64Array.from(all, ([window]) => window),
    scores: Float32Array.from(all, ([, score]) => score),
  };
  return { ...chunk, later: chunk.later.map((old, index) => (index === stage - 1 ? merged : old)) };
}
