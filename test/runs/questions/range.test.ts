// Stretches of a run, over the shipped scenario with its recordings and models.
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type * as Answers from '../../../server/runs/questions/answers.ts';
import type * as MakeReport from '../../../server/runs/report/make-report.ts';
import type { RunReport } from '../../../server/runs/report/report.ts';
import type * as Tally from '../../../server/runs/report/tally.ts';
import type * as Engine from '../../../server/runs/simulate/engine.ts';
import type { RangeView } from '../../../server/runs/views.ts';

// Threads that score run the built program, and so does all that talks to them.
const built = <Module>(path: string): Promise<Module> =>
  import(new URL(`../../../dist/server/runs/${path}.js`, import.meta.url).href);
const { openRun } = await built<typeof Engine>('simulate/engine');
const { makeReport } = await built<typeof MakeReport>('report/make-report');
const { Tally: NewTally } = await built<typeof Tally>('report/tally');
const { Answers: NewAnswers } = await built<typeof Answers>('questions/answers');

const scenario = fileURLToPath(new URL('../../../scenarios/kitchen-day.yaml', import.meta.url));
const SECONDS = 400;

/** @param checkpoints whether any are kept */
async function runOf(checkpoints: boolean) {
  const engine = await openRun({ scenario, speed: 'max', baseline: false, durationSeconds: SECONDS, threads: 1 });
  const tally = new NewTally(engine.compiled.plan.stages);
  const answers = new NewAnswers(engine);
  while (await engine.score()) {
    tally.add(engine.advance(engine.horizon()));
    if (checkpoints) answers.keep();
  }
  engine.close();
  const report = await makeReport(engine, tally, () => 0);
  return { engine, answers, report };
}

let run: Awaited<ReturnType<typeof runOf>>;
let report: RunReport;
beforeAll(async () => {
  run = await runOf(true);
  ({ report } = run);
});
afterAll(() => run.engine.close());

async function range(from: number, to: number, points = 10, of = run.answers): Promise<RangeView> {
  const answer = await of.ask({ kind: 'range', fromSeconds: from, toSeconds: to, points });
  if (answer.kind !== 'range') throw new Error(JSON.stringify(answer));
  return answer.range;
}
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const relative = (value: number, to: number): number => Math.abs(value / to - 1);

describe('a stretch of a run', () => {
  it('should be the run where it is all of it', async () => {
    const whole = await range(0, SECONDS);
    expect(relative(whole.joules, report.energy.totalJoules)).toBeLessThan(1e-12);
    expect(whole.railJoules.slice(0, -1).map((joules) => joules.toPrecision(11))).toEqual(
      Object.entries(report.energy.byRail)
        .filter(([rail]) => rail !== 'regulators')
        .map(([, joules]) => joules.toPrecision(11)),
    );
    // A report leaves to the battery what it owes by then.
    const { simulator } = run.engine;
    expect(whole.soc).toEqual([report.battery.startSoc, simulator.supply.at(simulator.now).soc]);
    expect(whole.stages.map(({ windowsIn, windowsPassed }) => [windowsIn, windowsPassed])).toEqual(
      report.stages.map(({ windowsIn, windowsPassed }) => [windowsIn, windowsPassed]),
    );
    expect(whole.cores.map(({ wakes }) => wakes)).toEqual(report.cores.map(({ wakes }) => wakes));
  });

  it('should be the sum of its parts, wherever it is divided', async () => {
    const whole = await range(33.3, 377.123456789);
    for (const cut of [33.300001, 60, 128.00412, 377.12]) {
      const [before, after] = [await range(33.3, cut), await range(cut, 377.123456789)];
      expect(relative(before.joules + after.joules, whole.joules)).toBeLessThan(1e-12);
      expect(before.coulombs + after.coulombs).toBeCloseTo(whole.coulombs, 9);
      expect(Math.min(before.watts.min, after.watts.min)).toBe(whole.watts.min);
      expect(Math.max(before.watts.max, after.watts.max)).toBe(whole.watts.max);
      expect(before.stages[0].windowsIn + after.stages[0].windowsIn).toBe(whole.stages[0].windowsIn);
    }
  });

  it('should be the same however finely it is drawn, and from whichever checkpoint it is simulated', async () => {
    const without = await runOf(false);
    const { columns: _, ...coarse } = await range(200, 300, 1);
    const { columns: __, ...fine } = await range(200, 300, 2000);
    const { columns: ___, ...fromStart } = await range(200, 300, 7, without.answers);
    expect(fine).toEqual(coarse);
    expect(fromStart).toEqual(coarse);
  });

  it('should have columns that add up to its figures', async () => {
    const { columns, ...figures } = await range(100, 200, 400);
    const seconds = (figures.toSeconds - figures.fromSeconds) / 400;
    expect(columns.endSeconds).toHaveLength(400);
    expect(relative(sum(columns.watts.mean) * seconds, figures.joules)).toBeLessThan(1e-9);
    expect(Math.min(...columns.watts.min)).toBe(figures.watts.min);
    expect(Math.max(...columns.watts.max)).toBe(figures.watts.max);
    columns.railWatts.forEach((watts, rail) => {
      expect(sum(watts) * seconds).toBeCloseTo(figures.railJoules[rail], 9);
    });
    for (const [core, { residency }] of figures.cores.entries()) {
      expect(sum(residency)).toBeCloseTo(1, 9);
      residency.forEach((share, activity) => {
        expect(sum(columns.residency[core][activity]) / 400).toBeCloseTo(share, 9);
      });
    }
  });

  it('should say what each core did when, to the nanosecond', async () => {
    const { lanes, cores, fromSeconds, toSeconds } = await range(180, 200);
    expect(lanes).not.toBeNull();
    lanes?.forEach(({ startSeconds, activity, stage }, core) => {
      expect(startSeconds[0]).toBe(fromSeconds);
      const shares = cores[core].residency.map(() => 0);
      activity.forEach((doing, place) => {
        shares[doing] += ((startSeconds[place + 1] ?? toSeconds) - startSeconds[place]) / (toSeconds - fromSeconds);
      });
      shares.forEach((share, doing) => {
        expect(share).toBeCloseTo(cores[core].residency[doing], 9);
      });
      expect(stage.some((job) => job !== null)).toBe(core === 0 || cores[core].wakes > 0);
    });
    expect((await range(0, 300)).lanes).toBeNull();
  });

  it('should show the scores that gates were given', async () => {
    const { columns } = await range(0, SECONDS, 2000);
    const first = columns.scores[0].map((score) => score ?? -1);
    const best = Math.max(...run.engine.trace.chunks.map((chunk) => Math.max(...chunk.first)));
    expect(Math.max(...first)).toBeCloseTo(best, 6);
    // Ten windows a point: where none opened the first gate, the second has nothing.
    const { floors } = run.engine.trace;
    first.forEach((score, point) => {
      expect(columns.scores[1][point] === null).toBe(score < floors[0]);
    });
  });

  it.each([
    [100, 100, /ends after it begins/],
    [500, 600, /has only come to 400 s/],
  ])('should be refused from %d s to %d s', async (from, to, problem) => {
    const answer = await run.answers.ask({ kind: 'range', fromSeconds: from, toSeconds: to, points: 10 });
    expect(answer).toMatchObject({ kind: 'refused', problem: expect.stringMatching(problem) });
  });
});
