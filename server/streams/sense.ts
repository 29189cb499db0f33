// What a stream is made of, by sense: the front end that makes frames of it, and recordings of its kind.

import { readFile } from 'node:fs/promises';
import { assertNever } from '../assert-never.ts';
import { type Clip, makeClip } from './clip.ts';
import { decodeFile } from './decode.ts';
import type { FrontEndSpec, MotionSpec, PictureSpec } from './frames.ts';
import type { LogMelSpec } from './front-end.ts';
import { readMotion } from './motion-recording.ts';
import { readPicture } from './picture-recording.ts';
import { RecordingError, reasonOf } from './recording-error.ts';

/** Values of a recording that is no sound: of motion samples × channels, of a picture as readPicture gives them. */
export interface ValueClip {
  readonly path: string;
  readonly values: Float32Array;
}

export type Sense =
  | { readonly kind: 'log-mel'; readonly frontEnd: LogMelSpec; readonly clips: readonly Clip[] }
  | { readonly kind: 'motion'; readonly frontEnd: MotionSpec; readonly clips: readonly ValueClip[] }
  | { readonly kind: 'picture'; readonly frontEnd: PictureSpec; readonly clips: readonly ValueClip[] };

/** What streams of each sense are of, what their recordings are, and the sensor that gives them. */
export const SENSES = {
  'log-mel': { name: 'sound', sensor: 'microphone', files: /\.(wav|flac|ogg|mp3)$/i, endings: 'wav, flac, ogg, mp3' },
  motion: { name: 'motion', sensor: 'imu', files: /\.csv$/i, endings: 'csv' },
  picture: { name: 'pictures', sensor: 'camera', files: /\.(jpe?g|png)$/i, endings: 'jpg, png' },
} as const satisfies Record<FrontEndSpec['kind'], object>;

/** Samples of each recording; a picture's is one, however long it is shown. */
export function lengthsOf(sense: Sense): readonly number[] {
  switch (sense.kind) {
    case 'log-mel':
      return sense.clips.map(({ samples }) => samples.length);
    case 'motion':
      return sense.clips.map(({ values }) => values.length / sense.frontEnd.channels);
    case 'picture':
      return sense.clips.map(() => 1);
    default:
      return assertNever(sense);
  }
}

/**
 * Decodes recordings, into memory that threads share.
 * @param paths by name
 * @param failed told of each that cannot be used, which is left out
 */
export async function decodeSense(
  frontEnd: FrontEndSpec,
  recordings: ReadonlyArray<{ readonly name: string; readonly path: string }>,
  failed: (index: number, error: RecordingError) => void,
): Promise<Sense> {
  const all = async <T>(decode: (path: string, name: string) => Promise<T>): Promise<readonly T[]> => {
    const clips: T[] = [];
    for (const [index, { name, path }] of recordings.entries())
      try {
        clips.push(await decode(path, name));
      } catch (error) {
        if (!(error instanceof RecordingError)) throw error;
        failed(index, error);
      }
    return clips;
  };
  switch (frontEnd.kind) {
    case 'log-mel': {
      const sound = async (path: string, name: string) =>
        makeClip(name, shared(await decodeFile(path, frontEnd.sampleRate)));
      return { kind: 'log-mel', frontEnd, clips: await all(sound) };
    }
    case 'motion': {
      const { sampleRate, channels } = frontEnd;
      const motion = async (path: string, name: string) => {
        const text = new TextDecoder().decode(await bytesOf(path));
        return { path: name, values: shared(readMotion(text, path, sampleRate, channels)) };
      };
      return { kind: 'motion', frontEnd, clips: await all(motion) };
    }
    case 'picture': {
      const picture = async (path: string, name: string) => ({
        path: name,
        values: shared(readPicture(await bytesOf(path), path, frontEnd)),
      });
      return { kind: 'picture', frontEnd, clips: await all(picture) };
    }
    default:
      return assertNever(frontEnd);
  }
}

async function bytesOf(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new RecordingError(path, `cannot be read (${reasonOf(error)})`, error);
  }
}

/** In memory that threads share. */
export function shared(values: Float32Array): Float32Array {
  const copy = new Float32Array(new SharedArrayBuffer(values.byteLength));
  copy.set(values);
  return copy;
}
