// The sound of any stretch of a stream: noise floor, backgrounds, events. A stretch depends on where it lies and on nothing else, so that
// stretches can be mixed in any order, by any thread, and always come out the same.

import { nextIndex, nextNormal, seedRandom } from '../random.ts';
import type { Decibels } from '../units.ts';
import { type Clip, seamless } from './clip.ts';
import { type SoundKernel, soundKernel } from './kernel.ts';
import {
  Finder,
  type GainChange,
  type PlacedEvent,
  type Schedule,
  type SensorFailure,
  type Spell,
  type StreamPlan,
} from './schedule.ts';

const amplitude = (level: Decibels): number => 10 ** (level / 20);

/** Noise is drawn once and read from another place for every block; blocks are what is mixed at a time. */
const NOISE_LENGTH = 2 ** 20;
const BLOCK = 4096;
/** Backgrounds come and go over this long. */
const FADE_SECONDS = 1;
/** Bytes of a sample. */
const SAMPLE = 4;

/** The part of a block over which something sounds: samples `from` … `to` - 1 of the stream, in a block that begins at `start`. */
interface Part {
  readonly start: number;
  readonly from: number;
  readonly to: number;
}

export class Mixer {
  private readonly clips: readonly Clip[];
  private readonly loops = new Map<number, Clip>();
  private readonly seed: number;
  /** At the level of the noise floor. */
  private readonly noise: Float32Array;
  private readonly fade: number;
  private readonly gains = new Map<PlacedEvent, number>();
  private readonly spells: Finder<Spell>;
  private readonly events: Finder<PlacedEvent>;
  private readonly louder: readonly GainChange[];
  private readonly failures: Finder<SensorFailure>;
  private readonly kernel: SoundKernel;
  /** The block that is being mixed, and what is laid over it, in the kernel's memory. */
  private readonly block: Float32Array;
  private readonly source: Float32Array;

  constructor(plan: StreamPlan, clips: readonly Clip[], schedule: Schedule, seed: number) {
    this.clips = clips;
    this.seed = seed;
    this.noise = drawNoise(seed, amplitude(plan.noiseFloor));
    this.fade = FADE_SECONDS * plan.sampleRate;
    this.spells = new Finder(schedule.spells);
    this.events = new Finder(schedule.events);
    this.louder = schedule.gains;
    this.failures = new Finder(schedule.failures);
    for (const { clip } of schedule.spells) if (!this.loops.has(clip)) this.loops.set(clip, seamless(clips[clip]));
    const layout = soundKernel();
    const [block, source] = [layout.reserve(SAMPLE * BLOCK), layout.reserve(SAMPLE * BLOCK)];
    layout.write();
    this.kernel = layout.kernel;
    this.block = new Float32Array(this.kernel.memory.buffer, block, BLOCK);
    this.source = new Float32Array(this.kernel.memory.buffer, source, BLOCK);
  }

  /** Writes the samples from `start` on (it may lie before the stream's beginning) over all of `out`. */
  render(start: number, out: Float32Array): void {
    const end = start + out.length;
    const spells = this.spells.within(start, end);
    const events = this.events.within(start, end).map((event) => ({ event, gain: this.gainOf(event) }));
    const failures = this.failures.within(start, end);
    for (const [from, to] of blocks(start, end)) {
      this.mixBackground(from, to, spells);
      this.makeLouder(from, to);
      for (const { event, gain } of events) {
        const part = partOf(event, from, to);
        if (part.from < part.to) this.lay(part, this.clips[event.clip].samples, part.from - event.start, gain);
      }
      this.kernel.clamp(this.block.byteOffset, to - from);
      for (const failure of failures) this.fill(partOf(failure, from, to), 0);
      out.set(this.block.subarray(0, to - from), from - start);
    }
  }

  /** Noise and backgrounds of a stretch within one block. */
  private mixBackground(from: number, to: number, spells: readonly Spell[]): void {
    const index = Math.floor(from / BLOCK);
    const offset = nextIndex(seedRandom(this.seed, 'noise', index), NOISE_LENGTH - BLOCK) + from - index * BLOCK;
    this.block.set(this.noise.subarray(offset, offset + to - from));
    for (const spell of spells) this.laySpell(spell, partOf(spell, from, to));
  }

