import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { Frame, RunLayout } from '../../../server/runs/views.ts';
import { dress, timeAxes } from '../../draw/axes.ts';
import { colour } from '../../draw/colours.ts';
import { useChart } from '../../draw/use-chart.ts';
import { charge, quantity, significant } from '../../format/quantity.ts';
import { span } from '../../format/time.ts';
import { shown } from '../../store/range.ts';
import { frame, measured, nowOrEnd } from '../../store/run.ts';
import { Choices } from '../parts/choices.tsx';
import { Panel } from '../parts/panel.tsx';

const REACHES = [
  ['near', 'so far'],
  ['empty', 'to empty'],
] as const;
/** How far the forecast is drawn beyond what was measured, as a share of that. */
const AHEAD = 0.25;

/** Digits after the point that tell two marks on a scale apart. */
const decimalsFor = (step: number): number => Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));

/** State of charge as measured, and on to the cutoff at the mean draw so far. */
export function Battery({ layout, now }: { layout: RunLayout; now: Frame }): JSX.Element {
  const reach = useSignal<(typeof REACHES)[number][0]>('near');
  const { battery } = now;
  const ref = useChart(
    () => ({
      type: 'line',
      data: { datasets: [{ data: [] }, { data: [], borderDash: [5, 4] }] },
      options: timeAxes((value, step) => `${value.toFixed(decimalsFor(step))} %`),
    }),
    (chart) => {
      const stretch = shown();
      const latest = frame.value;
      const soc = stretch?.columns.columns[measured.value?.map.soc ?? 0];
      if (!stretch || !latest || !soc) return;
      const { time } = stretch.columns;
      const at = latest.simulatedSeconds;
      const left = (latest.battery.forecastHours ?? 0) * 3600;
      const toEmpty = reach.value === 'empty' && left > 0;
      const points = time
        .map((x, point) => ({ x, y: (soc[point] ?? Number.NaN) * 100 }))
        .slice(toEmpty ? 0 : stretch.first);
      const ahead = toEmpty ? left : Math.min(left, (stretch.to - stretch.from) * AHEAD);
      const end = left > 0 ? latest.battery.soc * (1 - ahead / left) * 100 : latest.battery.soc * 100;
      const [measuredSet, forecastSet] = chart.data.datasets;
      measuredSet.data = points;
      forecastSet.data = [
        { x: at, y: latest.battery.soc * 100 },
        { x: at + ahead, y: end },
      ];
      measuredSet.borderColor = colour('var(--ink)');
      forecastSet.borderColor = colour('var(--ink-3)');
      dress(chart, toEmpty ? 0 : stretch.from, at + ahead);
    },
  );
  return (
    <Panel
      title="Battery"
      area="battery"
      aside={
        <Choices
          label="How far the battery is shown"
          options={REACHES}
          value={reach.value}
          onChoose={(next) => {
            reach.value = next;
          }}
        />
      }
    >
      <p class="reading number" id="battery-reading">
        <strong>{charge(battery.soc)}</strong> left of {significant(layout.battery.capacityMilliampereHours)} mAh ·{' '}
        {battery.volts.toFixed(2)} V · {quantity(battery.watts, 'W')} {nowOrEnd}
      </p>
      <div class="chart">
        <canvas ref={ref} role="img" aria-label="State of charge over simulated time, with its forecast" />
      </div>
      <p class="legend">
        <span>
          <i class="stroke" /> measured
        </span>
        <span>
          <i class="stroke" data-dashed /> forecast at the mean draw so far
          {battery.forecastHours !== null && `: empty in ${span(battery.forecastHours * 3600)}`}
        </span>
      </p>
    </Panel>
  );
}
