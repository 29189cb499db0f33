// Quantities as people write them: a number and a unit, "7.17 mW", "240 us", "4/h", "-25 dB".

const PREFIXES: Readonly<Record<string, number>> = {
  p: 1e-12,
  n: 1e-9,
  u: 1e-6,
  µ: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  K: 1e3,
  M: 1e6,
  G: 1e9,
};

interface Dimension {
  readonly examples: string;
  /** Units by name, with their size in SI; those with prefixes are listed bare. */
  readonly scaled: Readonly<Record<string, number>>;
  readonly plain: Readonly<Record<string, number>>;
  readonly minimum: number;
  /** Nothing can be divided by zero of it. */
  readonly positive?: boolean;
  /** In SI, and as a person would write it. */
  readonly maximum?: readonly [value: number, text: string];
}

const unbounded = Number.NEGATIVE_INFINITY;
const dimensions = {
  power: { examples: '"7.17 mW", "3 uW"', scaled: { W: 1 }, plain: {}, minimum: 0 },
  energy: { examples: '"664.4 uJ"', scaled: { J: 1 }, plain: {}, minimum: 0 },
  energyPerByte: { examples: '"0.5 nJ/B"', scaled: { 'J/B': 1 }, plain: {}, minimum: 0 },
  time: {
    examples: '"885 us", "20 ms", "10 min", "24 h"',
    scaled: { s: 1 },
    plain: { min: 60, h: 3600, d: 86_400 },
    minimum: 0,
    maximum: [100 * 86_400, '100 d'],
  },
  voltage: { examples: '"3.3 V"', scaled: { V: 1 }, plain: {}, minimum: 0 },
  current: { examples: '"60 nA"', scaled: { A: 1 }, plain: {}, minimum: 0 },
  resistance: { examples: '"75 mOhm"', scaled: { Ohm: 1, Ω: 1 }, plain: {}, minimum: 0 },
  charge: { examples: '"850 mAh"', scaled: { Ah: 3600, C: 1 }, plain: {}, minimum: 0, positive: true },
  frequency: { examples: '"16 kHz"', scaled: { Hz: 1 }, plain: {}, minimum: 0, positive: true },
  size: { examples: '"64 kB"', scaled: { B: 1 }, plain: { KiB: 1024, MiB: 1_048_576 }, minimum: 0 },
  bandwidth: {
    examples: '"1.25 MB/s", "10 Mbit/s"',
    scaled: { 'B/s': 1, 'bit/s': 1 / 8 },
    plain: {},
    minimum: 0,
    positive: true,
  },
  throughput: {
    examples: '"46 MMAC/s", "12 Mop/s"',
    scaled: { 'MAC/s': 1, 'op/s': 1 },
    plain: {},
    minimum: 0,
    positive: true,
  },
  level: { examples: '"-25 dB"', scaled: {}, plain: { dB: 1 }, minimum: unbounded },
  rate: { examples: '"4/h"', scaled: {}, plain: { '/h': 1 / 3600, '/min': 1 / 60, '/d': 1 / 86_400 }, minimum: 0 },
  share: { examples: '"30 %" or 0.3', scaled: {}, plain: { '%': 0.01 }, minimum: 0 },
  temperature: { examples: '"20 °C"', scaled: {}, plain: { '°C': 1, degC: 1 }, minimum: -273.15 },
  leak: { examples: '"2 %/month"', scaled: {}, plain: { '%/month': 0.01 / (30 * 86_400) }, minimum: 0 },
} as const satisfies Readonly<Record<string, Dimension>>;

export type DimensionName = keyof typeof dimensions;

export type Parsed = { readonly ok: true; readonly value: number } | { readonly ok: false; readonly problem: string };

/** Reads a quantity of a dimension into SI units (decibels stay decibels, shares are 0 to 1, rates per second). */
export function parseQuantity(name: DimensionName, text: string | number): Parsed {
  const dimension: Dimension = dimensions[name];
  const wrong = (what: string): Parsed => ({ ok: false, problem: `${what}; write it like ${dimension.examples}` });
  const limited = (value: number): Parsed => {
    if (value < dimension.minimum) return wrong(`"${text}" is ${dimension.minimum === 0 ? 'negative' : 'too low'}`);
    if (dimension.positive === true && value === 0) return wrong(`"${text}" is zero`);
    if (dimension.maximum !== undefined && value > dimension.maximum[0])
      return wrong(`"${text}" is more than ${dimension.maximum[1]}`);
    return { ok: true, value };
  };
  if (typeof text === 'number') return name === 'share' ? limited(text) : wrong(`${text} has no unit`);
  const match = /^\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)\s*(\S*)\s*$/i.exec(text);
  if (match === null) return wrong(`"${text}" is not a number with a unit`);
  const [, digits = '', unit = ''] = match;
  const size = unitSize(dimension, unit);
  if (size === null) return wrong(unit === '' ? `"${text}" has no unit` : `"${unit}" is not a unit of ${name}`);
  return limited(Number(digits) * size);
}

/** For editors: what such a quantity looks like, and a pattern that it matches. */
export function quantityForm(name: DimensionName): { readonly description: string; readonly pattern: string } {
  const { examples, plain, scaled }: Dimension = dimensions[name];
  const units = [
    ...Object.keys(plain),
    ...Object.keys(scaled).map((unit) => `[${Object.keys(PREFIXES).join('')}]?${unit}`),
  ];
  return {
    description: `${name}, like ${examples}`,
    pattern: `^\\s*[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?\\s*(${units.join('|')})\\s*$`,
  };
}

function unitSize(dimension: Dimension, unit: string): number | null {
  const plain = dimension.plain[unit];
  if (plain !== undefined) return plain;
  for (const [name, size] of Object.entries(dimension.scaled)) {
    if (!unit.endsWith(name)) continue;
    const prefix = PREFIXES[unit.slice(0, unit.length - name.length)];
    if (prefix !== undefined) return prefix * size;
  }
  return null;
}
