// A run's measurements over time as columns of equal length, thinned as it grows so that drawing never gets slower.

/** What two neighbours become when they are made one: their mean by time, the lower, or the later value. */
export type Merge = 'mean' | 'lowest' | 'last';

export interface Columns {
  /** Each point stands for the span from the point before to its own time. */
  readonly time: readonly number[];
  readonly columns: ReadonlyArray<readonly number[]>;
}

export class ColumnSeries implements Columns {
  readonly time: number[] = [];
  readonly columns: number[][];
  readonly #merges: readonly Merge[];
  readonly #capacity: number;

  constructor(merges: readonly Merge[], capacity: number) {
    this.#merges = merges;
    this.#capacity = capacity;
    this.columns = merges.map(() => []);
  }

  get end(): number {
    return this.time[this.time.length - 1] ?? 0;
  }

  /** Adds a point; one that is not later than the last is ignored, as after a snapshot that already had it. */
  append(time: number, values: readonly number[]): void {
    if (this.time.length > 0 && time <= this.end) return;
    this.time.push(time);
    this.columns.forEach((column, index) => {
      column.push(values[index] ?? Number.NaN);
    });
    if (this.time.length > this.#capacity) this.#thin();
  }

  /** Joins neighbours until a quarter of the places is free: the whole run keeps one resolution. */
  #thin(): void {
    let width = (this.end / this.#capacity) * 2;
    do {
      this.#joinUpTo(width * (1 + 1e-9));
      width *= 2;
    } while (this.time.length > this.#capacity * 0.75);
  }

  #joinUpTo(width: number): void {
    let kept = 0;
    let start = 0;
    for (let index = 1; index < this.time.length; index++) {
      if ((this.time[index] ?? 0) - start <= width) {
        this.#join(kept, index, start);
      } else {
        start = this.time[kept] ?? 0;
        kept += 1;
        this.#move(index, kept);
      }
    }
    this.time.length = kept + 1;
    for (const column of this.columns) column.length = kept + 1;
  }

  #join(into: number, from: number, start: number): void {
    const middle = this.time[into] ?? 0;
    const end = this.time[from] ?? 0;
    const share = (middle - start) / (end - start || 1);
    this.columns.forEach((column, index) => {
      const a = column[into] ?? Number.NaN;
      const b = column[from] ?? Number.NaN;
      column[into] = join(this.#merges[index] ?? 'last', a, b, share);
    });
    this.time[into] = end;
  }

  #move(from: number, to: number): void {
    this.time[to] = this.time[from] ?? 0;
    for (const column of this.columns) column[to] = column[from] ?? Number.NaN;
  }
}

function join(merge: Merge, a: number, b: number, shareOfA: number): number {
  if (merge === 'mean') return a * shareOfA + b * (1 - shareOfA);
  return merge === 'lowest' ? Math.min(a, b) : b;
}

/** Index of the point whose span holds `time`; the last one beyond the end, -1 when there is none. */
export function indexAt(time: readonly number[], at: number): number {
  let low = 0;
  let high = time.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((time[middle] ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  return high;
}

/** Mean by time from `from` on. */
export function meanOf({ time, columns }: Columns, column: number, from = 0): number {
  const values = columns[column] ?? [];
  let sum = 0;
  let before = from;
  for (let index = Math.max(0, indexAt(time, from)); index < time.length; index++) {
    const end = time[index] ?? 0;
    if (end <= before) continue;
    sum += (values[index] ?? 0) * (end - before);
    before = end;
  }
  return before > from ? sum / (before - from) : Number.NaN;
}
