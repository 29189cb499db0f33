// The sound of any stretch of a stream: noise floor, backgrounds, events. A stretch depends on where it lies and on nothing else, so that
// stretches can be mixed in any order, by any thread, and always come out the same.

import { nextIndex, nextNormal, seedRandom } from '../random.ts';
import type { Decibels } from '../units.ts';
import { type Clip, seamless } from './clip.ts';
import { Finder, type PlacedEvent, type Schedule, type Spell, type StreamPlan } from './schedule.ts';

const amplitude = (level: Decibels): number => 10 ** (level / 20);

/** Noise is drawn once and read from another place for every block. */
const NOISE_LENGTH = 2 ** 20;
const NOISE_BLOCK = 4096;
/** Backgrounds come and go over this long. */
const FADE_SECONDS = 1;

export class Mixer {
  private readonly clips: readonly Clip[];
  private readonly loops = new Map<number, Clip>();
  private readonly seed: number;
  /** At the level of the noise floor. */
  private readonly noise: Float32Array;
  private readonly noisePeak: number;
  private readonly fade: number;
  private readonly gains = new Map<PlacedEvent, number>();
  private readonly spells: Finder<Spell>;
  private readonly events: Finder<PlacedEvent>;
  private scratch = new Float32Array(0);

  constructor(plan: StreamPlan, clips: readonly Clip[], schedule: Schedule, seed: number) {
    this.clips = clips;
    this.seed = seed;
    this.noise = drawNoise(seed, amplitude(plan.noiseFloor));
    this.noisePeak = this.noise.reduce((peak, value) => Math.max(peak, Math.abs(value)), 0);
    this.fade = FADE_SECONDS * plan.sampleRate;
    this.spells = new Finder(schedule.spells);
    this.events = new Finder(schedule.events);
    for (const { clip } of schedule.spells) if (!this.loops.has(clip)) this.loops.set(clip, seamless(clips[clip]));
  }

  /** Writes the samples from `start` on (it may lie before the stream's beginning) over all of `out`. */
  render(start: number, out: Float32Array): void {
    let peak = this.renderBackground(start, out);
    for (const event of this.events.within(start, start + out.length)) {
      const clip = this.clips[event.clip];
      const gain = this.gainOf(event);
      const from = Math.max(start, event.start);
      const to = Math.min(start + out.length, event.end);
      const place = from - event.start;
      addScaled({ out, from: from - start, to: to - start, source: clip.samples, place }, gain);
      peak += gain * clip.peak;
    }
    if (peak > 1) clamp(out);
  }

  /** Returns an amplitude that what it wrote does not exceed. */
  private renderBackground(start: number, out: Float32Array): number {
    this.renderNoise(start, out);
    let peak = this.noisePeak;
    for (const spell of this.spells.within(start, start + out.length)) peak += this.addSpell(spell, start, out);
    return peak;
  }

  private renderNoise(start: number, out: Float32Array): void {
    let at = 0;
    while (at < out.length) {
      const block = Math.floor((start + at) / NOISE_BLOCK);
      const within = start + at - block * NOISE_BLOCK;
      const offset = nextIndex(seedRandom(this.seed, 'noise', block), NOISE_LENGTH - NOISE_BLOCK) + within;
      const count = Math.min(NOISE_BLOCK - within, out.length - at);
      out.set(this.noise.subarray(offset, offset + count), at);
      at += count;
    }
  }

  private addSpell(spell: Spell, start: number, out: Float32Array): number {
    const loop = this.loops.get(spell.clip);
    if (loop === undefined || loop.activeLevel === 0) return 0;
    const { samples } = loop;
    const gain = amplitude(spell.level) / loop.activeLevel;
    const to = Math.min(start + out.length, spell.end);
    let at = Math.max(start, spell.start);
    let place = (spell.offset + (at - spell.start)) % samples.length;
    // It rises, is steady and falls; where it is shorter than both fades, they meet in its middle.
    const middle = (spell.start + spell.end) / 2;
    const steady = Math.ceil(Math.min(spell.start + this.fade, middle));
    const ending = Math.ceil(Math.max(spell.end - this.fade, middle));
    while (at < to) {
      const phase = at < steady ? 'rising' : at < ending ? 'steady' : 'falling';
      const until = Math.min(to, at + samples.length - place, { rising: steady, steady: ending, falling: to }[phase]);
      const stretch = { out, from: at - start, to: until - start, source: samples, place };
      if (phase === 'steady') addScaled(stretch, gain);
      else if (phase === 'rising') addRamp(stretch, gain / this.fade, at - spell.start, 1);
      else addRamp(stretch, gain / this.fade, spell.end - at, -1);
      place = (place + until - at) % samples.length;
      at = until;
    }
    return gain * loop.peak;
  }

  /** Amplitude of an event's recording: to a level, or to a ratio over the background and noise where it sounds. */
  private gainOf(event: PlacedEvent): number {
    const known = this.gains.get(event);
    if (known !== undefined) return known;
    const { activeLevel } = this.clips[event.clip];
    const reference = event.loudness.kind === 'snr' ? this.backgroundLevel(event.start, event.end) : 1;
    const gain = activeLevel === 0 ? 0 : (reference * amplitude(event.loudness.decibels)) / activeLevel;
    // A run goes through its events once; those long past need not be remembered.
    if (this.gains.size > 256) this.gains.clear();
    this.gains.set(event, gain);
    return gain;
  }

  /** Root mean square of noise and backgrounds. */
  private backgroundLevel(start: number, end: number): number {
    if (this.scratch.length < end - start) this.scratch = new Float32Array(end - start);
    const background = this.scratch.subarray(0, end - start);
    this.renderBackground(start, background);
    return Math.sqrt(sumOfSquares(background) / background.length);
  }
}

/** out[from … to), and what of a source is laid over it, from `place` on. */
interface Stretch {
  readonly out: Float32Array;
  readonly from: number;
  readonly to: number;
  readonly source: Float32Array;
  readonly place: number;
}

function addScaled({ out, from, to, source, place }: Stretch, gain: number): void {
  for (let at = from, shift = place - from; at < to; at++) out[at] += gain * source[at + shift];
}

/** The gain begins at gain · edge and grows by gain · step a sample. */
function addRamp({ out, from, to, source, place }: Stretch, gain: number, edge: number, step: 1 | -1): void {
  for (let at = from; at < to; at++) out[at] += gain * (edge + step * (at - from)) * source[at - from + place];
}

/** Four sums in turn, since each addition waits for the one before. */
function sumOfSquares(samples: Float32Array): number {
  let [sum0, sum1, sum2, sum3] = [0, 0, 0, 0];
  const whole = samples.length - (samples.length % 4);
  for (let at = 0; at < whole; at += 4) {
    sum0 += samples[at] * samples[at];
    sum1 += samples[at + 1] * samples[at + 1];
    sum2 += samples[at + 2] * samples[at + 2];
    sum3 += samples[at + 3] * samples[at + 3];
  }
  for (let at = whole; at < samples.length; at++) sum0 += samples[at] * samples[at];
  return sum0 + sum1 + (sum2 + sum3);
}

function clamp(out: Float32Array): void {
  for (let at = 0; at < out.length; at++) {
    if (out[at] > 1) out[at] = 1;
    else if (out[at] < -1) out[at] = -1;
  }
}

/** White noise of this root mean square. */
function drawNoise(seed: number, level: number): Float32Array {
  const random = seedRandom(seed, 'noise');
  return Float32Array.from({ length: NOISE_LENGTH }, () => level * Math.fround(nextNormal(random)));
}
