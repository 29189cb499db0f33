// A day simulated again from scores that are known, without inference.

import { breathe } from '../../breathe.ts';
import type { DeviceAct } from '../../simulator/acts.ts';
import type { LabelledEvent } from '../../simulator/judge.ts';
import type { Plan } from '../../simulator/plan.ts';
import type { ScoreChunk } from '../../simulator/scores.ts';
import type { Nanoseconds } from '../../units.ts';
import { Tally } from '../report/tally.ts';
import { DaySimulation } from './day.ts';
import type { RunMemo } from './memo.ts';

export interface Replayed {
  readonly day: DaySimulation;
  readonly tally: Tally;
}

/** Chunks that are simulated in one go: in each power profile for itself, as going to and fro between them costs time. */
const STRETCH = 50;

/**
 * @param chunks scores of all windows of the day, in order
 * @param memo of days of these scores, events, acts and duration
 * @param acts what is done to the device meanwhile
 * @throws the reason of `stop`, once it is asked for
 */
export async function replay(
  plan: Plan,
  events: readonly LabelledEvent[],
  duration: Nanoseconds,
  chunks: Iterable<ScoreChunk>,
  memo?: RunMemo,
  stop?: AbortSignal,
  acts: readonly DeviceAct[] = [],
): Promise<Replayed> {
  const day = new DaySimulation(plan, events, duration, memo?.powers);
  for (const act of acts) day.act(act);
  const tally = new Tally(plan.stages);
  const advance = (): void => tally.add(day.advance(Math.min(day.simulator.horizon, duration) as Nanoseconds));
  let count = 0;
  for (const chunk of chunks) {
    day.addScores(chunk);
    if (++count % STRETCH !== 0) continue;
    advance();
    await breathe({ stop });
  }
  advance();
  return { day, tally };
}
