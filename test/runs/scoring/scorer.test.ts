// The shipped scenario's own recordings and models: however a stretch is divided, its scores are the same, and they are those of the plain path.
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { ModelSession } from '../../../server/models/session.ts';
import { Scorer, type ScoringJob } from '../../../server/runs/scoring/scorer.ts';
import { lowestThresholds, prepareRun, scoringJob } from '../../../server/runs/simulate/engine.ts';
import { LogMel } from '../../../server/streams/front-end.ts';
import { Mixer } from '../../../server/streams/mix.ts';

const SECONDS = 240;
const WINDOWS = SECONDS * 50;
const CONTEXT = 59;

interface Scores {
  readonly first: number[];
  readonly later: ReadonlyArray<ReadonlyMap<number, number>>;
  readonly loudHops: number;
}

let job: ScoringJob;

beforeAll(async () => {
  const scenario = fileURLToPath(new URL('../../../scenarios/kitchen-day.yaml', import.meta.url));
  const run = await prepareRun({ scenario, speed: 'max', baseline: false, durationSeconds: SECONDS });
  // So low that every stage has work within these minutes, whatever the shipped thresholds are.
  const [activity, , verify] = lowestThresholds(run.compiled.plan);
  job = scoringJob(run, [activity, 0.1, verify]);
});

async function inChunks(size: number): Promise<Scores> {
  const scorer = await Scorer.open(job);
  const first: number[] = [];
  const later = [new Map<number, number>(), new Map<number, number>()];
  let loudHops = 0;
  for (let at = 0; at < WINDOWS; at += size) {
    const chunk = await scorer.score(at, Math.min(size, WINDOWS - at));
    first.push(...chunk.scores.first);
    for (const [stage, { windows, scores }] of chunk.scores.later.entries())
      for (const [index, window] of windows.entries()) later[stage].set(window, scores[index]);
    loudHops += chunk.loud.reduce((sum, one) => sum + one, 0);
  }
  return { first, later, loudHops };
}

describe('scoring four minutes of the kitchen', () => {
  it('should give the same scores in chunks of any size', async () => {
    const whole = await inChunks(WINDOWS);
    expect(whole.later[0].size).toBeGreaterThan(100);
    expect(whole.later[1].size).toBeGreaterThan(0);
    for (const size of [3000, 997, 64]) expect(await inChunks(size)).toEqual(whole);
  });

  it('should decide as the plain path does: frame by frame in double precision, window by window', async () => {
    const { first, later } = await inChunks(3000);
    if (job.sense.kind !== 'log-mel') throw new Error('the kitchen is heard');
    const { frontEnd, clips } = job.sense;
    const { hopSamples, bands } = frontEnd;
    const logMel = new LogMel(frontEnd);
    const samples = new Float32Array(logMel.leadSamples + (CONTEXT + WINDOWS) * hopSamples);
    new Mixer(job.stream, clips, job.schedule, job.seed).render(-CONTEXT * hopSamples - logMel.leadSamples, samples);
    const frames = new Float32Array((CONTEXT + WINDOWS) * bands);
    logMel.into(samples, CONTEXT + WINDOWS, frames, 0);
    const stages = await Promise.all(
      job.stages.map((stage) => ModelSession.open(stage.bytes, stage.frames, bands, { stretches: false })),
    );
    const got = [new Map(first.entries()), ...later];
    for (const [stage, { floor }] of job.stages.entries()) {
      const windows = [...got[stage].keys()];
      const plain = await stages[stage].scoreWindows(
        frames,
        windows.map((window) => window + CONTEXT),
      );
      const scores = windows.map((window) => got[stage].get(window) ?? Number.NaN);
      // A value that lies at a rounding boundary of the 8-bit input may fall to its other side: one step of 256.
      const moved = scores.filter((score, index) => score !== plain[index]).length;
      const turned = scores.filter((score, index) => score >= floor !== plain[index] >= floor).length;
      expect(moved / windows.length).toBeLessThan(0.02);
      expect(turned / windows.length).toBeLessThan(0.001);
    }
  });
});
