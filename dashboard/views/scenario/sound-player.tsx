import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { Peaks, PreviewView } from '../../../server/runs/views.ts';
import { soundUrl } from '../../api/client.ts';
import { peakOf } from '../../draw/preview.ts';
import { moment, span as spanText } from '../../format/time.ts';
import type { Span } from '../../store/preview.ts';
import { Problem } from '../parts/problem.tsx';

interface Props {
  readonly scenario: string;
  readonly view: PreviewView;
  readonly span: Span;
  readonly peaks: Peaks;
  /** Told where it plays, in simulated seconds; null when it stops. */
  readonly onPlay: (at: number | null) => void;
}

/** What the server makes louder at most. */
const MOST_GAIN = 60;
/** Peaks are brought to this. */
const FULL_SHARE = 0.9;

/** Plays the stretch, or its beginning, as the microphone gets it but louder: rooms are quiet against full scale. */
export function SoundPlayer({ scenario, view, span, peaks, onPlay }: Props): JSX.Element {
  const problem = useSignal<string | null>(null);
  const to = Math.min(span.to, span.from + view.longest.soundSeconds);
  const heard = Math.ceil((peaks.max.length * (to - span.from)) / (span.to - span.from));
  const peak = peakOf({ min: peaks.min.slice(0, heard), max: peaks.max.slice(0, heard) });
  const gain = Math.max(0, Math.min(MOST_GAIN, Math.floor(20 * Math.log10(FULL_SHARE / peak))));
  const several = view.durationSeconds > 86_400;
  const url = soundUrl({ scenario, seed: view.seed, duration: view.durationSeconds }, span.from, to, gain);
  const isPart = to < span.to;
  return (
    <div class="player">
      {/* biome-ignore lint/a11y/useMediaCaption: its labels are drawn above it, and listed below */}
      <audio
        key={url}
        controls
        preload="none"
        src={url}
        aria-label={`Listen to ${moment(span.from, several)} to ${moment(to, several)}`}
        onTimeUpdate={(event) => onPlay(span.from + event.currentTarget.currentTime)}
        onPlay={() => {
          problem.value = null;
        }}
        onEnded={() => onPlay(null)}
        onEmptied={() => onPlay(null)}
        onError={() => {
          problem.value = 'This stretch cannot be played: the server could not mix it now. Press play to try again.';
        }}
      />
      <span class="quiet">
        {isPart ? `The first ${spanText(to - span.from)}` : 'This stretch'}
        {gain > 0 ? `, ${gain} dB louder than the microphone gets it` : ', as the microphone gets it'}
      </span>
      <Problem text={problem.value} />
    </div>
  );
}
