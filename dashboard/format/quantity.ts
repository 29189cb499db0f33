// Numbers for people: as many digits as carry meaning, one prefix, a space that does not break.

const PREFIXES: ReadonlyArray<readonly [factor: number, prefix: string]> = [
  [1e12, 'T'],
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
  [1, ''],
  [1e-3, 'm'],
  [1e-6, 'µ'],
  [1e-9, 'n'],
  [1e-12, 'p'],
];
const SPACE = '\u00a0';
export const MINUS = '−';
export const NOTHING = '–';

export interface Quantity {
  readonly number: string;
  readonly unit: string;
}

/** `digits` significant digits, without an exponent: 3 gives `1.42`, `14.2`, `142`, `1,420`. */
export function significant(value: number, digits = 3): string {
  if (value === 0) return '0';
  const magnitude = Math.floor(Math.log10(Math.abs(Number(value.toPrecision(digits)))));
  const decimals = Math.max(0, digits - 1 - magnitude);
  return withMinus(
    value.toLocaleString('en-US', {
      minimumFractionDigits: Math.min(decimals, 20),
      maximumFractionDigits: Math.min(decimals, 20),
    }),
  );
}

/** A quantity with the prefix that leaves one to three digits before the point. */
export function split(value: number, unit: string, digits = 3): Quantity {
  if (!Number.isFinite(value)) return { number: NOTHING, unit };
  if (value === 0) return { number: '0', unit };
  const rounded = Number(Math.abs(value).toPrecision(digits));
  const smallest = PREFIXES[PREFIXES.length - 1] ?? ([1, ''] as const);
  const [factor, prefix] = PREFIXES.find(([candidate]) => rounded >= candidate * 0.999_999_999) ?? smallest;
  return { number: significant(value / factor, digits), unit: prefix + unit };
}

export function quantity(value: number | null, unit: string, digits = 3): string {
  if (value === null || !Number.isFinite(value)) return NOTHING;
  const { number, unit: prefixed } = split(value, unit, digits);
  return `${number}${SPACE}${prefixed}`;
}

/** A share as per cent. Close to 0 and close to 100 it shows more digits: 99.987 % asleep is not 100 %. */
export function percent(share: number | null): string {
  if (share === null || !Number.isFinite(share)) return NOTHING;
  const value = share * 100;
  if (value === 0 || value === 100) return `${value}${SPACE}%`;
  const distance = Math.min(Math.abs(value), Math.abs(100 - value));
  if (distance < 0.0001) return value < 50 ? `<0.0001${SPACE}%` : `>99.9999${SPACE}%`;
  const decimals = distance >= 10 ? 1 : Math.min(4, Math.max(1, 1 - Math.floor(Math.log10(distance))));
  return `${withMinus(value.toFixed(decimals))}${SPACE}%`;
}

/** A state of charge, which moves by hundredths in an hour: `79.98 %`. */
export function charge(share: number | null): string {
  return share === null || !Number.isFinite(share) ? NOTHING : `${withMinus((share * 100).toFixed(2))}${SPACE}%`;
}

export function count(value: number | null): string {
  return value === null ? NOTHING : withMinus(Math.round(value).toLocaleString('en-US'));
}

/** Counts too long for their place: `1.73 M`; exact up to five digits. */
export function shortCount(value: number): string {
  return Math.abs(value) < 100_000 ? count(value) : quantity(value, '').trimEnd();
}

/** How many times more: `12.4×`. */
export function times(value: number): string {
  return value >= 1000 ? `${count(value)}×` : `${significant(value)}×`;
}

function withMinus(text: string): string {
  return text.replace('-', MINUS);
}
