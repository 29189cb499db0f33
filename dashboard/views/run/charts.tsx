import type { JSX } from 'preact';
import type { RunLayout } from '../../../server/runs/views.ts';
import { colour } from '../../draw/colours.ts';
import { LOSS_COLOUR, railColours } from '../../draw/palette.ts';
import { calm, type LineChart, type LineChartConfiguration, type Point, useChart } from '../../draw/use-chart.ts';
import { clock } from '../../format/time.ts';
import { measured, revision } from '../../store/run.ts';

const axes = (unit: (value: number) => string, stacked: boolean): LineChartConfiguration['options'] => ({
  ...calm,
  elements: { point: { radius: 0 }, line: { borderWidth: 1.5 } },
  scales: {
    x: { type: 'linear', ticks: { callback: (value) => clock(Number(value)), maxTicksLimit: 6 } },
    y: { type: 'linear', stacked, ticks: { callback: (value) => unit(Number(value)), maxTicksLimit: 5 } },
  },
});

/** Columns of the run so far as points; `scale` brings them into the axis' unit. */
function fill(chart: LineChart, columns: readonly number[], colours: readonly string[], scale: number): void {
  revision.value;
  const series = measured.value?.columns;
  if (!series) return;
  columns.forEach((column, index) => {
    const set = chart.data.datasets[index];
    const values = series.columns[column] ?? [];
    set.data = series.time.map((x, point): Point => ({ x, y: (values[point] ?? Number.NaN) * scale }));
    set.borderColor = colour(colours[index]);
    set.backgroundColor = colour(colours[index]);
  });
  for (const axis of Object.values(chart.options.scales ?? {})) {
    if (axis?.ticks) axis.ticks.color = colour('var(--ink-2, var(--ink))');
    if (axis?.grid) axis.grid.color = colour('var(--track)');
  }
}

export function BatteryChart(): JSX.Element {
  const ref = useChart(
    () => ({
      type: 'line',
      data: { datasets: [{ data: [] }] },
      options: axes((value) => `${value.toFixed(2)} %`, false),
    }),
    (chart) => fill(chart, [measured.value?.map.soc ?? 0], ['var(--supply-1)'], 100),
  );
  return (
    <div class="chart">
      <canvas ref={ref} role="img" aria-label="State of charge over simulated time" />
    </div>
  );
}

export function RailsChart({ layout }: { layout: RunLayout }): JSX.Element {
  const colours = [...railColours(layout), LOSS_COLOUR];
  const ref = useChart(
    () => ({
      type: 'line',
      data: { datasets: colours.map(() => ({ data: [], fill: 'stack' })) },
      options: axes((value) => `${value.toPrecision(3)} mW`, true),
    }),
    (chart) => fill(chart, measured.value?.map.rails ?? [], colours, 1e3),
  );
  return (
    <>
      <div class="chart">
        <canvas ref={ref} role="img" aria-label="Power by rail over simulated time, stacked" />
      </div>
      <ul class="legend">
        {[...layout.rails, 'regulators'].map((rail, index) => (
          <li key={rail}>
            <i style={{ background: colours[index] }} /> {rail}
          </li>
        ))}
      </ul>
    </>
  );
}
