import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { assertNever } from '../../../server/assert-never.ts';
import type { PreviewSignal, PreviewStretch, PreviewView } from '../../../server/runs/views.ts';
import { pictureUrl } from '../../api/client.ts';
import { paintSounds, paintTicks } from '../../draw/lanes.ts';
import { paintPeaks, paintPlayhead, peakOf } from '../../draw/preview.ts';
import { count, MINUS, significant } from '../../format/quantity.ts';
import { moment, span as spanText, whole } from '../../format/time.ts';
import { recordingUrl } from '../../store/player.ts';
import { type PreviewStore, type Span, viewOf } from '../../store/preview.ts';
import { Choices } from '../parts/choices.tsx';
import { Panel } from '../parts/panel.tsx';
import { Recording } from '../run/recording.tsx';
import { Lane } from './lane.tsx';
import { SoundPlayer } from './sound-player.tsx';

const LENGTHS = [
  ['10', '10 s'],
  ['30', '30 s'],
  ['120', '2 min'],
  ['600', '10 min'],
  ['3600', '1 h'],
] as const;
/** More are counted, not listed. */
const MOST_LISTED = 8;

interface Props {
  readonly scenario: string;
  readonly store: PreviewStore;
  readonly view: PreviewView;
}

/** A stretch from near: its signal as it is mixed, what is in it, and its sound. */
export function Stretch({ scenario, store, view }: Props): JSX.Element {
  const playhead = useSignal<number | null>(null);
  const span = store.span.value;
  const loaded = store.stretch.value;
  const stretch = viewOf(loaded);
  if (span === null) return <div class="loading card-shape" role="status" aria-label="Mixing this stretch" />;
  const several = view.durationSeconds > 86_400;
  const length = span.to - span.from;
  const move = (by: number): void => store.look({ from: span.from + by * length, to: span.to + by * length });
  const resize = (seconds: number): void => {
    const middle = (span.from + span.to) / 2;
    store.look({ from: middle - seconds / 2, to: middle + seconds / 2 });
  };
  const ticks = (
    <Lane
      small
      label="Simulated time"
      paint={(surface) => {
        const shown = viewOf(store.stretch.value);
        if (shown !== null) paintTicks(surface, spanOf(shown));
      }}
    >
      <span class="quiet">simulated time</span>
    </Lane>
  );
  return (
    <Panel
      title={`${moment(span.from, several)} to ${moment(span.to, several)}`}
      area="stretch"
      aside={
        <span class="stretch-controls">
          <button type="button" onClick={() => move(-1)} disabled={span.from <= 0}>
            earlier
          </button>
          <Choices
            label="Length of the stretch"
            options={LENGTHS.filter(([seconds]) => Number(seconds) <= view.durationSeconds)}
            value={String(Math.round(length)) as (typeof LENGTHS)[number][0]}
            onChoose={(seconds) => resize(Number(seconds))}
          />
          <button type="button" onClick={() => move(1)} disabled={span.to >= view.durationSeconds}>
            later
          </button>
        </span>
      }
    >
      {loaded.state === 'done' && !loaded.answer.ok && (
        <div class="empty" role="alert">
          <p>This stretch cannot be shown. {loaded.answer.problem}</p>
          <button type="button" onClick={() => store.askAgain()}>
            Try again
          </button>
        </div>
      )}
      {loaded.state === 'loading' && (
        <div class="loading stretch-shape" role="status" aria-label="Mixing this stretch" />
      )}
      {stretch !== null && (
        <>
          <Lane
            label={`Events: ${
              stretch.events
                .map(({ label }) => label)
                .slice(0, MOST_LISTED)
                .join(', ') || 'none'
            }`}
            paint={(surface) => {
              const shown = viewOf(store.stretch.value);
              if (shown !== null) paintSounds(surface, spanOf(shown), shown.events, view.detect);
            }}
          >
            <strong>{view.sensor}</strong>
            <span class="quiet">
              {count(stretch.eventsTotal)} event{stretch.eventsTotal === 1 ? '' : 's'} in{' '}
              {whole(stretch.toSeconds - stretch.fromSeconds)}
            </span>
          </Lane>
          {stretch.signal.kind === 'pictures' && ticks}
          <Signal scenario={scenario} store={store} view={view} stretch={stretch} playhead={playhead} />
          {stretch.signal.kind !== 'pictures' && ticks}
          {stretch.signal.kind === 'sound' && (
            <SoundPlayer
              scenario={scenario}
              view={view}
              span={spanOf(stretch)}
              peaks={stretch.signal}
              onPlay={(at) => {
                playhead.value = at;
              }}
            />
          )}
          <Events scenario={scenario} stretch={stretch} several={several} />
        </>
      )}
    </Panel>
  );
}

const spanOf = ({ fromSeconds, toSeconds }: PreviewStretch): Span => ({ from: fromSeconds, to: toSeconds });

interface SignalProps extends Props {
  readonly stretch: PreviewStretch;
  readonly playhead: { readonly value: number | null };
}

