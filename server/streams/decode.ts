// Audio files into what the front end takes: mono, 16 kHz, 32-bit float.
import { readFile } from 'node:fs/promises';
import libsamplerate from '@alexanderolsen/libsamplerate-js';
import decodeAudio, { type AudioData } from 'audio-decode';
import { decodeFlac } from './flac.ts';
import { RecordingError, reasonOf } from './recording-error.ts';

const TARGET_RATE = 16_000;

/**
 * Reads a wav, flac, ogg or mp3 file: mono samples (-1 … 1, channels averaged) at `sampleRate` Hz. Throws RecordingError when the file cannot be
 * read, is no such sound, or holds no samples.
 */
export async function decodeFile(path: string, sampleRate: number = TARGET_RATE): Promise<Float32Array> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw new RecordingError(path, `cannot be read (${reasonOf(error)})`, error);
  }
  return decodeBytes(bytes, path, sampleRate);
}

/** As decodeFile, for bytes at hand; `path` only names them in errors. */
export async function decodeBytes(
  bytes: Uint8Array,
  path: string,
  sampleRate: number = TARGET_RATE,
): Promise<Float32Array> {
  if (bytes.length === 0) throw new RecordingError(path, 'is empty');
  const declared = declaredFrames(bytes);
  let decoded: AudioData;
  try {
    decoded = (isFlac(bytes) && declared ? await decodeFlac(bytes, declared) : null) ?? (await decodeAudio(bytes));
  } catch (error) {
    throw new RecordingError(
      path,
      `is no sound that can be decoded (${reasonOf(error)}); use wav, flac, ogg or mp3`,
      error,
    );
  }
  const mono = mixDown(decoded.channelData);
  if (declared !== undefined && mono.length < declared)
    throw new RecordingError(path, `is damaged or cut short: ${mono.length} of ${declared} samples could be decoded`);
  if (mono.length === 0 || !(decoded.sampleRate > 0)) throw new RecordingError(path, 'holds no samples');
  if (!mono.every(Number.isFinite)) throw new RecordingError(path, 'holds samples that are not numbers');
  return decoded.sampleRate === sampleRate ? mono : resample(mono, decoded.sampleRate, sampleRate);
}

function mixDown(channels: readonly Float32Array[]): Float32Array {
  if (channels.length <= 1) return channels[0] ?? new Float32Array(0);
  const mono = new Float32Array(channels[0].length);
  for (const channel of channels) for (let at = 0; at < mono.length; at++) mono[at] += channel[at] / channels.length;
  return mono;
}

const textAt = (bytes: Uint8Array, at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4));
const isFlac = (bytes: Uint8Array): boolean => textAt(bytes, 0) === 'fLaC';

/** Samples per channel that a flac or wav file says it holds; decoders give what they can and are silent about the rest. */
function declaredFrames(bytes: Uint8Array): number | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = (at: number): string => textAt(bytes, at);
  // A flac stream begins with STREAMINFO: 36 bits of samples after 108 bits of other things (RFC 9639, section 8.2); 0 is unknown.
  if (isFlac(bytes) && bytes.length >= 42) return (view.getUint8(21) & 15) * 2 ** 32 + view.getUint32(22) || undefined;
  if (text(0) !== 'RIFF') return undefined;
  let bytesPerFrame = 0;
  for (let at = 12; at + 8 <= bytes.length; ) {
    const size = view.getUint32(at + 4, true);
    if (text(at) === 'fmt ' && at + 24 <= bytes.length) bytesPerFrame = view.getUint16(at + 20, true);
    // Writers that could not seek leave 0 or 2^32 - 1.
    if (text(at) === 'data')
      return bytesPerFrame > 0 && size > 0 && size < 2 ** 32 - 1 ? Math.floor(size / bytesPerFrame) : undefined;
    at += 8 + size + (size % 2);
  }
  return undefined;
}

/** Band-limited resampling of a whole recording. */
export async function resample(samples: Float32Array, from: number, to: number): Promise<Float32Array> {
  const resampler = await libsamplerate.create(1, from, to, {
    converterType: libsamplerate.ConverterType.SRC_SINC_MEDIUM_QUALITY,
  });
  try {
    return resampler.simple(samples).slice();
  } finally {
    resampler.destroy();
  }
}
