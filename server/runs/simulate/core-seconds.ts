// Where a run's own computing time goes.

import { threadSeconds } from '../../thread-seconds.ts';
import type { ScoringSeconds } from '../scoring/scorer.ts';

/** Seconds that threads spent on each part (thread-seconds.ts says how they are measured). */
export interface CoreSeconds {
  readonly decode: number;
  readonly mix: number;
  readonly frontEnd: number;
  /** By stage. */
  readonly models: Readonly<Record<string, number>>;
  readonly simulate: number;
  readonly baseline: number;
  /** Of the whole process on all cores, as the operating system counts them: with starting, collecting garbage and all else. */
  readonly process: number;
}

/** Adds up. */
export class CoreSecondsMeter {
  private readonly parts = { decode: 0, mix: 0, frontEnd: 0, simulate: 0, baseline: 0 };
  private readonly stages: readonly string[];
  private readonly models: number[];

  constructor(stages: readonly string[]) {
    this.stages = stages;
    this.models = stages.map(() => 0);
  }

  addScoring({ mix, frontEnd, models }: ScoringSeconds): void {
    this.parts.mix += mix;
    this.parts.frontEnd += frontEnd;
    for (const [stage, seconds] of models.entries()) this.models[stage] += seconds;
  }

  time<T>(part: 'simulate', work: () => T): T {
    const began = threadSeconds();
    try {
      return work();
    } finally {
      this.parts[part] += threadSeconds() - began;
    }
  }

  async timeAsync<T>(part: 'decode' | 'simulate' | 'baseline', work: () => Promise<T>): Promise<T> {
    const began = threadSeconds();
    try {
      return await work();
    } finally {
      this.parts[part] += threadSeconds() - began;
    }
  }

  read(): CoreSeconds {
    const { user, system } = process.cpuUsage();
    const models = Object.fromEntries(this.stages.map((stage, index) => [stage, this.models[index]]));
    return { ...this.parts, models, process: (user + system) / 1e6 };
  }
}
