// Which stretch of the run the lanes and charts show.

import { computed, signal } from '@preact/signals';
import { type Columns, indexAt } from '../series/columns.ts';
import { frame, measured, revision, run } from './run.ts';

export type Range = 'minutes' | 'hour' | 'run';

export const RANGES: ReadonlyArray<readonly [Range, string]> = [
  ['minutes', 'last 10 min'],
  ['hour', 'last hour'],
  ['run', 'whole run'],
];
const SPANS: Readonly<Record<Range, number>> = { minutes: 600, hour: 3600, run: Number.POSITIVE_INFINITY };
/** Up to this speed the last hour passes slowly enough to be watched. */
const SLOW = 120;
/** A run that has only just begun is not stretched over the whole width. */
const SHORTEST = 60;

const chosen = signal<Range | null>(null);

export const range = computed<Range>(() => {
  if (chosen.value !== null) return chosen.value;
  const speed = run.value?.speed ?? 'max';
  return run.value?.report == null && speed !== 'max' && speed <= SLOW ? 'hour' : 'run';
});

export function chooseRange(next: Range | null): void {
  chosen.value = next;
}

export interface Shown {
  readonly from: number;
  readonly to: number;
  readonly columns: Columns;
  /** Index of the first point that reaches into it. */
  readonly first: number;
}

/** The stretch that is shown and the points in it; null until there are some. Reading it follows the run. */
export function shown(): Shown | null {
  revision.value;
  const known = measured.value;
  const now = frame.value?.simulatedSeconds ?? 0;
  if (known === null || known.columns.time.length === 0 || now === 0) return null;
  const span = SPANS[range.value];
  const from = Math.max(0, now - span);
  const recentFrom = known.recent.time[0] ?? Number.POSITIVE_INFINITY;
  const columns = range.value !== 'run' && recentFrom <= from ? known.recent : known.columns;
  return { from, to: Math.max(now, from + SHORTEST), columns, first: Math.max(0, indexAt(columns.time, from)) };
}
