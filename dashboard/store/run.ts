// The run that is looked at. Frames come in as often as the server likes; views hear of them at most ten times a second.

import { batch, computed, signal } from '@preact/signals';
import type { Update, WatchSnapshot } from '../../server/live/protocol.ts';
import type { DetectionView, Frame, RunDetails, RunLayout } from '../../server/runs/views.ts';
import type { ColumnSeries } from '../series/columns.ts';
import { type ColumnMap, columnMap, frameValues, seriesFrom } from '../series/run-series.ts';
import { atMostEvery } from './pace.ts';

export type Watching =
  | { readonly state: 'loading' }
  | { readonly state: 'ready' }
  | { readonly state: 'unknown'; readonly problem: string };

export interface Measured {
  readonly columns: ColumnSeries;
  readonly map: ColumnMap;
}

/** Detections that the page keeps; the server keeps all of them. */
const MOST_DETECTIONS = 5000;
const REDRAW_MILLISECONDS = 100;

export const watching = signal<Watching>({ state: 'loading' });
export const run = signal<RunDetails | null>(null);
export const layout = signal<RunLayout | null>(null);
export const frame = signal<Frame | null>(null);
/** The frame before, for what changed since. */
export const frameBefore = signal<Frame | null>(null);
/** Newest last. */
export const detections = signal<readonly DetectionView[]>([]);
export const detectionsTotal = signal(0);
/** The columns change in place: `revision` says that they did. */
export const measured = signal<Measured | null>(null);
export const revision = signal(0);

export const severalDays = computed(() => (run.value?.durationSeconds ?? 0) > 86_400);

let latest: Frame | null = null;
let fresh: DetectionView[] = [];

const publish = atMostEvery(REDRAW_MILLISECONDS, () => {
  batch(() => {
    if (latest !== frame.value) {
      frameBefore.value = frame.value;
      frame.value = latest;
    }
    if (fresh.length > 0) {
      detectionsTotal.value += fresh.length;
      detections.value = [...detections.value, ...fresh].slice(-MOST_DETECTIONS);
      fresh = [];
    }
    revision.value += 1;
  });
});

export function clear(): void {
  batch(() => {
    watching.value = { state: 'loading' };
    run.value = null;
    setLayout(null);
    take({ frame: null, detections: [], detectionsTotal: 0 });
  });
}

export function takeSnapshot(snapshot: WatchSnapshot): void {
  batch(() => {
    watching.value = { state: 'ready' };
    run.value = snapshot.run;
    layout.value = snapshot.layout;
    measured.value = snapshot.layout && {
      columns: seriesFrom(snapshot.layout, snapshot.series),
      map: columnMap(snapshot.layout),
    };
    take(snapshot);
  });
}

export function setLayout(next: RunLayout | null): void {
  batch(() => {
    layout.value = next;
    measured.value = next && { columns: seriesFrom(next, null), map: columnMap(next) };
  });
}

export function takeUpdate(update: Update): void {
  latest = update.frame;
  measured.value?.columns.append(latest.simulatedSeconds, frameValues(latest));
  publish();
}

export function takeDetections(more: readonly DetectionView[]): void {
  const last = fresh[fresh.length - 1] ?? detections.value[detections.value.length - 1];
  fresh.push(...more.filter((detection) => detection.index > (last?.index ?? -1)));
  publish();
}

function take(seen: Pick<WatchSnapshot, 'frame' | 'detections' | 'detectionsTotal'>): void {
  latest = seen.frame;
  fresh = [];
  frame.value = seen.frame;
  frameBefore.value = null;
  detections.value = seen.detections;
  detectionsTotal.value = seen.detectionsTotal;
  revision.value += 1;
}
