// Beside every bin of a measured trace, what the run was doing in it: shares of the bin by condition, in order of time.

import type { Alignment } from './align.ts';
import type { Bins } from './folding-bins.ts';
import { type RunTrace, stretchAt } from './run-trace.ts';

export interface BinShares {
  readonly count: number;
  /** Seconds of a bin. */
  readonly width: number;
  /** Run time of each bin's beginning. */
  readonly starts: Float64Array;
  /** Watts. */
  readonly measured: Float32Array;
  /** Bin `b` has entries `offsets[b]` to `offsets[b + 1]`. */
  readonly offsets: Int32Array;
  readonly conditions: Int32Array;
  readonly shares: Float32Array;
}

/** The bins that were measured and that the run covers. */
export function binShares(run: RunTrace, measured: Bins, { offset, drift }: Alignment): BinShares {
  const width = measured.width * (1 + drift);
  const { times, stretches } = run;
  const end = times[times.length - 1];
  const starts = new Float64Array(measured.count);
  const values = new Float32Array(measured.count);
  const offsets = new Int32Array(measured.count + 1);
  let conditions = new Int32Array(2 * measured.count + 16);
  let shares = new Float32Array(conditions.length);
  let count = 0;
  let entries = 0;
  const put = (condition: number, share: number) => {
    if (entries === conditions.length) {
      conditions = grown(conditions, new Int32Array(2 * entries));
      shares = grown(shares, new Float32Array(2 * entries));
    }
    conditions[entries] = condition;
    shares[entries++] = share;
  };
  let at = stretchAt(run, Math.max(times[0], offset));
  for (let bin = 0; bin < measured.count; bin++) {
    const start = offset + bin * width;
    const stop = start + width;
    if (start < times[0] || Number.isNaN(measured.mean[bin])) continue;
    if (stop > end) break;
    while (at + 1 < stretches.length && times[at + 1] <= start) at++;
    for (let stretch = at, from = start; from < stop && stretch < stretches.length; stretch++) {
      const to = Math.min(stop, times[stretch + 1]);
      if (to > from) put(stretches[stretch], (to - from) / width);
      from = Math.max(from, to);
    }
    starts[count] = start;
    values[count] = measured.mean[bin];
    offsets[++count] = entries;
  }
  return {
    count,
    width,
    starts: starts.slice(0, count),
    measured: values.slice(0, count),
    offsets: offsets.slice(0, count + 1),
    conditions: conditions.slice(0, entries),
    shares: shares.slice(0, entries),
  };
}

function grown<T extends Int32Array | Float32Array>(old: T, larger: T): T {
  larger.set(old);
  return larger;
}
