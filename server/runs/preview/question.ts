// What is asked about a stream before a run, and what is answered: between the server and the process that mixes previews.

import type { PreviewStretch, PreviewView } from '../views.ts';

/** A stream as a run with this seed and duration would get it; what is left out comes from the scenario. */
export interface PreviewOf {
  /** Path of the scenario's file. */
  readonly scenario: string;
  readonly seed?: number | undefined;
  readonly durationSeconds?: number | undefined;
}

export type PreviewQuestion =
  | ({ readonly kind: 'overview' } & PreviewOf)
  | ({
      readonly kind: 'stretch';
      readonly fromSeconds: number;
      readonly toSeconds: number;
      readonly points: number;
    } & PreviewOf)
  /** `gain` in dB. */
  | ({
      readonly kind: 'sound';
      readonly fromSeconds: number;
      readonly toSeconds: number;
      readonly gain: number;
    } & PreviewOf)
  | ({ readonly kind: 'picture'; readonly atSeconds: number } & PreviewOf);

export type PreviewAnswer =
  | { readonly kind: 'overview'; readonly overview: PreviewView }
  | { readonly kind: 'stretch'; readonly stretch: PreviewStretch }
  /** A WAV file. */
  | { readonly kind: 'sound'; readonly file: Uint8Array }
  /** A PNG file. */
  | { readonly kind: 'picture'; readonly file: Uint8Array }
  | PreviewRefusal;

/** `range`: what was asked for lies outside the stream; `scenario`: its files cannot be used; `busy`: too many ask; `fault`: the program's own. */
export interface PreviewRefusal {
  readonly kind: 'refused';
  readonly cause: 'range' | 'scenario' | 'busy' | 'fault';
  readonly problem: string;
}

export type PreviewAnswerTo<K extends PreviewQuestion['kind']> = Extract<PreviewAnswer, { readonly kind: K }>;

/** Longest stretch that is drawn: an hour of sound is mixed in half a second. */
export const LONGEST_STRETCH_SECONDS = 3600;
/** Longest that is listened to at once: a file of 1 MB. */
export const LONGEST_SOUND_SECONDS = 30;
