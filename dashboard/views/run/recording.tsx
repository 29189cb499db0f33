// What caused a detection, as it can be shown: a sound to play, the trace of a motion, a picture.

import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { readMotion } from '../../../server/streams/motion-recording.ts';
import { playing, togglePlay } from '../../store/player.ts';
import { Play, Stop } from '../parts/icons.tsx';

/** @param label of the event; null: it is not known */
export function Recording({ url, label }: { url: string; label: string | null }): JSX.Element {
  const name = decodeURIComponent(url.slice(url.lastIndexOf('/') + 1));
  return (
    <>
      <Shown url={url} name={name} /> {label} <span class="quiet">{name}</span>
    </>
  );
}

function Shown({ url, name }: { url: string; name: string }): JSX.Element {
  if (/\.csv$/i.test(name)) return <Trace url={url} name={name} />;
  if (/\.(jpe?g|png)$/i.test(name)) return <img class="thumb" src={url} alt={name} loading="lazy" />;
  const isPlaying = playing.value === url;
  return (
    <button
      type="button"
      class="play"
      aria-label={`${isPlaying ? 'Stop' : 'Play'} ${name}`}
      onClick={() => togglePlay(url)}
    >
      {isPlaying ? <Stop /> : <Play />}
    </button>
  );
}

const WIDTH = 96;
const HEIGHT = 24;
const RATE = 25;
const GRAVITY = 9.80665;
/** Acceleration without gravity that fills the height either way. */
const MOST = 8;

/** Strength of the acceleration over the whole recording, less gravity. */
function Trace({ url, name }: { url: string; name: string }): JSX.Element {
  const [points, setPoints] = useState<string | null>(null);
  useEffect(() => {
    const leaving = new AbortController();
    drawTrace(url, name, leaving.signal).then(setPoints, () => setPoints(null));
    return () => leaving.abort();
  }, [url, name]);
  return (
    <svg class="trace" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width={WIDTH} height={HEIGHT} role="img">
      <title>Acceleration in {name}</title>
      {points !== null && <polyline points={points} />}
    </svg>
  );
}

async function drawTrace(url: string, name: string, signal: AbortSignal): Promise<string> {
  const answer = await fetch(url, { signal });
  if (!answer.ok) throw new Error(answer.statusText);
  const samples = readMotion(await answer.text(), name, RATE, 3);
  const count = samples.length / 3;
  return Array.from({ length: count }, (_, at) => {
    const strength = Math.hypot(samples[3 * at], samples[3 * at + 1], samples[3 * at + 2]) - GRAVITY;
    const y = HEIGHT / 2 - (Math.max(-MOST, Math.min(MOST, strength)) / MOST) * (HEIGHT / 2 - 1);
    return `${((at / Math.max(1, count - 1)) * WIDTH).toFixed(1)},${y.toFixed(1)}`;
  }).join(' ');
}
