// Drawn here, so that the page fetches nothing.

import type { JSX } from 'preact';

const stroke = {
  viewBox: '0 0 16 16',
  fill: 'none',
  stroke: 'currentColor',
  'stroke-width': 1.5,
  'stroke-linecap': 'round',
  'stroke-linejoin': 'round',
} as const;

const MOON = 'M13.2 9.9A5.7 5.7 0 0 1 6.1 2.8a5.7 5.7 0 1 0 7.1 7.1z';

export const Moon = (): JSX.Element => (
  <svg {...stroke} aria-hidden="true">
    <path d={MOON} />
  </svg>
);
export const Sun = (): JSX.Element => (
  <svg {...stroke} aria-hidden="true">
    <circle cx="8" cy="8" r="2.9" />
    <path d="M8 1.2v1.4M8 13.4v1.4M1.2 8h1.4M13.4 8h1.4M3.2 3.2l1 1M11.8 11.8l1 1M3.2 12.8l1-1M11.8 4.2l1-1" />
  </svg>
);
export const HalfDisc = (): JSX.Element => (
  <svg {...stroke} aria-hidden="true">
    <circle cx="8" cy="8" r="6" />
    <path d="M8 2a6 6 0 0 1 0 12z" fill="currentColor" stroke="none" />
  </svg>
);
export const Pause = (): JSX.Element => (
  <svg {...stroke} aria-hidden="true">
    <path d="M5.5 3.5v9M10.5 3.5v9" stroke-width="2.2" />
  </svg>
);
export const Play = (): JSX.Element => (
  <svg {...stroke} aria-hidden="true">
    <path d="M5 3.2v9.6L12.6 8z" fill="currentColor" />
  </svg>
);
export const Stop = (): JSX.Element => (
  <svg {...stroke} aria-hidden="true">
    <rect x="4" y="4" width="8" height="8" rx="1" fill="currentColor" />
  </svg>
);
export const Microphone = (): JSX.Element => (
  <svg {...stroke} aria-hidden="true">
    <rect x="5.8" y="1.5" width="4.4" height="8" rx="2.2" />
    <path d="M3.2 7.5a4.8 4.8 0 0 0 9.6 0M8 12.3v2.2" />
  </svg>
);
export const Mark = (): JSX.Element => (
  <svg viewBox="0 0 16 16" aria-hidden>
    <path d={MOON} fill="currentColor" />
    <circle cx="11.6" cy="4.4" r="1.9" fill="var(--dsp)" />
  </svg>
);

/** Verdicts have a shape as well as a colour. */
export const VerdictMark = ({ kind }: { kind: 'true-positive' | 'miss' | 'false-accept' }): JSX.Element => (
  <svg class="mark" viewBox="0 0 12 12" data-verdict={kind} aria-hidden>
    {kind === 'true-positive' && <circle cx="6" cy="6" r="4" fill="var(--hue)" />}
    {kind === 'miss' && <circle cx="6" cy="6" r="3.6" fill="none" stroke="var(--hue)" stroke-width="1.8" />}
    {kind === 'false-accept' && <path d="M6 1.6 10.8 10H1.2z" fill="var(--hue)" />}
  </svg>
);
