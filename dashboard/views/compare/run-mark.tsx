import type { JSX } from 'preact';
import { strokeOf } from '../../draw/run-strokes.ts';

/** A run's letter and the stroke that it is drawn with. */
export function RunMark({ place }: { place: number }): JSX.Element {
  const { letter, colour, dash } = strokeOf(place);
  return (
    <span class="run-mark">
      <svg viewBox="0 0 26 6" width="26" height="6" aria-hidden="true">
        <path d="M0 3h26" stroke={colour} stroke-width="2.5" stroke-dasharray={dash.join(' ')} />
      </svg>
      <b>{letter}</b>
    </span>
  );
}
