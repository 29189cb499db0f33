// What came of the events, summed up.

import type { Outcome } from '../../simulator/judge.ts';
import { causeOf, LatencyMeter } from '../process/look.ts';
import type { MissCause } from './report.ts';

export class Tally {
  readonly latency: LatencyMeter;
  readonly missesBy = new Map<MissCause, number>();
  private readonly stages: readonly string[];

  constructor(stages: ReadonlyArray<{ readonly name: string }>) {
    this.stages = stages.map(({ name }) => name);
    this.latency = new LatencyMeter(this.stages);
  }

  add(outcomes: readonly Outcome[]): void {
    for (const outcome of outcomes) {
      if (outcome.kind === 'true-positive') this.latency.add(outcome);
      if (outcome.kind === 'miss') {
        const cause = causeOf(outcome, this.stages);
        this.missesBy.set(cause, (this.missesBy.get(cause) ?? 0) + 1);
      }
    }
  }
}
