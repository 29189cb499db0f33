// A closer look at a run: from the day to the millisecond, with exact figures of whatever is selected.

import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { RangeView, RunDetails, RunLayout } from '../../../server/runs/views.ts';
import { coreColour } from '../../draw/palette.ts';
import {
  paintActivity,
  paintMarks,
  paintMinimap,
  paintPower,
  paintScores,
  paintTimes,
  wattsShown,
} from '../../draw/scope.ts';
import { type Surface, useCanvas } from '../../draw/use-canvas.ts';
import { quantity } from '../../format/quantity.ts';
import { span } from '../../format/time.ts';
import { measured, revision } from '../../store/run.ts';
import {
  cursor,
  figures,
  isFetching,
  limit,
  limits,
  look,
  openScope,
  pan,
  scopeProblem,
  seen,
  select,
  selection,
  stretch,
  view,
  whole,
  zoom,
} from '../../store/scope.ts';
import { Panel } from '../parts/panel.tsx';
import { Problem } from '../parts/problem.tsx';
import { exportRange } from './export-range.ts';
import { Reading } from './scope-reading.tsx';
import { SelectionFigures } from './selection-figures.tsx';

export function Scope({ run, layout }: { run: RunDetails; layout: RunLayout }): JSX.Element {
  useEffect(() => openScope(run.id), [run.id]);
  const range = seen.value;
  const shown = stretch.value;
  return (
    <Panel
      title="Closer look"
      area="scope"
      aside={
        <span class="quiet number" role="status">
          {isFetching.value ? 'simulating …' : span(shown.to - shown.from)}
        </span>
      }
    >
      <div class="scope-tools">
        <button type="button" class="button" onClick={() => zoom(0.5)}>
          Closer
        </button>
        <button type="button" class="button" onClick={() => zoom(2)} disabled={view.value === null}>
          Wider
        </button>
        <button type="button" class="button" onClick={() => pan(-0.5)} disabled={view.value === null}>
          Earlier
        </button>
        <button type="button" class="button" onClick={() => pan(0.5)} disabled={view.value === null}>
          Later
        </button>
        <button type="button" class="button" onClick={() => look(null)} disabled={view.value === null}>
          Whole run
        </button>
        {selection.value !== null && (
          <button type="button" class="button" onClick={() => look(selection.value)}>
            Zoom to the selection
          </button>
        )}
        <Limit name="from" end="low" />
        <Limit name="to" end="high" />
        <button
          type="button"
          class="button"
          disabled={range === null || isFetching.value}
          onClick={() => range && exportRange(run.id, layout, range)}
        >
          Export CSV
        </button>
      </div>
      <Problem text={scopeProblem.value} />
      <Reading layout={layout} range={range} />
      <Tracks layout={layout} />
      <SelectionFigures layout={layout} range={figures.value} />
    </Panel>
  );
}

/** An end of the power axis, typed in milliwatts; empty: as the data ask for. */
function Limit({ name, end }: { name: string; end: 'low' | 'high' }): JSX.Element {
  const value = limits.value[end];
  return (
    <label class="limit">
      power {name}
      <input
        type="text"
        inputMode="decimal"
        placeholder={end === 'low' ? '0' : 'auto'}
        aria-label={`Power axis ${name}, mW; empty for automatic`}
        value={value === null ? '' : String(Number((value * 1e3).toPrecision(6)))}
        onChange={({ currentTarget: { value: text } }) => {
          const next = Number(text) / 1e3;
          limit({ ...limits.value, [end]: text.trim() === '' || !(next >= 0) ? null : next });
        }}
      />
      mW
    </label>
  );
}

