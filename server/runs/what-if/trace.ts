// The scores of a run, kept for questions about other devices that hear the same: 4 bytes a window for the first stage (17 MB a day), and
// 12 a window that got to a later one.

import { type ScoreChunk, upTo } from '../../simulator/scores.ts';
import type { ScoredChunk } from '../scoring/scorer.ts';

/** Beyond this many windows (four days at 20 ms) none are kept, so that memory stays bounded. */
const MOST_WINDOWS = 17_280_000;
/** A run is never this many chunks ahead of what it simulated. */
const RECENT = 8;

export class ScoreTrace {
  /** In order, without a gap; empty when the run is too long for them to be kept. */
  chunks: ScoreChunk[] = [];
  windows = 0;
  loudHops = 0;
  /** By stage: windows whose scores reach it were scored by the next stage. */
  floors: readonly number[];

  /** Of the last chunks, which windows were loud: what may still be cut. */
  private recent: { readonly firstWindow: number; readonly loud: Uint8Array }[] = [];
  private isWanted = true;

  constructor(floors: readonly number[]) {
    this.floors = floors;
  }

  add({ scores, loud }: Pick<ScoredChunk, 'scores' | 'loud'>): void {
    this.windows += scores.first.length;
    this.loudHops += countOf(loud);
    this.recent.push({ firstWindow: scores.firstWindow, loud });
    if (this.recent.length > RECENT) this.recent.shift();
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

  /** Lets go of all windows but the first `windows`, of which the last chunks hold one. */
  cut(windows: number): void {
    if (windows >= this.windows) return;
    for (const { firstWindow, loud } of this.recent)
      this.loudHops -= countOf(loud.subarray(Math.max(0, windows - firstWindow)));
    this.recent = this.recent
      .filter(({ firstWindow }) => firstWindow < windows)
      .map(({ firstWindow, loud }) => ({ firstWindow, loud: loud.slice(0, windows - firstWindow) }));
    const last = this.chunks.findLast(({ firstWindow }) => firstWindow < windows);
    this.chunks = this.chunks.filter(({ firstWindow }) => firstWindow < windows);
    if (last !== undefined) this.chunks[this.chunks.length - 1] = upTo(last, windows);
    this.windows = windows;
  }

  get isKept(): boolean {
    return this.isWanted && this.windows <= MOST_WINDOWS;
  }
}

const countOf = (loud: Uint8Array): number => loud.reduce((sum, one) => sum + one, 0);

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
