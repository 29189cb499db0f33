// Painters of the closer look: power as an envelope, scores with their thresholds, what each core did, and the run as a whole below.

import type { RangeLane, RangeView, RunLayout } from '../../server/runs/views.ts';
import { timeTicks } from '../series/ticks.ts';
import type { Limits, Stretch } from '../store/scope.ts';
import { colour } from './colours.ts';
import { laneRectangles } from './lane-layout.ts';
import { activityColour } from './palette.ts';
import type { Surface } from './use-canvas.ts';

const FONT = (): string => `11px ${getComputedStyle(document.body).fontFamily}`;
const across =
  ({ from, to }: Stretch, { width }: Surface) =>
  (time: number): number =>
    ((time - from) / (to - from)) * width;

/** Watts that the chart reaches from and to. */
export function wattsShown({ columns: { watts } }: RangeView, { low, high }: Limits): readonly [number, number] {
  const top = high ?? Math.max(...watts.max) * 1.05;
  const bottom = low ?? 0;
  return top > bottom ? [bottom, top] : [bottom, bottom + 1e-6];
}

/** From the least to the most of every point, and the mean through it. */
export function paintPower(
  surface: Surface,
  stretch: Stretch,
  range: RangeView,
  [low, high]: readonly [number, number],
): void {
  const { context, height } = surface;
  const x = across(stretch, surface);
  const y = (watts: number): number => height - ((watts - low) / (high - low)) * height;
  const { endSeconds, watts } = range.columns;
  context.fillStyle = colour('color-mix(in oklab, var(--application) 30%, transparent)');
  context.strokeStyle = colour('var(--ink)');
  context.lineWidth = 1.25;
  let left = x(range.fromSeconds);
  context.beginPath();
  for (let point = 0; point < endSeconds.length; point++) {
    const right = x(endSeconds[point] ?? 0);
    const [top, bottom] = [y(watts.max[point] ?? 0), y(watts.min[point] ?? 0)];
    context.fillRect(left, top, Math.max(1, right - left), Math.max(1, bottom - top));
    const mean = y(watts.mean[point] ?? 0);
    context.lineTo(left, mean);
    context.lineTo(right, mean);
    left = right;
  }
  context.stroke();
}

/** The highest score of every point as a bar, stronger where it opens the gate, and the threshold. */
export function paintScores(surface: Surface, stretch: Stretch, range: RangeView, stage: number, hue: string): void {
  const { context, height } = surface;
  const x = across(stretch, surface);
  const { endSeconds, scores, thresholds } = range.columns;
  const [opens, stopped] = [colour(hue), colour(`color-mix(in oklab, ${hue} 40%, transparent)`)];
  let left = x(range.fromSeconds);
  for (let point = 0; point < endSeconds.length; point++) {
    const right = x(endSeconds[point] ?? 0);
    const score = scores[stage]?.[point] ?? null;
    if (score !== null) {
      context.fillStyle = score >= (thresholds[stage]?.[point] ?? 1) ? opens : stopped;
      context.fillRect(left, height * (1 - score), Math.max(1, right - left), height * score);
    }
    left = right;
  }
  context.strokeStyle = colour('var(--ink-2)');
  context.lineWidth = 1;
  context.beginPath();
  left = x(range.fromSeconds);
  for (let point = 0; point < endSeconds.length; point++) {
    const right = x(endSeconds[point] ?? 0);
    const at = height * (1 - (thresholds[stage]?.[point] ?? 1));
    context.lineTo(left, at);
    context.lineTo(right, at);
    left = right;
  }
  context.stroke();
}

/** What a core did: intervals with the stage that they are for where they can be told apart, shares of the time otherwise. */
export function paintActivity(
  surface: Surface,
  stretch: Stretch,
  range: RangeView,
  layout: RunLayout,
  index: number,
): void {
  const core = layout.cores[index];
  if (core === undefined) return;
  const fills = core.activities.map((activity) => colour(activityColour(core.kind, activity, core.activities)));
  const lane = range.lanes?.[index];
  if (lane !== undefined) paintIntervals(surface, stretch, range, lane, layout, fills);
  else paintShares(surface, stretch, range, index, fills);
}

