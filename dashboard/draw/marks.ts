// What was done to a run, on charts over simulated time: a line where it took hold, a tint as long as it lasts.

import type { InputView } from '../../server/runs/views.ts';
import type { Shown } from '../store/range.ts';
import { colour } from './colours.ts';
import type { Surface } from './use-canvas.ts';

export function paintMarks(
  { context, width, height }: Surface,
  { from, to }: Shown,
  marks: readonly InputView[],
): void {
  const x = (time: number): number => ((time - from) / (to - from)) * width;
  context.fillStyle = colour('var(--act)');
  for (const { simulatedSeconds, untilSeconds } of marks) {
    const end = untilSeconds ?? simulatedSeconds;
    if (end < from || simulatedSeconds > to) continue;
    const left = Math.max(0, x(simulatedSeconds));
    context.globalAlpha = 0.16;
    context.fillRect(left, 0, Math.min(width, x(end)) - left, height);
    context.globalAlpha = 1;
    if (simulatedSeconds >= from) context.fillRect(Math.round(left), 0, 1.5, height);
  }
}
