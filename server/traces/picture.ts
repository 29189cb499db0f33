// Both traces as one SVG: all of it with the range of what was measured, the difference, and the busiest second.

import type { Comparison } from './compare-traces.ts';

const WIDTH = 1100;
const LEFT = 70;
const RIGHT = 16;
const COLUMNS = WIDTH - LEFT - RIGHT;
const STYLE = `
  text { font: 12px system-ui, sans-serif; fill: #465160 } .title { font-size: 14px; fill: #151a21 }
  .grid { stroke: #dde1e7 } .measured { stroke: #c8372d; fill: none } .range { fill: #c8372d; opacity: .22 }
  .run { stroke: #3b6fd4; fill: none; stroke-width: 1.4 } .proposed { stroke: #23853d; fill: none; stroke-dasharray: 4 3 }
  .more { fill: #c8372d; opacity: .6 } .less { fill: #3b6fd4; opacity: .6 }`;

interface Columns {
  readonly from: number;
  readonly to: number;
  readonly low: Float64Array;
  readonly high: Float64Array;
  readonly measured: Float64Array;
  readonly run: Float64Array;
  readonly proposed: Float64Array;
}

export function comparisonPicture(comparison: Comparison): string {
  const whole = columnsOf(comparison, 0, comparison.bins.count);
  const busy = busiest(comparison);
  const near = columnsOf(comparison, busy.from, busy.to);
  const parts = [
    panel(whole, 40, 240, 'all of it: mean of the run, mean and range of the bins measured'),
    difference(whole, 336, 120),
    panel(near, 512, 230, `the ${(near.to - near.from).toPrecision(2)} s that differ most`),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} 780" role="img" aria-label="measured and simulated power over time">
<style>${STYLE}</style><rect width="${WIDTH}" height="780" fill="#fff"/>
${legend()}
${parts.join('\n')}
</svg>
`;
}

/** The stretch of about a second (or a twentieth, if that is more) in which powers differ most, each as a share of the run's. */
function busiest({ bins, watts }: Comparison): { readonly from: number; readonly to: number } {
  const length = Math.min(bins.count, Math.max(2, Math.round(1 / bins.width)));
  let best = 0;
  let from = 0;
  let sum = 0;
  const apart = new Float64Array(bins.count);
  for (let bin = 0; bin < bins.count; bin++) {
    apart[bin] = Math.abs(bins.measured[bin] / mean(bins, watts, bin) - 1);
    sum += apart[bin] - (bin >= length ? apart[bin - length] : 0);
    if (bin + 1 < length || sum <= best) continue;
    best = sum;
    from = bin + 1 - length;
  }
  return { from, to: from + length };
}

function mean({ offsets, shares, conditions }: Comparison['bins'], watts: Float64Array, bin: number): number {
  let power = 0;
  for (let entry = offsets[bin]; entry < offsets[bin + 1]; entry++) power += shares[entry] * watts[conditions[entry]];
  return power;
}

function columnsOf({ bins, watts, fit }: Comparison, first: number, end: number): Columns {
  const from = bins.starts[first];
  const to = bins.starts[end - 1] + bins.width;
  const blank = (value: number) => new Float64Array(COLUMNS).fill(value);
  const columns = {
    from,
    to,
    low: blank(Number.POSITIVE_INFINITY),
    high: blank(0),
    measured: blank(0),
    run: blank(0),
    proposed: blank(0),
  };
  const counts = blank(0);
  for (let bin = first; bin < end; bin++) {
    const column = Math.min(COLUMNS - 1, Math.floor(((bins.starts[bin] - from) / (to - from)) * COLUMNS));
    const value = bins.measured[bin];
    columns.low[column] = Math.min(columns.low[column], value);
    columns.high[column] = Math.max(columns.high[column], value);
    columns.measured[column] += value;
    columns.run[column] += mean(bins, watts, bin);
    columns.proposed[column] += mean(bins, fit.watts, bin);
    counts[column]++;
  }
  for (const sums of [columns.measured, columns.run, columns.proposed])
    counts.forEach((count, column) => {
      sums[column] /= count;
    });
  return columns;
}

/** Powers over decades. */
function panel(columns: Columns, top: number, height: number, title: string): string {
  const values = [...columns.measured, ...columns.run].filter((value) => value > 0);
  const highest = [...columns.high].reduce((most, value) => Math.max(most, value), 0);
  const bottom = Math.floor(
    Math.log10(values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY)),
  );
  const ceiling = Math.max(bottom + 1, Math.ceil(Math.log10(highest)));
  const y = (watts: number) =>
    top + height - (height * (Math.log10(Math.max(watts, 10 ** bottom)) - bottom)) / (ceiling - bottom);
  const decades = Array.from({ length: ceiling - bottom + 1 }, (_, at) => bottom + at);
  return [
    `<text class="title" x="${LEFT}" y="${top - 8}">${title}</text>`,
    ...decades.map((decade) => gridLine(y(10 ** decade), `${watts(10 ** decade)}`)),
    `<path class="range" d="${area(columns, y)}"/>`,
    ...(['measured', 'run', 'proposed'] as const).map(
      (kind) => `<path class="${kind}" d="${path(columns[kind], y)}"/>`,
    ),
    timeAxis(columns, top + height),
  ].join('\n');
}

/** Measured less run, in watts: red where the device took more. */
function difference(columns: Columns, top: number, height: number): string {
  const apart = columns.measured.map((value, column) => value - columns.run[column]);
  const most = apart.reduce(
    (largest, value) => (Number.isNaN(value) ? largest : Math.max(largest, Math.abs(value))),
    1e-12,
  );
  const middle = top + height / 2;
  const bars = (sign: 1 | -1) =>
    Array.from(apart, (value, column) => {
      if (!(value * sign > 0)) return '';
      const size = (Math.abs(value) / most) * (height / 2);
      return `M${LEFT + column} ${middle.toFixed(1)}h1v${(-sign * size).toFixed(2)}h-1z`;
    }).join('');
  return [
    `<text class="title" x="${LEFT}" y="${top - 8}">measured less run</text>`,
    gridLine(top, watts(most)),
    gridLine(middle, '0'),
    gridLine(top + height, `-${watts(most)}`),
    `<path class="more" d="${bars(1)}"/><path class="less" d="${bars(-1)}"/>`,
    timeAxis(columns, top + height),
  ].join('\n');
}

const gridLine = (y: number, label: string): string =>
  `<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y.toFixed(1)}" y2="${y.toFixed(1)}"/><text x="${LEFT - 6}" y="${(y + 4).toFixed(1)}" text-anchor="end">${label}</text>`;

