// Quantities carry their unit in the type, so that a millisecond is never added to a joule. At run time they are plain numbers, in SI except for time.

declare const unit: unique symbol;
type Quantity<Unit extends string> = number & { readonly [unit]: Unit };

/** Simulated time, or a span of it: an integer, exact to 2^53 ns = 104 days. */
export type Nanoseconds = Quantity<'ns'>;
export type Watts = Quantity<'W'>;
export type Joules = Quantity<'J'>;
export type Volts = Quantity<'V'>;
export type Amperes = Quantity<'A'>;
export type Ohms = Quantity<'Ω'>;
export type Coulombs = Quantity<'C'>;
export type Hertz = Quantity<'Hz'>;
export type Bytes = Quantity<'B'>;
export type BytesPerSecond = Quantity<'B/s'>;
export type JoulesPerByte = Quantity<'J/B'>;
/** Multiply-accumulates, or other operations, a second. */
export type OperationsPerSecond = Quantity<'op/s'>;
/** A ratio of amplitudes, 20·log10. */
export type Decibels = Quantity<'dB'>;

export const NANOSECONDS_PER_SECOND = 1e9;
/** Beyond this, integer nanoseconds are no longer exact. */
export const LONGEST_TIME = Number.MAX_SAFE_INTEGER as Nanoseconds;

export const nanoseconds = (value: number): Nanoseconds => {
  if (!Number.isSafeInteger(value))
    throw new RangeError(`${value} is not a whole number of nanoseconds within 104 days`);
  return value as Nanoseconds;
};
/** The nearest whole nanosecond. */
export const fromSeconds = (seconds: number): Nanoseconds => nanoseconds(Math.round(seconds * NANOSECONDS_PER_SECOND));
export const toSeconds = (time: Nanoseconds): number => time / NANOSECONDS_PER_SECOND;

export const watts = (value: number): Watts => value as Watts;
export const joules = (value: number): Joules => value as Joules;
export const volts = (value: number): Volts => value as Volts;
export const amperes = (value: number): Amperes => value as Amperes;
export const ohms = (value: number): Ohms => value as Ohms;
export const coulombs = (value: number): Coulombs => value as Coulombs;
export const hertz = (value: number): Hertz => value as Hertz;
export const bytes = (value: number): Bytes => value as Bytes;
export const decibels = (value: number): Decibels => value as Decibels;

/** Energy of a constant power over a span. */
export const energyOf = (power: Watts, span: Nanoseconds): Joules => joules(power * (span / NANOSECONDS_PER_SECOND));
