// What a core's future depends on, as data.

import type { JobQueueState } from './job-queue.ts';

/** What a core is doing. */
export const Mode = {
  Off: 0,
  Booting: 1,
  Entering: 2,
  Asleep: 3,
  Waking: 4,
  Receiving: 5,
  Loading: 6,
  Working: 7,
} as const;
export type Mode = (typeof Mode)[keyof typeof Mode];

export interface CoreState {
  mode: Mode;
  /** Index of the power state it is in, enters or leaves. */
  powerState: number;
  readonly queue: JobQueueState;
  /** The job under way, and the operating point it began at. */
  point: number;
  stage: number;
  slot: number;
  phase: number;
  partSince: number;
  /** By stage: its weights are in local memory. */
  readonly loaded: Uint8Array;
  /** By stage: number of the last window whose bytes arrived; what follows it needs only the new part. -1: holds nothing. */
  readonly held: Float64Array;
  /** Transfers out of its memory that are under way or wait. */
  linksBusy: number;
  /** When it began to enter or leave a power state. */
  transitionSince: number;
  /** By power state: entries and exits. */
  readonly entries: Float64Array;
  readonly exits: Float64Array;
  /** By stage (the last: work of a trigger): jobs begun, weights loaded, bytes brought in. */
  readonly jobs: Float64Array;
  readonly loads: Float64Array;
  readonly received: Float64Array;
  boots: number;
}

/** A core that begins a run, nothing to do. */
export const newCoreState = (queue: JobQueueState, powerStates: number, stages: number): CoreState => ({
  mode: Mode.Booting,
  powerState: 0,
  queue,
  point: 0,
  stage: -1,
  slot: -1,
  phase: 0,
  partSince: 0,
  loaded: new Uint8Array(stages + 1).fill(1),
  held: new Float64Array(stages + 1).fill(-1),
  linksBusy: 0,
  transitionSince: 0,
  entries: new Float64Array(powerStates),
  exits: new Float64Array(powerStates),
  jobs: new Float64Array(stages + 1),
  loads: new Float64Array(stages + 1),
  received: new Float64Array(stages + 1),
  boots: 0,
});