function Signal({ scenario, store, view, stretch, playhead }: SignalProps): JSX.Element {
  const { signal } = stretch;
  switch (signal.kind) {
    case 'sound': {
      const peak = decibels(peakOf(signal));
      return (
        <div class="wave">
          <Lane
            label={`Waveform, at most ${peak} of full scale`}
            paint={(surface) => {
              const shown = viewOf(store.stretch.value);
              if (shown?.signal.kind !== 'sound') return;
              const most = peakOf(shown.signal);
              paintPeaks(surface, shown.signal, -most, most);
              if (playhead.value !== null) paintPlayhead(surface, spanOf(shown), playhead.value);
            }}
          >
            <span>sound</span>
            <span class="quiet">peak {peak} of full scale</span>
          </Lane>
        </div>
      );
    }
    case 'motion':
      return <Axes store={store} axes={signal.axes} />;
    case 'pictures':
      return <Pictures scenario={scenario} view={view} stretch={stretch} signal={signal} />;
    default:
      return assertNever(signal);
  }
}

const decibels = (amplitude: number): string =>
  `${(20 * Math.log10(amplitude)).toFixed(0).replace('-', MINUS)}\u00a0dB`;

type Axis = Extract<PreviewSignal, { kind: 'motion' }>['axes'][number];

function Axes({ store, axes }: { store: PreviewStore; axes: readonly Axis[] }): JSX.Element {
  return (
    <div class="axes">
      {axes.map(({ name, min, max }) => {
        const unit = name.startsWith('g') ? 'rad/s' : 'm/s²';
        const range = `${significant(Math.min(...min), 2)} to ${significant(Math.max(...max), 2)} ${unit}`;
        return (
          <Lane
            key={name}
            label={`${name}, ${range}`}
            paint={(surface) => {
              const shown = viewOf(store.stretch.value);
              if (shown?.signal.kind !== 'motion') return;
              // Axes of a kind have one scale, or still ones would look as lively as the others.
              const kin = shown.signal.axes.filter((axis) => axis.name[0] === name[0]);
              const axis = kin.find((known) => known.name === name);
              const bottom = Math.min(...kin.map((known) => Math.min(...known.min)));
              const top = Math.max(...kin.map((known) => Math.max(...known.max)));
              if (axis !== undefined) paintPeaks(surface, axis, bottom, top);
            }}
          >
            <strong>{name}</strong>
            <span class="quiet">{range}</span>
          </Lane>
        );
      })}
    </div>
  );
}

interface PicturesProps {
  readonly scenario: string;
  readonly view: PreviewView;
  readonly stretch: PreviewStretch;
  readonly signal: Extract<PreviewSignal, { kind: 'pictures' }>;
}

/** What the camera sees, from when on and for how long, with the names of what came into view. */
function Pictures({ scenario, view, stretch, signal }: PicturesProps): JSX.Element {
  const several = view.durationSeconds > 86_400;
  return (
    <>
      <ul class="pictures" aria-label="What the camera sees">
        {signal.pictures.map(({ atSeconds, untilSeconds }) => {
          const labels = stretch.events
            .filter(({ startSeconds, endSeconds }) => startSeconds <= atSeconds && endSeconds > atSeconds)
            .map(({ label }) => label);
          const name = labels.join(', ') || 'background';
          const of = { scenario, seed: view.seed, duration: view.durationSeconds };
          return (
            <li key={`${view.seed} ${atSeconds}`} data-detect={labels.includes(view.detect)}>
              <img src={pictureUrl(of, atSeconds)} alt={`${name} at ${moment(atSeconds, several)}`} loading="lazy" />
              <span>{name}</span>
              <span class="quiet">
                {moment(atSeconds, several)}, {spanText(untilSeconds - atSeconds)}
              </span>
            </li>
          );
        })}
      </ul>
      {signal.picturesTotal > signal.pictures.length && (
        <p class="quiet note">
          {signal.pictures.length} of {count(signal.picturesTotal)} changes; look at a shorter stretch to see all.
        </p>
      )}
    </>
  );
}

/** What is in the stretch, with the recordings behind it. */
function Events({
  scenario,
  stretch,
  several,
}: {
  scenario: string;
  stretch: PreviewStretch;
  several: boolean;
}): JSX.Element {
  const listed = stretch.events.slice(0, MOST_LISTED);
  if (listed.length === 0) return <p class="quiet note">Nothing but background in this stretch.</p>;
  return (
    <>
      <ul class="stretch-events" aria-label="Events of this stretch">
        {listed.map(({ label, recording, startSeconds, endSeconds }) => (
          <li key={`${startSeconds} ${recording}`}>
            <span>{moment(startSeconds, several)}</span>
            <span class="quiet">{spanText(endSeconds - startSeconds)}</span>
            <span>
              <Recording url={recordingUrl(scenario, recording)} label={label} />
            </span>
          </li>
        ))}
      </ul>
      {stretch.eventsTotal > listed.length && (
        <p class="quiet note">
          The first {listed.length} of {count(stretch.eventsTotal)}; look at a shorter stretch to see all.
        </p>
      )}
    </>
  );
}
