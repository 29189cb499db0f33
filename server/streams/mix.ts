// The sound of any stretch of a stream: noise floor, backgrounds, events. A stretch depends on where it lies and on nothing else, so that
// stretches can be mixed in any order, by any thread, and always come out the same.

import { nextIndex, nextNormal, seedRandom } from '../random.ts';
import type { Decibels } from '../units.ts';
import { type Clip, seamless } from './clip.ts';
import { firstFrom, type PlacedEvent, type Schedule, type Spell, type StreamPlan } from './schedule.ts';

const amplitude = (level: Decibels): number => 10 ** (level / 20);

/** Noise is drawn once and read from another place for every block. */
const NOISE_LENGTH = 2 ** 20;
const NOISE_BLOCK = 4096;
/** Backgrounds come and go over this long. */
const FADE_SECONDS = 1;

export class Mixer {
  private readonly plan: StreamPlan;
  private readonly clips: readonly Clip[];
  private readonly loops = new Map<number, Clip>();
  private readonly schedule: Schedule;
  private readonly seed: number;
  private readonly noise: Float32Array;
  private readonly gains = new Map<PlacedEvent, number>();
  private readonly longestEvent: number;

  constructor(plan: StreamPlan, clips: readonly Clip[], schedule: Schedule, seed: number) {
    this.plan = plan;
    this.clips = clips;
    this.schedule = schedule;
    this.seed = seed;
    this.noise = drawNoise(seed);
    this.longestEvent = schedule.events.reduce((longest, event) => Math.max(longest, event.end - event.start), 0);
    for (const { clip } of schedule.spells) if (!this.loops.has(clip)) this.loops.set(clip, seamless(clips[clip]));
  }

  /** Writes the samples from `start` on (it may lie before the stream's beginning) over all of `out`. */
  render(start: number, out: Float32Array): void {
    this.renderBackground(start, out);
    const end = start + out.length;
    for (const event of this.eventsWithin(start, end)) {
      const { samples } = this.clips[event.clip];
      const gain = this.gainOf(event);
      const from = Math.max(start, event.start);
      const to = Math.min(end, event.end);
      for (let index = from; index < to; index++) out[index - start] += gain * samples[index - event.start];
    }
    for (let index = 0; index < out.length; index++) {
      if (out[index] > 1) out[index] = 1;
      else if (out[index] < -1) out[index] = -1;
    }
  }

  private renderBackground(start: number, out: Float32Array): void {
    this.renderNoise(start, out);
    const end = start + out.length;
    for (const spell of this.schedule.spells)
      if (spell.start < end && spell.end > start) this.addSpell(spell, start, out);
  }

  private renderNoise(start: number, out: Float32Array): void {
    const gain = amplitude(this.plan.noiseFloor);
    const { noise } = this;
    let at = 0;
    while (at < out.length) {
      const block = Math.floor((start + at) / NOISE_BLOCK);
      const within = start + at - block * NOISE_BLOCK;
      const offset = nextIndex(seedRandom(this.seed, 'noise', block), NOISE_LENGTH - NOISE_BLOCK) + within;
      const count = Math.min(NOISE_BLOCK - within, out.length - at);
      for (let index = 0; index < count; index++) out[at + index] = gain * noise[offset + index];
      at += count;
    }
  }

  private addSpell(spell: Spell, start: number, out: Float32Array): void {
    const loop = this.loops.get(spell.clip);
    if (loop === undefined || loop.activeLevel === 0) return;
    const { samples } = loop;
    const gain = amplitude(spell.level) / loop.activeLevel;
    const from = Math.max(start, spell.start);
    const to = Math.min(start + out.length, spell.end);
    const fade = FADE_SECONDS * this.plan.sampleRate;
    let place = (spell.offset + (from - spell.start)) % samples.length;
    for (let index = from; index < to; index++) {
      const edge = Math.min(index - spell.start, spell.end - index);
      out[index - start] += (edge < fade ? (gain * edge) / fade : gain) * samples[place];
      if (++place === samples.length) place = 0;
    }
  }

  /** Amplitude of an event's recording: to a level, or to a ratio over the background and noise where it sounds. */
  private gainOf(event: PlacedEvent): number {
    const known = this.gains.get(event);
    if (known !== undefined) return known;
    const { activeLevel } = this.clips[event.clip];
    let reference = 1;
    if (event.loudness.kind === 'snr') {
      const background = new Float32Array(event.end - event.start);
      this.renderBackground(event.start, background);
      let sum = 0;
      for (let index = 0; index < background.length; index++) sum += background[index] * background[index];
      reference = Math.sqrt(sum / background.length);
    }
    const gain = activeLevel === 0 ? 0 : (reference * amplitude(event.loudness.decibels)) / activeLevel;
    // A run goes through its events once; those long past need not be remembered.
    if (this.gains.size > 256) this.gains.clear();
    this.gains.set(event, gain);
    return gain;
  }

  private eventsWithin(start: number, end: number): readonly PlacedEvent[] {
    const { events } = this.schedule;
    const found: PlacedEvent[] = [];
    for (let index = firstFrom(events, start - this.longestEvent); index < events.length; index++) {
      if (events[index].start >= end) break;
      if (events[index].end > start) found.push(events[index]);
    }
    return found;
  }
}

/** White noise of root mean square 1. */
function drawNoise(seed: number): Float32Array {
  const random = seedRandom(seed, 'noise');
  const noise = Float32Array.from({ length: NOISE_LENGTH }, () => nextNormal(random));
  return noise;
}
