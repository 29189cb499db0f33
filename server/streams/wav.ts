// A WAV file of 16-bit samples, written piece by piece.

import { type FileHandle, open } from 'node:fs/promises';

const HEADER_BYTES = 44;
const BYTES_PER_SAMPLE = 2;
/** What the format's 32-bit sizes allow. */
const MOST_SAMPLES = (2 ** 32 - 1 - HEADER_BYTES) / BYTES_PER_SAMPLE;

/**
 * Writes a mono file.
 * @param render fills the samples from `start` on, -1 to 1
 * @throws {RangeError} when so many samples do not fit a WAV file
 */
export async function writeWav(
  path: string,
  sampleRate: number,
  samples: number,
  render: (start: number, out: Float32Array) => void,
  progress: (samples: number) => void = () => {},
): Promise<void> {
  if (samples > MOST_SAMPLES)
    throw new RangeError(
      `a WAV file holds at most ${Math.floor(MOST_SAMPLES / sampleRate / 3600)} h at ${sampleRate} Hz`,
    );
  const file: FileHandle = await open(path, 'w');
  try {
    await file.write(header(sampleRate, samples));
    const piece = new Float32Array(60 * sampleRate);
    for (let start = 0; start < samples; start += piece.length) {
      const part = piece.subarray(0, Math.min(piece.length, samples - start));
      render(start, part);
      await file.write(quantised(part));
      progress(start + part.length);
    }
  } finally {
    await file.close();
  }
}

/** A mono file at once. @param samples -1 to 1; what is beyond is cut off */
export const wavOf = (sampleRate: number, samples: Float32Array): Uint8Array =>
  Buffer.concat([header(sampleRate, samples.length), Buffer.from(quantised(samples).buffer)]);

const quantised = (samples: Float32Array): Int16Array<ArrayBuffer> =>
  Int16Array.from(samples, (value) => Math.round(Math.max(-1, Math.min(1, value)) * 32_767));

function header(sampleRate: number, samples: number): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES);
  const data = samples * BYTES_PER_SAMPLE;
  bytes.write('RIFF', 0, 'latin1');
  bytes.writeUInt32LE(36 + data, 4);
  bytes.write('WAVEfmt ', 8, 'latin1');
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(sampleRate, 24);
  bytes.writeUInt32LE(sampleRate * BYTES_PER_SAMPLE, 28);
  bytes.writeUInt16LE(BYTES_PER_SAMPLE, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36, 'latin1');
  bytes.writeUInt32LE(data, 40);
  return bytes;
}
