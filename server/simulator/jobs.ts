// What the jobs consist of, flat: what a core does next is read from numbers, and never from nested lists.

import type { JobPhase, Plan } from './plan.ts';

export const NONE = -1;
/** When a stage's weights have to be brought in. */
export const Weights = { Never: 0, Lost: 1, Always: 2 } as const;

export class Jobs {
  /** By phase: level of the core, nanoseconds, and the memory that is accessed meanwhile, or none. */
  readonly level: Int32Array;
  readonly duration: Float64Array;
  readonly memory: Int32Array;
  /** By stage: the link that its windows come over, or none; bytes of a window and of a hop. */
  readonly link: Int32Array;
  readonly windowBytes: Float64Array;
  readonly hopBytes: Float64Array;
  /** By stage: the phase that brings its weights in, and when it is needed. */
  readonly load: Int32Array;
  readonly weights: Uint8Array;
  private readonly points: number;
  /** By stage (the last: work of a trigger) and operating point: where its phases begin. They end where the next begin. */
  private readonly begin: Int32Array;

  constructor({ stages, trigger }: Plan) {
    const work = [...stages.map((stage) => stage.work), trigger.work?.phases ?? []];
    const phases: JobPhase[] = [];
    const begin: number[] = [];
    this.points = Math.max(...work.map(({ length }) => length));
    for (const byPoint of work)
      for (let point = 0; point < this.points; point++) {
        begin.push(phases.length);
        phases.push(...(byPoint[point] ?? []));
      }
    begin.push(phases.length);
    this.begin = Int32Array.from(begin);
    this.load = Int32Array.from(stages, ({ weights }) =>
      weights.load === null ? NONE : phases.push(weights.load) - 1,
    );
    this.weights = Uint8Array.from(stages, ({ weights: { when, load } }) =>
      load === null || when === 'never' ? Weights.Never : when === 'lost' ? Weights.Lost : Weights.Always,
    );
    this.link = Int32Array.from(stages, ({ link }) => link ?? NONE);
    this.windowBytes = Float64Array.from(stages, ({ windowBytes }) => windowBytes);
    this.hopBytes = Float64Array.from(stages, ({ hopBytes }) => hopBytes);
    this.level = Int32Array.from(phases, ({ level }) => level);
    this.duration = Float64Array.from(phases, ({ duration }) => duration);
    this.memory = Int32Array.from(phases, ({ memory }) => memory ?? NONE);
  }

  /** The phase of a job at an operating point, by its place in the job; none after the last. */
  phase(stage: number, point: number, place: number): number {
    const { begin } = this;
    const at = stage * this.points + point;
    const phase = begin[at] + place;
    return phase < begin[at + 1] ? phase : NONE;
  }
}
