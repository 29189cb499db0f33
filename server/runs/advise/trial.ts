// A vector of thresholds tried on the simulated device: what it takes, what it misses and imagines, and up to what both may be.

import { breathe } from '../../breathe.ts';
import type { Outcome } from '../../simulator/judge.ts';
import { Simulator } from '../../simulator/simulator.ts';
import type { Nanoseconds } from '../../units.ts';
import { LatencyMeter } from '../process/look.ts';
import type { PreparedRun } from '../simulate/engine.ts';
import { replay } from '../simulate/replay.ts';
import type { Change } from '../what-if/change.ts';
import type { ScoreTrace } from '../what-if/trace.ts';
import { extendTrace, variantOf } from '../what-if/what-if.ts';
import { type Bounded, boundedRate, boundedShare, NO_ROOM, type Room } from './bounds.ts';
import { type Counts, countsOf, type Exposure, strataCounted, takesBySource } from './exposure.ts';

/** A stream that is scored, and what in it is distinct. */
export interface ScoredStream {
  readonly run: PreparedRun;
  readonly trace: ScoreTrace;
  readonly exposure: Exposure;
  /** Recordings that are taken for a source of their own, since nothing says otherwise. */
  readonly unnamedSources: number;
}

export interface Trial {
  readonly thresholds: readonly number[];
  readonly missRate: Bounded;
  readonly falseAcceptsPerHour: Bounded;
  /** As counted in the stream, repeats of recordings included. */
  readonly counted: { readonly events: number; readonly misses: number; readonly falseAccepts: number };
  readonly milliwatts: number;
  readonly p50Milliseconds: number | null;
  readonly p95Milliseconds: number | null;
}

export interface Tried {
  readonly trial: Trial;
  readonly counts: Counts;
}

/** The gates of all power profiles, as a what-if asks for them. */
export const changesOf = ({ loaded }: PreparedRun, thresholds: readonly number[]): readonly Change[] =>
  loaded.stages.flatMap(({ name }, stage) => [
    { path: `cascade.${name}.threshold`, value: thresholds[stage] },
    { path: `cascade.${name}.strict`, value: thresholds[stage] },
  ]);

/** Simulates the stream with these thresholds in all power profiles, from its scores. */
export const tryThresholds = (
  stream: ScoredStream,
  thresholds: readonly number[],
  stop?: AbortSignal,
): Promise<Tried> => tryChanged(stream, changesOf(stream.run, thresholds), stop);

/** With the gates that the scenario has. */
export const tryAsIs = (stream: ScoredStream): Promise<Tried> => tryChanged(stream, []);

async function tryChanged(
  { run, trace, exposure }: ScoredStream,
  changes: readonly Change[],
  stop?: AbortSignal,
): Promise<Tried> {
  const variant = variantOf(run, changes);
  await extendTrace(variant, trace);
  const { plan } = variant.compiled;
  const simulator = new Simulator(plan, run.events);
  const outcomes: Outcome[] = [];
  for (const [index, chunk] of trace.chunks.entries()) {
    simulator.addScores(chunk);
    simulator.advance(Math.min(simulator.horizon, run.duration) as Nanoseconds);
    outcomes.push(...simulator.takeOutcomes());
    if (index % 50 === 49) await breathe({ stop });
  }
  const latency = new LatencyMeter(plan.stages.map(({ name }) => name));
  for (const outcome of outcomes) if (outcome.kind === 'true-positive') latency.add(outcome);
  const { p50, p95 } = latency.summary();
  const { events, truePositives, falseAccepts } = simulator.judge.state;
  const counts = countsIn(exposure, outcomes);
  const trial = {
    thresholds: plan.policies[plan.startPolicy].thresholds,
    ...bounded(exposure, counts, run.seed),
    counted: { events, misses: events - truePositives, falseAccepts },
    milliwatts: (simulator.supply.at(simulator.now).delivered / (run.duration / 1e9)) * 1e3,
    p50Milliseconds: p50,
    p95Milliseconds: p95,
  };
  return { trial, counts };
}

const countsIn = (exposure: Exposure, outcomes: readonly Outcome[]): Counts =>
  countsOf(
    exposure,
    outcomes.flatMap((outcome) => (outcome.kind === 'miss' ? [outcome.event] : [])),
    outcomes.flatMap((outcome) => (outcome.kind === 'false-accept' ? [exposure.causeAt(outcome.time)] : [])),
  );

/**
 * Both figures with their bounds, by the sources that the counts are of.
 * @param room bounds are what they would be if it went wrong so many times as often
 */
export const bounded = (exposure: Exposure, counts: Counts, seed: number, { misses, accepts }: Room = NO_ROOM) => ({
  missRate: boundedShare(takesBySource(exposure, counts), seed, misses),
  falseAcceptsPerHour: boundedRate(strataCounted(exposure, counts), seed, accepts),
});

/** How long the battery lasts, where the stream comes again and again; null: for ever. */
export async function lifeWith({ run, trace }: ScoredStream, changes: readonly Change[]): Promise<number | null> {
  const { compiled, events, duration, startSoc } = variantOf(run, changes);
  const { day } = await replay(compiled.plan, events, duration, trace.chunks);
  const { hours } = day.life(startSoc);
  return Number.isFinite(hours) ? hours : null;
}
