// Plays the recording behind a detection: one at a time.

import { signal } from '@preact/signals';

/** Address of the recording that is heard; null in silence. */
export const playing = signal<string | null>(null);
export const playProblem = signal<string | null>(null);

let audio: HTMLAudioElement | null = null;

/** Plays a recording, or stops it when it is the one that is heard. */
export function togglePlay(url: string): void {
  const wasPlaying = playing.value;
  audio?.pause();
  playing.value = null;
  playProblem.value = null;
  if (wasPlaying === url) return;
  const next = new Audio(url);
  audio = next;
  playing.value = url;
  const end = (problem: string | null) => {
    if (audio !== next) return;
    playing.value = null;
    playProblem.value = problem;
  };
  next.addEventListener('ended', () => end(null));
  next.play().catch((error: unknown) => {
    // Taken back by the next click.
    if (error instanceof DOMException && error.name === 'AbortError') return;
    end('This recording could not be played: its file is gone, or the browser does not know its format.');
  });
}

/** A recording's file name. */
export const recordingName = (clip: string): string => clip.slice(clip.lastIndexOf('/') + 1);

/** Of a recording of the scenario; or, of what was recorded while a run went on, of that. */
export const recordingOf = (run: string, scenario: string, clip: string): string =>
  clip.startsWith('/') ? `/api/runs/${encodeURIComponent(run)}${clip}` : recordingUrl(scenario, clip);

export const recordingUrl = (scenario: string, clip: string): string =>
  `/api/scenarios/${encodeURIComponent(scenario)}/${clip.split('/').map(encodeURIComponent).join('/')}`;
