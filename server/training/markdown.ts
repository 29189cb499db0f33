// Figures with their intervals, and rows of tables, as the pages of trained models have them.
import type { Measured } from './quality.ts';

export const row = (label: string, cells: readonly string[]): string => `| ${[label, ...cells].join(' | ')} |`;
export const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
export const shareText = ({ value, interval }: Measured): string =>
  `${percent(value)} (${(100 * interval[0]).toFixed(1)} to ${(100 * interval[1]).toFixed(1)})`;
export const rateText = ({ value, interval }: Measured): string =>
  `${value.toFixed(1)} (${interval[0].toFixed(1)} to ${interval[1].toFixed(1)})`;
