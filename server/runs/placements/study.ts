// A day with each stage of a cascade left out or on another core: every model really scores it once, and every placement is simulated from those scores.

import type { RunRequest } from '../process/messages.ts';
import { computeJoules } from '../report/baseline.ts';
import { ScoringPool } from '../scoring/pool.ts';
import { lowestThresholds, type PreparedRun, prepareRun, scoringJob } from '../simulate/engine.ts';
import { replay } from '../simulate/replay.ts';
import { type Candidate, candidatesOf, gatesOf } from './candidates.ts';
import { falseAcceptBound, missBound } from './matching.ts';
import { lateness, Refusals, type Refused } from './refusals.ts';
import { ScoreTable, scoringFloors } from './score-table.ts';
import { placementName, type StageOnCore, sameVariant } from './variants.ts';
import { type Draw, drawsOf } from './why.ts';

export interface PlacedGate extends StageOnCore {
  readonly threshold: number;
}

export interface PlacementResult {
  readonly stages: readonly PlacedGate[];
  readonly isShipped: boolean;
  /** Misses and accepts falsely no more than the shipped placement on this day, and accepts no more by the models' curves. */
  readonly reachesQuality: boolean;
  /** Infinity: for ever. */
  readonly lifeHours: number;
  readonly lifeExtrapolated: boolean;
  readonly averageMilliwatts: number;
  /** Of all inferences, over the day. */
  readonly computeJoules: number;
  /** What the mean power is made of. */
  readonly draws: readonly Draw[];
  /** Returns from sleep, an hour, by core. */
  readonly wakesPerHour: Readonly<Record<string, number>>;
  readonly events: number;
  readonly misses: number;
  readonly falseAccepts: number;
  readonly falseAcceptsPerHour: number;
  /** At most, by the models' curves, whose cards say what an hour is one of. Null when a model has none. */
  readonly curveFalseAcceptsPerHour: number | null;
  /** Null when nothing was detected. */
  readonly p95Milliseconds: number | null;
  readonly dropped: number;
}

export interface PlacementStudy {
  readonly scenario: string;
  readonly device: string;
  readonly cores: readonly string[];
  readonly powerProfile: string;
  readonly seed: number;
  readonly simulatedSeconds: number;
  readonly scoringSeconds: number;
  readonly simulatingSeconds: number;
  /** What the shipped cascade misses at most by its models' curves, which the others are held to; null when thresholds are as shipped for want of curves. */
  readonly matchedMissRate: number | null;
  readonly curveSource: string | null;
  /** By falling life. */
  readonly placements: readonly PlacementResult[];
  readonly refused: readonly Refused[];
}

export interface StudyRequest
  extends Pick<RunRequest, 'scenario' | 'seed' | 'durationSeconds' | 'powerProfile' | 'threads'> {
  /** Seconds within which 95 % of the detections are to be answered; what takes longer is not possible. */
  readonly maxLatency?: number;
}

/** Told how far a study is. */
export type StudyProgress = (step: 'scoring' | 'simulating', share: number) => void;

