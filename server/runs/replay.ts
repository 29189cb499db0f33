// A day simulated again from scores that are known, without inference.

import type { LabelledEvent } from '../simulator/judge.ts';
import type { Plan } from '../simulator/plan.ts';
import type { ScoreChunk } from '../simulator/scores.ts';
import type { Nanoseconds } from '../units.ts';
import { DaySimulation } from './day.ts';
import { LatencyMeter } from './look.ts';

export interface Replayed {
  readonly day: DaySimulation;
  readonly latency: LatencyMeter;
}

/** @param chunks scores of all windows of the day, in order */
export async function replay(
  plan: Plan,
  events: readonly LabelledEvent[],
  duration: Nanoseconds,
  chunks: Iterable<ScoreChunk>,
): Promise<Replayed> {
  const day = new DaySimulation(plan, events, duration);
  const latency = new LatencyMeter(plan.stages.map(({ name }) => name));
  let count = 0;
  for (const chunk of chunks) {
    day.addScores(chunk);
    const until = Math.min(day.simulator.horizon, duration) as Nanoseconds;
    for (const outcome of day.advance(until)) if (outcome.kind === 'true-positive') latency.add(outcome);
    // Messages and signals get their turn.
    if (++count % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  return { day, latency };
}
