// A lane of intervals as rectangles, merged per pixel: a million intervals draw as fast as the lane is wide.

export interface Rectangle {
  /** Whole pixels. */
  readonly left: number;
  readonly width: number;
  /** Place of the interval that fills most of it. */
  readonly interval: number;
}

/**
 * @param starts when each interval begins, rising; each ends where the next begins, the last at `to`
 * @param width of the lane in pixels
 */
export function laneRectangles(
  starts: readonly number[],
  from: number,
  to: number,
  width: number,
): readonly Rectangle[] {
  const pixel = (to - from) / width;
  const rectangles: { left: number; width: number; interval: number }[] = [];
  let place = Math.max(0, firstAfter(starts, from) - 1);
  for (let left = 0; left < width && place < starts.length; ) {
    const begin = from + left * pixel;
    const until = begin + pixel;
    // The one that covers most of this pixel.
    let best = place;
    let most = 0;
    for (; ; place++) {
      const covered = Math.min(starts[place + 1] ?? to, until) - Math.max(starts[place] ?? from, begin);
      if (covered > most) {
        most = covered;
        best = place;
      }
      if (place + 1 >= starts.length || (starts[place + 1] ?? to) >= until) break;
    }
    // It goes on as long as it fills whole pixels.
    const end = starts[best + 1] ?? to;
    const right =
      best === place ? Math.max(left + 1, Math.min(width, Math.floor((end - from) / pixel + 1e-9))) : left + 1;
    const last = rectangles[rectangles.length - 1];
    if (last !== undefined && last.interval === best) last.width = right - last.left;
    else rectangles.push({ left, width: right - left, interval: best });
    left = right;
    while (place + 1 < starts.length && (starts[place + 1] ?? to) <= from + left * pixel) place++;
  }
  return rectangles;
}

/** The first place whose value is above `value`. */
export function firstAfter(values: readonly number[], value: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((values[middle] ?? 0) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
