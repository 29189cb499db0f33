// What travels between the server and a watcher over socket.io. Types only: the dashboard imports them, and runs/views.ts, and nothing else of the server.

import type { DetectionView, Frame, RunDetails, RunLayout, RunView, Series } from '../runs/views.ts';

export type { Series };

/** All that a watcher needs to draw a run from nothing. */
export interface WatchSnapshot {
  readonly run: RunDetails;
  readonly layout: RunLayout | null;
  readonly series: Series | null;
  /** The latest frame, already in `series`. */
  readonly frame: Frame | null;
  /** `sequence` of the update that carried `frame`, 0 before the first: the next update has one more. */
  readonly sequence: number;
  /** The latest, oldest first, at most 5,000; `detectionsTotal` counts those before them too. */
  readonly detections: readonly DetectionView[];
  readonly detectionsTotal: number;
}

export type WatchAnswer =
  | { readonly ok: true; readonly snapshot: WatchSnapshot }
  | { readonly ok: false; readonly problem: string };

/** The latest frame, which is also the series' newest point. A watcher that cannot keep up skips some. */
export interface Update {
  readonly id: string;
  /** Counts up by one; a gap means that updates were skipped and the watcher asks for a new snapshot. */
  readonly sequence: number;
  readonly frame: Frame;
}

/** socket.io events, by name. A watcher joins one run at a time. */
export interface ServerToClient {
  update(update: Update): void;
  detections(id: string, detections: readonly DetectionView[]): void;
  layout(id: string, layout: RunLayout): void;
  run(run: RunDetails): void;
  /** The list of runs changed. */
  runs(runs: readonly RunView[]): void;
}

export interface ClientToServer {
  watch(id: string, answer: (answer: WatchAnswer) => void): void;
  unwatch(id: string): void;
}
