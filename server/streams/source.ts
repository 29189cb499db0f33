// A stream as its models see it: frames of any hops. Which sense it is is chosen here, once.

import { assertNever } from '../assert-never.ts';
import { MotionSource } from './motion-source.ts';
import { PictureSource } from './picture-source.ts';
import type { Schedule, StreamPlan } from './schedule.ts';
import type { Sense } from './sense.ts';
import { SoundSource } from './sound-source.ts';

/** All that a stream is made of; it can be sent to another thread. */
export interface StreamRequest {
  readonly sense: Sense;
  readonly stream: StreamPlan;
  readonly schedule: Schedule;
  readonly seed: number;
}

/** Frames of a stretch, and what came of it beside them. */
export interface Stretch {
  /** Frames × features, valid until the next call. */
  readonly frames: Float32Array;
  /**
   * Level of each hop behind the context, in dB, for sensors that gate by themselves; empty unless it was asked for. Of sound against full scale; of
   * motion the largest change of acceleration from one sample to the next against 1 g; of pictures the change from one to the next against white.
   */
  readonly levels: Float32Array;
  /** By hop behind the context: 1 where it is at least 10 dB above the noise floor, of sound; 0 elsewhere. */
  readonly loud: Uint8Array;
  /** Seconds of this thread. */
  readonly mix: number;
  readonly frontEnd: number;
}

/** A hop's frame depends on where the hop lies and on nothing else, whatever stretches are asked for. */
export interface FrameSource {
  /**
   * @param firstHop it may lie before the stream's beginning
   * @param context hops at the beginning whose level is not asked for
   */
  read(firstHop: number, hops: number, context: number, withLevels: boolean): Stretch;
}

export function openSource({ sense, stream, schedule, seed }: StreamRequest): FrameSource {
  switch (sense.kind) {
    case 'log-mel':
      return new SoundSource(sense, stream, schedule, seed);
    case 'motion':
      return new MotionSource(sense, schedule, seed);
    case 'picture':
      return new PictureSource(sense, schedule);
    default:
      return assertNever(sense);
  }
}
