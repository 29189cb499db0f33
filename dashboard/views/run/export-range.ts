// What is shown of a run as a table for other programs: a line a point, units in the header.

import type { RangeView, RunLayout } from '../../../server/runs/views.ts';

/** Lines of a CSV file. */
export function rangeCsv(layout: RunLayout, { fromSeconds, columns }: RangeView): string {
  const { endSeconds, watts, railWatts, soc, volts, scores, residency } = columns;
  const table: ReadonlyArray<readonly [name: string, values: ReadonlyArray<number | null>]> = [
    ['from_s', endSeconds.map((_, point) => endSeconds[point - 1] ?? fromSeconds)],
    ['to_s', endSeconds],
    ['power_min_W', watts.min],
    ['power_mean_W', watts.mean],
    ['power_max_W', watts.max],
    ...[...layout.rails, 'regulators'].map((rail, index) => [`${rail}_mean_W`, railWatts[index] ?? []] as const),
    ['state_of_charge', soc],
    ['battery_V', volts],
    ...layout.stages.map(({ name }, stage) => [`${name}_highest_score`, scores[stage] ?? []] as const),
    ...layout.cores.flatMap(({ name, activities }, core) =>
      activities.map((activity, index) => [`${name}_${activity}_share`, residency[core]?.[index] ?? []] as const),
    ),
  ];
  const lines = [table.map(([name]) => quoted(name)).join(',')];
  for (let point = 0; point < endSeconds.length; point++)
    lines.push(table.map(([, values]) => values[point] ?? '').join(','));
  return `${lines.join('\n')}\n`;
}

const quoted = (name: string): string => (/[",]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name);

export function exportRange(id: string, layout: RunLayout, range: RangeView): void {
  const url = URL.createObjectURL(new Blob([rangeCsv(layout, range)], { type: 'text/csv' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = `${id}-${range.fromSeconds}-${range.toSeconds}.csv`;
  link.click();
  // After the browser has taken it.
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
