// Windows on their way through the cascade: a fixed pool of slots, so that a run of any length holds only what is in flight.

import type { Nanoseconds } from '../units.ts';

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
  private readonly number: Float64Array;
  private readonly stage: Int8Array;
  private readonly scores: Float32Array;
  private readonly parts: Float64Array;

  constructor(slots: number, stages: number) {
    this.stages = stages;
    this.stride = 1 + stages * STAGE_PARTS.length;
    this.number = new Float64Array(slots);
    this.stage = new Int8Array(slots).fill(-1);
    this.scores = new Float32Array(slots * stages);
    this.parts = new Float64Array(slots * this.stride);
    this.state = {
      free: Int32Array.from({ length: slots }, (_, index) => slots - 1 - index),
      freeCount: slots,
      fewestFree: slots,
      number: this.number,
      stage: this.stage,
      scores: this.scores,
      parts: this.parts,
    };
  }

  take(number: number, fifo: Nanoseconds): number {
    const state = this.state;
    if (state.freeCount === 0) throw new Error('more windows in flight than queues can hold');
    const slot = state.free[--state.freeCount];
    if (state.freeCount < state.fewestFree) state.fewestFree = state.freeCount;
    this.number[slot] = number;
    this.stage[slot] = 0;
    this.parts[slot * this.stride] = fifo;
    return slot;
  }

  release(slot: number): void {
    const { state } = this;
    const { free } = state;
    this.stage[slot] = -1;
    free[state.freeCount++] = slot;
    if (state.freeCount < free.length) return;
    // Whenever all are free they are given out in the same order, whatever came before.
    for (let place = state.fewestFree; place < free.length; place++) free[place] = free.length - 1 - place;
    state.fewestFree = free.length;
  }

  get underWay(): number {
    return this.state.free.length - this.state.freeCount;
  }

  get areAllFree(): boolean {
    return this.state.freeCount === this.state.free.length;
  }

  isInUse(slot: number): boolean {
    return this.stage[slot] >= 0;
  }

  /** The first window under way; `next` when none is. */
  oldest(next: number): number {
    if (this.areAllFree) return next;
    const { number, stage } = this;
    let oldest = next;
    for (let slot = 0; slot < stage.length; slot++)
      if (stage[slot] >= 0 && number[slot] < oldest) oldest = number[slot];
    return oldest;
  }

  /** Numbers that `read` takes at most. */
  get most(): number {
    return 2 + this.stage.length * (5 + this.stride);
  }

  /**
   * Writes down from a place on where all windows are, numbers counted from the next one.
   * @param gatesOpen to a window; negative: not certain
   * @returns the place behind it; -1: of some window it is not certain
   */
  read(into: Float64Array, from: number, next: number, gatesOpen: (number: number) => number): number {
    const { free, freeCount, fewestFree } = this.state;
    let place = from;
    into[place++] = freeCount;
    if (this.areAllFree) return place;
    into[place++] = fewestFree;
    for (let at = fewestFree; at < freeCount; at++) into[place++] = free[at];
    for (let slot = 0; slot < this.stage.length; slot++) {
      const stage = this.stage[slot];
      if (stage < 0) continue;
      const open = gatesOpen(this.number[slot]);
      if (open < 0) return -1;
      into[place++] = slot;
      into[place++] = stage;
      into[place++] = this.number[slot] - next;
      into[place++] = open;
      for (let part = slot * this.stride; part < this.partsAt(slot, stage + 1); part++)
        into[place++] = this.parts[part];
    }
    return place;
  }

  /**
   * Puts them there.
   * @param took is told each window and its slot
   * @returns the place behind it
   */
  write(values: Float64Array, from: number, next: number, took: (number: number, slot: number) => void): number {
    const { state } = this;
    const { free } = state;
    const slots = free.length;
    let place = from;
    state.freeCount = values[place++];
    for (let at = 0; at < slots; at++) free[at] = slots - 1 - at;
    this.stage.fill(-1);
    if (state.freeCount === slots) {
      state.fewestFree = slots;
      return place;
    }
    state.fewestFree = values[place++];
    for (let at = state.fewestFree; at < state.freeCount; at++) free[at] = values[place++];
    for (let left = slots - state.freeCount; left > 0; left--) {
      const slot = values[place++];
      const stage = values[place++];
      this.stage[slot] = stage;
      this.number[slot] = values[place++] + next;
      place++;
      for (let part = slot * this.stride; part < this.partsAt(slot, stage + 1); part++)
        this.parts[part] = values[place++];
      took(this.number[slot], slot);
    }
    return place;
  }

  /** Clears what free slots, and those of windows that did not get to all stages, still hold. */
  tidy(): void {
    const { state } = this;
    // Behind the free ones the list holds nothing.
    state.free.fill(-1, state.freeCount);
    for (let slot = 0; slot < this.stage.length; slot++) {
      const end = (slot + 1) * this.stride;
      if (this.isInUse(slot)) {
        this.parts.fill(0, this.partsAt(slot, this.stage[slot] + 1), end);
        continue;
      }
      this.number[slot] = 0;
      this.scores.fill(0, slot * this.stages, (slot + 1) * this.stages);
      this.parts.fill(0, slot * this.stride, end);
    }
  }

  moveTo(slot: number, stage: number): void {
    const { parts } = this;
    const begin = this.partsAt(slot, stage);
    this.stage[slot] = stage;
    // A few places, sooner written than handed to `fill`.
    for (let part = begin; part < begin + STAGE_PARTS.length; part++) parts[part] = 0;
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
    return this.number[slot];
  }

  score(slot: number, stage: number): number {
    return this.scores[slot * this.stages + stage];
  }

  /** Where a slot's scores begin. */
  scoresAt(slot: number): number {
    return slot * this.stages;
  }

  /** A core takes it up, after a while in the queue and a while that the core took to wake. */
  begin(slot: number, stage: number, queue: number, wake: number): void {
    const at = this.partsAt(slot, stage);
    this.parts[at + Part.queue] = queue;
    this.parts[at + Part.wake] = wake;
  }

  add(slot: number, stage: number, part: Part, span: number): void {
    this.parts[this.partsAt(slot, stage) + part] += span;
  }

  /** `fifo`, then each stage's parts. */
  partsOf(slot: number): Float64Array {
    return this.parts.slice(slot * this.stride, (slot + 1) * this.stride);
  }

  /** Where the parts of a window's way through a stage begin. */
  private partsAt(slot: number, stage: number): number {
    return slot * this.stride + 1 + stage * STAGE_PARTS.length;
  }
}