  /** What was mixed of a stretch within one block, as much louder as the schedule says. */
  private makeLouder(from: number, to: number): void {
    for (const [index, { start, gain }] of this.louder.entries()) {
      const end = this.louder[index + 1]?.start ?? Number.POSITIVE_INFINITY;
      if (gain !== 0) this.multiply(partOf({ start, end }, from, to), amplitude(gain));
    }
  }

  private multiply({ start, from, to }: Part, factor: number): void {
    for (let at = from - start; at < to - start; at++) this.block[at] *= factor;
  }

  private fill({ start, from, to }: Part, value: number): void {
    if (from < to) this.block.fill(value, from - start, to - start);
  }

  /** It rises, is steady and falls; where it is shorter than both fades, they meet in its middle. */
  private laySpell(spell: Spell, { start, from, to }: Part): void {
    const loop = this.loops.get(spell.clip);
    if (loop === undefined || loop.activeLevel === 0) return;
    const { samples } = loop;
    const gain = amplitude(spell.level) / loop.activeLevel;
    const middle = (spell.start + spell.end) / 2;
    const steady = Math.ceil(Math.min(spell.start + this.fade, middle));
    const ending = Math.ceil(Math.max(spell.end - this.fade, middle));
    for (let at = from; at < to; ) {
      const place = (spell.offset + at - spell.start) % samples.length;
      const phase = at < steady ? 'rising' : at < ending ? 'steady' : 'falling';
      const until = Math.min(to, at + samples.length - place, { rising: steady, steady: ending, falling: to }[phase]);
      const part = { start, from: at, to: until };
      if (phase === 'steady') this.lay(part, samples, place, gain);
      else if (phase === 'rising') this.layRamp(part, samples, place, gain, at - spell.start, 1);
      else this.layRamp(part, samples, place, gain, spell.end - at, -1);
      at = until;
    }
  }

  private lay(part: Part, samples: Float32Array, place: number, gain: number): void {
    const count = part.to - part.from;
    this.source.set(samples.subarray(place, place + count));
    this.kernel.addScaled(this.targetOf(part), this.source.byteOffset, count, gain);
  }

  /** With a gain that is proportional to the distance from the spell's edge. */
  private layRamp(part: Part, samples: Float32Array, place: number, gain: number, edge: number, step: 1 | -1): void {
    const count = part.to - part.from;
    this.source.set(samples.subarray(place, place + count));
    this.kernel.addRamp(this.targetOf(part), this.source.byteOffset, count, gain / this.fade, edge, step);
  }

  private targetOf({ start, from }: Part): number {
    return this.block.byteOffset + SAMPLE * (from - start);
  }

  /** Amplitude of an event's recording: to a level, or to a ratio over the background and noise that was planned where it sounds. */
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
    const spells = this.spells.within(start, end);
    let sum = 0;
    for (const [from, to] of blocks(start, end)) {
      this.mixBackground(from, to, spells);
      sum += this.kernel.energy(this.block.byteOffset, to - from);
    }
    return Math.sqrt(sum / (end - start));
  }
}

/** Cuts a stretch where blocks of noise begin. */
function* blocks(start: number, end: number): Generator<readonly [from: number, to: number]> {
  for (let from = start; from < end; ) {
    const to = Math.min(end, (Math.floor(from / BLOCK) + 1) * BLOCK);
    yield [from, to];
    from = to;
  }
}

const partOf = (sound: { readonly start: number; readonly end: number }, from: number, to: number): Part => ({
  start: from,
  from: Math.max(from, sound.start),
  to: Math.min(to, sound.end),
});

/** White noise of this root mean square. */
function drawNoise(seed: number, level: number): Float32Array {
  const random = seedRandom(seed, 'noise');
  return Float32Array.from({ length: NOISE_LENGTH }, () => level * Math.fround(nextNormal(random)));
}
