// What sounds when: drawn once from the seed, before anything is heard, so that any stretch can be mixed by itself.

import { nextBetween, nextExponential, nextIndex, nextUniform, type RandomState, seedRandom } from '../random.ts';
import type { Decibels } from '../units.ts';

export interface BackgroundSource {
  /** Indices of the clips to choose from. */
  readonly clips: readonly number[];
  readonly level: Decibels;
  readonly share: number;
  /** Mean length of a spell. */
  readonly spellSeconds: number;
}

export interface EventSource {
  readonly label: string;
  readonly clips: readonly number[];
  /** Events a second. */
  readonly rate: number;
  readonly loudness: { readonly kind: 'snr' | 'level'; readonly decibels: Decibels };
  readonly spread: Decibels;
  readonly overlap: boolean;
}

export interface StreamPlan {
  readonly sampleRate: number;
  readonly noiseFloor: Decibels;
  readonly backgrounds: readonly BackgroundSource[];
  readonly events: readonly EventSource[];
}

/** A background that sounds from one sample to another, looping from an offset. */
export interface Spell {
  readonly clip: number;
  readonly start: number;
  readonly end: number;
  readonly offset: number;
  readonly level: Decibels;
}

/** A recording laid over the background once. */
export interface PlacedEvent {
  readonly label: string;
  readonly clip: number;
  readonly start: number;
  readonly end: number;
  readonly loudness: { readonly kind: 'snr' | 'level'; readonly decibels: Decibels };
}

export interface Schedule {
  /** By rising start. */
  readonly spells: readonly Spell[];
  /** By rising start. */
  readonly events: readonly PlacedEvent[];
}

/** Backgrounds begin this long before the stream, so that its first windows have a past. */
const PAST_SECONDS = 10;
/** Silence kept around an event that may not overlap others. */
const GAP_SECONDS = 0.5;

/**
 * Draws a stream. Spells of a background are exponentially long and cover its share of the time; events come as a Poisson process, and one
 * that would fall into another that excludes it comes after it. Clips are dealt like cards, so that all are heard before one comes again.
 * @param clipSamples length of every clip
 */
export function drawSchedule(
  plan: StreamPlan,
  clipSamples: readonly number[],
  seconds: number,
  seed: number,
): Schedule {
  const spells = plan.backgrounds.flatMap((source, index) =>
    drawSpells(source, plan.sampleRate, seconds, clipSamples, seedRandom(seed, 'background', index)),
  );
  const drawn = plan.events.flatMap((source, index) =>
    drawEvents(source, plan.sampleRate, seconds, clipSamples, seedRandom(seed, 'events', index)),
  );
  return { spells: spells.sort((a, b) => a.start - b.start), events: withoutOverlap(drawn, plan, seconds) };
}

/** Finds what sounds within a stretch, among things that are sorted by their start. */
export class Finder<T extends { readonly start: number; readonly end: number }> {
  private readonly items: readonly T[];
  private readonly longest: number;

  constructor(items: readonly T[]) {
    this.items = items;
    this.longest = items.reduce((longest, { start, end }) => Math.max(longest, end - start), 0);
  }

  /** Those that begin before `end` and end after `start`. */
  within(start: number, end: number): readonly T[] {
    const { items } = this;
    const found: T[] = [];
    for (let index = firstFrom(items, start - this.longest); index < items.length; index++) {
      if (items[index].start >= end) break;
      if (items[index].end > start) found.push(items[index]);
    }
    return found;
  }
}

/** Index of the first that starts at `start` or later. */
export function firstFrom(items: ReadonlyArray<{ readonly start: number }>, start: number): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (items[middle].start < start) low = middle + 1;
    else high = middle;
  }
  return low;
}

function drawSpells(
  source: BackgroundSource,
  rate: number,
  seconds: number,
  clipSamples: readonly number[],
  random: RandomState,
): readonly Spell[] {
  const spells: Spell[] = [];
  const silence = source.share >= 1 ? 0 : (source.spellSeconds * (1 - source.share)) / source.share;
  const deal = dealer(source.clips, random);
  let at = -PAST_SECONDS;
  // A stream that begins in a pause does so as often as the share says.
  if (nextUniform(random) >= source.share) at += nextExponential(random, silence);
  while (at < seconds) {
    const clip = deal();
    const length = nextExponential(random, source.spellSeconds);
    const offset = nextIndex(random, clipSamples[clip]);
    spells.push({
      clip,
      start: Math.round(at * rate),
      end: Math.round((at + length) * rate),
      offset,
      level: source.level,
    });
    at += length + (silence > 0 ? nextExponential(random, silence) : 0);
  }
  return spells;
}

interface DrawnEvent extends PlacedEvent {
  readonly overlap: boolean;
}

function drawEvents(
  source: EventSource,
  rate: number,
  seconds: number,
  clipSamples: readonly number[],
  random: RandomState,
): readonly DrawnEvent[] {
  const events: DrawnEvent[] = [];
  if (source.rate === 0) return events;
  const deal = dealer(source.clips, random);
  for (
    let at = nextExponential(random, 1 / source.rate);
    at < seconds;
    at += nextExponential(random, 1 / source.rate)
  ) {
    const clip = deal();
    const start = Math.round(at * rate);
    const decibels = (source.loudness.decibels + nextBetween(random, -source.spread, source.spread)) as Decibels;
    events.push({
      label: source.label,
      clip,
      start,
      end: start + clipSamples[clip],
      loudness: { kind: source.loudness.kind, decibels },
      overlap: source.overlap,
    });
  }
  return events;
}

/** Moves events that exclude others behind those that began earlier; what then ends after the stream is left out. */
function withoutOverlap(drawn: readonly DrawnEvent[], plan: StreamPlan, seconds: number): readonly PlacedEvent[] {
  const gap = GAP_SECONDS * plan.sampleRate;
  let free = Number.NEGATIVE_INFINITY;
  return [...drawn]
    .sort((a, b) => a.start - b.start)
    .map(({ overlap, ...event }) => {
      if (overlap) return event;
      const start = Math.max(event.start, Math.ceil(free));
      const end = start + event.end - event.start;
      free = end + gap;
      return { ...event, start, end };
    })
    .filter((event) => event.end <= seconds * plan.sampleRate)
    .sort((a, b) => a.start - b.start);
}

/** Deals a shuffled deck again and again (Fisher and Yates). */
function dealer(cards: readonly number[], random: RandomState): () => number {
  let deck: number[] = [];
  return () => {
    if (deck.length === 0) {
      deck = [...cards];
      for (let index = deck.length - 1; index > 0; index--) {
        const other = nextIndex(random, index + 1);
        [deck[index], deck[other]] = [deck[other], deck[index]];
      }
    }
    const card = deck.pop();
    if (card === undefined) throw new RangeError('a source without clips cannot be dealt');
    return card;
  };
}
