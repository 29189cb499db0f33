import { describe, expect, it } from 'vitest';
import { type Clip, makeClip } from '../../server/streams/clip.ts';
import { Mixer } from '../../server/streams/mix.ts';
import { drawSchedule, type Schedule, type StreamPlan } from '../../server/streams/schedule.ts';
import type { Decibels } from '../../server/units.ts';

const dB = (level: number): Decibels => level as Decibels;
const RATE = 16_000;
const tone = (name: string, seconds: number, level: number): Clip =>
  makeClip(
    name,
    Float32Array.from({ length: seconds * RATE }, (_, at) => level * Math.sin(at * 0.2)),
  );
const clips = [tone('hum', 1.3, 0.3), tone('beep', 0.4, 0.9), tone('drum', 0.2, 0.8)];
const plan: StreamPlan = {
  sampleRate: RATE,
  hours: null,
  noiseFloor: dB(-60),
  backgrounds: [{ clips: [0], level: dB(-45), share: 0.5, spellSeconds: 4 }],
  events: [
    {
      label: 'beep',
      clips: [1],
      rate: 0.5,
      loudness: { kind: 'snr', decibels: dB(15) },
      spread: dB(3),
      overlap: false,
    },
    {
      label: 'drum',
      clips: [2],
      rate: 0.5,
      loudness: { kind: 'level', decibels: dB(-1) },
      spread: dB(3),
      overlap: true,
    },
  ],
};
const schedule = drawSchedule(
  plan,
  clips.map(({ samples }) => samples.length),
  60,
  3,
);
const nothing: Schedule = { spells: [], events: [], gains: [], failures: [] };

function render(mixer: Mixer, start: number, length: number): Float32Array {
  const out = new Float32Array(length).fill(9);
  mixer.render(start, out);
  return out;
}

/** Of long stretches, which matchers compare slowly. */
const differing = (a: Float32Array, b: Float32Array): number =>
  a.reduce((count, value, at) => count + (value === b[at] ? 0 : 1), 0);

const level = (samples: Float32Array): number =>
  10 * Math.log10(samples.reduce((sum, value) => sum + value * value, 0) / samples.length);

describe('a mixed stream', () => {
  it('should sound the same in pieces of any length, mixed in any order', () => {
    const whole = render(new Mixer(plan, clips, schedule, 3), -RATE, 61 * RATE);
    for (const piece of [1777, 40_960, 300_000]) {
      const mixer = new Mixer(plan, clips, schedule, 3);
      const starts = Array.from({ length: Math.floor(whole.length / piece) }, (_, index) => index * piece).reverse();
      for (const at of starts)
        expect(differing(render(mixer, at - RATE, piece), whole.subarray(at, at + piece))).toBe(0);
    }
  });

  it('should never leave -1 … 1, and reach it where events are too loud', () => {
    const loud = {
      ...plan,
      events: plan.events.map((event) => ({ ...event, loudness: { kind: 'level', decibels: dB(6) } as const })),
    };
    const whole = render(
      new Mixer(
        loud,
        clips,
        drawSchedule(
          loud,
          clips.map(({ samples }) => samples.length),
          60,
          3,
        ),
        3,
      ),
      0,
      60 * RATE,
    );
    expect(whole.reduce((most, value) => Math.max(most, Math.abs(value)), 0)).toBe(1);
  });

  it('should have the noise floor it was given, and no stretch of it twice', () => {
    const mixer = new Mixer(plan, clips, nothing, 3);
    expect(level(render(mixer, 0, 10 * RATE))).toBeCloseTo(-60, 1);
    const seen = new Set<string>();
    for (let at = 0; at < 500; at++) seen.add(render(mixer, at * RATE, 64).join());
    expect(seen.size).toBe(500);
  });

  it('should bring a background to its level within a second and end it so', () => {
    const spell = { clip: 0, start: RATE, end: 6 * RATE, offset: 5000, level: dB(-20) };
    const mixer = new Mixer({ ...plan, noiseFloor: dB(-120) }, clips, { ...nothing, spells: [spell] }, 3);
    const at = (seconds: number): number => level(render(mixer, seconds * RATE, RATE / 10));
    expect(at(0.8)).toBeLessThan(-100);
    expect(at(1.5)).toBeCloseTo(-20 + 20 * Math.log10(0.55), 0);
    expect(at(3)).toBeCloseTo(-20, 0);
    expect(at(5.4)).toBeCloseTo(-20 + 20 * Math.log10(0.55), 0);
    expect(at(6)).toBeLessThan(-100);
  });

  it('should lay an event over the background at its ratio', () => {
    const event = { label: 'beep', clip: 1, start: RATE, end: RATE + clips[1].samples.length };
    const loudness = { kind: 'snr', decibels: dB(15) } as const;
    const mixer = new Mixer(plan, clips, { ...nothing, events: [{ ...event, loudness }] }, 3);
    expect(level(render(mixer, event.start, event.end - event.start))).toBeCloseTo(
      -60 + 10 * Math.log10(1 + 10 ** 1.5),
      0,
    );
  });

  it('should raise noise and backgrounds from a sample on, and no event', () => {
    const gains = [
      { start: 2 * RATE + 77, gain: dB(12) },
      { start: 4 * RATE, gain: dB(0) },
    ];
    const event = { label: 'drum', clip: 2, start: 2 * RATE, end: 2 * RATE + clips[2].samples.length } as const;
    const loudness = { kind: 'snr', decibels: dB(40) } as const;
    const planned = { ...nothing, events: [{ ...event, loudness }] };
    const [before, after] = [planned, { ...planned, gains }].map((one) => new Mixer(plan, clips, one, 3));
    expect(differing(render(before, 0, gains[0].start), render(after, 0, gains[0].start))).toBe(0);
    expect(level(render(after, 3 * RATE, RATE)) - level(render(before, 3 * RATE, RATE))).toBeCloseTo(12, 3);
    expect(level(render(after, event.start, event.end - event.start))).toBeCloseTo(-20, 0);
    expect(differing(render(before, 4 * RATE, RATE), render(after, 4 * RATE, RATE))).toBe(0);
  });

  it('should be nothing at all while its sensor fails, and as before after it', () => {
    const failed = new Mixer(plan, clips, { ...schedule, failures: [{ start: 5000, end: 9001 }] }, 3);
    const whole = render(new Mixer(plan, clips, schedule, 3), 0, RATE);
    const out = render(failed, 0, RATE);
    expect(out.subarray(5000, 9001).every((value) => value === 0)).toBe(true);
    expect(differing(out, whole)).toBe(4001);
    expect(render(failed, 7000, 3000)).toEqual(out.subarray(7000, 10_000));
  });
});
