// The device alone, from scores that are there: event by event, jumping over cycles that it knows, and as one would write it first.

import { prepareRun, startScoring } from '../../server/runs/simulate/engine.ts';
import type { ScoreChunk } from '../../server/simulator/scores.ts';
import { Simulator } from '../../server/simulator/simulator.ts';
import type { Nanoseconds } from '../../server/units.ts';
import type { Benchmark } from './benchmark.ts';
import { scenario } from './day.ts';
import { PlainDevice } from './plain-device.ts';

/** Of the day's sound this much is really scored, and comes again and again. */
const SCORED_HOURS = 1;

/** Each way is simulated this often; the first times V8 is still compiling it, and of the last three the median counts. */
const ROUNDS = 5;

const coreSeconds = (work: () => void): number => {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
};

export const device: Benchmark = {
  name: 'device',
  title: 'the device alone',
  async run({ hours }) {
    const scored = Math.min(hours, SCORED_HOURS);
    const run = await prepareRun({ scenario, speed: 'max', baseline: false, durationSeconds: scored * 3600 });
    const engine = startScoring(run);
    while (await engine.score());
    engine.close();
    const { plan } = run.compiled;
    const days = Math.max(1, Math.round(hours / scored));
    const chunks = Array.from({ length: days }, (_, day) =>
      engine.trace.chunks.map((chunk) => later(chunk, day * run.windows)),
    ).flat();
    const until = (days * run.windows * plan.hop) as Nanoseconds;
    const once = (scores: readonly ScoreChunk[], fastForward: boolean) => {
      const simulator = new Simulator(plan, [], { fastForward });
      const seconds = coreSeconds(() => {
        for (const chunk of scores) {
          simulator.addScores(chunk);
          simulator.advance(simulator.horizon);
          simulator.takeOutcomes();
        }
      });
      return { seconds, joules: simulator.supply.at(until).delivered };
    };
    const simulate = (scores: readonly ScoreChunk[], fastForward: boolean) => {
      const rounds = Array.from({ length: ROUNDS }, () => once(scores, fastForward));
      return rounds.slice(-3).sort((a, b) => a.seconds - b.seconds)[1];
    };
    const quiet = chunks.map((chunk) => ({ ...chunk, first: new Float32Array(chunk.first.length) }));
    const plain = new PlainDevice(plan);
    const results = {
      'event by event': simulate(chunks, false),
      'jumping over known cycles': simulate(chunks, true),
      'the same, nothing heard': simulate(quiet, true),
      'a heap of event objects': { seconds: coreSeconds(() => plain.run(chunks, until)), joules: plain.joules },
    };
    const reference = results['a heap of event objects'].seconds;
    const simulated = until / 1e9;
    return {
      lines: Object.entries(results).map(
        ([name, { seconds, joules }]) =>
          `  ${name.padEnd(26)} ${seconds.toFixed(2).padStart(7)} core-s ${Math.round(simulated / seconds)
            .toLocaleString('en')
            .padStart(
              10,
            )}x real time, ${(reference / seconds).toFixed(1).padStart(5)} times the plain one; ${joules.toFixed(2)} J`,
      ),
      figures: Object.fromEntries(
        Object.entries(results).map(([name, { seconds, joules }]) => [
          name,
          { coreSeconds: seconds, timesRealTime: simulated / seconds, timesPlain: reference / seconds, joules },
        ]),
      ),
    };
  },
};

/** The same scores for windows that come later. */
const later = (chunk: ScoreChunk, by: number): ScoreChunk => ({
  firstWindow: chunk.firstWindow + by,
  first: chunk.first,
  later: chunk.later.map(({ windows, scores }) => ({ windows: windows.map((window) => window + by), scores })),
});
