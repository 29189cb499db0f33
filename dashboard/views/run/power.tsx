import type { JSX } from 'preact';
import type { Frame, RunLayout } from '../../../server/runs/views.ts';
import { dress, timeAxes } from '../../draw/axes.ts';
import { colour } from '../../draw/colours.ts';
import { LOSS_COLOUR, railColours } from '../../draw/palette.ts';
import { type Point, useChart } from '../../draw/use-chart.ts';
import { quantity } from '../../format/quantity.ts';
import { meanOf } from '../../series/columns.ts';
import { shown } from '../../store/range.ts';
import { measured, nowOrEnd } from '../../store/run.ts';
import { Panel } from '../parts/panel.tsx';

/** A point is the mean over the span since the one before: drawn as a step over that span. */
function steps(time: readonly number[], values: readonly number[], first: number): Point[] {
  const points: Point[] = [];
  for (let point = first; point < time.length; point++) {
    const y = values[point] ?? Number.NaN;
    points.push({ x: time[point - 1] ?? 0, y }, { x: time[point] ?? 0, y });
  }
  return points;
}

/** Where the power goes: by rail, stacked, what regulators lose on top. */
export function Power({ layout, now }: { layout: RunLayout; now: Frame }): JSX.Element {
  const colours = [...railColours(layout), LOSS_COLOUR];
  const ref = useChart(
    () => ({
      type: 'line',
      // Each lies on the one before: Chart.js' own stacking does not draw steps right.
      data: {
        datasets: colours.map((_, index) => ({ data: [], fill: index === 0 ? 'origin' : '-1', borderWidth: 0 })),
      },
      options: timeAxes((value) => quantity(value, 'W'), 0),
    }),
    (chart) => {
      const stretch = shown();
      if (!stretch) return;
      const { time, columns } = stretch.columns;
      const sums = new Array<number>(time.length).fill(0);
      (measured.value?.map.rails ?? []).forEach((column, index) => {
        const set = chart.data.datasets[index];
        for (let point = stretch.first; point < time.length; point++) sums[point] += columns[column]?.[point] ?? 0;
        set.data = steps(time, sums, stretch.first);
        set.backgroundColor = colour(colours[index]);
      });
      dress(chart, stretch.from, stretch.to);
    },
  );
  const known = measured.value;
  return (
    <Panel title="Power by rail" area="power">
      <p class="reading number">
        <strong>{quantity(now.battery.watts, 'W')}</strong> {nowOrEnd}, from the battery
      </p>
      <div class="chart">
        <canvas ref={ref} role="img" aria-label="Power by rail over simulated time, stacked" />
      </div>
      <table class="figures">
        <thead>
          <tr>
            <th>Rail</th>
            <th class="number">{nowOrEnd}</th>
            <th class="number">mean of the run</th>
          </tr>
        </thead>
        <tbody>
          {[...layout.rails, 'lost in regulators'].map((rail, index) => (
            <tr key={rail}>
              <td>
                <i class="swatch" style={{ background: colours[index] }} /> {rail}
              </td>
              <td class="number">{quantity(now.railWatts[index] ?? null, 'W')}</td>
              <td class="number">{known ? quantity(meanOf(known.columns, known.map.rails[index] ?? 0), 'W') : '–'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}
