import { describe, expect, it } from 'vitest';
import { FOURIER_512_OPERATIONS, NETWORK_MACS, WAKE_WORD, WAKE_WORD_MACS } from '../../server/profiles/benchmark.ts';
import { type Board, boardSchema } from '../../server/profiles/board.ts';
import { deriveProfile } from '../../server/profiles/derive.ts';
import { currentAt, networkAt, networkWork } from '../../server/profiles/work.ts';
import { write, writeFigure } from '../../server/profiles/written.ts';
import { deviceProfileSchema } from '../../server/runs/files/device-profile.ts';
import { LOG_MEL } from '../../server/streams/front-end.ts';
import { frontEndOperations } from '../../server/streams/log-mel-operations.ts';

/** A machine of 2 ms and 1 uJ an inference, 100 MMAC/s and 10 mW. */
const row = (macs: number) => ({
  energy: `${(1e-6 + (macs / 100e6) * 10e-3) * 1e6} uJ`,
  latency: `${(2e-3 + macs / 100e6) * 1e3} ms`,
});
const board = (changes: object = {}): Board =>
  boardSchema.parse({
    title: 'A board',
    description: 'for tests',
    part: 'none',
    kind: 'low-power',
    frontEnd: 'cortex-m4',
    supply: '3 V',
    inference: [
      {
        source: 'made up for a test',
        clock: '100 MHz',
        rows: { ad: row(NETWORK_MACS.ad), kws: row(NETWORK_MACS.kws), ic: row(NETWORK_MACS.ic) },
      },
    ],
    streaming: { source: 'made up for a test', clock: '100 MHz' },
    sleep: {
      how: 'wait',
      source: 'made up for a test',
      clock: '100 MHz',
      wake: { value: '1 us', source: 'made up for a test', confidence: 'estimated' },
    },
    memory: { ram: { value: '512 kB', source: 'made up for a test', confidence: 'estimated' } },
    ...changes,
  });

describe('the work rule', () => {
  it('should find overhead, rate and energy of a machine that is linear', () => {
    const { overhead, rate, power } = networkAt(board().inference[0]);
    expect(overhead).toBeCloseTo(2e-3, 9);
    expect(rate.value).toBeCloseTo(100e6, 0);
    const seconds = 2e-3 + WAKE_WORD_MACS / 100e6;
    expect(power?.value).toBeCloseTo((1e-6 + (WAKE_WORD_MACS / 100e6) * 10e-3) / seconds, 9);
  });

  it('should take the nearest rate where a smaller network is missing', () => {
    const one = { ...board().inference[0], rows: { kws: { latency: 26.56768e-3 } } };
    expect(networkAt(one)).toMatchObject({ overhead: 0, power: null });
    expect(networkAt(one).rate.value).toBeCloseTo(100e6, -2);
  });

  it('should need the same cycles at another clock, and power by clock and voltage squared', () => {
    const slow = board({ streaming: { source: 'made up for a test', clock: '50 MHz', voltage: '0.8 V' } });
    const fast = slow.inference.map((one) => ({ ...one, voltage: 1 }));
    const at100 = networkAt(fast[0]);
    const at50 = networkWork({ ...slow, inference: fast });
    expect(at50.rate.value).toBeCloseTo(50e6, -1);
    expect(at50.overhead).toBeCloseTo(4e-3, 9);
    // Half the clock, 0.64 of the square; and 5 % of the power that is fixed, by half.
    expect((at50.power?.value ?? 0) / (at100.power?.value ?? 1)).toBeCloseTo(0.5 * 0.64 + 0.05 * 0.5, 9);
  });

  it('should follow run currents where there are some', () => {
    const dataSheet = {
      source: 'made up for a test',
      supply: '3 V',
      points: [
        { clock: '50 MHz', run: '2 mA', sleep: '1 mA' },
        { clock: '100 MHz', run: '5 mA', sleep: '1.5 mA' },
      ],
    };
    const slow = board({ dataSheet, streaming: { source: 'made up for a test', clock: '50 MHz' } });
    const at100 = networkAt(slow.inference[0]);
    expect((networkWork(slow).power?.value ?? 0) / (at100.power?.value ?? 1)).toBeCloseTo(0.4, 9);
    const { dataSheet: table } = slow;
    if (table === undefined) throw new Error('the table is gone');
    expect(currentAt(table, 'run', 75e6)).toBeCloseTo(3.5e-3, 12);
    expect(currentAt(table, 'sleep', 10e6)).toBeCloseTo(0.6e-3, 12);
  });
});

describe('a derived profile', () => {
  it('should be a profile, each figure with its source', () => {
    expect(() => deviceProfileSchema.parse(deriveProfile(board()))).not.toThrow();
  });

  it('should refuse a board without any power', () => {
    const bare = board();
    const inference = bare.inference.map((one) => ({ ...one, rows: { kws: { latency: 0.02 } } }));
    expect(() => deriveProfile({ ...bare, inference })).toThrow(/energies.*run currents/);
  });
});

describe('the benchmark', () => {
  it('should count the wake word as its layers do', () => {
    const { conv, depthwise, dense } = WAKE_WORD.macs;
    expect(conv).toBe(28 * 40 * 128 + 24 * 128 * 128 + 15 * 128 * 128 + 128 * 32);
    expect(depthwise).toBe(28 * 3 * 40 + 24 * 5 * 128 + 15 * 10 * 128 + 15 * 128);
    expect(conv + depthwise + dense).toBe(WAKE_WORD_MACS);
  });

  it('should count the measured Fourier transform as the front end is counted', () => {
    // A front end of 1024 points holds a complex transform of 512, the splitting of its 256 pairs, and the power of its 513 bins.
    const spec = { ...LOG_MEL, windowSamples: 1024, hopSamples: 512, bands: 1, lowHertz: 0, highHertz: 8000 };
    const { macs, additions } = frontEndOperations(spec);
    const bins = 511;
    expect(macs + additions - 1024 - 256 * 12 - 513 * 2 - bins * 3 - 2).toBe(FOURIER_512_OPERATIONS);
  });
});

describe('written figures', () => {
  it('should have four digits, a prefix, and a range that holds the value', () => {
    expect([write(0.0233712, 'W'), write(9.99996, 'W'), write(140e-6, 'W'), write(0, 's')]).toEqual([
      '23.37 mW',
      '10 W',
      '140 uW',
      '0 s',
    ]);
    expect(writeFigure({ value: 2, low: 1, high: 3 }, 'W', 'derived', 'made up').range).toBe('1 W to 3 W');
  });
});
