// Times and shares as people write them in a request.

const SECONDS: Readonly<Record<string, number>> = {
  ms: 1e-3,
  s: 1,
  sec: 1,
  second: 1,
  seconds: 1,
  min: 60,
  minute: 60,
  minutes: 60,
  h: 3600,
  hour: 3600,
  hours: 3600,
  d: 86_400,
  day: 86_400,
  days: 86_400,
};

/** Seconds in a number, or in text such as `90 min` or `1.5h`; null when it is neither. */
export function parseDuration(value: number | string): number | null {
  if (typeof value === 'number') return value;
  const [, number, unit] = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/i.exec(value) ?? [];
  if (number === undefined || unit === undefined) return null;
  const seconds = unit === '' ? 1 : SECONDS[unit.toLowerCase()];
  return seconds === undefined ? null : Number(number) * seconds;
}

/** A share from 0 to 1 in a number, or in text such as `30 %` or `0.3`; null when it is neither. */
export function parseShare(value: number | string): number | null {
  if (typeof value === 'number') return value;
  const [, number, percent] = /^\s*(\d+(?:\.\d+)?)\s*(%?)\s*$/.exec(value) ?? [];
  if (number === undefined) return null;
  return Number(number) / (percent === '%' ? 100 : 1);
}
