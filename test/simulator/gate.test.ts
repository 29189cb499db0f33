// Gates that remember: by themselves, and in a device whose other behaviour they leave as it was.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type GatePlan, lowestOpening, newGate, opens } from '../../server/simulator/gate.ts';
import type { Plan } from '../../server/simulator/plan.ts';
import { Simulator } from '../../server/simulator/simulator.ts';
import { restoreSimulator, saveSimulator } from '../../server/simulator/snapshot.ts';
import type { Nanoseconds } from '../../server/units.ts';
import { type Case, type CellKind, randomCase } from './random-device.ts';
import { chunk, MS, S } from './sketch.ts';

const PLAIN: GatePlan = { smooth: 1, hysteresis: 0, secondChance: null };
const chance = (within: number, by: number, after: number, until: number): GatePlan => ({
  ...PLAIN,
  secondChance: { within, by, after: after as Nanoseconds, until: until as Nanoseconds },
});

/** Which of the scores, a window every 20 ms from window 1 on, open the gate; null: the window does not come to it. */
function opened(gate: GatePlan, threshold: number, scores: ReadonlyArray<number | null>): readonly number[] {
  const state = newGate(gate);
  return scores.flatMap((score, at) => {
    const window = at + 1;
    const now = (window * 20 * MS) as Nanoseconds;
    return score !== null && opens(gate, state, threshold, window, score, now) ? [window] : [];
  });
}

const unit = fc.float({ min: 0, max: 1, noNaN: true });
const someGate: fc.Arbitrary<GatePlan> = fc.record({
  smooth: fc.integer({ min: 1, max: 5 }),
  hysteresis: fc.constantFrom(0, 0.1, 0.4),
  secondChance: fc.option(
    fc.record({
      within: fc.constantFrom(0.05, 0.2),
      by: fc.constantFrom(0.1, 0.3),
      after: fc.constantFrom(0, 40 * MS).map((value) => value as Nanoseconds),
      until: fc.constantFrom(60 * MS, S).map((value) => value as Nanoseconds),
    }),
    { nil: null },
  ),
});

describe('a gate', () => {
  it('should go by the score alone where it has nothing to remember', () => {
    fc.assert(
      fc.property(fc.array(unit), unit, (scores, threshold) => {
        const expected = scores.flatMap((score, at) => (score >= threshold ? [at + 1] : []));
        expect(opened(PLAIN, threshold, scores)).toEqual(expected);
      }),
    );
  });

  it('should go by the mean of the last hops, of those that were scored', () => {
    const smooth = { ...PLAIN, smooth: 3 };
    // Means 0, 0.5, 0.67, 1, 0.67, 0.33, 0.
    expect(opened(smooth, 0.6, [0, 1, 1, 1, 0, 0, 0])).toEqual([3, 4, 5]);
    // Alone after a pause: nothing of before it counts.
    expect(opened(smooth, 0.6, [0, 0, 0, null, null, 1])).toEqual([6]);
    expect(opened(smooth, 0.6, [0, 0, 0, null, 1])).toEqual([]);
  });

  it('should stay open down to a lower threshold, and shut where a window is missing', () => {
    const sticky = { ...PLAIN, hysteresis: 0.2 };
    expect(opened(sticky, 0.7, [0.6, 0.7, 0.6, 0.55, 0.4, 0.6])).toEqual([2, 3, 4]);
    expect(opened(sticky, 0.7, [0.7, null, 0.6])).toEqual([1]);
  });

  it('should make it easier a while after a near miss, and not for the word that was missed', () => {
    const again = chance(0.2, 0.2, 60 * MS, 200 * MS);
    // Window 2 nearly opens; from window 5 to window 12 0.5 is enough.
    expect(opened(again, 0.7, [0.1, 0.6, 0.55, 0.1, 0.1, 0.6])).toEqual([6]);
    expect(opened(again, 0.7, [0.1, 0.6, 0.1, 0.6])).toEqual([]);
    const late = (at: number) => [0.6, ...Array.from({ length: at - 2 }, () => 0), 0.6];
    expect(opened(again, 0.7, late(4))).toEqual([4]);
    expect(opened(again, 0.7, late(11))).toEqual([11]);
    expect(opened(again, 0.7, late(12))).toEqual([]);
    // Far misses earn nothing.
    expect(opened(again, 0.7, [0.4, 0, 0, 0, 0.6])).toEqual([]);
  });

  it('should never open to a score that is lower than the lowest that it names', () => {
    fc.assert(
      fc.property(someGate, fc.array(fc.option(unit)), fc.constantFrom(0.3, 0.6, 0.9), (gate, scores, threshold) => {
        const least = lowestOpening(gate, threshold);
        for (const window of opened(gate, threshold, scores))
          expect(scores[window - 1]).toBeGreaterThanOrEqual(least - 1e-9);
      }),
    );
  });
});

/** All of the device's gates. */
const withGates = (device: Plan, gate: GatePlan): Plan => ({
  ...device,
  stages: device.stages.map((stage) => ({ ...stage, gate })),
});

const anyCase = fc.constantFrom<CellKind>('strong', 'weak', 'charged').chain((cell) => randomCase(cell));

function outcome(device: Plan, { scores, labelled }: Pick<Case, 'scores' | 'labelled'>) {
  const simulator = new Simulator(device, labelled);
  simulator.addScores(chunk(scores, 0, device.stages.length));
  simulator.advance((scores.length * device.hop) as Nanoseconds);
  const { gates: _, ...state } = saveSimulator(simulator).simulator;
  return { state, supply: simulator.supply.at(simulator.now).state, outcomes: simulator.takeOutcomes() };
}

describe('a device with gates that remember', () => {
  it('should be the same to the last digit where they have nothing to remember', () => {
    fc.assert(
      fc.property(anyCase, (one) => {
        expect(outcome(withGates(one.device, PLAIN), one)).toEqual(outcome(one.device, one));
      }),
      { numRuns: 60, seed: 3 },
    );
  });

  it('should go on from a snapshot as if it had never stopped', () => {
    fc.assert(
      fc.property(anyCase, someGate, fc.double({ min: 0, max: 1, noNaN: true }), (one, gate, share) => {
        const { scores, labelled } = one;
        // Every stage has a score, since gates open to what others would stop.
        const full = scores.map((row) => one.device.stages.map((_, stage) => row[stage] ?? 0.5));
        const device = withGates(one.device, gate);
        const end = (scores.length * device.hop) as Nanoseconds;
        const whole = new Simulator(device, labelled);
        whole.addScores(chunk(full, 0, device.stages.length));
        whole.advance(Math.floor(share * end) as Nanoseconds);
        const restored = restoreSimulator(device, labelled, saveSimulator(whole));
        whole.advance(end);
        restored.advance(end);
        expect(saveSimulator(restored)).toEqual(saveSimulator(whole));
        expect(restored.takeOutcomes()).toEqual(whole.takeOutcomes());
      }),
      { numRuns: 60, seed: 4 },
    );
  });
});
