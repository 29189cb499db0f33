// What the rules for missing figures rest on: published measurements and data sheets of other parts, none of them a streaming result.

import { FOURIER_512_OPERATIONS } from './benchmark.ts';

/** Cores that compute a front end in software. */
export const coreClasses = ['cortex-m4', 'cortex-m33', 'cortex-m7', 'risc-v'] as const;
export type CoreClass = (typeof coreClasses)[number];

export interface CyclesPerOperation {
  readonly single: number;
  readonly double: number;
  readonly source: string;
}

const FOURIER =
  'NXP community 1766426 (M. Butcher): 512-point complex FFT in 427 us on a K64 (Cortex-M4F, 120 MHz), in 64 us on an i.MX RT1024 (Cortex-M7, 500 MHz)';
const M4_SINGLE = (427e-6 * 120e6) / FOURIER_512_OPERATIONS;
const M7_SINGLE = (64e-6 * 500e6) / FOURIER_512_OPERATIONS;
// One line of five operations in software, loop included.
const M4_DOUBLE = 303 / 5;
const M4_SOURCE = `${FOURIER}; double precision in software: mcuoneclipse.com 2019-03-29, five operations in 303 cycles on a K64`;

export const CYCLES: Readonly<Record<CoreClass, CyclesPerOperation>> = {
  'cortex-m4': { single: M4_SINGLE, double: M4_DOUBLE, source: M4_SOURCE },
  'cortex-m33': {
    single: M4_SINGLE,
    double: M4_DOUBLE,
    source: `${M4_SOURCE}; a Cortex-M33 with the same single-precision unit is taken to need as many`,
  },
  'risc-v': {
    single: M4_SINGLE,
    double: M4_DOUBLE,
    source: `${M4_SOURCE}; of a small RISC-V core no count was found, it is taken to need as many`,
  },
  'cortex-m7': {
    single: M7_SINGLE,
    double: 13.2,
    source: `${FOURIER}; double precision in hardware: forum.pjrc.com 70985, ten multiplications in 132 cycles on a Teensy 4 (Cortex-M7)`,
  },
};

/** Every estimate may be off by this much. */
export const DOUBT = 0.3;

/** Sleep (WFI, clocks on) over run at the same clock, peripherals gated: STM32U5, xG24, CC2340, MSPM0 and ESP32-S3 data sheets. */
const GATED_SLEEP = [0.32, 0.44, 0.46, 0.31, 0.46, 0.42, 0.5] as const;
/** The same of real firmware, peripherals clocked: STM32U575 board, RP2040, RP2350. */
const REAL_SLEEP = [0.58, 0.84, 0.79, 0.86] as const;

const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return 0.5 * (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]);
};

/** A firmware gates some of its peripherals: between all and none, the geometric mean of both medians. */
export const SLEEP_RATIO = {
  value: Math.sqrt(median(GATED_SLEEP) * median(REAL_SLEEP)),
  low: Math.min(...GATED_SLEEP),
  high: Math.max(...REAL_SLEEP),
  source:
    'no sleep current was found. Sleep / run at one clock is 0.31 to 0.50 with peripherals gated (STM32U5, xG24, CC2340, MSPM0, ESP32-S3 data sheets) and 0.58 to 0.86 in real firmware (STM32U575, RP2040, RP2350 boards): the geometric mean of both medians',
} as const;

/** From a data sheet's sleep, peripherals gated, to a firmware's: between 1 and what a STM32U575 board drew over its data sheet (6.20 / 2.50 mA). */
export const PERIPHERAL_FACTOR = {
  value: Math.sqrt(6.2 / 2.5),
  low: 1,
  high: 6.2 / 2.5,
  source: 'x 1.57 for peripherals left on: between 1 and the 2.48 of a STM32U575 board over its data sheet',
} as const;

/** Of the power at the measured clock, what does not fall with the clock: 0 (data sheet) to 10 % (board) from the STM32U575's run currents. */
export const FIXED_SHARE = { value: 0.05, low: 0, high: 0.1 } as const;

/** Benchmark over data-sheet run power: STM32U575 23.4 / 21.5 mW, STM32H7A3 128 / 102 mW. */
export const RUN_FACTOR = { value: Math.sqrt(1.09 * 1.25), low: 1, high: 1.25 } as const;
