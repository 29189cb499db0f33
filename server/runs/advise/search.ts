// What every vector of thresholds misses and accepts, by the scores alone: windows as the judge would see them if the device took no time.

import { newGate, opens } from '../../simulator/gate.ts';
import type { StagePlan } from '../../simulator/plan.ts';
import type { Nanoseconds } from '../../units.ts';
import { exactRateBound, exactShareBound, type Room, spared } from './bounds.ts';
import type { Budget } from './choose.ts';
import { type Exposure, falseAcceptWeights } from './exposure.ts';
import type { Finalists } from './finalists.ts';

/** Vectors between which others have their turn. */
const BREATH = 30;
/** False accepts within it count once, as the judge has it. */
const DEBOUNCE = 1_000_000_000;

export interface Screened {
  readonly vector: readonly number[];
  readonly missRate: number;
  readonly falseAcceptsPerHour: number;
  /** Of the rate: Σ weight² of its counts. */
  readonly variance: number;
  /** Energy of the inferences it asks for beyond the first stage's, in joules. */
  readonly joules: number;
}

/** What decides beside the threshold whether a window passes. */
export type GateOf = Pick<StagePlan, 'gate' | 'hold'>;

export interface SearchSpace {
  readonly finalists: Finalists;
  readonly exposure: Exposure;
  /** By stage, rising. */
  readonly grid: ReadonlyArray<readonly number[]>;
  /** Gates as the device has them, by stage. */
  readonly stages: readonly GateOf[];
  /** Windows that get to each stage from the second on, over the grids before it; of stages before the first that remembers, and of that itself. */
  readonly reach: readonly Float64Array[];
  /** By stage. */
  readonly joulesPerInference: readonly number[];
}

/**
 * Which windows pass every gate, stage by stage as the device goes, if it took no time. Vectors that begin alike share what they have in common.
 */
export class Passage {
  private readonly finalists: Finalists;
  private readonly stages: readonly GateOf[];
  private readonly passed: readonly Int32Array[];
  private readonly counts: number[];
  private vector: readonly number[] = [];

  constructor({ finalists, stages }: Pick<SearchSpace, 'finalists' | 'stages'>) {
    this.finalists = finalists;
    this.stages = stages;
    this.passed = stages.map(() => new Int32Array(finalists.count));
    this.counts = stages.map(() => 0);
  }

  /** By stage, how many pass it; and of the last, which: valid until the next call. */
  through(vector: readonly number[]): { readonly counts: readonly number[]; readonly passing: Int32Array } {
    const { counts, passed, stages } = this;
    let shared = 0;
    while (shared < stages.length - 1 && this.vector[shared] === vector[shared]) shared++;
    for (let stage = shared; stage < stages.length; stage++) counts[stage] = this.pass(stage, vector[stage]);
    this.vector = vector;
    const last = stages.length - 1;
    return { counts, passing: passed[last].subarray(0, counts[last]) };
  }

  private pass(stage: number, threshold: number): number {
    const { windows, times } = this.finalists;
    const { gate, hold } = this.stages[stage];
    const scores = this.finalists.scores[stage];
    const from = stage === 0 ? null : this.passed[stage - 1];
    const count = stage === 0 ? this.finalists.count : this.counts[stage - 1];
    const to = this.passed[stage];
    let kept = 0;
    if (gate === undefined && hold === 0) {
      for (let at = 0; at < count; at++) {
        const window = from === null ? at : from[at];
        if (scores[window] >= threshold) to[kept++] = window;
      }
      return kept;
    }
    const state = gate === undefined ? null : newGate(gate);
    let holdUntil = Number.NEGATIVE_INFINITY;
    for (let at = 0; at < count; at++) {
      const window = from === null ? at : from[at];
      const time = times[window] as Nanoseconds;
      if (time < holdUntil) continue;
      const isOpen =
        gate === undefined || state === null
          ? scores[window] >= threshold
          : opens(gate, state, threshold, windows[window], scores[window], time);
      if (!isOpen) continue;
      holdUntil = time + hold;
      to[kept++] = window;
    }
    return kept;
  }
}

/** What a detector hears: events that it detects, and when it fires without. */
export function detections(
  { times, firstEvent, lastEvent }: Finalists,
  passing: Int32Array,
  events: number,
): { readonly detected: Uint8Array; readonly falseAccepts: readonly Nanoseconds[] } {
  const detected = new Uint8Array(events);
  const falseAccepts: Nanoseconds[] = [];
  let lastFalse = Number.NEGATIVE_INFINITY;
  for (const window of passing) {
    const time = times[window] as Nanoseconds;
    if (firstEvent[window] >= 0) detected.fill(1, firstEvent[window], lastEvent[window] + 1);
    else if (time - lastFalse >= DEBOUNCE) {
      falseAccepts.push(time);
      lastFalse = time;
    }
  }
  return { detected, falseAccepts };
}

