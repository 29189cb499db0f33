// The newest points of a run as they came: what a whole run's series has to thin out, the last hour still shows.

import type { Columns } from './columns.ts';

export class RecentSeries implements Columns {
  readonly time: number[] = [];
  readonly columns: number[][];
  readonly #capacity: number;

  constructor(columns: number, capacity: number) {
    this.columns = Array.from({ length: columns }, () => []);
    this.#capacity = capacity;
  }

  /** Adds a point; the oldest go, a quarter at a time, when there is no place. */
  append(time: number, values: readonly number[]): void {
    const { length } = this.time;
    if (length > 0 && time <= (this.time[length - 1] ?? 0)) return;
    this.time.push(time);
    this.columns.forEach((column, index) => {
      column.push(values[index] ?? Number.NaN);
    });
    if (this.time.length <= this.#capacity) return;
    const surplus = Math.ceil(this.#capacity / 4);
    for (const column of [this.time, ...this.columns]) column.splice(0, surplus);
  }
}
