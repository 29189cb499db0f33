// Chart.js, with only the parts in use, drawn again when the signals that its filler reads change.

import { effect } from '@preact/signals';
import {
  Chart,
  type ChartConfiguration,
  Filler,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
} from 'chart.js';
import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

Chart.register(LineController, LineElement, PointElement, LinearScale, Filler);

export type LineChart = Chart<'line', Point[]>;
export type LineChartConfiguration = ChartConfiguration<'line', Point[]>;
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** `fill` puts data and limits into the chart, which is then drawn. */
export function useChart(
  create: () => LineChartConfiguration,
  fill: (chart: LineChart) => void,
): RefObject<HTMLCanvasElement> {
  const ref = useRef<HTMLCanvasElement>(null);
  const filler = useRef(fill);
  filler.current = fill;
  const creator = useRef(create);

  useEffect(() => {
    if (!ref.current) return;
    const chart: LineChart = new Chart<'line', Point[]>(ref.current, creator.current());
    const stop = effect(() => {
      filler.current(chart);
      chart.update('none');
    });
    return () => {
      stop();
      chart.destroy();
    };
  }, []);

  return ref;
}

/** What all charts have in common: they show data as it is, at once, and leave the pointer to the page. */
export const calm = {
  parsing: false,
  normalized: true,
  animation: false,
  maintainAspectRatio: false,
  events: [],
} satisfies LineChartConfiguration['options'];
