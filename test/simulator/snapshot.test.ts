import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Simulator } from '../../server/simulator/simulator.ts';
import { restoreSimulator, saveSimulator } from '../../server/simulator/snapshot.ts';
import type { Nanoseconds } from '../../server/units.ts';
import { type CellKind, randomCase } from './random-device.ts';
import { chunk } from './sketch.ts';

test('a simulator that is saved and restored goes on as if it had never stopped, to the last digit', () => {
  fc.assert(
    fc.property(
      fc.constantFrom<CellKind>('strong', 'weak', 'charged').chain((cell) => randomCase(cell)),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.nat(40),
      ({ device, scores, labelled }, share, ahead) => {
        const end = (scores.length * device.hop) as Nanoseconds;
        const moment = Math.floor(share * end) as Nanoseconds;
        // Scores are known for a few windows beyond the moment; the rest comes after the restart.
        const known = Math.min(Math.ceil(moment / device.hop) + ahead, scores.length);
        const feed = (simulator: Simulator) =>
          simulator.addScores(chunk(scores.slice(known), known, device.stages.length));

        const whole = new Simulator(device, labelled);
        whole.addScores(chunk(scores.slice(0, known), 0, device.stages.length));
        whole.advance(moment);
        const snapshot = saveSimulator(whole);
        const kept = structuredClone(snapshot);
        feed(whole);
        whole.advance(end);
        // What was saved is not what goes on.
        expect(snapshot).toEqual(kept);

        const restored = restoreSimulator(device, labelled, snapshot);
        expect(saveSimulator(restored)).toEqual(snapshot);
        feed(restored);
        restored.advance(end);
        expect(saveSimulator(restored)).toEqual(saveSimulator(whole));
        expect(restored.supply.at(end).state).toEqual(whole.supply.at(end).state);
        expect(restored.takeOutcomes()).toEqual(whole.takeOutcomes());
        expect(snapshot).toEqual(kept);
      },
    ),
    { numRuns: 200, seed: 7, endOnFailure: true },
  );
});

test('a snapshot holds only the scores that are still needed', () => {
  const [{ device, scores, labelled }] = fc.sample(randomCase('strong'), { numRuns: 1, seed: 1 });
  const simulator = new Simulator(device, labelled);
  simulator.addScores(chunk(scores.slice(0, 50), 0, device.stages.length));
  simulator.addScores(chunk(scores.slice(50), 50, device.stages.length));
  simulator.advance((100 * device.hop) as Nanoseconds);
  const { chunks } = saveSimulator(simulator).scores;
  expect(chunks.map(({ firstWindow, first }) => [firstWindow, first.length])).toEqual([
    [simulator.state.nextWindow, 150 - simulator.state.nextWindow],
  ]);
});
