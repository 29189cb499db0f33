// Painters of a stream before it is run: how busy each part is, and the signal of a stretch.

import type { Peaks } from '../../server/runs/views.ts';
import type { Span } from '../store/preview.ts';
import { colour } from './colours.ts';
import type { Surface } from './use-canvas.ts';

/** Even one event is seen. */
const LEAST = 3;

/** A bar for each span, by the square root of its value, since one event and ten are both to be seen. */
export function paintCounts({ context, width, height }: Surface, values: readonly number[], hue: string): void {
  const most = Math.max(1e-9, ...values);
  context.fillStyle = colour(hue);
  // By pixel: neighbours that share one are drawn as the higher.
  for (let pixel = 0; pixel < width; pixel++) {
    const first = Math.floor((pixel * values.length) / width);
    const last = Math.max(first + 1, Math.ceil(((pixel + 1) * values.length) / width));
    const value = Math.max(...values.slice(first, last));
    if (value <= 0) continue;
    const tall = Math.max(LEAST, Math.sqrt(value / most) * height);
    context.fillRect(pixel, height - tall, 1, tall);
  }
}

/** Where the stretch lies that is looked at. */
export function paintSpan({ context, width, height }: Surface, { from, to }: Span, durationSeconds: number): void {
  const left = (from / durationSeconds) * width;
  const wide = Math.max(2, ((to - from) / durationSeconds) * width);
  context.fillStyle = colour('color-mix(in oklab, var(--focus) 22%, transparent)');
  context.fillRect(left, 0, wide, height);
  context.fillStyle = colour('var(--focus)');
  context.fillRect(left, 0, 1, height);
  context.fillRect(left + wide - 1, 0, 1, height);
}

/** Largest amplitude, of a signal around 0. */
export const peakOf = ({ min, max }: Peaks): number => Math.max(1e-6, ...max, ...min.map((value) => -value));

/** From lowest to highest, pixel by pixel; `bottom` and `top` are the values at the edges. */
export function paintPeaks(
  { context, width, height }: Surface,
  { min, max }: Peaks,
  bottom: number,
  top: number,
): void {
  const y = (value: number): number => height - ((value - bottom) / (top - bottom || 1)) * height;
  if (bottom < 0 && top > 0) {
    context.fillStyle = colour('var(--line-strong)');
    context.fillRect(0, y(0), width, 1);
  }
  context.fillStyle = colour('var(--sensor)');
  for (let pixel = 0; pixel < width; pixel++) {
    const first = Math.floor((pixel * min.length) / width);
    const last = Math.max(first + 1, Math.ceil(((pixel + 1) * min.length) / width));
    const high = y(Math.max(...max.slice(first, last)));
    const low = y(Math.min(...min.slice(first, last)));
    context.fillRect(pixel, high, 1, Math.max(1, low - high));
  }
}

/** Where it is played. */
export function paintPlayhead({ context, width, height }: Surface, { from, to }: Span, at: number): void {
  context.fillStyle = colour('var(--focus)');
  context.fillRect(((at - from) / (to - from)) * width - 1, 0, 2, height);
}