function paintIntervals(
  surface: Surface,
  stretch: Stretch,
  range: RangeView,
  lane: RangeLane,
  layout: RunLayout,
  fills: readonly string[],
): void {
  const { context, height } = surface;
  const x = across(stretch, surface);
  // The lane lies where it was simulated, which is not quite what is shown while one moves.
  const [begin, end] = [Math.round(x(range.fromSeconds)), Math.round(x(range.toSeconds))];
  context.font = FONT();
  context.textBaseline = 'middle';
  for (const { left, width, interval } of laneRectangles(
    lane.startSeconds,
    range.fromSeconds,
    range.toSeconds,
    Math.max(1, end - begin),
  )) {
    context.fillStyle = fills[lane.activity[interval] ?? 0] ?? '';
    context.fillRect(begin + left, 0, width, height);
    const stage = lane.stage[interval] ?? null;
    if (stage === null) continue;
    const name = layout.stages[stage]?.name ?? 'detection';
    if (context.measureText(name).width + 8 > width) continue;
    context.fillStyle = colour('var(--surface)');
    context.fillText(name, begin + left + 4, height / 2);
  }
}

function paintShares(
  surface: Surface,
  stretch: Stretch,
  range: RangeView,
  core: number,
  fills: readonly string[],
): void {
  const { context, height } = surface;
  const x = across(stretch, surface);
  const { endSeconds, residency } = range.columns;
  let left = Math.round(x(range.fromSeconds));
  for (let point = 0; point < endSeconds.length; point++) {
    const right = Math.round(x(endSeconds[point] ?? 0));
    let bottom = height;
    fills.forEach((fill, activity) => {
      const part = (residency[core]?.[activity]?.[point] ?? 0) * height;
      context.fillStyle = fill;
      context.fillRect(left, bottom - part, Math.max(1, right - left), part);
      bottom -= part;
    });
    left = right;
  }
}

/** What is selected, and the time under the pointer. */
export function paintMarks(surface: Surface, stretch: Stretch, selection: Stretch | null, cursor: number | null): void {
  const { context, height } = surface;
  const x = across(stretch, surface);
  if (selection !== null) {
    context.fillStyle = colour('color-mix(in oklab, var(--focus) 18%, transparent)');
    context.fillRect(x(selection.from), 0, Math.max(1, x(selection.to) - x(selection.from)), height);
  }
  if (cursor === null) return;
  context.fillStyle = colour('var(--focus)');
  context.fillRect(Math.round(x(cursor)), 0, 1, height);
}

export function paintTimes(surface: Surface, stretch: Stretch): void {
  const { context, width, height } = surface;
  const x = across(stretch, surface);
  context.font = FONT();
  context.textBaseline = 'middle';
  context.fillStyle = colour('var(--ink-3)');
  for (const { at, label } of timeTicks(stretch.from, stretch.to, Math.max(2, Math.floor(width / 110)))) {
    const wide = context.measureText(label).width;
    context.fillText(label, Math.min(width - wide, Math.max(0, x(at) - wide / 2)), height / 2);
  }
}

/** The whole run's mean power, and what of it is shown. */
export function paintMinimap(
  surface: Surface,
  whole: Stretch,
  shown: Stretch,
  time: readonly number[],
  watts: readonly number[],
): void {
  const { context, width, height } = surface;
  const x = across(whole, surface);
  const most = Math.max(1e-9, ...watts);
  context.fillStyle = colour('var(--ink-3)');
  for (let point = 0; point < time.length; point++) {
    const left = x(time[point - 1] ?? 0);
    const tall = Math.sqrt(Math.max(0, watts[point] ?? 0) / most) * height;
    context.fillRect(left, height - tall, Math.max(1, x(time[point] ?? 0) - left), tall);
  }
  const [left, right] = [x(shown.from), Math.max(x(shown.from) + 3, x(shown.to))];
  context.fillStyle = colour('color-mix(in oklab, var(--surface) 70%, transparent)');
  context.fillRect(0, 0, left, height);
  context.fillRect(right, 0, width - right, height);
  context.strokeStyle = colour('var(--focus)');
  context.lineWidth = 2;
  context.strokeRect(Math.max(1, left), 1, Math.max(3, Math.min(width - 2, right) - left), height - 2);
}
