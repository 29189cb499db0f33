// What the cell gives: discharge from full to its cutoff at several currents, as the simulator's battery does it.

import type { JSX } from 'preact';
import type { DevicePortrait } from '../../../server/profiles/views.ts';
import { colour } from '../../draw/colours.ts';
import { strokeOf } from '../../draw/run-strokes.ts';
import { calm, useChart } from '../../draw/use-chart.ts';
import { count, percent, quantity, significant } from '../../format/quantity.ts';
import { Panel } from '../parts/panel.tsx';
import { Scroll } from '../parts/scroll.tsx';

interface Props {
  readonly battery: DevicePortrait['battery'];
  readonly part: string;
}

export function Cell({ battery: { model, cutoffVolts, capacityMilliampereHours, curves }, part }: Props): JSX.Element {
  const ref = useChart(
    () => ({
      type: 'line',
      data: { datasets: curves.map((_, place) => ({ data: [], borderDash: [...strokeOf(place).dash] })) },
      options: {
        ...calm,
        elements: { point: { radius: 0 }, line: { borderWidth: 2 } },
        scales: {
          x: {
            type: 'linear',
            min: 0,
            grid: { display: false },
            ticks: {
              maxTicksLimit: 7,
              maxRotation: 0,
              font: { size: 11 },
              callback: (value) => `${count(Number(value))} mAh`,
            },
          },
          y: {
            type: 'linear',
            suggestedMin: cutoffVolts,
            border: { display: false },
            ticks: { maxTicksLimit: 6, font: { size: 11 }, callback: (value) => `${Number(value).toFixed(1)} V` },
          },
        },
      },
    }),
    (chart) => {
      curves.forEach(({ points }, place) => {
        const set = chart.data.datasets[place];
        if (set === undefined) return;
        set.data = points.map(([x, y]) => ({ x, y }));
        set.borderColor = colour(strokeOf(place).colour);
      });
      const { x, y } = chart.options.scales ?? {};
      for (const axis of [x, y]) {
        if (axis?.ticks) axis.ticks.color = colour('var(--ink-2)');
        if (axis?.grid) axis.grid.color = colour('var(--track)');
        if (axis?.border) axis.border.color = colour('var(--line)');
      }
    },
  );
  return (
    <Panel
      title="Battery"
      area="cell"
      aside={
        <span class="quiet">
          {part}, {model} model
        </span>
      }
    >
      <div class="cell-picture">
        <div class="chart">
          <canvas
            ref={ref}
            role="img"
            aria-label={`Voltage under load over charge drawn, at ${curves.map(({ name }) => name).join(', ')}, down to ${cutoffVolts} V; the table has what each gives`}
          />
        </div>
        <Scroll label="What the cell gives">
          <table>
            <thead>
              <tr>
                <th>Current</th>
                <th class="number">Gives</th>
                <th class="number">Energy</th>
                <th class="number">Of its capacity</th>
              </tr>
            </thead>
            <tbody>
              {curves.map(({ name, milliampereHours, wattHours, shareOfCapacity }, place) => (
                <tr key={name}>
                  <td>
                    <svg class="stroke-mark" viewBox="0 0 26 6" aria-hidden="true">
                      <path
                        d="M0 3h26"
                        stroke={strokeOf(place).colour}
                        stroke-width="2.5"
                        stroke-dasharray={strokeOf(place).dash.join(' ')}
                      />
                    </svg>{' '}
                    {name}
                  </td>
                  <td class="number" data-label="gives">
                    {significant(milliampereHours)} mAh
                  </td>
                  <td class="number" data-label="energy">
                    {quantity(wattHours, 'Wh')}
                  </td>
                  <td class="number" data-label="of its capacity">
                    {percent(shareOfCapacity)}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          <p class="quiet note">
            1 C is {significant(capacityMilliampereHours)} mA, which would empty the cell in an hour. From full down to{' '}
            {cutoffVolts} V under load.
          </p>
        </Scroll>
      </div>
    </Panel>
  );
}