/** What one vector misses, by number of event, and when it fires without. */
export function heardWith(
  { finalists, exposure }: Pick<SearchSpace, 'finalists' | 'exposure'>,
  passage: Passage,
  vector: readonly number[],
): { readonly missed: readonly number[]; readonly falseAccepts: readonly Nanoseconds[] } {
  const { detected, falseAccepts } = detections(finalists, passage.through(vector).passing, exposure.takeOf.length);
  return { missed: [...exposure.takeOf.keys()].filter((event) => detected[event] === 0), falseAccepts };
}

/** Every vector of the grid. Yields now and then the share that is done, so that others get their turn. */
export function* screen(space: SearchSpace): Generator<number, readonly Screened[]> {
  const { finalists, exposure, grid, reach, joulesPerInference } = space;
  const { takeOf, takes } = exposure;
  const weights = falseAcceptWeights(exposure);
  const causes = new Map<Nanoseconds, { readonly count: number; readonly weight: number }>();
  const causeOf = (time: Nanoseconds) => {
    let known = causes.get(time);
    if (known === undefined) {
      known = weights.of(exposure.causeAt(time));
      causes.set(time, known);
    }
    return known;
  };
  const missWeight = takeOf.map((take) => 1 / (takes.get(take)?.heard ?? 1));
  const results: Screened[] = [];
  const passage = new Passage(space);
  const total = grid.reduce((product, { length }) => product * length, 1);

  const judge = (vector: readonly number[], passing: Int32Array, joules: number): Screened => {
    const heard = detections(finalists, passing, takeOf.length);
    let missed = 0;
    for (let event = 0; event < takeOf.length; event++) if (heard.detected[event] === 0) missed += missWeight[event];
    let [rate, variance] = [0, 0];
    for (const time of heard.falseAccepts) {
      const { count, weight } = causeOf(time);
      rate += count * weight;
      variance += count * weight * weight;
    }
    return {
      vector,
      missRate: takes.size === 0 ? 0 : missed / takes.size,
      falseAcceptsPerHour: rate,
      variance,
      joules,
    };
  };

  for (const { vector, cells } of vectorsOf(grid)) {
    const { counts, passing } = passage.through(vector);
    let joules = 0;
    for (let stage = 0; stage + 1 < grid.length; stage++)
      joules += (reach[stage]?.[cells[stage]] ?? counts[stage]) * joulesPerInference[stage + 1];
    results.push(judge(vector, passing, joules));
    if (results.length % BREATH === 0) yield results.length / total;
  }
  return results;
}

/** Those of a grid, the last threshold changing fastest; and by stage which cell they are in of a table over the grids up to it. */
function* vectorsOf(
  grid: ReadonlyArray<readonly number[]>,
  vector: readonly number[] = [],
  cells: readonly number[] = [],
): Generator<{ readonly vector: readonly number[]; readonly cells: readonly number[] }> {
  const stage = vector.length;
  if (stage === grid.length) yield { vector, cells };
  else
    for (const [step, threshold] of grid[stage].entries())
      yield* vectorsOf(grid, [...vector, threshold], [...cells, (cells[stage - 1] ?? 0) * grid[stage].length + step]);
}

/** Whether a vector may be shown to meet a budget: by exact bounds alone, no bound of it is lower. */
export function couldBeShown(
  exposure: Exposure,
  budget: Budget,
  { misses, accepts }: Room,
): (one: Screened) => boolean {
  const takes = exposure.takes.size;
  const { most } = falseAcceptWeights(exposure);
  const bounds = new Map<number, number>();
  const missUpper = (missRate: number): number => {
    // Sums in another order differ in their last digits.
    const key = Math.round(Math.min(spared(missRate * takes, misses), takes) * 1e9);
    const bound = bounds.get(key) ?? exactShareBound(key / 1e9, takes);
    bounds.set(key, bound);
    return bound;
  };
  return ({ missRate, falseAcceptsPerHour, variance }) =>
    missRate <= budget.missRate &&
    falseAcceptsPerHour <= budget.falseAcceptsPerHour &&
    missUpper(missRate) <= budget.missRate &&
    exactRateBound(falseAcceptsPerHour, variance, most, accepts) <= budget.falseAcceptsPerHour;
}

/** The vectors that no other of them outdoes: none is as high at every gate and higher at one. */
export function undominated<T extends { readonly vector: readonly number[] }>(of: readonly T[]): readonly T[] {
  const sum = ({ vector }: T) => vector.reduce((a, b) => a + b, 0);
  const found: T[] = [];
  for (const one of [...of].sort((a, b) => sum(b) - sum(a)))
    if (!found.some(({ vector }) => vector.every((threshold, stage) => threshold >= one.vector[stage])))
      found.push(one);
  return found;
}
