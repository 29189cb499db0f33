import { describe, expect, test } from 'vitest';
import { drawSchedule, type RateHours, type StreamPlan } from '../../server/streams/schedule.ts';
import { decibels } from '../../server/units.ts';

const HOUR = 3600;
const RATE = 1000;

const stream = (hours: RateHours | null, share = 0.3): StreamPlan => ({
  sampleRate: RATE,
  noiseFloor: decibels(-60),
  backgrounds: [{ clips: [0], level: decibels(-40), share, spellSeconds: 60 }],
  events: [
    {
      label: 'a',
      clips: [0],
      rate: 60 / HOUR,
      loudness: { kind: 'snr', decibels: decibels(10) },
      spread: decibels(0),
      overlap: true,
    },
    {
      label: 'b',
      clips: [0],
      rate: 20 / HOUR,
      loudness: { kind: 'snr', decibels: decibels(10) },
      spread: decibels(0),
      overlap: true,
    },
  ],
  hours,
});

/** Quiet for eight hours, then busy for two in which only "a" triples, then as written. */
const DAY: RateHours = {
  periodSeconds: 24 * HOUR,
  spans: [
    { startSeconds: 0, background: 0.1, events: [0.1, 0] },
    { startSeconds: 8 * HOUR, background: 2, events: [3, 1] },
    { startSeconds: 10 * HOUR, background: 1, events: [1, 1] },
  ],
};
const DAYS = 40;

describe('a stream whose hours differ', () => {
  const { events, spells } = drawSchedule(stream(DAY), [RATE], DAYS * 24 * HOUR, 7);
  const within = (sample: number, from: number, to: number) => {
    const hour = (sample / RATE / HOUR) % 24;
    return hour >= from && hour < to;
  };
  const count = (label: string, from: number, to: number) =>
    events.filter((event) => event.label === label && within(event.start, from, to)).length;

  test.each([
    ['a', 0, 8, 0.1 * 60 * 8],
    ['a', 8, 10, 3 * 60 * 2],
    ['a', 10, 24, 60 * 14],
    ['b', 0, 8, 0],
    ['b', 8, 10, 20 * 2],
    ['b', 10, 24, 20 * 14],
  ])('has of "%s" from %d to %d as many events as its rate says', (label, from, to, aDay) => {
    const expected = DAYS * aDay;
    // Poisson: its standard deviation is the root of its mean.
    expect(Math.abs(count(label, from, to) - expected)).toBeLessThanOrEqual(4 * Math.sqrt(expected));
  });

  test.each([
    // From half an hour after the hours begin, when spells of the hours before are over.
    [0.5, 8, 0.03],
    [8.5, 10, 0.6],
    [10.5, 24, 0.3],
  ])('has backgrounds from %d to %d for their share of the time', (from, to, share) => {
    let sounding = 0;
    for (const { start, end } of spells)
      for (
        let day = Math.max(0, Math.floor(start / RATE / HOUR / 24));
        day * 24 * HOUR * RATE < end && day < DAYS;
        day++
      ) {
        const overlap = Math.min(end / RATE, (day * 24 + to) * HOUR) - Math.max(start / RATE, (day * 24 + from) * HOUR);
        sounding += Math.max(0, overlap);
      }
    // Two states with exponential stays: the variance of the time in one is 2·T·share·(1 - share)² · mean spell.
    const time = DAYS * (to - from) * HOUR;
    const deviation = Math.sqrt(2 * time * share * (1 - share) ** 2 * 60);
    expect(Math.abs(sounding - share * time)).toBeLessThan(4 * deviation);
  });

  test('is drawn as without hours where all of them are alike', () => {
    const alike = { periodSeconds: 24 * HOUR, spans: [{ startSeconds: 0, background: 1, events: [1, 1] }] };
    const [plain, same] = [null, alike].map((hours) => drawSchedule(stream(hours), [RATE], 24 * HOUR, 3));
    expect(same.events.map(({ clip, start }) => [clip, start])).toEqual(
      plain.events.map(({ clip, start }) => [clip, start]),
    );
    expect(same.spells.length).toBe(plain.spells.length);
  });

  test('with no rate at all ends', () => {
    const never = { periodSeconds: HOUR, spans: [{ startSeconds: 0, background: 0, events: [0, 0] }] };
    expect(drawSchedule(stream(never), [RATE], 24 * HOUR, 3).events).toEqual([]);
  });
});
