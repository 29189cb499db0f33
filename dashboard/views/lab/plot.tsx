// One measure over another, as lines or dots that say what they are when the pointer comes to them.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import { colour } from '../../draw/colours.ts';
import { calm, type LineChart, useChart } from '../../draw/use-chart.ts';

export interface PlotPoint {
  readonly x: number;
  readonly y: number;
  /** What it is, for who points at it. */
  readonly words: string;
}

export interface PlotSet {
  readonly name: string;
  /** CSS colour. */
  readonly colour: string;
  /** In any order. */
  readonly points: readonly PlotPoint[];
  readonly isLine: boolean;
  /** Drawn as rings around what others draw. */
  readonly isRing?: boolean;
}

interface Props {
  readonly sets: readonly PlotSet[];
  readonly x: string;
  readonly y: string;
  /** What is shown while nothing is pointed at. */
  readonly hint: string;
  /** Words of a point that is pointed at elsewhere. */
  readonly picked?: string | null;
}

export function Plot({ sets: given, x, y, hint, picked = null }: Props): JSX.Element {
  // Chart.js is told that they come in order.
  const sets = useMemo(
    () => given.map((set) => ({ ...set, points: [...set.points].sort((a, b) => a.x - b.x) })),
    [given],
  );
  const drawn = useSignal(sets);
  const pointed = useSignal<string | null>(null);
  const marked = useSignal(picked);
  useEffect(() => {
    drawn.value = sets;
  }, [sets]);
  useEffect(() => {
    marked.value = picked;
  }, [picked]);
  const ref = useChart(
    () => ({
      type: 'line',
      data: { datasets: [] },
      options: {
        ...calm,
        events: ['mousemove', 'mouseout', 'click'],
        interaction: { mode: 'nearest', intersect: false },
        onHover: (event, elements) => {
          const [element] = elements;
          const set = element === undefined ? undefined : drawn.value[element.datasetIndex];
          pointed.value = event.type === 'mouseout' ? null : (set?.points[element?.index ?? -1]?.words ?? null);
        },
        layout: { padding: { top: 6, right: 12 } },
        scales: {
          x: { type: 'linear', beginAtZero: true, title: { display: true, text: x }, grid: { display: false } },
          y: { type: 'linear', title: { display: true, text: y }, border: { display: false } },
        },
      },
    }),
    (chart) => {
      const mark = pointed.value ?? marked.value;
      chart.data.datasets = drawn.value.map((set) => ({
        data: set.points,
        showLine: set.isLine,
        borderColor: colour(set.colour),
        backgroundColor: set.isRing ? 'transparent' : colour(set.colour),
        borderWidth: 2,
        pointRadius: set.points.map(({ words }) => (set.isRing ? 10 : words === mark ? 7 : set.isLine ? 2 : 5)),
        pointBorderWidth: set.isRing ? 2 : 0,
      }));
      dress(chart);
    },
  );
  return (
    <figure class="plot">
      <div class="chart">
        <canvas ref={ref} role="img" aria-label={`${y} over ${x}: ${sets.map(({ name }) => name).join(', ')}`} />
      </div>
      <figcaption class="quiet">{pointed.value ?? picked ?? hint}</figcaption>
    </figure>
  );
}

/** Colours by the theme that is shown. */
function dress({ options: { scales } }: LineChart): void {
  for (const axis of [scales?.['x'], scales?.['y']]) {
    if (axis?.ticks) axis.ticks.color = colour('var(--ink-2)');
    if (axis?.grid) axis.grid.color = colour('var(--track)');
    if (axis && 'title' in axis && axis.title) axis.title.color = colour('var(--ink-2)');
  }
}
