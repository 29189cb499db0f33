// What pictures share: axes with round numbers, and colours.

/** Told apart by people who see colours differently (Okabe and Ito, Color universal design, 2008). */
export const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#7a6200'];

export interface Axis {
  readonly low: number;
  readonly high: number;
  readonly step: number;
}

/** From one round number to another, with a handful between. */
export function axis(values: readonly number[]): Axis {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const raw = (most - least || 1) / 6;
  const ten = 10 ** Math.floor(Math.log10(raw));
  const step = ([1, 2, 5, 10].find((factor) => factor * ten >= raw) ?? 10) * ten;
  return { low: Math.floor(least / step) * step, high: Math.ceil(most / step) * step, step };
}

export const ticks = ({ low, high, step }: Axis): readonly number[] =>
  Array.from({ length: Math.round((high - low) / step) + 1 }, (_, index) => low + index * step);

export const place = (value: number, { low, high }: Axis, from: number, to: number): string =>
  (from + ((value - low) / (high - low)) * (to - from)).toFixed(1);

export const shown = (value: number): string => String(Number(value.toPrecision(4)));
