// From a stretch of a stream to scores: mixed, turned into frames, put through the models as far as the gates can open.

import { ModelSession } from '../../models/session.ts';
import type { ScoreChunk } from '../../simulator/scores.ts';
import type { Clip } from '../../streams/clip.ts';
import { type FrontEndSpec, LogMel } from '../../streams/front-end.ts';
import { Mixer } from '../../streams/mix.ts';
import type { Schedule, StreamPlan } from '../../streams/schedule.ts';

export interface ScoringStage {
  readonly bytes: Uint8Array;
  readonly frames: number;
  readonly streaming: boolean;
  /** Windows that score lower are stopped at any threshold that is asked for, so that the stages behind need not run. */
  readonly floor: number;
}

/** All that scoring needs; it can be sent to another thread. */
export interface ScoringJob {
  readonly frontEnd: FrontEndSpec;
  readonly stages: readonly ScoringStage[];
  readonly stream: StreamPlan;
  readonly clips: readonly Clip[];
  readonly schedule: Schedule;
  readonly seed: number;
}

export interface ScoredChunk {
  readonly scores: ScoreChunk;
  /** Hops whose level is at least 10 dB above the noise floor. */
  readonly loudHops: number;
}

export class Scorer {
  private readonly job: ScoringJob;
  private readonly sessions: readonly ModelSession[];
  private readonly mixer: Mixer;
  private readonly logMel: LogMel;
  /** Frames that a window reaches back beyond its last. */
  private readonly context: number;
  private readonly loudPower: number;
  private readonly buffers = { samples: new Float32Array(0), frames: new Float32Array(0) };

  private constructor(job: ScoringJob, sessions: readonly ModelSession[]) {
    this.job = job;
    this.sessions = sessions;
    this.mixer = new Mixer(job.stream, job.clips, job.schedule, job.seed);
    this.logMel = new LogMel(job.frontEnd);
    this.context = Math.max(...job.stages.map(({ frames }) => frames)) - 1;
    this.loudPower = 10 ** ((job.stream.noiseFloor + 10) / 10);
  }

  static async open(job: ScoringJob): Promise<Scorer> {
    const { bands } = job.frontEnd;
    const sessions = await Promise.all(job.stages.map(({ bytes, frames }) => ModelSession.open(bytes, frames, bands)));
    return new Scorer(job, sessions);
  }

  /** Scores of `count` windows from `firstWindow` on. */
  async score(firstWindow: number, count: number): Promise<ScoredChunk> {
    const { frontEnd, stages } = this.job;
    const { hopSamples, bands } = frontEnd;
    const frameCount = this.context + count;
    const samples = this.buffer('samples', this.logMel.leadSamples + frameCount * hopSamples);
    this.mixer.render((firstWindow - this.context) * hopSamples - this.logMel.leadSamples, samples);
    const frames = this.buffer('frames', frameCount * bands);
    this.logMel.into(samples, frameCount, frames, 0);

    const [gate] = stages;
    const first = gate.streaming
      ? await this.sessions[0].scoreStretch(frames.subarray((this.context - gate.frames + 1) * bands))
      : await this.sessions[0].scoreWindows(frames, range(this.context, count));
    const later: ScoreChunk['later'][number][] = [];
    let reach = open(range(0, count), first, gate.floor);
    for (const [index, stage] of stages.entries()) {
      if (index === 0) continue;
      const scores = await this.sessions[index].scoreWindows(
        frames,
        reach.map((window) => window + this.context),
      );
      later.push({ windows: Float64Array.from(reach, (window) => window + firstWindow), scores });
      reach = open(reach, scores, stage.floor);
    }
    return { scores: { firstWindow, first, later }, loudHops: this.countLoud(samples, count) };
  }

  /** Memory for a chunk, kept from one to the next: megabytes that need not be collected. */
  private buffer(which: 'samples' | 'frames', length: number): Float32Array {
    if (this.buffers[which].length < length) this.buffers[which] = new Float32Array(length);
    return this.buffers[which].subarray(0, length);
  }

  private countLoud(samples: Float32Array, count: number): number {
    const { hopSamples } = this.job.frontEnd;
    const from = samples.length - count * hopSamples;
    let loud = 0;
    for (let hop = 0; hop < count; hop++) {
      let sum = 0;
      for (let at = from + hop * hopSamples, end = at + hopSamples; at < end; at++) sum += samples[at] * samples[at];
      if (sum >= this.loudPower * hopSamples) loud++;
    }
    return loud;
  }
}

const range = (from: number, count: number): number[] => Array.from({ length: count }, (_, index) => from + index);

const open = (windows: readonly number[], scores: Float32Array, floor: number): number[] =>
  windows.filter((_, index) => scores[index] >= floor);
