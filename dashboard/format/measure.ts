// Values and differences of a comparison, for people.

import { assertNever } from '../../server/assert-never.ts';
import type {
  Difference,
  MeasuredValue,
  MeasureUnit,
  SettingDifference,
} from '../../server/runs/compare/comparison.ts';
import { MINUS, NOTHING, percent, quantity, significant, times } from './quantity.ts';
import { span } from './time.ts';

const SPACE = '\u00a0';

export function amount(value: number, unit: MeasureUnit): string {
  switch (unit) {
    case 'share':
      return percent(value);
    case 'per hour':
      return `${significant(value)}/h`;
    case 'life':
      return span(value);
    case 'latency':
      return quantity(value, 's').replace('-', MINUS);
    case 'watts':
      return quantity(value, 'W');
    case 'joules':
      return quantity(value, 'J');
    case 'times':
      return times(value);
    default:
      return assertNever(unit);
  }
}

export const measured = (value: MeasuredValue | null, unit: MeasureUnit): string =>
  value === null ? NOTHING : value.value === 'for ever' ? 'for ever' : amount(value.value, unit);

/** With its sign; shares differ by points of a hundred. */
export function change(value: number, unit: MeasureUnit): string {
  const sign = value > 0 ? '+' : value < 0 ? MINUS : '±';
  const size = Math.abs(value);
  return unit === 'share' ? `${sign}${significant(size * 100)}${SPACE}points` : `${sign}${amount(size, unit)}`;
}

/** With its sign: `−14.7 %`, and beyond ten times as much `×12`. */
export function relativeChange(share: number): string {
  if (share >= 9) return `×${significant(share + 1)}`;
  const sign = share > 0 ? '+' : share < 0 ? MINUS : '±';
  return `${sign}${percent(Math.abs(share))}`;
}

/** Whether a difference is for the better; null where nothing differs. */
export function isBetter({ absolute }: Difference, better: 'lower' | 'higher'): boolean | null {
  if (absolute === null || absolute === 0) return null;
  return better === 'lower' ? absolute < 0 : absolute > 0;
}

/** A chance: `p = 0.016`, and no more digits than it has meaning. */
export const chanceOf = (p: number): string => (p < 0.001 ? 'p < 0.001' : `p = ${significant(p, 2)}`);

export function setting(value: string | number | null, unit: SettingDifference['unit']): string {
  if (value === null) return NOTHING;
  if (typeof value === 'string') return value;
  switch (unit) {
    case 'text':
    case 'number':
      return value.toLocaleString('en-US', { maximumFractionDigits: 6 });
    case 'bytes':
      return quantity(value, 'B');
    case 'seconds':
      return span(value);
    case 'share':
      return percent(value);
    default:
      return assertNever(unit);
  }
}
