// Figures worked out by hand from scores made up for the purpose.
import { describe, expect, it } from 'vitest';
import { computeEnergy, reach } from '../../../server/training/lab/energy.ts';
import { computeGain, gainBound, gainEstimate } from '../../../server/training/lab/first-cores.ts';
import { balancedAccuracy, drawnGates, estimate, gatesOf, measure } from '../../../server/training/lab/measure.ts';
import { operatingCurve } from '../../../server/training/lab/operating-curve.ts';
import { chooseSetting, settingOf } from '../../../server/training/lab/thresholds.ts';

/** Ten positives, then ten negatives, in two groups each. */
const classes = Int32Array.from({ length: 20 }, (_, n) => (n < 10 ? 1 : 0));
const groups = Array.from({ length: 20 }, (_, n) => (n % 2 === 0 ? 'a' : 'b'));
const examples = { windows: new Float32Array(20), classes, groups };
/** The gate is sure of all positives and of two negatives; the last part takes one of these for a positive. */
const gate = Float32Array.from({ length: 20 }, (_, n) => (n < 10 ? 0.8 : n < 12 ? 0.9 : 0.1));
const last = Float32Array.from({ length: 20 }, (_, n) => (n === 0 ? 0.2 : n < 10 ? 0.9 : n === 10 ? 0.95 : 0.1));
const sent = Uint32Array.from({ length: 20 }, (_, n) => (n < 12 ? 4 : 16));
const scores = { scores: [gate, last], sent: [sent] };
const part = (shape: number[] | null, together = 1) => ({
  model: { name: '', opset: 13, inputs: [], outputs: [], nodes: [], initializers: [] },
  input: [1],
  sends: shape === null ? null : { shape, together },
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
    expect(gatesOf([...measured.reaching.values()])).toEqual(measured.gates);
    expect(measured.reaching.get('a')).toEqual({ positives: [5, 5], negatives: [5, 1] });
    expect(measured.negativesStopped).toBeCloseTo(0.8, 12);
    expect(measured.positivesKept).toBe(1);
    // 16 places are 2 bytes of bits, and 4 of them are not zero.
    expect(measured.bytes).toEqual([6]);
    expect(measured.zeros).toEqual([0.75]);
    expect(measured.compressed).toEqual([0.9]);
    // The last threshold lets all positives in at the price of one negative.
    expect(measured.balancedAccuracy).toBeCloseTo(0.95, 12);
  });

  it('should count a bit for each token, and the bytes of all channels of those that cross', () => {
    // 16 tokens of 5 channels, 4 of them kept.
    const measured = measure({ ...trained, parts: [part([5, 16, 1], 5), part(null)] }, examples, examples);
    expect(measured.bytes).toEqual([2 + 4 * 5]);
    expect(measured.zeros).toEqual([0.75]);
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

describe('the gates of a cascade', () => {
  const many = 1000;
  const labels = Int32Array.from({ length: 2 * many }, (_, n) => (n < many ? 1 : 0));
  /** Rises over the positives from 0 to 1; negatives below a tenth. */
  const rising = Float32Array.from({ length: 2 * many }, (_, n) => (n < many ? (n + 1) / many : (n % 100) / 1000));

  const people = { classes: labels, groups: Array.from(labels, (_, n) => `person ${n % 8}`) };

  it('should lose no more of the positives that the last part accepts than they are set to', () => {
    const all = Float32Array.from(labels);
    const { thresholds, quality } = settingOf({ scores: [rising, all], sent: [] }, labels, { lost: 0.05, odds: 1 });
    expect(rising.slice(0, many).filter((score) => score >= thresholds[0]).length / many).toBeCloseTo(0.95, 2);
    expect(quality).toBeCloseTo((1 + 0.95) / 2, 2);
  });

  it('should not count a positive as lost that the last part does not accept anyhow', () => {
    // It refuses the half of the positives of which the gate is least sure.
    const half = Float32Array.from({ length: 2 * many }, (_, n) => (n < many && n >= many / 2 ? 0.9 : 0.1));
    const { thresholds, quality } = settingOf({ scores: [rising, half], sent: [] }, labels, { lost: 0, odds: 1 });
    expect(thresholds[0]).toBeCloseTo(0.5, 2);
    expect(quality).toBeCloseTo((1 + 0.5) / 2, 2);
  });

  it('should be set where the whole decides best, and of equal settings as hard as may be', () => {
    const perfect = Float32Array.from(labels);
    const { thresholds, quality } = chooseSetting({ scores: [rising, perfect], sent: [] }, people);
    expect(quality).toBe(1);
    expect(thresholds[0]).toBeLessThan(0.002);
    // A last part that lets the surest negatives in: what the gate stops of them makes up for the positives it loses.
    const fooled = Float32Array.from({ length: 2 * many }, (_, n) => (n < many || n % 2 === 0 ? 0.9 : 0.1));
    const helped = chooseSetting({ scores: [rising, fooled], sent: [] }, people);
    expect(helped.quality).toBeGreaterThan(0.9);
    expect(helped.hardness?.lost).toBeGreaterThan(0.05);
  });

  it('should be set softer where a group that did not set them scores lower than those that did', () => {
    // The others' gates, at 0.9, would stop all of the last person's positives.
    const own = Float32Array.from({ length: 2 * many }, (_, n) => (n >= many ? 0.01 : n % 8 === 7 ? 0.6 : 0.9));
    const { hardness, thresholds } = chooseSetting({ scores: [own, Float32Array.from(labels)], sent: [] }, people);
    expect(hardness?.odds).toBeGreaterThan(1);
    expect(thresholds[0]).toBeLessThan(0.6);
    expect(thresholds[0]).toBeGreaterThan(0.01);
  });

  it('should be on a card as what each threshold misses and accepts of windows an hour', () => {
    const { points } = operatingCurve(rising, labels, 0.5);
    const tenth = points.find(({ missRate }) => Math.abs(missRate - 0.1) < 0.002);
    expect(tenth?.falseAcceptsPerHour).toBe(0);
    const [softest] = points;
    expect(softest.missRate).toBe(0);
    // 99 of 100 negatives score above nothing at all, 7200 windows an hour.
    expect(softest.falseAcceptsPerHour).toBeCloseTo(0.99 * 7200, 0);
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

  it('should gain over the whole network on the application core, and never more than its first part allows', () => {
    const core = (joulesPerMac: number) => ({ profile: '', part: '', joulesPerMac, confidence: 'measured' as const });
    const cores = { application: core(100e-12), first: [core(10e-12)], joulesPerByte: 1e-9 };
    const cascade = { macs: [1000, 50_000], wholeMacs: 60_000, gates: [{ stopped: 0.9, kept: 0.95 }], bytes: [10] };
    const [first] = cores.first;
    const passed = 0.01 * 0.95 + 0.99 * 0.1;
    expect(computeGain(cascade, first, cores, 0.01)).toBeCloseTo(6000 / (10 + passed * (5000 + 10)), 9);
    expect(gainBound(cascade, first, cores)).toBeCloseTo(600, 9);
    // Of two people, one of whose negatives the gate stops less often: the gain of either alone bounds what the interval may be.
    const person = (passing: number) => ({ positives: [10, 10], negatives: [100, passing] });
    const seeds = [
      new Map([
        ['a', person(5)],
        ['b', person(15)],
      ]),
    ];
    const { interval } = gainEstimate(cascade, drawnGates(seeds), first, cores, 0.01);
    const alone = [15, 5].map((passing) =>
      computeGain({ ...cascade, gates: gatesOf([person(passing)]) }, first, cores, 0.01),
    );
    expect(interval[0]).toBeCloseTo(alone[0], 9);
    expect(interval[1]).toBeCloseTo(alone[1], 9);
    const perfect = { ...cascade, gates: [{ stopped: 1, kept: 1 }] };
    expect(computeGain(perfect, first, cores, 0)).toBeCloseTo(600, 9);
  });
});
