// What the models say of every window of a day, kept so that any cascade of them can be simulated without inference.

import type { ScoreChunk } from '../../simulator/scores.ts';
import type { ScoringPool } from '../scoring/pool.ts';

export class ScoreTable {
  /** By stage, by window; not a number where a stage was not scored. */
  private readonly scores: readonly Float32Array[];
  readonly windows: number;
  private levels: Float32Array | null = null;
  private filled = 0;

  constructor(stages: number, windows: number) {
    this.windows = windows;
    this.scores = Array.from({ length: stages }, () => new Float32Array(windows).fill(Number.NaN));
  }

  /** Takes all that a pool scores. @param progress told the share that is scored */
  async fill(pool: ScoringPool, progress: (share: number) => void): Promise<void> {
    for (let chunk = await pool.next(); chunk !== null; chunk = await pool.next()) {
      this.add(chunk.scores);
      progress(this.filled / this.windows);
    }
  }

  private add({ firstWindow, first, later, levels }: ScoreChunk): void {
    if (levels !== undefined) {
      this.levels ??= new Float32Array(this.windows);
      this.levels.set(levels, firstWindow);
    }
    this.scores[0].set(first, firstWindow);
    for (const [index, { windows, scores }] of later.entries()) {
      const column = this.scores[index + 1];
      for (let at = 0; at < windows.length; at++) column[windows[at]] = scores[at];
    }
    this.filled = firstWindow + first.length;
  }

  /**
   * The table as a cascade of some of its stages asks for it.
   * @param stages which, in their order
   * @param floors by stage of the cascade: windows that score lower go no further
   */
  *chunks(stages: readonly number[], floors: readonly number[], size = 3000): Generator<ScoreChunk> {
    const columns = stages.map((stage) => this.scores[stage]);
    for (let firstWindow = 0; firstWindow < this.windows; firstWindow += size) {
      const end = Math.min(firstWindow + size, this.windows);
      const first = columns[0].slice(firstWindow, end);
      let reach: number[] = [];
      for (let window = firstWindow; window < end; window++) if (columns[0][window] >= floors[0]) reach.push(window);
      const later: ScoreChunk['later'][number][] = [];
      for (const [index, column] of columns.entries()) {
        if (index === 0) continue;
        const scores = Float32Array.from(reach, (window) => column[window]);
        const missing = scores.findIndex(Number.isNaN);
        if (missing >= 0) throw new Error(`window ${reach[missing]} was not scored by stage ${stages[index]}`);
        later.push({ windows: Float64Array.from(reach), scores });
        reach = reach.filter((window) => column[window] >= floors[index]);
      }
      const levels = this.levels?.slice(firstWindow, end);
      yield { firstWindow, first, later, ...(levels === undefined ? {} : { levels }) };
    }
  }
}

/**
 * Floors at which the scenario's stages have to be scored, so that all these cascades find what they ask for: a later stage hears only what an earlier
 * one lets through in every cascade.
 * @param cascades by stage of each: which of the scenario's it is, and the lowest of its thresholds
 */
export function scoringFloors(
  stages: number,
  cascades: ReadonlyArray<ReadonlyArray<{ readonly number: number; readonly floor: number }>>,
): readonly number[] {
  return Array.from({ length: stages }, (_, number) => {
    let floor = Number.POSITIVE_INFINITY;
    for (const cascade of cascades) {
      const isFollowed = cascade.some((stage) => stage.number > number);
      if (!isFollowed) continue;
      floor = Math.min(floor, cascade.find((stage) => stage.number === number)?.floor ?? Number.NEGATIVE_INFINITY);
    }
    return floor;
  });
}
