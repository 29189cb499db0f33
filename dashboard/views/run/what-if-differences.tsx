// Reports beside that of the run: what each comes to, and whether the difference is for the better.

import type { JSX } from 'preact';
import type { RunReport } from '../../../server/runs/report/report.ts';
import { MINUS, percent, quantity, significant } from '../../format/quantity.ts';
import { span } from '../../format/time.ts';
import { Scroll } from '../parts/scroll.tsx';

interface Measure {
  readonly name: string;
  readonly of: (report: RunReport) => number | null;
  readonly show: (value: number) => string;
  readonly interval?: (report: RunReport) => readonly [number, number];
  readonly better: 'more' | 'less';
}

const rate = (value: number): string => (value === 0 ? '0' : significant(value));

/** Null is for ever, of a life. */
const MEASURES: readonly Measure[] = [
  {
    name: 'battery lasts',
    of: ({ battery }) => battery.lifeHours ?? Number.POSITIVE_INFINITY,
    show: (hours) => (Number.isFinite(hours) ? span(hours * 3600) : 'for ever'),
    better: 'more',
  },
  {
    name: 'mean power',
    of: ({ battery }) => battery.averageMilliwatts / 1e3,
    show: (watts) => quantity(watts, 'W'),
    better: 'less',
  },
  {
    name: 'missed',
    of: ({ detections }) => detections.missRate,
    show: percent,
    interval: ({ detections }) => detections.missRateInterval,
    better: 'less',
  },
  {
    name: 'false accepts an hour',
    of: ({ detections }) => detections.falseAcceptsPerHour,
    show: rate,
    interval: ({ detections }) => detections.falseAcceptsPerHourInterval,
    better: 'less',
  },
  ...(['p50', 'p95'] as const).map(
    (part): Measure => ({
      name: `latency ${part}`,
      of: ({ latencyMilliseconds }) => latencyMilliseconds[part],
      show: (milliseconds) => quantity(milliseconds / 1e3, 's'),
      better: 'less',
    }),
  ),
];

interface Props {
  /** Null: not known yet. */
  readonly original: RunReport | null;
  readonly variants: ReadonlyArray<{ readonly name: string; readonly report: RunReport }>;
}

export function Differences({ original, variants }: Props): JSX.Element {
  const stages = (original ?? variants[0]?.report)?.stages ?? [];
  const measures = [
    ...MEASURES,
    ...stages.slice(1).map(
      ({ name }, index): Measure => ({
        name: `windows that reach ${name}`,
        of: ({ stages }) => stages[index + 1]?.reach ?? null,
        show: percent,
        better: 'less',
      }),
    ),
  ];
  return (
    <Scroll label="What the run came to, and the variants">
      <table class="figures differences">
        <thead>
          <tr>
            <th />
            {original !== null && <th class="number">the run</th>}
            {variants.map(({ name }) => (
              <th key={name} class="number">
                {name}
              </th>
            ))}
            {original !== null && variants.length === 1 && <th class="number">difference</th>}
          </tr>
        </thead>
        <tbody>
          {measures.map((measure) => (
            <tr key={measure.name}>
              <th scope="row">{measure.name}</th>
              {original !== null && <Cell measure={measure} report={original} />}
              {variants.map(({ name, report }) => (
                <Cell key={name} measure={measure} report={report} />
              ))}
              {original !== null && variants.length === 1 && (
                <Difference measure={measure} from={original} to={variants[0].report} />
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

function Cell({ measure: { of, show, interval }, report }: { measure: Measure; report: RunReport }): JSX.Element {
  const value = of(report);
  const range = interval?.(report);
  return (
    <td class="number">
      {value === null ? '–' : show(value)}
      {range !== undefined && (
        <small class="quiet">
          {' '}
          {show(range[0])} to {show(range[1])}
        </small>
      )}
    </td>
  );
}

function Difference({ measure, from, to }: { measure: Measure; from: RunReport; to: RunReport }): JSX.Element {
  const [before, after] = [measure.of(from), measure.of(to)];
  if (before === null || after === null || before === after || !Number.isFinite(after - before))
    return <td class="number quiet">{before === after ? 'same' : '–'}</td>;
  const isBetter = after > before === (measure.better === 'more');
  const share = before === 0 ? '' : ` (${after > before ? '+' : MINUS}${percent(Math.abs(after / before - 1))})`;
  return (
    <td class="number" data-better={isBetter}>
      {after > before ? '+' : MINUS}
      {measure.show(Math.abs(after - before))}
      {share}
      <small> {isBetter ? 'better' : 'worse'}</small>
    </td>
  );
}
