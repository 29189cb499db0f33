// The run that is looked at. Frames come in as often as the server likes; views hear of them at most ten times a second.

import { batch, computed, signal } from '@preact/signals';
import type { Series, Update, WatchSnapshot } from '../../server/live/protocol.ts';
import type { DetectionView, Frame, InputView, RunDetails, RunLayout, SoundView } from '../../server/runs/views.ts';
import { isOver } from '../format/words.ts';
import type { ColumnSeries } from '../series/columns.ts';
import { RecentSeries } from '../series/recent.ts';
import { type ColumnMap, columnMap, frameValues, seriesFrom } from '../series/run-series.ts';
import { atMostEvery } from './pace.ts';

export type Watching =
  | { readonly state: 'loading' }
  | { readonly state: 'ready' }
  | { readonly state: 'unknown'; readonly problem: string };

export interface Measured {
  readonly columns: ColumnSeries;
  readonly recent: RecentSeries;
  readonly map: ColumnMap;
}

export interface Wake {
  readonly simulatedSeconds: number;
  /** Labels of what sounded, none when nothing was laid over the background. */
  readonly labels: readonly string[];
}

const MOST_RECENT = 2000;
/** As many as the server keeps. */
export const MOST_SOUNDS = 3000;
/** A word wakes a core up to this long after its end. */
const ECHO_SECONDS = 1;
/** Detections that the page keeps; the server keeps all of them. */
const MOST_DETECTIONS = 5000;
const REDRAW_MILLISECONDS = 100;

export const watching = signal<Watching>({ state: 'loading' });
export const run = signal<RunDetails | null>(null);
export const layout = signal<RunLayout | null>(null);
export const frame = signal<Frame | null>(null);
/** By core, when it last woke and what sounded then; null until that was seen. */
export const lastWakes = signal<readonly (Wake | null)[]>([]);
/** What sounded last, the newest last. */
export const sounds = signal<readonly SoundView[]>([]);
/** Newest last. */
export const detections = signal<readonly DetectionView[]>([]);
export const detectionsTotal = signal(0);
/** What was done to it, oldest first. */
export const marks = signal<readonly InputView[]>([]);
/** The columns change in place: `revision` says that they did. */
export const measured = signal<Measured | null>(null);
export const revision = signal(0);

/** Of readings that are the latest: a run that is over has no now. */
export const nowOrEnd = computed(() => (run.value !== null && isOver(run.value.state) ? 'at the end' : 'now'));

export const severalDays = computed(() => (run.value?.durationSeconds ?? 0) > 86_400);

let latest: Frame | null = null;
let fresh: DetectionView[] = [];
let freshSounds: SoundView[] = [];
let wakes: readonly (Wake | null)[] = [];

const publish = atMostEvery(REDRAW_MILLISECONDS, () => {
  batch(() => {
    frame.value = latest;
    lastWakes.value = wakes;
    if (freshSounds.length > 0) {
      sounds.value = [...sounds.value, ...freshSounds].slice(-MOST_SOUNDS);
      freshSounds = [];
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
    take({ frame: null, detections: [], detectionsTotal: 0, sounds: [], marks: [] });
  });
}

export function takeSnapshot(snapshot: WatchSnapshot): void {
  batch(() => {
    watching.value = { state: 'ready' };
    run.value = snapshot.run;
    layout.value = snapshot.layout;
    measured.value = snapshot.layout && measuredFrom(snapshot.layout, snapshot.series);
    take(snapshot);
  });
}

export function setLayout(next: RunLayout | null): void {
  batch(() => {
    layout.value = next;
    measured.value = next && measuredFrom(next, null);
  });
}

export function takeUpdate(update: Update): void {
  noteWakes(latest, update.frame);
  latest = update.frame;
  freshSounds.push(...latest.sounds);
  const values = frameValues(latest);
  measured.value?.columns.append(latest.simulatedSeconds, values);
  measured.value?.recent.append(latest.simulatedSeconds, values);
  publish();
}

function measuredFrom(layout: RunLayout, series: Series | null): Measured {
  const columns = seriesFrom(layout, series);
  const recent = new RecentSeries(columns.columns.length, MOST_RECENT);
  columns.time.forEach((time, point) => {
    recent.append(
      time,
      columns.columns.map((column) => column[point] ?? Number.NaN),
    );
  });
  return { columns, recent, map: columnMap(layout) };
}

/** Notes which cores woke between two frames, and what sounded meanwhile. */
function noteWakes(before: Frame | null, after: Frame): void {
  if (before === null) return;
  const since = before.simulatedSeconds - ECHO_SECONDS;
  const heard = [...sounds.value.slice(-20), ...freshSounds, ...after.sounds].filter(
    ({ endSeconds }) => endSeconds > since,
  );
  wakes = after.cores.map((core, index) =>
    core.wakes > (before.cores[index]?.wakes ?? core.wakes)
      ? { simulatedSeconds: after.simulatedSeconds, labels: [...new Set(heard.map(({ label }) => label))] }
      : (wakes[index] ?? null),
  );
}

export function takeDetections(more: readonly DetectionView[]): void {
  const last = fresh[fresh.length - 1] ?? detections.value[detections.value.length - 1];
  fresh.push(...more.filter((detection) => detection.index > (last?.index ?? -1)));
  publish();
}

export function takeMarks(more: readonly InputView[]): void {
  const known = marks.value.length;
  marks.value = [...marks.value, ...more.filter(({ number }) => number >= known)];
}

function take(seen: Pick<WatchSnapshot, 'frame' | 'detections' | 'detectionsTotal' | 'sounds' | 'marks'>): void {
  latest = seen.frame;
  fresh = [];
  frame.value = seen.frame;
  freshSounds = [];
  wakes = [];
  lastWakes.value = wakes;
  sounds.value = seen.sounds;
  marks.value = seen.marks;
  detections.value = seen.detections;
  detectionsTotal.value = seen.detectionsTotal;
  revision.value += 1;
}
