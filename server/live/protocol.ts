// What travels between the server and a watcher over socket.io. Types only: the dashboard imports them, and runs/views.ts, and nothing else of the server.

import type {
  DetectionView,
  Frame,
  InputView,
  RunDetails,
  RunLayout,
  RunSnapshot,
  RunView,
  Series,
} from '../runs/views.ts';

export type { Series };

/** All that a watcher needs to draw a run from nothing. */
export type WatchSnapshot = RunSnapshot;

export type WatchAnswer =
  | { readonly ok: true; readonly snapshot: WatchSnapshot }
  | { readonly ok: false; readonly problem: string };

/** The latest frame, which is also the series' newest point. A watcher that cannot keep up skips some. */
export interface Update {
  readonly id: string;
  /** Counts up by one. A gap means that updates were skipped: what the frames say stays true, but the chart has a hole until a new snapshot fills it. */
  readonly sequence: number;
  readonly frame: Frame;
}

/** socket.io events, by name. A watcher joins one run at a time. */
export interface ServerToClient {
  update(update: Update): void;
  detections(id: string, detections: readonly DetectionView[]): void;
  /** What was done to it since the snapshot. */
  marks(id: string, marks: readonly InputView[]): void;
  layout(id: string, layout: RunLayout): void;
  run(run: RunDetails): void;
  /** The list of runs changed. */
  runs(runs: readonly RunView[]): void;
}

export interface ClientToServer {
  watch(id: string, answer: (answer: WatchAnswer) => void): void;
  unwatch(id: string): void;
}
