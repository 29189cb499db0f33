// How figures are written on a lab page.
import type { ComputeCore } from './first-cores.ts';
import type { Estimate } from './measure.ts';

export const ARRANGEMENT_WORDS = {
  none: 'no gate',
  early: 'one, early',
  late: 'one, late',
  two: 'two',
  three: 'three',
} as const;

export const percent = (share: number): string => `${Number((100 * share).toPrecision(3))} %`;
export const times = (gain: number): string => `${Number(gain.toPrecision(gain < 10 ? 2 : 3))}x`;

export const rowLine = (label: string, cells: readonly string[]): string => `| ${[label, ...cells].join(' | ')} |`;
export const percents = (shares: readonly number[]): string =>
  shares.length === 0 ? '' : shares.map(percent).join(', ');
export const points = (difference: number): string => `${difference > 0 ? '+' : ''}${(100 * difference).toFixed(1)}`;
export const estimateText = ({ value, interval }: Estimate): string =>
  `${percent(value)} (${(100 * interval[0]).toFixed(1)} to ${(100 * interval[1]).toFixed(1)})`;
export const differenceText = ({ value, interval }: Estimate): string =>
  `${points(value)} (${points(interval[0])} to ${points(interval[1])})`;

export const gainText = ({ value, interval }: Estimate): string =>
  `${times(value)} (${Number(interval[0].toPrecision(3))} to ${Number(interval[1].toPrecision(3))})`;
export const coreWords = ({ joulesPerMac, confidence }: ComputeCore): string =>
  `${Number((joulesPerMac * 1e12).toPrecision(3))} pJ a MAC, ${confidence}`;

export const energy = (joules: number): string =>
  joules >= 1e-3
    ? `${(joules * 1e3).toPrecision(3)} mJ`
    : joules >= 1e-6
      ? `${(joules * 1e6).toPrecision(3)} µJ`
      : `${(joules * 1e9).toPrecision(3)} nJ`;
export const power = (watts: number): string =>
  watts >= 0.1 ? `${(watts * 1e3).toFixed(0)} mW` : `${(watts * 1e3).toPrecision(3)} mW`;
