// A day with each stage of a cascade left out or on another core: every model really scores it once, and every placement is simulated from those scores.

import { compile } from '../compile/compile.ts';
import type { Compiled, PlacedStage } from '../compile/request.ts';
import { type Impossible, Refusal } from '../files/problem.ts';
import type { RunRequest } from '../process/messages.ts';
import { computeJoules } from '../report/baseline.ts';
import { ScoringPool } from '../scoring/pool.ts';
import { lowestThresholds, type PreparedRun, prepareRun, scoringJob } from '../simulate/engine.ts';
import { replay } from '../simulate/replay.ts';
import { stageCost } from '../stage-cost.ts';
import { falseAcceptBound, type Gate, matchedThresholds, missBound } from './matching.ts';
import { ScoreTable, scoringFloors } from './score-table.ts';
import { allVariants, sameVariant, type Variant } from './variants.ts';

export interface PlacedGate {
  readonly stage: string;
  readonly core: string;
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
  readonly milliwattsByCore: Readonly<Record<string, number>>;
  readonly events: number;
  readonly misses: number;
  readonly falseAccepts: number;
  readonly falseAcceptsPerHour: number;
  /** At most, by the models' curves: on the test set's continuous speech. Null when a model has none. */
  readonly speechFalseAcceptsPerHour: number | null;
  /** Null when nothing was detected. */
  readonly p95Milliseconds: number | null;
  readonly dropped: number;
}

export interface PlacementStudy {
  readonly scenario: string;
  readonly device: string;
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
  /** What is not possible, each thing once: the reason where least is wanting, and the placements that want it. */
  readonly refused: ReadonlyArray<{ readonly reason: string; readonly placements: readonly string[] }>;
}

export type StudyRequest = Pick<RunRequest, 'scenario' | 'seed' | 'durationSeconds' | 'powerProfile' | 'threads'>;

/** Told how far a study is. */
export type StudyProgress = (step: 'scoring' | 'simulating', share: number) => void;

interface Candidate {
  readonly variant: Variant;
  readonly stages: readonly PlacedStage[];
  readonly compiled: Compiled;
}

/** @throws {InputProblem} @throws the reason of `stop`, once it is asked for */
export async function studyPlacements(
  request: StudyRequest,
  progress: StudyProgress,
  stop?: AbortSignal,
): Promise<PlacementStudy> {
  const begun = performance.now();
  const run = await prepareRun({ ...request, speed: 'max', baseline: false });
  const { loaded } = run;
  const { candidates, refused } = candidatesOf(run);
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
    results.push(await resultOf(run, candidate, chunks, stop));
  }
  const shipped = results.find(({ isShipped }) => isShipped);
  const gates = gatesOf(run, 'normal');
  const isMatched = gates.every(({ curve }) => curve !== null);
  return {
    scenario: loaded.path.replace(/^.*[\\/]/, '').replace(/\.ya?ml$/, ''),
    device: loaded.scenario.value.device,
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
    refused,
  };
}

const reaches = (one: PlacementResult, shipped: PlacementResult): boolean =>
  one.misses <= shipped.misses &&
  one.falseAccepts <= shipped.falseAccepts &&
  (one.speechFalseAcceptsPerHour ?? 0) <= (shipped.speechFalseAcceptsPerHour ?? Number.POSITIVE_INFINITY);

const gatesOf = ({ loaded }: PreparedRun, gates: 'normal' | 'strict'): readonly Gate[] =>
  loaded.stages.map((stage, index) => ({
    curve: loaded.models[index].card.operatingCurve,
    threshold: stage.thresholds[gates],
  }));

/** `activity on dsp → verify on app` */
export const placementName = (stages: ReadonlyArray<{ readonly stage: string; readonly core: string }>): string =>
  stages.map(({ stage, core }) => `${stage} on ${core}`).join(' → ');

function candidatesOf(run: PreparedRun): {
  readonly candidates: readonly Candidate[];
  readonly refused: PlacementStudy['refused'];
} {
  const { loaded } = run;
  const gates = { normal: gatesOf(run, 'normal'), strict: gatesOf(run, 'strict') };
  const isMatched = gates.normal.every(({ curve }) => curve !== null);
  const cores = loaded.device.value.cores.map(({ name }) => name);
  const candidates: Candidate[] = [];
  const refused = new Map<string, { readonly reason: string; readonly short: number; readonly placements: string[] }>();
  const refuse = ({ subject, reason, short }: Omit<Impossible, 'place'>, variant: Variant): void => {
    const name = placementName(variant.map(({ number, core }) => ({ stage: loaded.stages[number].name, core })));
    const known = refused.get(subject);
    const least = known !== undefined && known.short <= short ? known : { reason, short };
    refused.set(subject, { ...least, placements: [...(known?.placements ?? []), name] });
  };
  for (const variant of allVariants(loaded.stages.length, cores)) {
    const kept = variant.map(({ number }) => number);
    const asShipped = (which: 'normal' | 'strict') => kept.map((number) => gates[which][number].threshold);
    const normal = isMatched ? matchedThresholds(gates.normal, kept) : asShipped('normal');
    const strict = isMatched ? matchedThresholds(gates.strict, kept) : asShipped('strict');
    if (normal === null || strict === null) {
      const { name } = loaded.stages[kept[kept.length - 1]];
      const reason = `no threshold of ${name}'s curve misses as little as the shipped cascade`;
      refuse({ subject: reason, reason, short: 0 }, variant);
      continue;
    }
    const stages = variant.map(({ number, core }, index) => ({
      ...loaded.stages[number],
      model: stageCost(loaded.models, number, kept[index - 1] ?? -1),
      core,
      thresholds: { normal: normal[index], strict: strict[index] },
      // Who decides last pauses after it.
      holdSeconds:
        index === variant.length - 1
          ? loaded.stages[loaded.stages.length - 1].holdSeconds
          : loaded.stages[number].holdSeconds,
    }));
    try {
      candidates.push({ variant, stages, compiled: compile({ ...run.compileRequest, stages }) });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      for (const reason of error.reasons) refuse(reason, variant);
    }
  }
  return { candidates, refused: [...refused.values()].map(({ reason, placements }) => ({ reason, placements })) };
}

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
    milliwattsByCore: Object.fromEntries(
      compiled.plan.cores.map(({ name }, index) => [
        name,
        (simulator.ledger.energyOf(simulator.entries.cores + index, simulator.now) / seconds) * 1e3,
      ]),
    ),
    events,
    misses: events - truePositives,
    falseAccepts,
    falseAcceptsPerHour: falseAccepts / (seconds / 3600),
    speechFalseAcceptsPerHour: falseAcceptBound(
      stages.map(({ number, thresholds }) => ({
        curve: loaded.models[number].card.operatingCurve,
        threshold: thresholds.normal,
      })),
    ),
    p95Milliseconds: tally.latency.summary().p95,
    dropped: simulator.state.counts.reduce((sum, { dropped }) => sum + dropped, 0),
  };
}
