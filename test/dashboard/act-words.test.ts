// What was done to a run and what came of it, in words.
import { describe, expect, it } from 'vitest';
import { actOutcome, actWords } from '../../dashboard/format/act-words.ts';
import { trimmed, wavOf } from '../../dashboard/recording/take.ts';
import type { Act, DetectionView, InputView } from '../../server/runs/views.ts';
import { decodeBytes } from '../../server/streams/decode.ts';

const input = (act: Act, untilSeconds: number | null = null, number = 0): InputView => ({
  number,
  simulatedSeconds: 10,
  untilSeconds,
  act,
});
const detection = (simulatedSeconds: number, verdict: DetectionView['verdict']): DetectionView => ({
  index: 0,
  simulatedSeconds,
  verdict,
  clip: null,
  label: null,
  scores: [],
});
const seen = (now: number, detections: readonly DetectionView[] = [], inputs: readonly InputView[] = []) => ({
  now,
  target: 'computer',
  detections,
  inputs,
  severalDays: false,
});
const word = input({ kind: 'play', clip: 'a.flac', label: 'computer', snr: 15 }, 11);
const speech = input({ kind: 'sound', label: 'something else', snr: -3 }, 11);
const found = (milliseconds: number) => ({ kind: 'true-positive', latencyMilliseconds: milliseconds }) as const;
const plainText = (text: string) => text.replaceAll('\u00a0', ' ');

describe('what came of an act', () => {
  it.each([
    ['a word, while it sounds', word, seen(10.5), 'listening …'],
    ['a word that is found', word, seen(20, [detection(11.4, found(400))]), 'detected after 1.40 s'],
    ['a word that is found before it ends', word, seen(20, [detection(10.9, found(-100))]), 'detected after 0.90 s'],
    [
      'a word that is missed',
      word,
      seen(20, [detection(12, { kind: 'miss', cause: 'gate:verify' })]),
      'missed, stopped by verify',
    ],
    ['a word beside which another is found', word, seen(20, [detection(11.9, found(700))]), 'not judged'],
    [
      'another sound, taken for the word',
      speech,
      seen(20, [detection(10.8, { kind: 'false-accept' })]),
      'taken for computer after 0.80 s',
    ],
    ['another sound', speech, seen(20, [detection(15, { kind: 'false-accept' })]), 'not taken for computer'],
    ['a failure', input({ kind: 'fail-sensor', seconds: 5 }, 15), seen(12), '3.00 s to go'],
    ['a failure that is over', input({ kind: 'stall-link', link: 'bus', seconds: 5 }, 15), seen(15), 'over'],
    ['noise', input({ kind: 'noise', decibels: 3 }), seen(12), 'holds'],
    [
      'noise, and another after it',
      input({ kind: 'noise', decibels: 3 }),
      seen(70, [], [{ ...input({ kind: 'noise', decibels: 0 }, null, 1), simulatedSeconds: 65 }]),
      'until 00:01:05',
    ],
  ])('should be said: %s', (_, one, what, text) => {
    expect(plainText(actOutcome(one, what).text)).toBe(text);
  });

  it('should say what was done', () => {
    expect([word, speech].map(({ act }) => plainText(actWords(act)))).toEqual([
      'Played computer at +15 dB',
      'Played own sound, as something else, at −3.0 dB',
    ]);
    expect(actWords({ kind: 'choose-profile', powerProfile: null })).toBe('Power profile by the rules again');
  });
});

describe('a take', () => {
  it('should lose the silence around what sounds, and be the same after it was sent as a file', async () => {
    const rate = 16_000;
    const samples = Float32Array.from({ length: 3 * rate }, (_, at) =>
      at >= rate && at < 2 * rate ? 0.5 * Math.sin(at / 5) : 1e-4 * Math.sin(at),
    );
    const take = trimmed({ samples, sampleRate: rate });
    expect(take.samples.length / rate).toBeCloseTo(1.2, 1);
    const decoded = await decodeBytes(wavOf(take), 'take.wav', rate);
    expect(decoded.length).toBe(take.samples.length);
    expect(Math.max(...decoded.map((value, at) => Math.abs(value - take.samples[at])))).toBeLessThan(1e-4);
  });

  it('should be left as it is where nothing sounds', () => {
    const silence = { samples: new Float32Array(1000), sampleRate: 16_000 };
    expect(trimmed(silence).samples).toHaveLength(1000);
  });
});