/** Charts over one another on one axis of time, with a cross-hair and a selection through all of them. */
function Tracks({ layout }: { layout: RunLayout }): JSX.Element {
  const area = useRef<HTMLDivElement>(null);
  const start = useRef<number | null>(null);
  const timeAt = (event: { clientX: number }): number => {
    const box = area.current?.querySelector('canvas')?.getBoundingClientRect();
    const { from, to } = stretch.value;
    const share = box === undefined ? 0 : Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
    return from + share * (to - from);
  };
  useEffect(() => {
    const turn = (event: WheelEvent): void => {
      // Without a key the wheel scrolls the page; two fingers that pinch come with one.
      if (!(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      zoom(event.deltaY > 0 ? 1.25 : 0.8, timeAt(event));
    };
    const { current } = area;
    current?.addEventListener('wheel', turn, { passive: false });
    return () => current?.removeEventListener('wheel', turn);
  }, []);
  const press = (event: JSX.TargetedPointerEvent<HTMLDivElement>): void => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    start.current = timeAt(event);
  };
  const move = (event: JSX.TargetedPointerEvent<HTMLDivElement>): void => {
    const at = timeAt(event);
    cursor.value = at;
    const { current: from } = start;
    const { from: left, to: right } = stretch.value;
    if (from !== null && Math.abs(at - from) > (right - left) / 300)
      select({ from: Math.min(from, at), to: Math.max(from, at) });
  };
  const release = (): void => {
    start.current = null;
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a group of charts that takes keys of its own
    <div
      ref={area}
      class="tracks"
      role="group"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the cross-hair is moved by keys as well as by the pointer
      tabIndex={0}
      aria-label="Charts over simulated time. Arrow keys move the cross-hair, with shift they select; plus and minus zoom, page keys go on, Escape ends the selection."
      onPointerDown={press}
      onPointerMove={move}
      onPointerUp={release}
      onPointerLeave={() => {
        if (start.current === null) cursor.value = null;
      }}
      onKeyDown={onKey}
    >
      <Track name="power" unit={<PowerScale />} tall>
        {(surface, range) => paintPower(surface, stretch.value, range, wattsShown(range, limits.value))}
      </Track>
      {layout.stages.map(({ name, core }, index) => {
        const kind = layout.cores.find((one) => one.name === core)?.kind ?? 'dsp';
        return (
          <Track key={name} name={`${name} score`}>
            {(surface, range) => paintScores(surface, stretch.value, range, index, coreColour[kind])}
          </Track>
        );
      })}
      {layout.cores.map(({ name }, index) => (
        <Track key={name} name={name}>
          {(surface, range) => paintActivity(surface, stretch.value, range, layout, index)}
        </Track>
      ))}
      <Axis />
      <Minimap />
    </div>
  );
}

function onKey(event: KeyboardEvent): void {
  const { from, to } = stretch.value;
  const step = (to - from) / 200;
  const at = cursor.value ?? (from + to) / 2;
  const goTo = (next: number): void => {
    cursor.value = Math.min(to, Math.max(from, next));
    if (!event.shiftKey) return;
    const now = selection.value ?? { from: at, to: at };
    const fixed = Math.abs(now.from - at) < Math.abs(now.to - at) ? now.to : now.from;
    select({ from: Math.min(fixed, cursor.value), to: Math.max(fixed, cursor.value) });
  };
  const keys: Readonly<Record<string, () => void>> = {
    ArrowLeft: () => goTo(at - step),
    ArrowRight: () => goTo(at + step),
    '+': () => zoom(0.5),
    '=': () => zoom(0.5),
    '-': () => zoom(2),
    PageUp: () => pan(-0.5),
    PageDown: () => pan(0.5),
    Home: () => look(null),
    Escape: () => select(null),
  };
  const work = keys[event.key];
  if (work === undefined) return;
  event.preventDefault();
  work();
}

interface TrackProps {
  readonly name: string;
  readonly unit?: JSX.Element;
  readonly tall?: boolean;
  readonly children: (surface: Surface, range: RangeView) => void;
}

function Track({ name, unit, tall = false, children: paint }: TrackProps): JSX.Element {
  const ref = useCanvas((surface) => {
    const range = seen.value;
    if (range === null) return;
    paint(surface, range);
    paintMarks(surface, stretch.value, selection.value, cursor.value);
  });
  return (
    <div class="track" data-tall={tall}>
      <span class="track-name">
        {name}
        {unit}
      </span>
      <canvas ref={ref} role="img" aria-label={`${name} over simulated time`} />
    </div>
  );
}

function PowerScale(): JSX.Element | null {
  const range = seen.value;
  if (range === null) return null;
  const [low, high] = wattsShown(range, limits.value);
  return (
    <span class="quiet number">
      {quantity(low, 'W')} to {quantity(high, 'W')}
    </span>
  );
}

function Axis(): JSX.Element {
  const ref = useCanvas((surface) => paintTimes(surface, stretch.value));
  return (
    <div class="track" data-axis>
      <span class="track-name quiet">simulated time</span>
      <canvas ref={ref} role="img" aria-label="Simulated time" />
    </div>
  );
}

/** The whole run; a press or a drag brings what lies there into view. */
function Minimap(): JSX.Element {
  const ref = useCanvas((surface) => {
    revision.value;
    const known = measured.value;
    if (known === null) return;
    const { time, columns } = known.columns;
    const watts = time.map((_, point) => known.map.rails.reduce((sum, rail) => sum + (columns[rail]?.[point] ?? 0), 0));
    paintMinimap(surface, whole(), stretch.value, time, watts);
  });
  const go = (event: JSX.TargetedPointerEvent<HTMLCanvasElement>): void => {
    event.stopPropagation();
    if (event.buttons !== 1 || view.value === null) return;
    const box = event.currentTarget.getBoundingClientRect();
    const at = ((event.clientX - box.left) / box.width) * whole().to;
    const half = (view.value.to - view.value.from) / 2;
    look({ from: at - half, to: at + half });
  };
  return (
    <div class="track" data-axis>
      <span class="track-name quiet">the whole run</span>
      <canvas
        ref={ref}
        role="img"
        aria-label="The whole run, and the part of it that is shown"
        onPointerDown={go}
        onPointerMove={go}
      />
    </div>
  );
}
