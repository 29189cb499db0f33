// Windows on their way through the cascade: a fixed pool of slots, so that a run of any length holds only what is in flight.

import type { Nanoseconds } from '../units.ts';
import type { ScoreReader } from './scores.ts';

/** Spans that make up a window's way through one stage. Together with `fifo` they cover all time from the window's end to the decision. */
export const STAGE_PARTS = ['queue', 'wake', 'transfer', 'compute'] as const;
/** Their places in that order. */
export const Part = { queue: 0, wake: 1, transfer: 2, compute: 3 } as const satisfies Record<
  (typeof STAGE_PARTS)[number],
  number
>;
export type Part = (typeof Part)[keyof typeof Part];

export interface WindowsState {
  readonly free: Int32Array;
  freeCount: number;
  /** The fewest that were free since all were. */
  fewestFree: number;
  /** Number of the window; it ends at (number + 1) · hop. */
  readonly number: Float64Array;
  /** Stage it is at; -1: the slot is free. */
  readonly stage: Int8Array;
  readonly scores: Float32Array;
  /** Nanoseconds: `fifo`, then each stage's parts. */
  readonly parts: Float64Array;
}

export class Windows {
  readonly state: WindowsState;
  private readonly stages: number;
  private readonly stride: number;

  constructor(slots: number, stages: number) {
    this.stages = stages;
    this.stride = 1 + stages * STAGE_PARTS.length;
    this.state = {
      free: Int32Array.from({ length: slots }, (_, index) => slots - 1 - index),
      freeCount: slots,
      fewestFree: slots,
      number: new Float64Array(slots),
      stage: new Int8Array(slots).fill(-1),
      scores: new Float32Array(slots * stages),
      parts: new Float64Array(slots * this.stride),
    };
  }

  take(number: number, fifo: Nanoseconds): number {
    const state = this.state;
    if (state.freeCount === 0) throw new Error('more windows in flight than queues can hold');
    const slot = state.free[--state.freeCount];
    if (state.freeCount < state.fewestFree) state.fewestFree = state.freeCount;
    state.number[slot] = number;
    state.stage[slot] = 0;
    const begin = slot * this.stride;
    // A few places, sooner written than handed to `fill`.
    for (let part = 1; part < this.stride; part++) state.parts[begin + part] = 0;
    state.parts[begin] = fifo;
    return slot;
  }

  release(slot: number): void {
    const { state } = this;
    const { free } = state;
    state.stage[slot] = -1;
    free[state.freeCount++] = slot;
    if (state.freeCount < free.length) return;
    // Whenever all are free they are given out in the same order, whatever came before.
    for (let place = state.fewestFree; place < free.length; place++) free[place] = free.length - 1 - place;
    state.fewestFree = free.length;
  }

  get areAllFree(): boolean {
    return this.state.freeCount === this.state.free.length;
  }

  isInUse(slot: number): boolean {
    return this.state.stage[slot] >= 0;
  }

  /** The first window under way; `next` when none is. */
  oldest(next: number): number {
    if (this.areAllFree) return next;
    return this.state.number.reduce(
      (least, number, slot) => (this.isInUse(slot) ? Math.min(least, number) : least),
      next,
    );
  }

  /** Clears what free slots still hold. */
  tidy(): void {
    const { state } = this;
    // Behind the free ones the list holds nothing.
    state.free.fill(-1, state.freeCount);
    for (let slot = 0; slot < state.stage.length; slot++) {
      if (this.isInUse(slot)) continue;
      state.number[slot] = 0;
      state.scores.fill(0, slot * this.stages, (slot + 1) * this.stages);
      state.parts.fill(0, slot * this.stride, (slot + 1) * this.stride);
    }
  }

  moveTo(slot: number, stage: number): void {
    this.state.stage[slot] = stage;
  }

  /** The furthest stage at which a window numbered within [first, last] is still under way; -1: none is. */
  furthestInFlight(first: number, last: number): number {
    const { number, stage } = this.state;
    let furthest = -1;
    for (let slot = 0; slot < stage.length; slot++)
      if (number[slot] >= first && number[slot] <= last) furthest = Math.max(furthest, stage[slot]);
    return furthest;
  }

  numberOf(slot: number): number {
    return this.state.number[slot];
  }

  score(slot: number, stage: number): number {
    return this.state.scores[slot * this.stages + stage];
  }

  /** Takes over the scores of a window. */
  setScores(slot: number, window: number, from: ScoreReader): void {
    from.copy(window, this.state.scores, slot * this.stages);
  }

  add(slot: number, stage: number, part: Part, span: number): void {
    this.state.parts[slot * this.stride + 1 + stage * STAGE_PARTS.length + part] += span;
  }

  /** `fifo`, then each stage's parts. */
  partsOf(slot: number): Float64Array {
    return this.state.parts.slice(slot * this.stride, (slot + 1) * this.stride);
  }
}
