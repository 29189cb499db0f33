// The power of a simulated device as it is: constant between events, so a list of when it changed and to what. Taken by looking at a
// simulator between its events, which costs an ordinary run nothing.

import type { Simulator } from '../simulator/simulator.ts';
import type { Nanoseconds } from '../units.ts';

/** Levels that the components are in together; named by number in a trace. */
export interface Condition {
  /** By component of the ledger. */
  readonly levels: readonly number[];
}

export interface RunTrace {
  /** Seconds from the run's beginning at which each stretch begins, and at last where the trace ends. */
  readonly times: Float64Array;
  /** By stretch: number of its condition. */
  readonly stretches: Int32Array;
  readonly conditions: readonly Condition[];
  /** Seconds after which a device that hears nothing does the same again. */
  readonly period: number;
}

/** Before the first event and after the battery was cut off. */
const NOTHING = -1;

export class RunTracer {
  private readonly simulator: Simulator;
  private times = new Float64Array(1 << 12);
  private stretches = new Int32Array(1 << 12);
  private count = 0;
  private last = NOTHING;

  constructor(simulator: Simulator) {
    this.simulator = simulator;
  }

  /** Simulates up to `until`, within the horizon, and notes what happens. */
  advance(until: Nanoseconds): void {
    const { simulator } = this;
    while (simulator.now < until) {
      this.note();
      simulator.advance(Math.min(simulator.due, until) as Nanoseconds);
    }
  }

  trace(): RunTrace {
    const { simulator, count } = this;
    const times = this.times.slice(0, count + 1);
    times[count] = simulator.now / 1e9;
    const known = Math.max(0, ...this.stretches.subarray(0, count)) + 1;
    return {
      times,
      stretches: this.stretches.slice(0, count),
      period: (simulator.policy.batch * simulator.plan.hop) / 1e9,
      conditions: Array.from({ length: known }, (_, number) => ({ levels: simulator.ledger.loads.levelsOf(number) })),
    };
  }

  private note(): void {
    const { load } = this.simulator.supply.state;
    if (load === this.last || load === NOTHING) return;
    if (this.count + 1 >= this.times.length) this.grow();
    this.times[this.count] = this.simulator.now / 1e9;
    this.stretches[this.count++] = load;
    this.last = load;
  }

  private grow(): void {
    const times = new Float64Array(2 * this.times.length);
    const stretches = new Int32Array(2 * this.stretches.length);
    times.set(this.times);
    stretches.set(this.stretches);
    this.times = times;
    this.stretches = stretches;
  }
}

/** Index of the stretch that `time` lies in. */
export function stretchAt({ times }: RunTrace, time: number): number {
  let low = 0;
  let high = times.length - 2;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (times[middle] <= time) low = middle;
    else high = middle - 1;
  }
  return low;
}

/**
 * Mean power of `count` bins of `width` seconds from `from` on; not a number where the run does not reach.
 * @param watts by condition
 */
export function resample(
  run: RunTrace,
  watts: ArrayLike<number>,
  from: number,
  width: number,
  count: number,
): Float32Array {
  const { times, stretches } = run;
  const out = new Float32Array(count).fill(Number.NaN);
  const end = times[times.length - 1];
  const first = Math.max(0, Math.ceil((times[0] - from) / width - 1e-9));
  let at = stretchAt(run, from + first * width);
  for (let bin = first; bin < count; bin++) {
    const start = from + bin * width;
    const stop = start + width;
    if (stop > end) break;
    let sum = 0;
    let reached = Math.max(start, times[at]);
    while (times[at + 1] < stop) {
      sum += (times[at + 1] - reached) * watts[stretches[at]];
      reached = times[++at];
    }
    out[bin] = (sum + (stop - reached) * watts[stretches[at]]) / width;
    while (at + 1 < stretches.length && times[at + 1] <= stop) at++;
  }
  return out;
}
