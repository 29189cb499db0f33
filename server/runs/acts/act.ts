// What a person does to a run that goes on, and the log of it: a run that is given the same log from its start comes to the same.

import type { Act, InputView } from '../views.ts';

/** An act as it is asked for; sound and motion that were just recorded come along. */
export type AskedAct =
  | Exclude<Act, { readonly kind: 'play' | 'sound' | 'motion' }>
  /** One of the scenario's own recordings; of sound, so much louder than the noise. */
  | { readonly kind: 'play'; readonly clip: string; readonly snr: number | null }
  /** A WAV file of at most `LONGEST_RECORDING_SECONDS`. */
  | { readonly kind: 'sound'; readonly label: string; readonly snr: number; readonly wav: Uint8Array }
  /** CSV as recordings of motion have it (streams/motion-recording.ts), as long at most. */
  | { readonly kind: 'motion'; readonly label: string; readonly csv: string };

/** One entry of the log. */
export interface Input {
  /** When it is done: at the end of a window. */
  readonly simulatedSeconds: number;
  readonly act: AskedAct;
}

/** An entry that a run has taken up, and how people are told of it. */
export interface LoggedInput {
  readonly input: Input;
  readonly view: InputView;
}

export const LONGEST_RECORDING_SECONDS = 10;
/** In a run; each that is heard is scored anew from there on. */
export const MOST_INPUTS = 500;
/** Of them, with a recording: up to 1 MB each in the server and in the run's process. */
export const MOST_RECORDINGS = 50;

export const bringsRecording = ({ kind }: AskedAct): boolean => kind === 'sound' || kind === 'motion';
