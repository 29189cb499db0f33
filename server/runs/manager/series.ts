// A run's history, thinned as it grows: a day and a minute take the same memory, and every part of the run keeps the same resolution.

import type { Frame, RunLayout, Series } from '../views.ts';

/** Points that a series holds at most. */
export const SERIES_CAPACITY = 2000;

/**
 * Collects frames into columns. Until it is full each frame is a point; then neighbours are merged into points of a wider span, and later frames
 * are merged into points of that span as they come. Powers and shares are means weighted by span, state of charge, volts and forecast the last value.
 */
export class SeriesRecorder {
  readonly #capacity: number;
  readonly #cores: readonly number[];
  readonly #railCount: number;
  readonly #times: Float64Array;
  readonly #soc: Float64Array;
  readonly #volts: Float64Array;
  /** NaN stands for no forecast. */
  readonly #forecast: Float64Array;
  /** Rails first, then each core's activities: all that is averaged. */
  readonly #means: readonly Float64Array[];
  #length = 0;
  /** Simulated seconds that one point may span; 0 while every frame is a point. */
  #width = 0;

  constructor(layout: Pick<RunLayout, 'rails' | 'cores'>, capacity = SERIES_CAPACITY) {
    if (!Number.isInteger(capacity) || capacity < 4) throw new RangeError('a series holds at least 4 points');
    this.#capacity = capacity;
    // One more than the rails: what the regulators lose.
    this.#railCount = layout.rails.length + 1;
    this.#cores = layout.cores.map((core) => core.activities.length);
    const column = () => new Float64Array(capacity);
    this.#times = column();
    this.#soc = column();
    this.#volts = column();
    this.#forecast = column();
    const averaged = this.#cores.reduce((sum, activities) => sum + activities, this.#railCount);
    this.#means = Array.from({ length: averaged }, column);
  }

  get length(): number {
    return this.#length;
  }

  /** Adds a frame; amortised, the cost does not depend on the length of the run. A frame from before the last one is ignored. */
  add(frame: Frame): void {
    const last = this.#length - 1;
    const since = last < 0 ? 0 : this.#time(last);
    const span = frame.simulatedSeconds - since;
    if (!(span >= 0)) return;
    if (last >= 0 && (span === 0 || this.#span(last) + span <= this.#width)) {
      this.#fold(last, frame, span);
      return;
    }
    if (this.#length === this.#capacity) {
      this.#thin();
      this.add(frame);
      return;
    }
    this.#length++;
    this.#set(last + 1, frame);
  }

  /** The columns so far, with no more digits than a chart can show. */
  snapshot(): Series {
    const list = (column: Float64Array, round: (value: number) => number) =>
      Array.from(column.subarray(0, this.#length), round);
    const shares = this.#means.slice(this.#railCount).map((column) => list(column, fourDecimals));
    let next = 0;
    return {
      simulatedSeconds: list(this.#times, milliseconds),
      soc: list(this.#soc, sixDigits),
      volts: list(this.#volts, sixDigits),
      forecastHours: list(this.#forecast, sixDigits).map((hours) => (Number.isNaN(hours) ? null : hours)),
      railWatts: this.#means.slice(0, this.#railCount).map((column) => list(column, sixDigits)),
      residency: this.#cores.map((activities) => {
        next += activities;
        return shares.slice(next - activities, next);
      }),
    };
  }

  #time(point: number): number {
    return this.#times[point] ?? 0;
  }

  #span(point: number): number {
    return this.#time(point) - (point === 0 ? 0 : this.#time(point - 1));
  }

  #set(point: number, frame: Frame): void {
    this.#setLast(point, frame);
    this.#eachMean(frame, (column, value) => {
      column[point] = value;
    });
  }

  #fold(point: number, frame: Frame, span: number): void {
    const weight = span / (this.#span(point) + span);
    // Nothing passed since the point: its means stand, and a frame at 0 s replaces another at 0 s.
    if (span > 0) {
      this.#eachMean(frame, (column, value) => {
        const before = column[point] ?? 0;
        column[point] = before + (value - before) * weight;
      });
    }
    this.#setLast(point, frame);
  }

  #setLast(point: number, frame: Frame): void {
    this.#times[point] = frame.simulatedSeconds;
    this.#soc[point] = frame.battery.soc;
    this.#volts[point] = frame.battery.volts;
    this.#forecast[point] = frame.battery.forecastHours ?? Number.NaN;
  }

  #eachMean(frame: Frame, visit: (column: Float64Array, value: number) => void): void {
    let next = 0;
    const take = (value: number | undefined) => {
      const column = this.#means[next++];
      if (column !== undefined) visit(column, value ?? 0);
    };
    for (let rail = 0; rail < this.#railCount; rail++) take(frame.railWatts[rail]);
    this.#cores.forEach((activities, core) => {
      const residency = frame.cores[core]?.residency;
      for (let activity = 0; activity < activities; activity++) take(residency?.[activity]);
    });
  }

  /** Widens the points until a quarter of the places is free. */
  #thin(): void {
    const duration = this.#time(this.#length - 1);
    // A hair wider than a whole number of equal frames, so that rounding does not part them.
    this.#width = Math.max(this.#width, (duration / this.#capacity) * (1 + 1e-6));
    do {
      this.#width *= 2;
      this.#merge();
    } while (this.#length > this.#capacity * 0.75);
  }

  /** Merges neighbours as long as together they span no more than the width. */
  #merge(): void {
    const count = this.#length;
    let kept = 0;
    let keptStart = 0;
    for (let point = 1, start = this.#time(0); point < count; point++) {
      const end = this.#time(point);
      const keptSpan = this.#time(kept) - keptStart;
      if (keptSpan + (end - start) <= this.#width) {
        const weight = end - keptStart > 0 ? (end - start) / (end - keptStart) : 0;
        for (const column of this.#means) {
          const before = column[kept] ?? 0;
          column[kept] = before + ((column[point] ?? 0) - before) * weight;
        }
      } else {
        keptStart = this.#time(kept);
        kept++;
        for (const column of this.#means) column[kept] = column[point] ?? 0;
      }
      for (const column of [this.#times, this.#soc, this.#volts, this.#forecast]) column[kept] = column[point] ?? 0;
      start = end;
    }
    this.#length = kept + 1;
  }
}

const milliseconds = (seconds: number): number => Math.round(seconds * 1e3) / 1e3;
const fourDecimals = (share: number): number => Math.round(share * 1e4) / 1e4;
const sixDigits = (value: number): number => Number(value.toPrecision(6));
