// What the run's charts have in common: simulated time along the bottom on round marks, a scale of fixed width so that nothing shifts.

import { timeTicks } from '../series/ticks.ts';
import { colour } from './colours.ts';
import { calm, type LineChart, type LineChartConfiguration } from './use-chart.ts';

const SCALE_WIDTH = 58;
const PIXELS_PER_TICK = 90;

export function timeAxes(
  unit: (value: number, step: number) => string,
  lowest?: number,
): NonNullable<LineChartConfiguration['options']> {
  return {
    ...calm,
    elements: { point: { radius: 0 }, line: { borderWidth: 1.5 } },
    scales: {
      x: {
        type: 'linear',
        grid: { display: false },
        ticks: { maxRotation: 0, font: { size: 11 } },
        // After, since Chart.js would write its own labels otherwise.
        afterTickToLabelConversion(axis) {
          const most = Math.max(2, Math.floor(axis.chart.width / PIXELS_PER_TICK));
          axis.ticks = timeTicks(axis.min, axis.max, most).map(({ at, label }) => ({ value: at, label }));
        },
      },
      y: {
        type: 'linear',
        ...(lowest === undefined ? {} : { min: lowest }),
        border: { display: false },
        ticks: {
          callback: (value, _, marks) =>
            unit(Number(value), Math.abs((marks[1]?.value ?? 1) - (marks[0]?.value ?? 0)) || 1),
          maxTicksLimit: 5,
          font: { size: 11 },
        },
        afterFit(axis) {
          axis.width = SCALE_WIDTH;
        },
      },
    },
  };
}

/** Sets the stretch of time, and colours by the theme that is shown. */
export function dress(chart: LineChart, from: number, to: number): void {
  const { x, y } = chart.options.scales ?? {};
  if (x) Object.assign(x, { min: from, max: to });
  for (const axis of [x, y]) {
    if (axis?.ticks) axis.ticks.color = colour('var(--ink-2)');
    if (axis?.grid) axis.grid.color = colour('var(--track)');
    if (axis?.border) axis.border.color = colour('var(--line)');
  }
}
