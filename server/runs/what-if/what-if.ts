// What if the device were another? Answered by simulating the stretch again from the scores of a run, without inference: the answer is what a
// run of its own would report, digit for digit.

import { chosenProfiles, deviceActs } from '../acts/take-up.ts';
import { compile } from '../compile/compile.ts';
import { InputProblem, inputProblem, Refusal } from '../files/problem.ts';
import { makeReport } from '../report/make-report.ts';
import type { RunReport } from '../report/report.ts';
import { Scorer } from '../scoring/scorer.ts';
import { CoreSecondsMeter } from '../simulate/core-seconds.ts';
import { checkStartSoc, lowestThresholds, type PreparedRun, scoringJob } from '../simulate/engine.ts';
import { replay } from '../simulate/replay.ts';
import { applyChanges, type Change, writtenOf } from './change.ts';
import { missingAt, type ScoreTrace, withScores } from './trace.ts';

/** The same run with another device. @throws {InputProblem} changes that cannot be */
export function variantOf(run: PreparedRun, changes: readonly Change[]): PreparedRun {
  const { loaded, powerProfile, startSoc } = applyChanges(run.loaded, changes, run.powerProfile, run.startSoc);
  checkStartSoc(startSoc);
  const compileRequest = {
    ...run.compileRequest,
    device: loaded.device.value,
    stages: loaded.stages,
    powerProfile,
    supply: { kind: 'battery', startSoc },
  } as const;
  try {
    const compiled = compile({ ...compileRequest, choosable: chosenProfiles(run.log) });
    return { ...run, loaded, powerProfile, startSoc, compileRequest, compiled };
  } catch (error) {
    // Its places are those of the files, where what is asked is not written.
    if (!(error instanceof Refusal)) throw error;
    throw inputProblem(error.reasons.map(({ reason }) => `what if ${writtenOf(changes)}: ${reason}`));
  }
}

/**
 * The report that a run of the changed device would give. Where gates open further than the run's, the windows that were never scored are inferred.
 * @throws {InputProblem} changes that cannot be
 */
export async function whatIf(run: PreparedRun, trace: ScoreTrace, changes: readonly Change[]): Promise<RunReport> {
  const began = performance.now();
  const variant = variantOf(run, changes);
  const coreSeconds = new CoreSecondsMeter(variant.compiled.plan.stages.map(({ name }) => name));
  const { day, tally } = await coreSeconds.timeAsync('simulate', () => replayed(variant, trace));
  const simulated = { ...variant, coreSeconds, day, simulator: day.simulator, loudHops: () => trace.loudHops };
  return makeReport(simulated, tally, () => (performance.now() - began) / 1e3);
}

/** What a sweep over hundreds of devices needs of each. */
export interface Answer {
  readonly lifeHours: number;
  readonly averageWatts: number;
  readonly missRate: number;
  readonly falseAcceptsPerHour: number;
  readonly p50Milliseconds: number | null;
  readonly p95Milliseconds: number | null;
}

/** Simulates a device over the scores of a run, and says the least. */
export async function answer(variant: PreparedRun, trace: ScoreTrace): Promise<Answer> {
  const { day, tally } = await replayed(variant, trace);
  const { events, truePositives, falseAccepts } = day.simulator.judge.state;
  const seconds = day.simulator.now / 1e9;
  const { p50, p95 } = tally.latency.summary();
  return {
    lifeHours: day.life(variant.startSoc).hours,
    averageWatts: day.simulator.supply.at(day.simulator.now).delivered / seconds,
    missRate: events === 0 ? 0 : (events - truePositives) / events,
    falseAcceptsPerHour: (falseAccepts / seconds) * 3600,
    p50Milliseconds: p50,
    p95Milliseconds: p95,
  };
}

async function replayed(variant: PreparedRun, trace: ScoreTrace) {
  if (!trace.isKept)
    throw new InputProblem('the run is too long for its scores to be kept; ask about one of at most four days');
  await extendTrace(variant, trace);
  const { compiled, events, duration, log, memo } = variant;
  const acts = deviceActs(log, compiled.plan);
  return replay(compiled.plan, events, duration, trace.chunks, memo, undefined, acts);
}

/** Infers what the trace lacks for a device's gates: just the missing windows. Returns how many those were. */
export async function extendTrace(variant: PreparedRun, trace: ScoreTrace): Promise<number> {
  const thresholds = lowestThresholds(variant.compiled.plan);
  // Nothing comes after the last stage.
  if (thresholds.slice(0, -1).every((threshold, stage) => threshold >= trace.floors[stage])) return 0;
  const floors = trace.floors.map((floor, stage) => Math.min(floor, thresholds[stage]));
  let scorer: Scorer | null = null;
  let inferred = 0;
  for (const [index, whole] of trace.chunks.entries()) {
    let chunk = whole;
    for (let stage = 1; stage < floors.length; stage++) {
      const windows = missingAt(chunk, stage, floors);
      if (windows.length === 0) continue;
      scorer ??= await Scorer.open(scoringJob(variant, floors));
      chunk = withScores(chunk, stage, windows, await scorer.scoreSome(stage, windows));
      inferred += windows.length;
    }
    trace.chunks[index] = chunk;
  }
  trace.floors = floors;
  return inferred;
}
