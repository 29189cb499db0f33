// Pictures as frames: what the camera looks at, and what comes into its view for a while.

import { threadSeconds } from '../thread-seconds.ts';
import type { PictureSpec } from './frames.ts';
import { decibelsOf } from './level.ts';
import { Finder, type PlacedEvent, type Schedule, type SensorFailure, type Spell } from './schedule.ts';
import type { Sense, ValueClip } from './sense.ts';
import type { FrameSource, Stretch } from './source.ts';

export class PictureSource implements FrameSource {
  private readonly spec: PictureSpec;
  private readonly clips: readonly ValueClip[];
  private readonly spells: Finder<Spell>;
  private readonly events: Finder<PlacedEvent>;
  private readonly failures: Finder<SensorFailure>;

  constructor({ frontEnd, clips }: Extract<Sense, { kind: 'picture' }>, schedule: Schedule) {
    this.spec = frontEnd;
    this.clips = clips;
    this.spells = new Finder(schedule.spells);
    this.events = new Finder(schedule.events);
    this.failures = new Finder(schedule.failures);
  }

  read(firstHop: number, hops: number, context: number, withLevels: boolean): Stretch {
    const began = threadSeconds();
    const { width, height, channels } = this.spec;
    const size = width * height * channels;
    const frames = new Float32Array(hops * size);
    const levels = new Float32Array(withLevels ? hops - context : 0);
    let [seen, before] = [new Float32Array(size), new Float32Array(size)];
    // The first picture is compared with the one before it.
    let layers = this.layersAt(firstHop - 1);
    this.show(layers, seen);
    for (let hop = 0; hop < hops; hop++) {
      const now = this.layersAt(firstHop + hop);
      const isStill = isSame(now, layers);
      layers = now;
      if (!isStill) {
        [seen, before] = [before, seen];
        this.show(layers, seen);
      }
      // Most pictures are as the one before.
      if (isStill && hop > 0) frames.copyWithin(hop * size, (hop - 1) * size, hop * size);
      else this.scale(seen, frames.subarray(hop * size, (hop + 1) * size));
      if (withLevels && hop >= context) levels[hop - context] = decibelsOf(isStill ? 0 : changeOf(before, seen));
    }
    const loud = new Uint8Array(hops - context);
    return { frames, levels, loud, mix: threadSeconds() - began, frontEnd: 0 };
  }

  /** What the camera sees: height × width × channels, 0 to 1. */
  pictureAt(frame: number): Float32Array {
    const { width, height, channels } = this.spec;
    const out = new Float32Array(width * height * channels);
    this.show(this.layersAt(frame), out);
    return out;
  }

  /** Of the frames from `start` to before `end`: the first, and each that shows something else than the one before. */
  changes(start: number, end: number): readonly number[] {
    const found: number[] = [];
    let before: readonly number[] | null = null;
    for (let frame = start; frame < end; frame++) {
      const layers = this.layersAt(frame);
      if (before === null || !isSame(layers, before)) found.push(frame);
      before = layers;
    }
    return found;
  }

  /** Recordings from back to front: the background that came last, and what is in view. A camera that fails shows nothing. */
  private layersAt(frame: number): readonly number[] {
    if (this.failures.within(frame, frame + 1).length > 0) return [];
    const spell = this.spells.within(frame, frame + 1).at(-1);
    return [...(spell === undefined ? [] : [spell]), ...this.events.within(frame, frame + 1)].map(({ clip }) => clip);
  }

  /** Black where nothing is shown. */
  private show(layers: readonly number[], out: Float32Array): void {
    out.fill(0);
    const { channels } = this.spec;
    for (const clip of layers) {
      const { values } = this.clips[clip];
      for (let at = 0, pixel = 0; at < out.length; at++) {
        const channel = at % channels;
        out[at] = out[at] * (1 - values[pixel + channels]) + values[pixel + channel];
        if (channel === channels - 1) pixel += channels + 1;
      }
    }
  }

  private scale(seen: Float32Array, out: Float32Array): void {
    const { channels, mean, scale } = this.spec;
    for (let at = 0; at < out.length; at++) out[at] = (seen[at] - mean[at % channels]) * scale[at % channels];
  }
}

const isSame = (layers: readonly number[], others: readonly number[]): boolean =>
  layers.length === others.length && layers.every((clip, at) => clip === others[at]);

/** Root mean square of the change from one picture to the next, against white. */
function changeOf(before: Float32Array, after: Float32Array): number {
  const sum = after.reduce((total, value, at) => total + (value - before[at]) ** 2, 0);
  return Math.sqrt(sum / after.length);
}
