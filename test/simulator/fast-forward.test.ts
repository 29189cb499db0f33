import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Simulator } from '../../server/simulator/simulator.ts';
import { restoreSimulator, saveSimulator } from '../../server/simulator/snapshot.ts';
import { type Nanoseconds, volts } from '../../server/units.ts';
import { type Case, type CellKind, randomCase } from './random-device.ts';
import { chunk, type Rows } from './sketch.ts';

/** Scores that come again and again, as silence does, with something new now and then. */
const repeat = (rows: Rows, pattern: number, times: number): Rows =>
  Array.from({ length: times }, (_, round) =>
    round % 7 === 6 ? rows.slice(pattern, 2 * pattern) : rows.slice(0, pattern),
  ).flat();

const anyCase = fc
  .constantFrom<CellKind>('strong', 'weak', 'charged')
  .chain((cell) =>
    fc.tuple(randomCase(cell, 100), fc.constantFrom(1, 2, 5, 40), fc.constantFrom(30, 200, 2000), fc.nat(4)),
  )
  .map(([one, pattern, windows, ideal]) => ({
    ...one,
    scores: repeat(one.scores, pattern, Math.ceil(windows / pattern)),
    device:
      ideal === 0 ? { ...one.device, supply: { kind: 'ideal' as const, volts: volts(3) }, hours: null } : one.device,
  }));

const begin = ({ device, scores, labelled }: Case, fastForward: boolean, places?: number): Simulator => {
  const simulator = new Simulator(device, labelled, { fastForward, ...(places === undefined ? {} : { places }) });
  simulator.addScores(chunk(scores, 0, device.stages.length));
  return simulator;
};

describe('a simulator that jumps over cycles it knows', () => {
  test('comes to the same state to the last digit, whenever it is looked at', () => {
    let jumped = 0;
    let devices = 0;
    let troubled = 0;
    fc.assert(
      fc.property(anyCase, fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), { maxLength: 5 }), (one, looks) => {
        const end = one.scores.length * one.device.hop;
        const [plain, forward] = [begin(one, false), begin(one, true)];
        for (const share of [...looks.sort(), 1]) {
          const moment = Math.floor(share * end) as Nanoseconds;
          plain.advance(moment);
          forward.advance(moment);
          expect(saveSimulator(forward)).toEqual(saveSimulator(plain));
          expect(forward.supply.at(moment).state).toEqual(plain.supply.at(moment).state);
          expect(forward.supply.voltage()).toBe(plain.supply.voltage());
        }
        const cycles = forward.forward?.tally.jumped ?? 0;
        jumped += cycles;
        if (cycles > 0) devices++;
        if (cycles > 0 && plain.state.policyChanges + plain.state.brownOuts > 0) troubled++;
      }),
      { numRuns: 250, seed: 7, endOnFailure: true },
    );
    // It did jump, and on devices that change their power profile and brown out.
    expect(jumped).toBeGreaterThan(8_000);
    expect(devices).toBeGreaterThan(50);
    expect(troubled).toBeGreaterThan(20);
  });

  test('comes there too when it has to forget what it knew', () => {
    let [jumped, learnedAgain] = [0, 0];
    fc.assert(
      fc.property(anyCase, (one) => {
        const end = (one.scores.length * one.device.hop) as Nanoseconds;
        const [plain, all, few] = [begin(one, false), begin(one, true), begin(one, true, 6)];
        for (const simulator of [plain, all, few]) simulator.advance(end);
        expect(saveSimulator(few)).toEqual(saveSimulator(plain));
        jumped += few.forward?.tally.jumped ?? 0;
        learnedAgain += (few.forward?.tally.learned ?? 0) - (all.forward?.tally.learned ?? 0);
      }),
      { numRuns: 100, seed: 7, endOnFailure: true },
    );
    expect(jumped).toBeGreaterThan(1000);
    expect(learnedAgain).toBeGreaterThan(100);
  });

  test('can be saved in one mode and go on in the other', () => {
    fc.assert(
      fc.property(anyCase, fc.double({ min: 0, max: 1, noNaN: true }), fc.boolean(), (one, share, first) => {
        const end = (one.scores.length * one.device.hop) as Nanoseconds;
        const moment = Math.floor(share * end) as Nanoseconds;
        const [whole, part] = [begin(one, !first), begin(one, first)];
        part.advance(moment);
        const restored = restoreSimulator(one.device, one.labelled, saveSimulator(part), { fastForward: !first });
        whole.advance(end);
        restored.advance(end);
        expect(saveSimulator(restored)).toEqual(saveSimulator(whole));
      }),
      { numRuns: 100, seed: 7, endOnFailure: true },
    );
  });
});
