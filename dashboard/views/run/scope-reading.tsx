// What all tracks say at the cross-hair.

import type { JSX } from 'preact';
import type { RangeView, RunLayout } from '../../../server/runs/views.ts';
import { firstAfter } from '../../draw/lane-layout.ts';
import { charge, percent, quantity } from '../../format/quantity.ts';
import { clock, day } from '../../format/time.ts';
import { severalDays } from '../../store/run.ts';
import { cursor } from '../../store/scope.ts';

/** To the microsecond where one has come that close. */
export function exactTime(seconds: number, per: number): string {
  const digits = Math.min(6, Math.max(0, Math.ceil(-Math.log10(per))));
  const parts = Math.floor(seconds * 10 ** digits + 1e-6);
  const whole = clock(Math.floor(parts / 10 ** digits));
  const text = digits === 0 ? whole : `${whole}.${String(parts % 10 ** digits).padStart(digits, '0')}`;
  return severalDays.value ? `d${day(seconds)} ${text}` : text;
}

export function Reading({ layout, range }: { layout: RunLayout; range: RangeView | null }): JSX.Element {
  const at = cursor.value;
  if (range === null || at === null || at < range.fromSeconds || at > range.toSeconds)
    return (
      <p class="reading quiet" id="scope-reading">
        Point at the charts for their values, drag to select a stretch; with Ctrl the wheel zooms.
      </p>
    );
  const { endSeconds, watts, soc, volts, scores, residency } = range.columns;
  const point = Math.min(endSeconds.length - 1, firstAfter(endSeconds, at));
  const value = (column: readonly number[]): number => column[point] ?? Number.NaN;
  const per = (range.toSeconds - range.fromSeconds) / endSeconds.length;
  return (
    <p class="reading number" id="scope-reading">
      <strong>{exactTime(at, per)}</strong> · {quantity(value(watts.mean), 'W')} ({quantity(value(watts.min), 'W')} to{' '}
      {quantity(value(watts.max), 'W')}) · {charge(value(soc))} · {value(volts).toFixed(3)} V
      {layout.stages.map(({ name }, stage) => {
        const score = scores[stage]?.[point] ?? null;
        return score === null ? null : ` · ${name} ${score.toFixed(2)}`;
      })}
      {layout.cores.map(
        ({ name, activities }, core) => ` · ${name} ${doing(range, at, point, core, activities, residency)}`,
      )}
    </p>
  );
}

function doing(
  range: RangeView,
  at: number,
  point: number,
  core: number,
  activities: readonly string[],
  residency: RangeView['columns']['residency'],
): string {
  const lane = range.lanes?.[core];
  if (lane !== undefined)
    return activities[lane.activity[Math.max(0, firstAfter(lane.startSeconds, at) - 1)] ?? 0] ?? '';
  const shares = activities.map((_, activity) => residency[core]?.[activity]?.[point] ?? 0);
  const most = shares.indexOf(Math.max(...shares));
  return `${activities[most]} ${percent(shares[most] ?? 0)}`;
}
