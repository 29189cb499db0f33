import type { JSX } from 'preact';
import type { PreviewView } from '../../../server/runs/views.ts';
import { paintTicks } from '../../draw/lanes.ts';
import { paintCounts, paintSpan } from '../../draw/preview.ts';
import type { Surface } from '../../draw/use-canvas.ts';
import { count, percent } from '../../format/quantity.ts';
import { moment, span as spanText, whole } from '../../format/time.ts';
import { timeTicks } from '../../series/ticks.ts';
import { LEAD, type PreviewStore, viewOf } from '../../store/preview.ts';
import { Panel } from '../parts/panel.tsx';
import { Lane } from './lane.tsx';
import { Stretch } from './stretch.tsx';

interface Props {
  readonly scenario: string;
  readonly store: PreviewStore;
}

/** What a run with this seed and duration will get: the whole of it, and a stretch to look at and to listen to. */
export function Preview({ scenario, store }: Props): JSX.Element {
  const loaded = store.overview.value;
  if (loaded.state === 'loading' && !store.isAsked)
    return (
      <Panel title="What it will get">
        <div class="empty">
          <p>It is drawn as soon as the seed and the duration can be read.</p>
        </div>
      </Panel>
    );
  if (loaded.state === 'loading')
    return <div class="loading preview-shape" role="status" aria-label="Drawing what the sensor will get" />;
  if (!loaded.answer.ok)
    return (
      <Panel title="What it will get">
        <div class="empty" role="alert">
          <p>The preview cannot be made. {loaded.answer.problem}</p>
          <p class="quiet">A run can be launched all the same.</p>
          <button type="button" onClick={() => store.askAgain()}>
            Try again
          </button>
        </div>
      </Panel>
    );
  const view = loaded.answer.value;
  return (
    <div class="preview">
      <Panel
        title={`What the ${view.sensor} will get`}
        aside={
          <span class="quiet">
            seed {view.seed}, {whole(view.durationSeconds)}; click where to look closer
          </span>
        }
      >
        <Whole view={view} store={store} />
      </Panel>
      <Stretch scenario={scenario} store={store} view={view} />
    </div>
  );
}

/** The whole stream, a lane for each label; a click looks at what is there, and so do the arrow keys. */
function Whole({ view, store }: { view: PreviewView; store: PreviewStore }): JSX.Element {
  const { durationSeconds, labels, background, detect } = view;
  const several = durationSeconds > 86_400;
  const span = store.span.value;
  const length = span === null ? 0 : span.to - span.from;
  const goTo = (from: number): void => store.look({ from, to: from + length });

  const point = (event: JSX.TargetedPointerEvent<HTMLElement>): void => {
    const canvas = event.target instanceof HTMLCanvasElement ? event.target : null;
    if (canvas === null || (event.type === 'pointermove' && event.buttons !== 1)) return;
    const { left, width } = canvas.getBoundingClientRect();
    goTo(((event.clientX - left) / width) * durationSeconds - length / 2);
  };
  const next = (startSeconds: readonly number[]): void => {
    const from = span?.from ?? 0;
    const lead = LEAD * length;
    const found = startSeconds.find((start) => start - lead > from + 0.05) ?? startSeconds[0];
    if (found !== undefined) goTo(found - lead);
  };
  // Painters read what they paint when they paint: they are called again when that changes.
  const paintWith = (valuesOf: (view: PreviewView) => readonly number[], hue: string) => (surface: Surface) => {
    const now = viewOf(store.overview.value);
    if (now === null) return;
    paintCounts(surface, valuesOf(now), hue);
    if (store.span.value !== null) paintSpan(surface, store.span.value, now.durationSeconds);
  };

  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset brings a border and a legend that no browser lays out in a row
    <div class="whole" role="group" aria-label="The whole stream" onPointerDown={point} onPointerMove={point}>
      {labels.map(({ label, events, seconds, startSeconds }) => (
        <Lane
          key={label}
          paint={paintWith((now) => countsOf(now, label), label === detect ? 'var(--ink)' : 'var(--sensor)')}
          label={`${label}: ${count(events)} events`}
        >
          <span class="lane-title">
            <strong>{label}</strong>
            {label === detect && <span class="quiet">to detect</span>}
          </span>
          <span class="second">
            {count(events)}, {spanText(seconds)} in all
          </span>
          {events > 0 && (
            <button type="button" class="link" onClick={() => next(startSeconds)} aria-label={`Next ${label}`}>
              next
            </button>
          )}
        </Lane>
      ))}
      {background.some((share) => share > 0) && (
        <Lane paint={paintWith((now) => now.background, 'var(--supply-1)')} label="Background, share of the time">
          <span>background</span>
          <span class="second">
            {percent(background.reduce((sum, share) => sum + share, 0) / background.length)} of the time
          </span>
        </Lane>
      )}
      <div class="lane" data-small>
        <span class="lane-head quiet">stretch below</span>
        <input
          type="range"
          min={0}
          max={durationSeconds - length}
          step="any"
          value={span?.from ?? 0}
          aria-label="Stretch to look at"
          aria-valuetext={span === null ? '' : `from ${moment(span.from, several)}, ${whole(length)}`}
          onKeyDown={(event) => {
            // A browser's own step would be a hundredth of a day.
            const by = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
            if (by === undefined || span === null) return;
            event.preventDefault();
            goTo(span.from + by * length);
          }}
          onInput={(event) => goTo(Number(event.currentTarget.value))}
        />
      </div>
      <Lane
        small
        paint={(surface) => paintTicks(surface, { from: 0, to: viewOf(store.overview.value)?.durationSeconds ?? 1 })}
        label={ticksText(durationSeconds)}
      >
        <span class="quiet">simulated time</span>
      </Lane>
    </div>
  );
}

const countsOf = (view: PreviewView, label: string): readonly number[] =>
  view.labels.find((known) => known.label === label)?.counts ?? [];

const ticksText = (to: number): string =>
  `Simulated time, ${timeTicks(0, to, 6)
    .map(({ label }) => label)
    .join(', ')}`;
