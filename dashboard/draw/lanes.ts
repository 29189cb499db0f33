// Painters of the timeline's lanes: what sounded, and what a core did, over one stretch of simulated time.

import type { DetectionView, RunLayout, SoundView } from '../../server/runs/views.ts';
import { timeTicks } from '../series/ticks.ts';
import type { Shown } from '../store/range.ts';
import { MOST_SOUNDS } from '../store/run.ts';
import { colour } from './colours.ts';
import { activityColour, isAsleep, verdictColour } from './palette.ts';
import type { Surface } from './use-canvas.ts';

/** Of simulated time. */
type Stretch = Pick<Shown, 'from' | 'to'>;

/** Even a moment awake is seen. */
const LEAST = 2;
/** Height of what sounds, below its name. */
const BLOCK = 12;

const scaleOf =
  ({ from, to }: Stretch, { width }: Surface) =>
  (time: number): number =>
    ((time - from) / (to - from)) * width;

/** Each point from the ground up: awake at full strength, then how deep it slept. */
export function paintCore(
  surface: Surface,
  shown: Shown,
  core: RunLayout['cores'][number],
  residency: readonly number[],
): void {
  const { context, height } = surface;
  const x = scaleOf(shown, surface);
  const { time, columns } = shown.columns;
  const fills = core.activities.map((activity) => colour(activityColour(core.kind, activity, core.activities)));
  const shareOf = (index: number, point: number) => Math.max(0, columns[residency[index] ?? -1]?.[point] ?? 0);
  const awakes = core.activities.map((activity) => !isAsleep(activity) && activity !== 'off');
  for (let point = shown.first; point < time.length; point++) {
    // On whole pixels, or neighbours would show a seam.
    const left = Math.max(0, Math.round(x(time[point - 1] ?? 0)));
    const width = Math.max(1, Math.round(x(time[point] ?? 0)) - left);
    const awake = awakes.reduce((sum, is, index) => (is ? sum + shareOf(index, point) : sum), 0);
    // By the square root, since what listens all day is awake for a few thousandths of it.
    const tall = awake > 0 ? Math.max(LEAST, Math.sqrt(awake) * height) : 0;
    let bottom = height;
    fills.forEach((fill, index) => {
      const share = shareOf(index, point);
      const part = awakes[index] ? (share / (awake || 1)) * tall : (share / (1 - awake || 1)) * (height - tall);
      context.fillStyle = fill;
      context.fillRect(left, bottom - part, width, part);
      bottom -= part;
    });
  }
}

/** Names of what sounded, where there is room; what is to be detected stands out. */
export function paintSounds(surface: Surface, shown: Stretch, sounds: readonly SoundView[], target: string): void {
  const { context, height } = surface;
  const x = scaleOf(shown, surface);
  context.font = `11px ${getComputedStyle(document.body).fontFamily}`;
  context.textBaseline = 'middle';
  const [oldest] = sounds;
  if (oldest && sounds.length >= MOST_SOUNDS && oldest.startSeconds > shown.from) {
    context.fillStyle = colour('var(--ink-3)');
    context.fillText('older events are not kept', 0, (height - BLOCK) / 2, x(oldest.startSeconds));
    context.fillStyle = colour('var(--track)');
    context.fillRect(0, height - BLOCK, x(oldest.startSeconds), BLOCK);
  }
  const written: (readonly [left: number, right: number])[] = [];
  const isFree = (left: number, right: number) =>
    right <= surface.width && written.every(([from, to]) => right <= from || left >= to);
  const seen = sounds.filter(({ endSeconds }) => endSeconds >= shown.from);
  for (const { label, startSeconds, endSeconds } of seen)
    if (label === target) written.push([x(startSeconds), Math.max(x(startSeconds) + 2, x(endSeconds))]);
  for (const { label, startSeconds, endSeconds } of [
    ...seen.filter((sound) => sound.label === target),
    ...seen.filter((sound) => sound.label !== target),
  ]) {
    const left = x(startSeconds);
    const width = Math.max(2, x(endSeconds) - left);
    const isTarget = label === target;
    context.fillStyle = colour(isTarget ? 'var(--ink)' : 'var(--sensor)');
    context.fillRect(left, isTarget ? 0 : height - BLOCK, width, isTarget ? height : BLOCK);
    const at = isTarget ? left + width + 3 : left;
    const right = at + context.measureText(label).width + 8;
    // Names keep clear of the bars of what is to be detected, too.
    if (!isFree(at, right)) continue;
    written.push([at, right]);
    context.fillStyle = colour(isTarget ? 'var(--ink)' : 'var(--ink-2)');
    context.fillText(label, at, (height - BLOCK) / 2);
  }
}

/** A mark for each verdict, in its shape: a disc for found, a ring for missed, a triangle for a false accept. */
export function paintVerdicts(surface: Surface, shown: Shown, detections: readonly DetectionView[]): void {
  const { context, height } = surface;
  const x = scaleOf(shown, surface);
  const middle = height / 2;
  for (let index = detections.length - 1; index >= 0; index--) {
    const { simulatedSeconds, verdict } = detections[index];
    if (simulatedSeconds < shown.from) break;
    const at = Math.min(surface.width - 5, Math.max(5, x(simulatedSeconds)));
    context.fillStyle = context.strokeStyle = colour(verdictColour[verdict.kind]);
    context.lineWidth = 2;
    context.beginPath();
    if (verdict.kind === 'false-accept') {
      context.moveTo(at, middle - 5);
      context.lineTo(at + 5, middle + 4);
      context.lineTo(at - 5, middle + 4);
    } else context.arc(at, middle, 4, 0, 2 * Math.PI);
    if (verdict.kind === 'miss') context.stroke();
    else context.fill();
  }
}

/** Simulated time along the lower edge. */
export function paintTicks(surface: Surface, shown: Stretch): void {
  const { context, width, height } = surface;
  const x = scaleOf(shown, surface);
  context.font = `11px ${getComputedStyle(document.body).fontFamily}`;
  context.textBaseline = 'middle';
  context.fillStyle = colour('var(--ink-3)');
  for (const { at, label } of timeTicks(shown.from, shown.to, Math.max(2, Math.floor(width / 90)))) {
    const wide = context.measureText(label).width;
    const left = Math.min(width - wide, Math.max(0, x(at) - wide / 2));
    context.fillText(label, left, height / 2);
  }
}
