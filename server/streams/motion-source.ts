// Motion as frames: recordings as they were taken, one after the other. A body does one thing at a time: what begins takes the place of what was.

import { nextNormal, seedRandom } from '../random.ts';
import { threadSeconds } from '../thread-seconds.ts';
import type { MotionSpec } from './frames.ts';
import { decibelsOf } from './level.ts';
import { Finder, type PlacedEvent, type Schedule, type SensorFailure, type Spell } from './schedule.ts';
import type { Sense, ValueClip } from './sense.ts';
import type { FrameSource, Stretch } from './source.ts';

/** One recording goes over into the next within this time. */
const FADE_SECONDS = 0.25;
const GRAVITY = 9.80665;
/**
 * Where nothing is recorded, the sensor lies still, face up, and gives its own noise: 160 µg/√Hz and 0.007 °/s/√Hz over half the sample rate
 * (Bosch BMI270 data sheet, BST-BMI270-DS000-07, typical noise densities).
 */
const ACCELERATION_NOISE = 160e-6 * GRAVITY;
const ROTATION_NOISE = (0.007 * Math.PI) / 180;
const NOISE_SAMPLES = 2 ** 14;

export class MotionSource implements FrameSource {
  private readonly spec: MotionSpec;
  private readonly clips: readonly ValueClip[];
  private readonly spells: Finder<Spell>;
  private readonly events: Finder<PlacedEvent>;
  private readonly failures: Finder<SensorFailure>;
  private readonly noise: Float32Array;
  private readonly fade: number;

  constructor({ frontEnd, clips }: Extract<Sense, { kind: 'motion' }>, schedule: Schedule, seed: number) {
    this.spec = frontEnd;
    this.clips = clips;
    this.spells = new Finder(schedule.spells);
    this.events = new Finder(schedule.events);
    this.failures = new Finder(schedule.failures);
    this.fade = FADE_SECONDS * frontEnd.sampleRate;
    const random = seedRandom(seed, 'noise');
    const root = Math.sqrt(frontEnd.sampleRate / 2);
    this.noise = Float32Array.from(
      { length: NOISE_SAMPLES * frontEnd.channels },
      (_, at) => (at % frontEnd.channels < 3 ? ACCELERATION_NOISE : ROTATION_NOISE) * root * nextNormal(random),
    );
  }

  read(firstHop: number, hops: number, context: number, withLevels: boolean): Stretch {
    const { channels, hopSamples, scale } = this.spec;
    const began = threadSeconds();
    // The first sample is compared with the one before it.
    const samples = this.samples(firstHop * hopSamples - 1, hops * hopSamples + 1);
    const mixed = threadSeconds();
    const frames = new Float32Array(hops * hopSamples * channels);
    for (let at = 0; at < frames.length; at++) {
      const { offset, factor } = scale[at % channels];
      frames[at] = (samples[at + channels] - offset) * factor;
    }
    const levels = new Float32Array(withLevels ? hops - context : 0);
    for (let hop = 0; hop < levels.length; hop++) levels[hop] = this.level(samples, (context + hop) * hopSamples);
    const loud = new Uint8Array(hops - context);
    return { frames, levels, loud, mix: mixed - began, frontEnd: threadSeconds() - mixed };
  }

  /** @param before index of the sample before the hop */
  private level(samples: Float32Array, before: number): number {
    const { channels, hopSamples } = this.spec;
    let largest = 0;
    for (let sample = before + 1; sample <= before + hopSamples; sample++)
      for (let axis = 0; axis < 3; axis++) {
        const change = samples[sample * channels + axis] - samples[(sample - 1) * channels + axis];
        largest = Math.max(largest, Math.abs(change));
      }
    return decibelsOf(largest / GRAVITY);
  }

  /** Samples × channels from `start` on: acceleration in m/s², then rotation in rad/s. */
  samples(start: number, count: number): Float32Array {
    const { channels } = this.spec;
    const out = new Float32Array(count * channels);
    for (let at = 0; at < out.length; at++) {
      const place = start * channels + at;
      const { length } = this.noise;
      out[at] = this.noise[((place % length) + length) % length] + (at % channels === 2 ? GRAVITY : 0);
    }
    for (const spell of this.spells.within(start, start + count)) this.lay(out, start, spell, spell.offset);
    for (const event of this.events.within(start, start + count)) this.lay(out, start, event, 0);
    for (const failure of this.failures.within(start, start + count))
      out.fill(0, Math.max(0, failure.start - start) * channels, (failure.end - start) * channels);
    return out;
  }

  /** Puts a recording, over and over from an offset, in the place of what is there. */
  private lay(out: Float32Array, start: number, placed: Spell | PlacedEvent, offset: number): void {
    const { channels } = this.spec;
    const { values } = this.clips[placed.clip];
    const length = values.length / channels;
    // Two ends of a recording that goes on from its beginning overlap.
    const overlap = Math.min(Math.floor(this.fade), Math.floor(length / 4));
    const period = length - overlap;
    const isOnce = placed.end - placed.start <= length && offset === 0;
    const from = Math.max(start, placed.start);
    const to = Math.min(start + out.length / channels, placed.end);
    const fade = Math.min(this.fade, (placed.end - placed.start) / 2);
    for (let sample = from; sample < to; sample++) {
      const weight = Math.min(1, (sample + 1 - placed.start) / fade, (placed.end - sample) / fade);
      const place = isOnce ? sample - placed.start : (offset + sample - placed.start) % period;
      const share = isOnce || place >= overlap ? 1 : (place + 0.5) / overlap;
      for (let channel = 0; channel < channels; channel++) {
        const value = values[place * channels + channel];
        const joined =
          share === 1 ? value : share * value + (1 - share) * values[(period + place) * channels + channel];
        const at = (sample - start) * channels + channel;
        out[at] += weight * (joined - out[at]);
      }
    }
  }
}
