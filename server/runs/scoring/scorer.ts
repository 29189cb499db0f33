// From a stretch of a stream to scores: its frames put through the models as far as the gates can open.

import { ModelSession } from '../../models/session.ts';
import type { ScoreChunk } from '../../simulator/scores.ts';
import { featuresOf } from '../../streams/frames.ts';
import { type FrameSource, openSource, type StreamRequest } from '../../streams/source.ts';
import { threadSeconds } from '../../thread-seconds.ts';

export interface ScoringStage {
  readonly bytes: Uint8Array;
  readonly frames: number;
  readonly streaming: boolean;
  /** Windows that score lower are stopped at any threshold that is asked for, so that the stages behind need not run. */
  readonly floor: number;
}

/** All that scoring needs; it can be sent to another thread. */
export interface ScoringJob extends StreamRequest {
  readonly stages: readonly ScoringStage[];
  /** The sensor gates by level, so that the level of every window is asked for. */
  readonly levels?: boolean;
}

/** Seconds that a thread spent on each part of scoring. */
export interface ScoringSeconds {
  readonly mix: number;
  readonly frontEnd: number;
  /** By stage. */
  readonly models: readonly number[];
}

export interface ScoredChunk {
  readonly scores: ScoreChunk;
  /** By window: 1 where the level of its last hop is at least 10 dB above the noise floor. */
  readonly loud: Uint8Array;
  readonly seconds: ScoringSeconds;
}

export class Scorer {
  private readonly job: ScoringJob;
  private readonly sessions: readonly ModelSession[];
  private source: FrameSource;
  /** Frames that a window reaches back beyond its last. */
  private readonly context: number;

  private constructor(job: ScoringJob, sessions: readonly ModelSession[]) {
    this.job = job;
    this.sessions = sessions;
    this.source = openSource(job);
    this.context = Math.max(...job.stages.map(({ frames }) => frames)) - 1;
  }

  static async open(job: ScoringJob): Promise<Scorer> {
    const bands = featuresOf(job.sense.frontEnd);
    const sessions = await Promise.all(job.stages.map(({ bytes, frames }) => ModelSession.open(bytes, frames, bands)));
    return new Scorer(job, sessions);
  }

  /** From now on it hears another stream, of the same sense and front end. */
  listenTo(stream: StreamRequest): void {
    this.source = openSource(stream);
  }

  /** Scores of `count` windows from `firstWindow` on. */
  async score(firstWindow: number, count: number): Promise<ScoredChunk> {
    const { sense, stages } = this.job;
    const bands = featuresOf(sense.frontEnd);
    const { frames, levels, loud, mix, frontEnd: transform } = this.hear(firstWindow, count);
    const models: number[] = [];
    let began = threadSeconds();
    const lap = (): number => {
      const now = threadSeconds();
      const seconds = now - began;
      began = now;
      return seconds;
    };

    const [gate] = stages;
    const first = gate.streaming
      ? await this.sessions[0].scoreStretch(frames.subarray((this.context - gate.frames + 1) * bands))
      : await this.sessions[0].scoreWindows(frames, range(this.context, count));
    models.push(lap());
    const later: ScoreChunk['later'][number][] = [];
    let reach = passing(first, gate.floor);
    for (const [index, stage] of stages.entries()) {
      if (index === 0) continue;
      const scores = await this.sessions[index].scoreWindows(
        frames,
        reach.map((window) => window + this.context),
      );
      later.push({ windows: Float64Array.from(reach, (window) => window + firstWindow), scores });
      const windows = reach;
      reach = passing(scores, stage.floor).map((index) => windows[index]);
      models.push(lap());
    }
    const scores = { firstWindow, first, later, ...(this.job.levels ? { levels } : {}) };
    return { scores, loud, seconds: { mix, frontEnd: transform, models } };
  }

  /** Scores of some windows, in ascending order, at one stage. */
  async scoreSome(stage: number, windows: readonly number[]): Promise<Float32Array> {
    const [first] = windows;
    const { frames } = this.hear(first, windows[windows.length - 1] + 1 - first);
    return this.sessions[stage].scoreWindows(
      frames,
      windows.map((window) => window - first + this.context),
    );
  }

  /** The frames of `count` windows and of what they reach back to, valid until the next call. */
  private hear(firstWindow: number, count: number) {
    const { context } = this;
    return this.source.read(firstWindow - context, context + count, context, this.job.levels === true);
  }
}

const range = (from: number, count: number): number[] => Array.from({ length: count }, (_, index) => from + index);

/** Which scores open the gate. */
function passing(scores: Float32Array, floor: number): readonly number[] {
  const found: number[] = [];
  for (let index = 0; index < scores.length; index++) if (scores[index] >= floor) found.push(index);
  return found;
}
