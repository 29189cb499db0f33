// What every vector of thresholds misses and accepts, by the scores alone: windows as the judge would see them if the device took no time.

import type { Nanoseconds } from '../../units.ts';
import { exactRateBound, exactShareBound } from './bounds.ts';
import { type Exposure, falseAcceptWeights } from './exposure.ts';
import type { Finalists } from './finalists.ts';

/** False accepts within it count once, as the judge has it. */
const DEBOUNCE = 1_000_000_000;

export interface Screened {
  readonly vector: readonly number[];
  readonly missRate: number;
  readonly falseAcceptsPerHour: number;
  /** Exact bounds alone: no bound of it is lower. */
  readonly missUpper: number;
  readonly falseAcceptsUpper: number;
  /** Energy of the inferences it asks for beyond the first stage's, in joules. */
  readonly joules: number;
}

/** What a detector with one vector hears: events that it detects, and when it fires without. */
export function detections(
  { times, firstEvent, lastEvent }: Finalists,
  passing: Int32Array,
  count: number,
  hold: Nanoseconds,
  events: number,
): { readonly detected: Uint8Array; readonly falseAccepts: readonly Nanoseconds[] } {
  const detected = new Uint8Array(events);
  const falseAccepts: Nanoseconds[] = [];
  let holdUntil = Number.NEGATIVE_INFINITY;
  let lastFalse = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < count; at++) {
    const window = passing[at];
    const time = times[window] as Nanoseconds;
    if (time < holdUntil) continue;
    holdUntil = time + hold;
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
  { finalists, exposure, hold }: Pick<SearchSpace, 'finalists' | 'exposure' | 'hold'>,
  vector: readonly number[],
): { readonly missed: readonly number[]; readonly falseAccepts: readonly Nanoseconds[] } {
  const passing = Int32Array.from({ length: finalists.count }, (_, window) => window).filter((window) =>
    vector.every((threshold, stage) => finalists.scores[stage][window] >= threshold),
  );
  const { detected, falseAccepts } = detections(finalists, passing, passing.length, hold, exposure.takeOf.length);
  return { missed: [...exposure.takeOf.keys()].filter((event) => detected[event] === 0), falseAccepts };
}

export interface SearchSpace {
  readonly finalists: Finalists;
  readonly exposure: Exposure;
  /** By stage, rising. */
  readonly grid: ReadonlyArray<readonly number[]>;
  /** Bounds are what they would be if it went wrong so many times as often. */
  readonly spare: number;
  /** After the last gate passed. */
  readonly hold: Nanoseconds;
  /** Windows that get to each stage from the second on, over the grids before it. */
  readonly reach: readonly Float64Array[];
  /** By stage. */
  readonly joulesPerInference: readonly number[];
}

/** Every vector of the grid. Yields now and then the share that is done, so that others get their turn. */
export function* screen(space: SearchSpace): Generator<number, readonly Screened[]> {
  const { finalists, exposure, grid, spare, hold, reach, joulesPerInference } = space;
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
  const buffers = grid.map(() => new Int32Array(finalists.count));
  const bounds = new Map<number, number>();
  const total = grid.reduce((product, { length }) => product * length, 1);

  const judge = (vector: readonly number[], count: number, joules: number): Screened => {
    const heard = detections(finalists, buffers[grid.length - 1], count, hold, takeOf.length);
    let missed = 0;
    for (let event = 0; event < takeOf.length; event++) if (heard.detected[event] === 0) missed += missWeight[event];
    let [rate, variance] = [0, 0];
    for (const time of heard.falseAccepts) {
      const { count, weight } = causeOf(time);
      rate += count * weight;
      variance += count * weight * weight;
    }
    // Sums in another order differ in their last digits.
    const key = Math.round(Math.min(missed * spare, takes.size) * 1e9);
    const missUpper = bounds.get(key) ?? exactShareBound(key / 1e9, takes.size);
    bounds.set(key, missUpper);
    return {
      vector,
      missRate: takes.size === 0 ? 0 : missed / takes.size,
      falseAcceptsPerHour: rate,
      missUpper,
      falseAcceptsUpper: exactRateBound(rate * spare, variance * spare, weights.most),
      joules,
    };
  };

  function* descend(
    stage: number,
    vector: readonly number[],
    cell: number,
    count: number,
    joules: number,
  ): Generator<number> {
    for (const [step, threshold] of grid[stage].entries()) {
      const scores = finalists.scores[stage];
      const from = buffers[stage - 1];
      const to = buffers[stage];
      let kept = 0;
      for (let at = 0; at < count; at++) {
        const window = stage === 0 ? at : from[at];
        if (scores[window] >= threshold) to[kept++] = window;
      }
      const place = cell * grid[stage].length + step;
      if (stage === grid.length - 1) results.push(judge([...vector, threshold], kept, joules));
      else {
        yield* descend(
          stage + 1,
          [...vector, threshold],
          place,
          kept,
          joules + reach[stage][place] * joulesPerInference[stage + 1],
        );
        yield results.length / total;
      }
    }
  }
  yield* descend(0, [], 0, finalists.count, 0);
  return results;
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
