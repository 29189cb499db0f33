// Which column of a run's series holds what, and how frames and snapshots are written into it.

import type { Series } from '../../server/live/protocol.ts';
import type { Frame, RunLayout } from '../../server/runs/views.ts';
import { ColumnSeries, type Merge } from './columns.ts';

export const MOST_POINTS = 2000;

const SOC = 0;
const VOLTS = 1;
const FIRST_RAIL = 2;

export interface ColumnMap {
  readonly soc: number;
  readonly volts: number;
  /** One for each rail, then the regulators' losses. */
  readonly rails: readonly number[];
  /** By core, by activity. */
  readonly residency: ReadonlyArray<readonly number[]>;
  readonly merges: readonly Merge[];
}

export function columnMap(layout: RunLayout): ColumnMap {
  const rails = [...layout.rails, ''].map((_, index) => FIRST_RAIL + index);
  let next = FIRST_RAIL + rails.length;
  const residency = layout.cores.map((core) => core.activities.map(() => next++));
  const merges = Array.from({ length: next }, (_, index): Merge => {
    if (index === SOC) return 'last';
    return index === VOLTS ? 'lowest' : 'mean';
  });
  return { soc: SOC, volts: VOLTS, rails, residency, merges };
}

export function frameValues(frame: Frame): number[] {
  return [frame.battery.soc, frame.battery.volts, ...frame.railWatts, ...frame.cores.flatMap((core) => core.residency)];
}

/** The series of a run so far, ready for frames to be appended. */
export function seriesFrom(layout: RunLayout, series: Series | null): ColumnSeries {
  const columns = new ColumnSeries(columnMap(layout).merges, MOST_POINTS);
  series?.simulatedSeconds.forEach((time, point) => {
    const at = (column: readonly number[]): number => column[point] ?? Number.NaN;
    columns.append(time, [
      at(series.soc),
      at(series.volts),
      ...series.railWatts.map(at),
      ...series.residency.flatMap((core) => core.map(at)),
    ]);
  });
  return columns;
}
