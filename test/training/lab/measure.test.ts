// Figures worked out by hand from scores made up for the purpose.
import { describe, expect, it } from 'vitest';
import { computeEnergy, reach } from '../../../server/training/lab/energy.ts';
import { balancedAccuracy, chooseThresholds, estimate, measure } from '../../../server/training/lab/measure.ts';

/** Ten positives, then ten negatives, in two groups each. */
const classes = Int32Array.from({ length: 20 }, (_, n) => (n < 10 ? 1 : 0));
const groups = Array.from({ length: 20 }, (_, n) => (n % 2 === 0 ? 'a' : 'b'));
const examples = { windows: new Float32Array(20), classes, groups };
/** The gate is sure of all positives and of two negatives; the last part takes one of these for a positive. */
const gate = Float32Array.from({ length: 20 }, (_, n) => (n < 10 ? 0.8 : n < 12 ? 0.9 : 0.1));
const last = Float32Array.from({ length: 20 }, (_, n) => (n === 0 ? 0.2 : n < 10 ? 0.9 : n === 10 ? 0.95 : 0.1));
const sent = Uint32Array.from({ length: 20 }, (_, n) => (n < 12 ? 4 : 16));
const scores = { scores: [gate, last], sent: [sent] };
const part = (sends: number[] | null) => ({
  model: { name: '', opset: 13, inputs: [], outputs: [], nodes: [], initializers: [] },
  input: [1],
  sends,
});
const trained = {
  parts: [part([16]), part(null)],
  floatParts: [],
  elementsBefore: [60],
  validation: scores,
  test: scores,
  floatTest: scores,
  seconds: 0,
};

describe('the figures of a lab', () => {
  it('should count what gates stop and keep, and what crosses when they pass', () => {
    const measured = measure(trained, examples, examples);
    expect(measured.thresholds[0]).toBeCloseTo(0.8, 3);
    expect(measured.gates).toEqual([{ stopped: 0.8, kept: 1 }]);
    expect(measured.negativesStopped).toBeCloseTo(0.8, 12);
    expect(measured.positivesKept).toBe(1);
    // 16 places are 2 bytes of bits, and 4 of them are not zero.
    expect(measured.bytes).toEqual([6]);
    expect(measured.zeros).toEqual([0.75]);
    expect(measured.compressed).toEqual([0.9]);
    // The last threshold lets all positives in at the price of one negative.
    expect(measured.balancedAccuracy).toBeCloseTo(0.95, 12);
  });

  it('should let a gate keep 98 % of the positives, and choose the last threshold where the cascade decides best', () => {
    const many = 1000;
    const labels = Int32Array.from({ length: 2 * many }, (_, n) => (n < many ? 1 : 0));
    const own = Float32Array.from({ length: 2 * many }, (_, n) => (n < many ? (n + 1) / many : 0));
    const decides = Float32Array.from({ length: 2 * many }, (_, n) => (n < many ? 0.7 : 0.3));
    const [first, second] = chooseThresholds({ scores: [own, decides], sent: [] }, labels);
    expect(own.slice(0, many).filter((score) => score >= first).length / many).toBeCloseTo(0.98, 2);
    expect(second).toBeCloseTo(0.7, 3);
  });

  it('should give an interval that holds the mean, and no difference of a network to itself', () => {
    const counts = new Map(
      Array.from({ length: 12 }, (_, n) => [
        `group ${n}`,
        { positives: 10, detected: 10 - (n % 3), negatives: 10, rejected: 9 },
      ]),
    );
    const { quality, difference } = estimate([counts, counts], [counts, counts]);
    expect(quality.value).toBeCloseTo(balancedAccuracy([...counts.values()]), 12);
    expect(quality.interval[0]).toBeLessThan(quality.value);
    expect(quality.interval[1]).toBeGreaterThan(quality.value);
    expect(difference).toEqual({ value: 0, interval: [0, 0] });
  });
});

describe('the energy of a gated network', () => {
  const gates = [
    { stopped: 0.9, kept: 0.95 },
    { stopped: 0.5, kept: 0.9 },
  ];

  it('should reach each part as often as positives and negatives pass the gates before it', () => {
    const [all, second, third] = reach(gates, 0.01);
    expect(all).toBe(1);
    expect(second).toBeCloseTo(0.01 * 0.95 + 0.99 * 0.1, 12);
    expect(third).toBeCloseTo(0.01 * 0.95 * 0.9 + 0.99 * 0.1 * 0.5, 12);
  });

  it('should be the sum over parts of reach, work and what crosses', () => {
    const figures = {
      perMac: { dsp: 2e-12, mcu: 5e-12, app: 100e-12 },
      perByte: (from: string, to: string) => (from === 'dsp' && to === 'mcu' ? 1e-9 : 3e-9),
    };
    const [, second, third] = reach(gates, 0.1);
    const joules = computeEnergy([1000, 2000, 3000], ['dsp', 'mcu', 'app'], { gates, bytes: [10, 20] }, 0.1, figures);
    expect(joules).toBeCloseTo(1000 * 2e-12 + second * (2000 * 5e-12 + 10e-9) + third * (3000 * 100e-12 + 60e-9), 18);
    // Two parts of one core send nothing over a link.
    const together = computeEnergy(
      [1000, 2000],
      ['dsp', 'dsp'],
      { gates: gates.slice(0, 1), bytes: [10] },
      0.1,
      figures,
    );
    expect(together).toBeCloseTo(1000 * 2e-12 + second * 2000 * 2e-12, 18);
  });
});
