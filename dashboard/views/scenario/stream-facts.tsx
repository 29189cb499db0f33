import type { JSX } from 'preact';
import type { StreamView } from '../../../server/runs/views.ts';
import { count, MINUS } from '../../format/quantity.ts';
import { whole } from '../../format/time.ts';

/** What happens in a scenario: events by label with their rates, the background, and which of them is to be found. */
export function StreamFacts({ stream }: { stream: StreamView }): JSX.Element {
  const { events, background, detect, noiseFloor, hours } = stream;
  return (
    <ul class="stream-facts" aria-label="What happens">
      {events.map((event) => (
        <li key={event.label} data-detect={event.label === detect}>
          <strong>{event.label}</strong>
          <span>
            {rate(event.perHour)}
            {event.loudness !== null && `, ${loudness(event.loudness)}`}
            {event.holdSeconds !== null && `, in view for ${whole(event.holdSeconds)}`}
          </span>
          <span class="quiet">
            {event.label === detect ? 'to be detected, ' : ''}
            {recordings(event.recordings)}
          </span>
        </li>
      ))}
      {background.map((layer, index) => (
        <li key={index}>
          <span>background</span>
          <span>
            {Number((layer.share * 100).toPrecision(3))}&nbsp;% of the time, {whole(layer.spellSeconds)} at a time
            {layer.level !== null && `, ${decibels(layer.level)}`}
          </span>
          <span class="quiet">{recordings(layer.recordings)}</span>
        </li>
      ))}
      {(noiseFloor !== null || hours) && (
        <li class="quiet">
          {[
            ...(noiseFloor === null ? [] : [`noise floor ${decibels(noiseFloor)}`]),
            ...(hours ? ['rates change with the hours of the day'] : []),
          ].join(', ')}
        </li>
      )}
    </ul>
  );
}

const recordings = (number: number): string => `${count(number)} recording${number === 1 ? '' : 's'}`;

function rate(perHour: number): string {
  return perHour >= 1 ? `${Number(perHour.toPrecision(2))} an hour` : `${Number((perHour * 24).toPrecision(2))} a day`;
}

const decibels = (level: number): string => `${String(level).replace('-', MINUS)}\u00a0dB`;

function loudness({ kind, decibels: level, spread }: NonNullable<StreamView['events'][number]['loudness']>): string {
  const wide = spread === 0 ? '' : ` ± ${spread}`;
  const number = `${String(level).replace('-', MINUS)}${wide}\u00a0dB`;
  return kind === 'snr' ? `${number} over the background` : number;
}
