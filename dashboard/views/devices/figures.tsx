import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { DeviceView, FigureView } from '../../../server/runs/views.ts';
import { count, percent } from '../../format/quantity.ts';
import { Choices } from '../parts/choices.tsx';
import { Panel } from '../parts/panel.tsx';
import { Scroll } from '../parts/scroll.tsx';
import { countOf, TRUST, type Trust, trustName } from './trust.tsx';

const ORDERS = [
  ['trust', 'least trusted first'],
  ['component', 'by component'],
] as const;

/** Every figure with its source and conditions; what is asked for is found in any of its words. */
export function Figures({ device }: { device: DeviceView }): JSX.Element {
  const trust = useSignal<Trust | 'all'>('all');
  const order = useSignal<(typeof ORDERS)[number][0]>('trust');
  const text = useSignal('');
  const found = device.figures.filter(
    (figure) => (trust.value === 'all' || figure.confidence === trust.value) && says(figure, text.value),
  );
  const shown =
    order.value === 'trust' ? TRUST.flatMap((one) => found.filter(({ confidence }) => confidence === one)) : found;
  const options = [
    ['all', `all ${count(device.figures.length)}`] as const,
    ...TRUST.map((one) => [one, `${count(countOf(device.figures, one))} ${trustName[one]}`] as const),
  ];
  return (
    <Panel
      title="Figures"
      aside={
        <span class="quiet" role="status">
          {shown.length === device.figures.length ? 'all' : `${count(shown.length)} of ${count(device.figures.length)}`}
        </span>
      }
    >
      <div class="figure-filters">
        <label>
          <span class="only-read">Find a figure</span>
          <input
            type="search"
            placeholder="Find, such as mcu retention"
            value={text.value}
            onInput={(event) => {
              text.value = event.currentTarget.value;
            }}
          />
        </label>
        <Choices
          label="How well figures are known"
          options={options}
          value={trust.value}
          onChoose={(next) => {
            trust.value = next;
          }}
        />
        <Choices
          label="Order"
          options={ORDERS}
          value={order.value}
          onChoose={(next) => {
            order.value = next;
          }}
        />
      </div>
      {shown.length === 0 ? (
        <p class="second">
          No figure has {text.value.trim() === '' ? 'that confidence' : `“${text.value.trim()}” in it`}.
        </p>
      ) : (
        <Scroll label={`Figures of ${device.title}`}>
          <table>
            <thead>
              <tr>
                <th>Figure</th>
                <th class="number">Value</th>
                <th>Known</th>
                <th>Source</th>
              </tr>
            </thead>
            <tbody>
              {shown.map((figure) => (
                <tr key={figure.path}>
                  <td>{placeOf(figure)}</td>
                  <td class="number">
                    {writtenValue(figure)}
                    {figure.range !== null && <span class="quiet range">{rangeOf(figure.range)}</span>}
                  </td>
                  <td class="nowrap" data-trust={figure.confidence}>
                    {trustName[figure.confidence]}
                  </td>
                  <td class="second">
                    {figure.source}
                    {figure.conditions !== null && <span class="quiet conditions">at {figure.conditions}</span>}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </Panel>
  );
}

const placeOf = ({ path }: FigureView): string => path.replaceAll('.', ' › ');
const writtenValue = ({ value }: FigureView): string => value.replace(/\bu(?=[A-Za-z])/, 'µ');
const rangeOf = ([low, high]: readonly [number, number]): string => `${signed(low)} to ${signed(high)}`;
const signed = (share: number): string => `${share > 0 ? '+' : ''}${percent(share)}`;

/** Whether every word that was typed is somewhere in the figure. */
function says({ path, value, source, conditions }: FigureView, text: string): boolean {
  const all = `${path.replaceAll('.', ' ')} ${value} ${source} ${conditions ?? ''}`.toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => all.includes(word));
}
