// Figures as a profile file holds them: four digits and a prefix.

export type Unit = 'W' | 's' | 'MAC/s' | 'op/s' | 'V' | 'J' | 'Hz' | 'A';

const PREFIXES: ReadonlyArray<readonly [size: number, prefix: string]> = [
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
  [1, ''],
  [1e-3, 'm'],
  [1e-6, 'u'],
  [1e-9, 'n'],
];

/** "23.4 mW": four significant digits. */
export function write(value: number, unit: Unit): string {
  if (value === 0) return `0 ${unit}`;
  const [size, prefix] = PREFIXES.find(([at]) => Math.abs(value) >= at * 0.99995) ?? [1e-9, 'n'];
  return `${Number((value / size).toPrecision(4))} ${prefix}${unit}`;
}

export interface Quantity {
  readonly value: number;
  readonly low?: number;
  readonly high?: number;
}

export interface WrittenFigure {
  readonly value: string;
  readonly range?: string;
  readonly source: string;
  readonly confidence: 'measured' | 'datasheet' | 'derived' | 'estimated';
}

/** Ends are rounded like the value, so it stays within them. */
export function writeFigure(
  { value, low, high }: Quantity,
  unit: Unit,
  confidence: WrittenFigure['confidence'],
  source: string,
): WrittenFigure {
  const bounded = low !== undefined && high !== undefined && low < high;
  return {
    value: write(value, unit),
    ...(bounded ? { range: `${write(Math.min(low, value), unit)} to ${write(Math.max(high, value), unit)}` } : {}),
    source,
    confidence,
  };
}