const path = (values: Float64Array, y: (value: number) => number): string => {
  let pen = 'M';
  return Array.from(values, (value, column) => {
    if (Number.isNaN(value)) {
      pen = 'M';
      return '';
    }
    const point = `${pen}${LEFT + column} ${y(value).toFixed(1)}`;
    pen = 'L';
    return point;
  }).join('');
};

const area = ({ low, high }: Columns, y: (value: number) => number): string =>
  Array.from(low, (value, column) =>
    Number.isFinite(value)
      ? `M${LEFT + column} ${y(value).toFixed(1)}h1V${(y(high[column]) - 0.5).toFixed(1)}h-1z`
      : '',
  ).join('');

function timeAxis({ from, to }: Columns, y: number): string {
  const step =
    [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600].find(
      (candidate) => (to - from) / candidate <= 12,
    ) ?? 7200;
  const ticks: string[] = [];
  for (let time = Math.ceil(from / step) * step; time <= to; time += step) {
    const x = LEFT + ((time - from) / (to - from)) * COLUMNS;
    ticks.push(`<text x="${x.toFixed(1)}" y="${y + 16}" text-anchor="middle">${Number(time.toFixed(2))} s</text>`);
  }
  return ticks.join('');
}

const legend = (): string =>
  (['measured', 'run', 'proposed'] as const)
    .map(
      (kind, at) =>
        `<line class="${kind}" x1="${WIDTH - 330 + 105 * at}" x2="${WIDTH - 305 + 105 * at}" y1="18" y2="18" stroke-width="2"/><text x="${WIDTH - 300 + 105 * at}" y="22">${kind === 'proposed' ? 'run, proposed' : kind}</text>`,
    )
    .join('');

const watts = (value: number): string => {
  const [scale, prefix] = value >= 1 ? [1, ''] : value >= 1e-3 ? [1e-3, 'm'] : [1e-6, 'µ'];
  return `${Number((value / scale).toPrecision(2))} ${prefix}W`;
};
