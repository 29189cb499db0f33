// What-ifs from the scores of a run, in a warm process: with a report, and as a sweep asks.

import { prepareRun, startScoring } from '../../server/runs/simulate/engine.ts';
import { parseChange } from '../../server/runs/what-if/change.ts';
import { answer, variantOf, whatIf } from '../../server/runs/what-if/what-if.ts';
import type { Benchmark } from './benchmark.ts';
import { scenario } from './day.ts';

const QUESTIONS = [
  'cascade.keyword.threshold=0.6',
  'powerProfile=saver',
  'powerProfile=always-listening',
  'cores.dsp.operatingPoint=49MHz',
  'cascade.keyword.core=app',
  'battery.capacity=500 mAh',
];

/** Times that each is asked, and times that all of them were asked before. */
const TIMES = 5;
const WARM_UP = 3;

/** Of core time, in the middle of all times. */
async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const all: number[] = [];
  for (let time = 0; time < TIMES; time++) {
    const before = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(before);
    all.push((user + system) / 1e3);
  }
  return all.sort((a, b) => a - b)[Math.floor(TIMES / 2)];
}

export const whatIfs: Benchmark = {
  name: 'what-if',
  title: 'what-ifs from the scores of a run, beside a run that scores everything again',
  async run({ hours }) {
    const lines: string[] = [];
    const figures: Record<string, unknown> = {};
    for (const length of new Set([Math.min(1, hours), hours])) {
      const before = process.cpuUsage();
      const run = await prepareRun({ scenario, speed: 'max', baseline: false, durationSeconds: length * 3600 });
      const { trace, score, close } = startScoring(run);
      while (await score());
      close();
      const { user, system } = process.cpuUsage(before);
      const scored = (user + system) / 1e3;
      for (let round = 0; round < WARM_UP; round++)
        for (const question of QUESTIONS) await whatIf(run, trace, [parseChange(question)]);
      for (const question of QUESTIONS) {
        const changes = [parseChange(question)];
        const full = await milliseconds(() => whatIf(run, trace, changes));
        const variant = variantOf(run, changes);
        const few = await milliseconds(() => answer(variant, trace));
        const again = scored + full;
        lines.push(
          `  ${`${length} h, ${question}`.padEnd(42)} ${full.toFixed(0).padStart(6)} core-ms with a report, ${few.toFixed(0).padStart(6)} in a sweep; ${(again / full).toFixed(0)} and ${(again / few).toFixed(0)} times fewer than ${again.toFixed(0)} for a run`,
        );
        figures[`${length} h, ${question}`] = {
          reportMilliseconds: full,
          sweepMilliseconds: few,
          freshRunMilliseconds: again,
        };
      }
    }
    return { lines, figures };
  },
};
