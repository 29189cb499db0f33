// The windows that matter to a detection with any of the thresholds that are tried, and how many get to each stage: all that a search asks of a score trace.

import { type LabelledEvent, TOLERANCE } from '../../simulator/judge.ts';
import type { Plan, StagePlan } from '../../simulator/plan.ts';
import type { ScoreChunk } from '../../simulator/scores.ts';
import type { Nanoseconds } from '../../units.ts';

/** By rising time. */
export interface Finalists {
  readonly count: number;
  readonly windows: Float64Array;
  /** When each window ends. */
  readonly times: Float64Array;
  /** By stage; not a number where it was not scored, since it cannot get there. */
  readonly scores: readonly Float32Array[];
  /** The first and the last of the events in which it would be right; -1 where it would be a false accept. */
  readonly firstEvent: Int32Array;
  readonly lastEvent: Int32Array;
}

/**
 * The first stage that a window changes without passing it: its gate goes by the scores before, or it takes none for a while in front of another.
 * As many as there are stages: none does.
 */
export function firstRemembering(stages: ReadonlyArray<Pick<StagePlan, 'gate' | 'hold'>>): number {
  const found = stages.findIndex(({ gate, hold }, at) => gate !== undefined || (hold > 0 && at + 1 < stages.length));
  return found < 0 ? stages.length : found;
}

/** The scores of windows that a sensor which gates by itself hands on; not a number at the first stage where it does not. */
export function heardChunks(
  chunks: readonly ScoreChunk[],
  { hop, sensor: { activity } }: Pick<Plan, 'hop' | 'sensor'>,
): readonly ScoreChunk[] {
  if (activity === undefined) return chunks;
  let heardUntil = 0;
  return chunks.map((chunk) => ({
    ...chunk,
    first: chunk.first.map((score, at) => {
      const end = (chunk.firstWindow + at + 1) * hop;
      const isLoud = (chunk.levels?.[at] ?? Number.POSITIVE_INFINITY) >= activity.decibels;
      if (isLoud) heardUntil = end + activity.hold;
      return isLoud || end < heardUntil ? score : Number.NaN;
    }),
  }));
}

/**
 * @param lowest by stage
 * @param remembering the first stage that does: all windows that come to it are kept
 */
export function finalistsOf(
  chunks: readonly ScoreChunk[],
  hop: Nanoseconds,
  events: readonly LabelledEvent[],
  lowest: readonly number[],
  remembering = lowest.length,
): Finalists {
  const windows: number[] = [];
  const times: number[] = [];
  const scores: number[][] = lowest.map(() => []);
  for (const chunk of chunks)
    for (const { window, at } of passing(chunk, lowest, remembering)) {
      windows.push(window);
      times.push((window + 1) * hop);
      for (const [stage, score] of at.entries()) scores[stage].push(score);
    }
  const firstEvent = new Int32Array(times.length).fill(-1);
  const lastEvent = new Int32Array(times.length).fill(-1);
  let next = 0;
  for (const [index, time] of times.entries()) {
    while (next < events.length && events[next].end + TOLERANCE < time) next++;
    for (let event = next; event < events.length && events[event].start <= time; event++) {
      if (events[event].end + TOLERANCE < time) continue;
      if (firstEvent[index] < 0) firstEvent[index] = event;
      lastEvent[index] = event;
    }
  }
  return {
    count: times.length,
    windows: Float64Array.from(windows),
    times: Float64Array.from(times),
    scores: scores.map((column) => Float32Array.from(column)),
    firstEvent,
    lastEvent,
  };
}

function* passing(chunk: ScoreChunk, lowest: readonly number[], remembering: number) {
  const { firstWindow, first, later } = chunk;
  const cursors = later.map(() => 0);
  const reached = later[Math.min(remembering, later.length) - 1];
  const windows = reached?.windows ?? Float64Array.from(first, (_, index) => firstWindow + index);
  for (const window of windows) {
    const at = [first[window - firstWindow]];
    for (const [index, { windows, scores }] of later.entries()) {
      while (windows[cursors[index]] < window) cursors[index]++;
      at.push(windows[cursors[index]] === window ? scores[cursors[index]] : Number.NaN);
    }
    // What the sensor did not hand on is not a number.
    if (at[0] >= 0 && at.every((score, stage) => stage >= remembering || score >= lowest[stage])) yield { window, at };
  }
}

/**
 * How many windows get to each stage after the first, by the thresholds before it: counts by stage (from the second on), each over the grids of the
 * stages before it, the last of them changing fastest. Of stages behind the first that remembers they do not follow from scores: those are left out.
 */
export function reachTables(
  chunks: readonly ScoreChunk[],
  grid: ReadonlyArray<readonly number[]>,
  remembering = grid.length,
): readonly Float64Array[] {
  const tables = grid
    .slice(1, remembering + 1)
    .map((_, stage) => new Float64Array(grid.slice(0, stage + 1).reduce((n, { length }) => n * length, 1)));
  for (const { firstWindow, first, later } of chunks) {
    for (const score of first) add(tables[0], steps(grid[0], score));
    let cells = new Map<number, number>();
    for (const [index, { windows, scores }] of later.entries()) {
      // What comes after the last stage is a detection.
      if (index + 1 >= tables.length) break;
      const next = new Map<number, number>();
      for (const [at, window] of windows.entries()) {
        const before = index === 0 ? steps(grid[0], first[window - firstWindow]) : (cells.get(window) ?? -1);
        const own = steps(grid[index + 1], scores[at]);
        if (before < 0 || own < 0) continue;
        const cell = before * grid[index + 1].length + own;
        next.set(window, cell);
        add(tables[index + 1], cell);
      }
      cells = next;
    }
  }
  return tables.map((table, stage) =>
    accumulated(
      table,
      grid.slice(0, stage + 1).map(({ length }) => length),
    ),
  );
}

const add = (table: Float64Array | undefined, cell: number): void => {
  if (table !== undefined && cell >= 0) table[cell]++;
};

/** Index of the highest threshold that a score passes; -1: none. */
export function steps(thresholds: readonly number[], score: number): number {
  let low = 0;
  let high = thresholds.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (score >= thresholds[middle]) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Sums over all cells that are no lower in any place. */
function accumulated(table: Float64Array, lengths: readonly number[]): Float64Array {
  let stride = 1;
  for (let place = lengths.length - 1; place >= 0; place--) {
    for (let cell = table.length - 1 - stride; cell >= 0; cell--)
      if (Math.floor(cell / stride) % lengths[place] < lengths[place] - 1) table[cell] += table[cell + stride];
    stride *= lengths[place];
  }
  return table;
}
