// What came with an act as a clip of the stream's sense: sound that was just recorded, motion of a phone.

import { makeClip } from '../../streams/clip.ts';
import { decodeBytes } from '../../streams/decode.ts';
import { readMotion } from '../../streams/motion-recording.ts';
import { RecordingError } from '../../streams/recording-error.ts';
import { type Sense, shared } from '../../streams/sense.ts';
import { InputProblem } from '../files/problem.ts';
import { type AskedAct, LONGEST_RECORDING_SECONDS } from './act.ts';

export type RecordedClip =
  | { readonly kind: 'log-mel'; readonly clip: Extract<Sense, { kind: 'log-mel' }>['clips'][number] }
  | { readonly kind: 'motion'; readonly clip: Extract<Sense, { kind: 'motion' }>['clips'][number] };

/** Null: the act brings none. @throws {InputProblem} */
export async function recordedClip(act: AskedAct, sense: Sense): Promise<RecordedClip | null> {
  if (act.kind !== 'sound' && act.kind !== 'motion') return null;
  try {
    return act.kind === 'sound' ? await soundOf(act.wav, sense) : motionOf(act.csv, sense);
  } catch (error) {
    if (error instanceof RecordingError) throw new InputProblem(error.message);
    throw error;
  }
}

async function soundOf(wav: Uint8Array, sense: Sense): Promise<RecordedClip> {
  if (sense.kind !== 'log-mel')
    throw new InputProblem(`this device hears nothing: its sensor gives ${NAMES[sense.kind]}`);
  // Only what is not compressed is as short as it looks.
  if (String.fromCharCode(...wav.subarray(0, 4)) !== 'RIFF') throw new InputProblem('send the sound as a WAV file');
  const { sampleRate } = sense.frontEnd;
  const samples = await decodeBytes(wav, 'the sound', sampleRate);
  checkLength(samples.length / sampleRate);
  const clip = makeClip('the sound', shared(samples));
  if (clip.activeLevel === 0) throw new InputProblem('the sound is silent; record it again, nearer to the microphone');
  return { kind: 'log-mel', clip };
}

function motionOf(csv: string, sense: Sense): RecordedClip {
  if (sense.kind !== 'motion')
    throw new InputProblem(`this device does not feel how it is moved: its sensor gives ${NAMES[sense.kind]}`);
  const { sampleRate, channels } = sense.frontEnd;
  const values = readMotion(csv, 'the motion', sampleRate, channels);
  checkLength(values.length / channels / sampleRate);
  return { kind: 'motion', clip: { path: 'the motion', values: shared(values) } };
}

function checkLength(seconds: number): void {
  if (seconds > LONGEST_RECORDING_SECONDS)
    throw new InputProblem(
      `the recording is ${seconds.toFixed(1)} s long; send one of at most ${LONGEST_RECORDING_SECONDS} s`,
    );
}

const NAMES: Readonly<Record<Sense['kind'], string>> = { 'log-mel': 'sound', motion: 'motion', picture: 'pictures' };
