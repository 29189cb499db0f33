// Where a time axis gets its marks: on round minutes, hours and days rather than on round decimals.

import { clock, day } from '../format/time.ts';

const STEPS = [
  ...[1e-6, 1e-5, 1e-4, 1e-3, 1e-2].flatMap((step) => [step, 2 * step, 5 * step]),
  0.1,
  0.2,
  0.5,
  1,
  2,
  5,
  10,
  30,
  60,
  120,
  300,
  600,
  900,
  1800,
  3600,
  7200,
  10_800,
  21_600,
  43_200,
  86_400,
  172_800,
  432_000,
  864_000,
  1_728_000,
  4_320_000,
  8_640_000,
  17_280_000,
  43_200_000,
  86_400_000,
];
const DAY = 86_400;

export interface Tick {
  readonly at: number;
  readonly label: string;
}

export function timeTicks(from: number, to: number, most: number): Tick[] {
  const step = STEPS.find((candidate) => (to - from) / candidate <= most) ?? (to - from) / most;
  const ticks: Tick[] = [];
  for (let index = Math.ceil(from / step); index * step <= to + 1e-9; index++) {
    ticks.push({ at: index * step, label: timeLabel(index * step, step) });
  }
  return ticks;
}

function timeLabel(at: number, step: number): string {
  if (step >= DAY) return `${Math.round(at / DAY)} d`;
  if (at > 0 && at % DAY === 0) return `day ${day(at)}`;
  if (step >= 60) return clock(at).slice(0, 5);
  if (step >= 1) return clock(at);
  const digits = Math.ceil(-Math.log10(step) - 1e-9);
  const parts = Math.round(at * 10 ** digits);
  return `${clock(Math.floor(parts / 10 ** digits))}.${String(parts % 10 ** digits).padStart(digits, '0')}`;
}
