// A run beside what it would be with another device: one figure a line.

import { span } from '../format.ts';
import type { RunReport } from '../runs/report/report.ts';

interface Figure {
  readonly name: string;
  readonly of: (report: RunReport) => number | null;
  readonly show: (value: number) => string;
  /** What it means that there is none. */
  readonly none: string;
  /** Differences are shares of the run's figure, or plain differences where the figure is itself a share or a count. */
  readonly difference: 'share' | 'plain';
}

const hours = (value: number): string => (value < 48 ? `${value.toFixed(1)} h` : `${(value / 24).toFixed(1)} d`);
const percent = (value: number): string => `${(value * 100).toPrecision(3)} %`;
const milliseconds = (value: number): string => `${value.toFixed(0)} ms`;

const FIGURES: readonly Figure[] = [
  { name: 'battery lasts', of: ({ battery }) => battery.lifeHours, show: hours, none: 'for ever', difference: 'share' },
  {
    name: 'average power',
    of: ({ battery }) => battery.averageMilliwatts,
    show: (value) => `${value.toPrecision(4)} mW`,
    none: '–',
    difference: 'share',
  },
  { name: 'missed', of: ({ detections }) => detections.missRate, show: percent, none: '–', difference: 'plain' },
  {
    name: 'false accepts',
    of: ({ detections }) => detections.falseAcceptsPerHour,
    show: (value) => `${value.toFixed(2)} /h`,
    none: '–',
    difference: 'plain',
  },
  {
    name: 'latency p50',
    of: ({ latencyMilliseconds }) => latencyMilliseconds.p50,
    show: milliseconds,
    none: '–',
    difference: 'plain',
  },
  {
    name: 'latency p95',
    of: ({ latencyMilliseconds }) => latencyMilliseconds.p95,
    show: milliseconds,
    none: '–',
    difference: 'plain',
  },
];

const COLUMN = 16;

/** @param asked what is different, as it was written */
export function printComparison(run: RunReport, variant: RunReport, asked: readonly string[]): string {
  const stages = run.stages.map(
    ({ name }, index): Figure => ({
      name: `reach ${name}`,
      of: ({ stages }) => stages[index].reach,
      show: percent,
      none: '–',
      difference: 'plain',
    }),
  );
  const line = (name: string, ...columns: readonly string[]) =>
    `${name.padEnd(COLUMN)}${columns.map((column) => column.padStart(COLUMN)).join('')}`.trimEnd();
  const { detections } = run;
  return `${[
    `${run.scenario} on ${run.device}, ${run.powerProfile}, seed ${run.seed}: ${span(run.simulatedSeconds)}`,
    `what if     ${asked.join('\n            ')}`,
    '',
    line('', 'run', 'what if', 'difference'),
    ...[...FIGURES, ...stages].map((figure) => {
      const [before, after] = [figure.of(run), figure.of(variant)];
      const show = (value: number | null) => (value === null ? figure.none : figure.show(value));
      return line(figure.name, show(before), show(after), difference(figure, before, after));
    }),
    '',
    `Both hear the same ${detections.events} events; the what-if was simulated again from the run's scores in ${(variant.wallSeconds * 1e3).toFixed(0)} ms.`,
    ...variant.warnings.filter((warning) => !run.warnings.includes(warning)).map((warning) => `warning: ${warning}`),
  ].join('\n')}\n`;
}

function difference({ difference, show }: Figure, before: number | null, after: number | null): string {
  if (before === null && after === null) return '=';
  if (before === null || after === null) return '';
  if (before === after) return '=';
  const sign = after > before ? '+' : '-';
  if (difference === 'share' && before > 0) return `${sign}${percent(Math.abs(after / before - 1))}`;
  return `${sign}${show(Math.abs(after - before))}`;
}
