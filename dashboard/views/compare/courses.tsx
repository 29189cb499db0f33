// How the runs went, over one axis of simulated time: state of charge and power.

import { type Signal, useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { ComparedRun, RunComparison } from '../../../server/runs/compare/comparison.ts';
import type { Series } from '../../../server/runs/views.ts';
import { getSeries } from '../../api/client.ts';
import { dress, timeAxes } from '../../draw/axes.ts';
import { colour } from '../../draw/colours.ts';
import { strokeOf } from '../../draw/run-strokes.ts';
import { type Point, useChart } from '../../draw/use-chart.ts';
import { quantity } from '../../format/quantity.ts';
import { span } from '../../format/time.ts';
import { thinned } from '../../series/thinned.ts';
import { Panel } from '../parts/panel.tsx';
import { RunMark } from './run-mark.tsx';

/** Means along the longest run: few enough that lines over each other can be followed. */
const SPANS = 120;

/** By run, in the order of the comparison; null: it has none. */
type Courses = ReadonlyArray<Series | null>;

export function Courses({ comparison: { runs } }: { comparison: RunComparison }): JSX.Element | null {
  const courses = useSignal<Courses | null>(null);
  const whole = useRef(new Map<string, Series>());
  // A comparison comes anew as long as one of its runs goes on; the others have not changed since.
  useEffect(() => {
    let isLeft = false;
    void Promise.all(
      runs.map(async (run) => {
        const before = whole.current.get(run.id);
        if (before !== undefined || !hasBegun(run)) return before ?? null;
        const answer = await getSeries(run.id);
        if (answer.ok && run.kind === 'reported') whole.current.set(run.id, answer.value);
        return answer.ok ? answer.value : null;
      }),
    ).then((next) => {
      if (!isLeft) courses.value = next;
    });
    return () => {
      isLeft = true;
    };
  }, [runs]);
  if (courses.value === null) return <div class="loading chart-shape" role="status" aria-label="Loading the courses" />;
  if (courses.value.every((course) => course === null)) return null;
  return (
    <div class="courses">
      <Course
        title="State of charge"
        courses={courses}
        unit={(value, step) => `${value.toFixed(digitsFor(step))} %`}
        points={charge}
      />
      <Course
        title="Power from the battery"
        courses={courses}
        unit={(value) => quantity(value, 'W')}
        points={power}
        lowest={0}
      />
    </div>
  );
}

const hasBegun = (run: ComparedRun): boolean => run.kind !== 'gone' && run.run.simulatedSeconds > 0;
const digitsFor = (step: number): number => Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));
const lengthOf = (course: Series | null): number => course?.simulatedSeconds[course.simulatedSeconds.length - 1] ?? 0;

function charge({ simulatedSeconds, soc }: Series): Point[] {
  return simulatedSeconds.map((x, index) => ({ x, y: (soc[index] ?? Number.NaN) * 100 }));
}

function power({ simulatedSeconds, railWatts }: Series, width: number): Point[] {
  const sums = simulatedSeconds.map((_, index) => railWatts.reduce((sum, rail) => sum + (rail[index] ?? 0), 0));
  return thinned(simulatedSeconds, sums, width);
}

interface CourseProps {
  readonly title: string;
  readonly courses: Signal<Courses | null>;
  readonly unit: (value: number, step: number) => string;
  readonly points: (course: Series, width: number) => Point[];
  readonly lowest?: number;
}

function Course({ title, courses, unit, points, lowest }: CourseProps): JSX.Element {
  const shown = courses.value ?? [];
  const longest = Math.max(0, ...shown.map(lengthOf));
  const ref = useChart(
    () => ({
      type: 'line',
      data: { datasets: shown.map((_, place) => ({ data: [], borderDash: [...strokeOf(place).dash] })) },
      options: timeAxes(unit, lowest),
    }),
    (chart) => {
      const known = courses.value ?? [];
      const end = Math.max(0, ...known.map(lengthOf));
      known.forEach((course, place) => {
        const set = chart.data.datasets[place];
        if (set === undefined) return;
        set.data = course === null ? [] : points(course, end / SPANS);
        set.borderColor = colour(strokeOf(place).colour);
        set.borderWidth = 2;
      });
      dress(chart, 0, end);
    },
  );
  const letters = shown.flatMap((course, place) => (course === null ? [] : [place]));
  return (
    <Panel
      title={title}
      aside={
        <span class="quiet">{points === power ? `means over ${span(longest / SPANS)}` : 'over simulated time'}</span>
      }
    >
      <div class="chart">
        <canvas
          ref={ref}
          role="img"
          aria-label={`${title} over simulated time of runs ${letters.map((place) => strokeOf(place).letter).join(', ')}`}
        />
      </div>
      <p class="legend">
        {letters.map((place) => (
          <RunMark key={place} place={place} />
        ))}
      </p>
    </Panel>
  );
}
