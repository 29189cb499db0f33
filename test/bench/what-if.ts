// What-ifs from the scores of a run, in a warm process: with a report, and as a sweep asks.

import { prepareRun, startScoring } from '../../server/runs/simulate/engine.ts';
import { newMemo } from '../../server/runs/simulate/memo.ts';
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
  'battery.capacity=60 mAh',
  'startCharge=20.5 %',
];

/** Times that each is asked, and times that all of them were asked before. */
const TIMES = 5;
const WARM_UP = 3;

interface Took {
  readonly wallMilliseconds: number;
  readonly coreMilliseconds: number;
}

async function took(work: () => Promise<unknown>): Promise<Took> {
  const began = performance.now();
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return { wallMilliseconds: performance.now() - began, coreMilliseconds: (user + system) / 1e3 };
}

/** The middle of all times. */
const middle = (all: readonly Took[]): Took => {
  const of = (key: keyof Took): number => all.map((one) => one[key]).sort((a, b) => a - b)[Math.floor(all.length / 2)];
  return { wallMilliseconds: of('wallMilliseconds'), coreMilliseconds: of('coreMilliseconds') };
};

export const whatIfs: Benchmark = {
  name: 'what-if',
  title: 'what-ifs from the scores of a run, beside a run that scores everything again',
  async run({ hours }) {
    const lines: string[] = [];
    const figures: Record<string, unknown> = {};
    for (const length of new Set([Math.min(1, hours), hours])) {
      let run = await prepareRun({ scenario, speed: 'max', baseline: false, durationSeconds: length * 3600 });
      const { trace, score, close } = startScoring(run);
      const scoring = await took(async () => {
        while (await score());
      });
      close();
      for (let round = 0; round < WARM_UP; round++)
        for (const question of QUESTIONS) await whatIf(run, trace, [parseChange(question)]);
      for (const question of QUESTIONS) {
        const changes = [parseChange(question)];
        const [first, again, few]: Took[][] = [[], [], []];
        for (let time = 0; time < TIMES; time++) {
          // All that is remembered is what the run's own report left.
          run = { ...run, memo: newMemo() };
          await whatIf(run, trace, []);
          first.push(await took(() => whatIf(run, trace, changes)));
          again.push(await took(() => whatIf(run, trace, changes)));
          const variant = variantOf(run, changes);
          few.push(await took(() => answer(variant, trace)));
        }
        const figure = { first: middle(first), again: middle(again), sweep: middle(few) };
        const fresh = scoring.coreMilliseconds + figure.first.coreMilliseconds;
        const both = ({ wallMilliseconds, coreMilliseconds }: Took): string =>
          `${wallMilliseconds.toFixed(0)} ms (${coreMilliseconds.toFixed(0)} core-ms)`;
        lines.push(
          `  ${`${length} h, ${question}`.padEnd(42)} ${both(figure.first)} when first asked, ${both(figure.again)} again, ${both(figure.sweep)} in a sweep; a run takes ${(fresh / figure.first.coreMilliseconds).toFixed(0)} times as many core-ms`,
        );
        figures[`${length} h, ${question}`] = { ...figure, freshRunCoreMilliseconds: fresh };
      }
    }
    return { lines, figures };
  },
};
