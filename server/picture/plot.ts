// The area of a plot: lines and numbers of its axes, and where values lie in it.

import { type Axis, place, shown, ticks } from './axis.ts';

/** In pixels; the margins hold what is written around the plot. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export interface Plot {
  readonly x: (value: number) => string;
  readonly y: (value: number) => string;
  readonly grid: string;
}

/** What every plot is written with. */
export const PLOT_STYLE =
  'text{font:14px system-ui,sans-serif;fill:#1b2733}.axis{font-size:12px;fill:#51606f}.grid{stroke:#d9e0e6;fill:none}\n.title{font-weight:600}';

/** @param unit behind the numbers across */
export function plot(across: Axis, up: Axis, { width, height, left, right, top, bottom }: Frame, unit = ''): Plot {
  const floor = height - bottom;
  const x = (value: number) => place(value, across, left, width - right);
  const y = (value: number) => place(value, up, floor, top);
  const grid = [
    ...ticks(across).map(
      (value) =>
        `<path class="grid" d="M${x(value)} ${top}V${floor}"/><text class="axis" x="${x(value)}" y="${floor + 18}" text-anchor="middle">${shown(value)}${unit}</text>`,
    ),
    ...ticks(up).map(
      (value) =>
        `<path class="grid" d="M${left} ${y(value)}H${width - right}"/><text class="axis" x="${left - 8}" y="${Number(y(value)) + 4}" text-anchor="end">${shown(value)}</text>`,
    ),
  ];
  return { x, y, grid: grid.join('\n') };
}