/** @throws {InputProblem} @throws the reason of `stop`, once it is asked for */
export async function studyPlacements(
  request: StudyRequest,
  progress: StudyProgress,
  stop?: AbortSignal,
): Promise<PlacementStudy> {
  const begun = performance.now();
  const run = await prepareRun({ ...request, speed: 'max', baseline: false });
  const { loaded } = run;
  const refusals = new Refusals();
  const candidates = candidatesOf(run, refusals);
  const floors = candidates.map(({ variant, compiled }) =>
    lowestThresholds(compiled.plan).map((floor, stage) => ({ number: variant[stage].number, floor })),
  );
  const table = new ScoreTable(loaded.stages.length, run.windows);
  const job = scoringJob(run, scoringFloors(loaded.stages.length, floors));
  const pool = new ScoringPool(job, run.windows, run.threads, stop);
  await table.fill(pool, (share) => progress('scoring', share)).finally(() => pool.close());
  const scored = performance.now();

  const results: PlacementResult[] = [];
  for (const [index, candidate] of candidates.entries()) {
    progress('simulating', index / candidates.length);
    const chunks = table.chunks(
      candidate.variant.map(({ number }) => number),
      floors[index].map(({ floor }) => floor),
    );
    const result = await resultOf(run, candidate, chunks, stop);
    const late = lateness(result, request.maxLatency);
    if (late === null) results.push(result);
    else refusals.add(late, placementName(result.stages));
  }
  const shipped = results.find(({ isShipped }) => isShipped);
  const gates = gatesOf(run, 'normal');
  const isMatched = gates.every(({ curve }) => curve !== null);
  return {
    scenario: loaded.path.replace(/^.*[\\/]/, '').replace(/\.ya?ml$/, ''),
    device: loaded.scenario.value.device,
    cores: loaded.device.value.cores.map(({ name }) => name),
    powerProfile: run.powerProfile,
    seed: run.seed,
    simulatedSeconds: run.duration / 1e9,
    scoringSeconds: (scored - begun) / 1e3,
    simulatingSeconds: (performance.now() - scored) / 1e3,
    matchedMissRate: isMatched ? missBound(gates) : null,
    curveSource: gates[gates.length - 1].curve?.source ?? null,
    placements: results
      .map((result) => ({ ...result, reachesQuality: shipped !== undefined && reaches(result, shipped) }))
      .sort((a, b) =>
        // Those that last for ever by what they draw.
        a.lifeHours === b.lifeHours ? a.averageMilliwatts - b.averageMilliwatts : b.lifeHours - a.lifeHours,
      ),
    refused: refusals.all(),
  };
}

const reaches = (one: PlacementResult, shipped: PlacementResult): boolean =>
  one.misses <= shipped.misses &&
  one.falseAccepts <= shipped.falseAccepts &&
  (one.curveFalseAcceptsPerHour ?? 0) <= (shipped.curveFalseAcceptsPerHour ?? Number.POSITIVE_INFINITY);

async function resultOf(
  run: PreparedRun,
  { variant, stages, compiled }: Candidate,
  chunks: Parameters<typeof replay>[3],
  stop?: AbortSignal,
): Promise<PlacementResult> {
  const { loaded } = run;
  const { day, tally } = await replay(compiled.plan, run.events, run.duration, chunks, undefined, stop);
  const { simulator } = day;
  const life = day.life(run.startSoc);
  const seconds = run.duration / 1e9;
  const { events, truePositives, falseAccepts } = simulator.judge.state;
  const shipped = loaded.stages.map(({ number, core }) => ({ number, core }));
  return {
    stages: stages.map(({ name, core, thresholds }) => ({ stage: name, core, threshold: thresholds.normal })),
    isShipped: sameVariant(variant, shipped),
    reachesQuality: false,
    lifeHours: life.hours,
    lifeExtrapolated: life.extrapolated,
    averageMilliwatts: (simulator.supply.delivered / seconds) * 1e3,
    computeJoules: computeJoules(compiled, simulator),
    draws: drawsOf(simulator),
    wakesPerHour: Object.fromEntries(
      compiled.plan.cores.map(({ name }, index) => [
        name,
        simulator.cores[index].state.exits.reduce((sum, exits) => sum + exits, 0) / (seconds / 3600),
      ]),
    ),
    events,
    misses: events - truePositives,
    falseAccepts,
    falseAcceptsPerHour: falseAccepts / (seconds / 3600),
    curveFalseAcceptsPerHour: falseAcceptBound(
      stages.map(({ number, thresholds }) => ({
        curve: loaded.models[number].card.operatingCurve,
        threshold: thresholds.normal,
      })),
    ),
    p95Milliseconds: tally.latency.summary().p95,
    dropped: simulator.state.counts.reduce((sum, { dropped }) => sum + dropped, 0),
  };
}
