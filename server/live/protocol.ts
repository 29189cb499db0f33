// What travels between the server and a watcher over socket.io. Types only: the dashboard imports them, and runs/views.ts, and nothing else of the server.

import type { DetectionView, Frame, RunDetails, RunLayout, RunView } from '../runs/views.ts';

/** A run so far, as columns of equal length, thinned to at most 2,000 points. */
export interface Series {
  readonly simulatedSeconds: readonly number[];
  readonly soc: readonly number[];
  readonly volts: readonly number[];
  readonly forecastHours: ReadonlyArray<number | null>;
  /** One column per rail, then the regulators' losses. Means over each point's span. */
  readonly railWatts: ReadonlyArray<readonly number[]>;
  /** By core, by activity: share of each point's span. */
  readonly residency: ReadonlyArray<ReadonlyArray<readonly number[]>>;
}

/** All that a watcher needs to draw a run from nothing. */
export interface WatchSnapshot {
  readonly run: RunDetails;
  readonly layout: RunLayout | null;
  readonly series: Series | null;
  readonly frame: Frame | null;
  readonly detections: readonly DetectionView[];
}

export type WatchAnswer =
  | { readonly ok: true; readonly snapshot: WatchSnapshot }
  | { readonly ok: false; readonly problem: string };

/** A frame with the points of the series that came since the frame before. */
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
