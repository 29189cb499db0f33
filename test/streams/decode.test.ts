import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeBytes, decodeFile, resample } from '../../server/streams/decode.ts';
import { RecordingError } from '../../server/streams/recording-error.ts';

/** 16-bit PCM. */
function wav(rate: number, channels: readonly (readonly number[])[]): Uint8Array {
  const frames = channels[0].length;
  const bytes = new Uint8Array(44 + 2 * frames * channels.length);
  const view = new DataView(bytes.buffer);
  const text = (at: number, word: string): void => bytes.set(new TextEncoder().encode(word), at);
  text(0, 'RIFF');
  view.setUint32(4, bytes.length - 8, true);
  text(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, channels.length, true);
  view.setUint32(24, rate, true);
  view.setUint32(28, 2 * rate * channels.length, true);
  view.setUint16(32, 2 * channels.length, true);
  view.setUint16(34, 16, true);
  text(36, 'data');
  view.setUint32(40, bytes.length - 44, true);
  for (let frame = 0; frame < frames; frame++)
    for (const [at, channel] of channels.entries())
      view.setInt16(44 + 2 * (frame * channels.length + at), Math.round(channel[frame] * 32768), true);
  return bytes;
}

const tone = (rate: number, hertz: number, seconds: number): number[] =>
  Array.from({ length: rate * seconds }, (_, n) => 0.5 * Math.sin((2 * Math.PI * hertz * n) / rate));
// A copy: slices of a Buffer share its memory.
const flac = (): Uint8Array =>
  new Uint8Array(readFileSync(new URL('../../scenarios/recordings/computer/computer-01.flac', import.meta.url)));

describe('decoding', () => {
  it('should average the channels', async () => {
    const samples = await decodeBytes(wav(16_000, [new Array(100).fill(0.5), new Array(100).fill(-0.25)]), 'x.wav');
    expect(samples.length).toBe(100);
    expect(samples[50]).toBeCloseTo(0.125, 4);
  });

  it('should bring other rates to 16 kHz and keep a tone a tone', async () => {
    const samples = await decodeBytes(wav(44_100, [tone(44_100, 1000, 1)]), 'x.wav');
    expect(Math.abs(samples.length - 16_000)).toBeLessThan(2);
    let re = 0;
    let im = 0;
    for (let n = 4000; n < 12_000; n++) {
      re += samples[n] * Math.cos((2 * Math.PI * 1000 * n) / 16_000);
      im += samples[n] * Math.sin((2 * Math.PI * 1000 * n) / 16_000);
    }
    expect((2 * Math.hypot(re, im)) / 8000).toBeCloseTo(0.5, 2);
  });

  it('should not alias: a tone above half of the new rate goes', async () => {
    const samples = await resample(Float32Array.from(tone(44_100, 12_000, 0.5)), 44_100, 16_000);
    expect(Math.max(...samples.subarray(1000, 7000).map(Math.abs))).toBeLessThan(0.005);
  });

  it('should say what is wrong with which file', async () => {
    const whole = flac();
    const damaged = whole.slice();
    damaged.fill(0, 2000, 4000);
    for (const [bytes, reason] of [
      [new Uint8Array(0), /is empty/],
      [new Uint8Array(1000).fill(7), /no sound that can be decoded/],
      [whole.slice(0, whole.length / 2), /cut short: \d+ of \d+ samples/],
      [damaged, /damaged or cut short|no sound/],
      [wav(16_000, [tone(16_000, 440, 0.1)]).slice(0, 1000), /cut short/],
    ] as const) {
      const attempt = decodeBytes(bytes, 'kitchen/x.flac');
      await expect(attempt).rejects.toThrow(RecordingError);
      await expect(attempt).rejects.toThrow(reason);
      await expect(attempt).rejects.toThrow(/^kitchen\/x\.flac: /);
    }
    expect((await decodeBytes(whole, 'x.flac')).length).toBeGreaterThan(6000);
  });

  it('should name a file that is not there', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'decode-'));
    await expect(decodeFile(join(folder, 'no.wav'))).rejects.toThrow(/no\.wav: cannot be read/);
    writeFileSync(join(folder, 'note.wav'), 'not a sound');
    await expect(decodeFile(join(folder, 'note.wav'))).rejects.toThrow(RecordingError);
  });
});
