// Pictures as frames: what the camera looks at, and what comes into its view for a while.

import { threadSeconds } from '../thread-seconds.ts';
import type { PictureSpec } from './frames.ts';
import { decibelsOf } from './level.ts';
import { Finder, type PlacedEvent, type Schedule, type Spell } from './schedule.ts';
import type { Sense, ValueClip } from './sense.ts';
import type { FrameSource, Stretch } from './source.ts';

export class PictureSource implements FrameSource {
  private readonly spec: PictureSpec;
  private readonly clips: readonly ValueClip[];
  private readonly spells: Finder<Spell>;
  private readonly events: Finder<PlacedEvent>;

  constructor({ frontEnd, clips }: Extract<Sense, { kind: 'picture' }>, schedule: Schedule) {
    this.spec = frontEnd;
    this.clips = clips;
    this.spells = new Finder(schedule.spells);
    this.events = new Finder(schedule.events);
  }

  read(firstHop: number, hops: number, context: number, withLevels: boolean): Stretch {
    const { channels, mean, scale } = this.spec;
    const began = threadSeconds();
    const size = this.spec.width * this.spec.height * channels;
    // The first picture is compared with the one before it.
    const seen = new Float32Array((hops + 1) * size);
    for (let hop = 0; hop <= hops; hop++) this.show(firstHop - 1 + hop, seen.subarray(hop * size, (hop + 1) * size));
    const mixed = threadSeconds();
    const levels = new Float32Array(withLevels ? hops - context : 0);
    for (let hop = 0; hop < levels.length; hop++) levels[hop] = changeOf(seen, size, context + hop);
    const frames = seen.subarray(size);
    for (let at = 0; at < frames.length; at++) frames[at] = (frames[at] - mean[at % channels]) * scale[at % channels];
    return { frames, levels, loudHops: 0, mix: mixed - began, frontEnd: threadSeconds() - mixed };
  }

  /** Black where nothing is shown; else the background that came last, and over it what is in view. */
  private show(frame: number, out: Float32Array): void {
    const spell = this.spells.within(frame, frame + 1).at(-1);
    const layers = [...(spell === undefined ? [] : [spell]), ...this.events.within(frame, frame + 1)];
    const { channels } = this.spec;
    for (const { clip } of layers) {
      const { values } = this.clips[clip];
      for (let at = 0, pixel = 0; at < out.length; at++) {
        const channel = at % channels;
        out[at] = out[at] * (1 - values[pixel + channels]) + values[pixel + channel];
        if (channel === channels - 1) pixel += channels + 1;
      }
    }
  }
}

/** Root mean square of the change from one picture to the next, in dB against white. */
function changeOf(pictures: Float32Array, size: number, before: number): number {
  let sum = 0;
  for (let at = before * size; at < (before + 1) * size; at++) sum += (pictures[at + size] - pictures[at]) ** 2;
  return decibelsOf(Math.sqrt(sum / size));
}
