// What changes with the hours: the base power profile, whether a charger is plugged in, the temperature. The same stretch comes again and again.

import type { HoursPlan } from './plan.ts';

/** The span that a time falls into, and when it ends. */
export function spanAt(hours: HoursPlan, time: number): { readonly index: number; readonly until: number } {
  const { period, spans } = hours;
  if (spans.length === 1) return { index: 0, until: Number.POSITIVE_INFINITY };
  const begun = Math.floor(time / period) * period;
  const index = spans.findLastIndex(({ start }) => start <= time - begun);
  return { index, until: begun + (spans[index + 1]?.start ?? period) };
}

/** Whether a charger ever comes. */
export const isEverPlugged = (hours: HoursPlan | null): boolean => hours?.spans.some(({ plugged }) => plugged) ?? false;
