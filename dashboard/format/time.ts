// Simulated time and spans of it, for people, and the other way round.

import { NOTHING, significant } from './quantity.ts';

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;
const SPACE = '\u00a0';

const two = (value: number): string => String(value).padStart(2, '0');

/** Time of day of a simulated moment: a run starts at midnight of day 1. */
export function clock(seconds: number): string {
  const whole = Math.floor(seconds % DAY);
  return `${two(Math.floor(whole / HOUR))}:${two(Math.floor((whole % HOUR) / MINUTE))}:${two(whole % MINUTE)}`;
}

export const day = (seconds: number): number => Math.floor(seconds / DAY) + 1;

/** A moment of a run: the day is said only in runs that have more than one. Midnight ends a day here, as it is where most runs end. */
export function moment(seconds: number, severalDays: boolean): string {
  const ends = seconds > 0 && seconds % DAY === 0;
  const time = ends ? '24:00:00' : clock(seconds);
  return severalDays ? `d${day(seconds) - (ends ? 1 : 0)} ${time}` : time;
}

/** A span in at most two units: `13 d 4 h`, `42 min`, `1.6 years`. */
export function span(seconds: number | null): string {
  if (seconds === null || !Number.isFinite(seconds)) return NOTHING;
  if (seconds >= 730 * DAY) return `${significant(seconds / (365.25 * DAY), 2)}${SPACE}years`;
  if (seconds >= 100 * DAY) return `${Math.round(seconds / DAY)}${SPACE}d`;
  // What would be rounded up to the next unit is said in that.
  if (seconds >= DAY - MINUTE / 2) return pair(seconds, DAY, 'd', HOUR, 'h');
  if (seconds >= HOUR - 0.5) return pair(seconds, HOUR, 'h', MINUTE, 'min');
  if (seconds >= MINUTE) return pair(seconds, MINUTE, 'min', 1, 's');
  return `${significant(seconds, seconds < 1 ? 2 : 3)}${SPACE}s`;
}

/** A span that a person chose, without digits that say nothing: `5 s` for 5.00 s. */
export const whole = (seconds: number): string => span(seconds).replace(/\.0+(?=\D)/, '');

function pair(seconds: number, big: number, bigUnit: string, small: number, smallUnit: string): string {
  const smalls = Math.round(seconds / small);
  const bigs = Math.floor((smalls * small) / big);
  const rest = smalls - (bigs * big) / small;
  return rest === 0 ? `${bigs}${SPACE}${bigUnit}` : `${bigs}${SPACE}${bigUnit} ${rest}${SPACE}${smallUnit}`;
}

const UNITS: Readonly<Record<string, number>> = {
  s: 1,
  sec: 1,
  second: 1,
  seconds: 1,
  m: MINUTE,
  min: MINUTE,
  minute: MINUTE,
  minutes: MINUTE,
  h: HOUR,
  hour: HOUR,
  hours: HOUR,
  d: DAY,
  day: DAY,
  days: DAY,
};

/** Seconds of `24 h`, `1 d 6 h` or `90min`; null when it is not a span. */
export function parseSpan(text: string): number | null {
  const parts = [
    ...text
      .trim()
      .toLowerCase()
      .matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+)/g),
  ];
  const used = parts.map((part) => part[0]).join('');
  if (parts.length === 0 || used.replaceAll(/\s/g, '') !== text.toLowerCase().replaceAll(/\s/g, '')) return null;
  let seconds = 0;
  for (const [, number, unit] of parts) {
    const factor = UNITS[unit ?? ''];
    if (factor === undefined) return null;
    seconds += Number(number) * factor;
  }
  return seconds > 0 ? seconds : null;
}
