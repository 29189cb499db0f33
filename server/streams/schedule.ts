// What sounds when: drawn once from the seed, before anything is heard, so that any stretch can be mixed by itself.

import { nextBetween, nextExponential, nextIndex, nextUniform, type RandomState, seedRandom } from '../random.ts';
import { type Decibels, decibels } from '../units.ts';

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
  /** Samples that each lasts; null: as long as its recording. */
  readonly length?: number | null;
  /** Events a second. */
  readonly rate: number;
  readonly loudness: { readonly kind: 'snr' | 'level'; readonly decibels: Decibels };
  readonly spread: Decibels;
  readonly overlap: boolean;
}

export interface StreamPlan {
  readonly sampleRate: number;
  /** Of sound. */
  readonly noiseFloor: Decibels;
  readonly backgrounds: readonly BackgroundSource[];
  readonly events: readonly EventSource[];
  /** Null: every hour is like the other. */
  readonly hours: RateHours | null;
}

/** How rates change with the hours, over and over. */
export interface RateHours {
  readonly periodSeconds: number;
  /** By rising start, the first at 0: times the share of backgrounds, and by event source times its rate. */
  readonly spans: ReadonlyArray<{
    readonly startSeconds: number;
    readonly background: number;
    readonly events: readonly number[];
  }>;
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

/** From a sample on, how much louder than planned noise and backgrounds are. */
export interface GainChange {
  readonly start: number;
  readonly gain: Decibels;
}

/** A stretch of samples in which the sensor fails: its interface goes on to deliver, and all that it delivers is zero. */
export interface SensorFailure {
  readonly start: number;
  readonly end: number;
}

export interface Schedule {
  /** By rising start. */
  readonly spells: readonly Spell[];
  /** By rising start. */
  readonly events: readonly PlacedEvent[];
  /** By rising start; a later one takes the place of those before. */
  readonly gains: readonly GainChange[];
  /** By rising start. */
  readonly failures: readonly SensorFailure[];
}

/** Backgrounds begin this long before the stream, so that its first windows have a past. */
const PAST_SECONDS = 10;
/** Silence kept around an event that may not overlap others. */
const GAP_SECONDS = 0.5;

/**
 * Draws a stream. Spells of a background are exponentially long and cover its share of the time; events come as a Poisson process, and one
 * that would fall into another that excludes it comes after it. Where hours differ, the waits for the next spell or event are drawn in a time
 * that runs as fast as the hour is busy, which gives each hour its own rate. Clips are dealt like cards, so that all are heard before one
 * comes again.
 * @param clipSamples length of every clip
 */
export function drawSchedule(
  plan: StreamPlan,
  clipSamples: readonly number[],
  seconds: number,
  seed: number,
): Schedule {
  const spells = plan.backgrounds.flatMap((source, index) =>
    drawSpells(source, plan, seconds, clipSamples, seedRandom(seed, 'background', index)),
  );
  const drawn = plan.events.flatMap((source, index) =>
    drawEvents(source, plan, seconds, clipSamples, seedRandom(seed, 'events', index), index),
  );
  return {
    spells: spells.sort((a, b) => a.start - b.start),
    events: withoutOverlap(drawn, plan, seconds),
    gains: [],
    failures: [],
  };
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

/** With one more, behind all that start when it does or before. */
export function insert<T extends { readonly start: number }>(items: readonly T[], item: T): readonly T[] {
  const place = firstFrom(items, item.start + 1);
  return [...items.slice(0, place), item, ...items.slice(place)];
}

/** How much louder than planned noise and backgrounds are at a sample. */
export const gainAt = ({ gains }: Pick<Schedule, 'gains'>, sample: number): Decibels =>
  gains.findLast(({ start }) => start <= sample)?.gain ?? decibels(0);

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

/** A rate by the hour. */
type Rate = (span: number) => number;

/** When as much has passed since `from` as `amount`, at so much a second by the hour; infinity when it never does. */
function after(from: number, amount: number, rate: Rate, hours: RateHours | null): number {
  if (hours === null) return from + amount * (1 / rate(0));
  const { periodSeconds, spans } = hours;
  let at = from;
  let left = amount;
  // A period in which nothing passes never ends.
  for (let idle = 0; idle <= spans.length; idle++) {
    const begun = Math.floor(at / periodSeconds) * periodSeconds;
    const index = spans.findLastIndex(({ startSeconds }) => startSeconds <= at - begun);
    const end = begun + (spans[index + 1]?.startSeconds ?? periodSeconds);
    const speed = rate(index);
    if (speed * (end - at) >= left) return at + (speed === Number.POSITIVE_INFINITY ? 0 : left / speed);
    if (speed > 0) idle = 0;
    left -= speed * (end - at);
    at = end;
  }
  return Number.POSITIVE_INFINITY;
}

function drawSpells(
  source: BackgroundSource,
  { sampleRate, hours }: StreamPlan,
  seconds: number,
  clipSamples: readonly number[],
  random: RandomState,
): readonly Spell[] {
  const spells: Spell[] = [];
  const deal = dealer(source.clips, random);
  const share = (span: number) => Math.min(1, source.share * (hours?.spans[span].background ?? 1));
  /** Pauses end at this rate: so that spells cover their share of the hour. */
  const begins: Rate = (span) =>
    share(span) >= 1 ? Number.POSITIVE_INFINITY : share(span) / (source.spellSeconds * (1 - share(span)));
  const pause = (from: number) => after(from, nextExponential(random, 1), begins, hours);
  const isSteady = hours === null ? share(0) >= 1 : hours.spans.every((_, span) => share(span) >= 1);
  let at = -PAST_SECONDS;
  // A stream that begins in a pause does so as often as the share says.
  if (nextUniform(random) >= share(0)) at = pause(at);
  while (at < seconds) {
    const clip = deal();
    const length = nextExponential(random, source.spellSeconds);
    const offset = nextIndex(random, clipSamples[clip]);
    spells.push({
      clip,
      start: Math.round(at * sampleRate),
      end: Math.round((at + length) * sampleRate),
      offset,
      level: source.level,
    });
    at += length;
    if (!isSteady) at = pause(at);
  }
  return spells;
}

interface DrawnEvent extends PlacedEvent {
  readonly overlap: boolean;
}

function drawEvents(
  source: EventSource,
  { sampleRate, hours }: StreamPlan,
  seconds: number,
  clipSamples: readonly number[],
  random: RandomState,
  number: number,
): readonly DrawnEvent[] {
  const events: DrawnEvent[] = [];
  if (source.rate === 0) return events;
  const deal = dealer(source.clips, random);
  const rate: Rate = (span) => source.rate * (hours?.spans[span].events[number] ?? 1);
  const next = (from: number) => after(from, nextExponential(random, 1), rate, hours);
  for (let at = next(0); at < seconds; at = next(at)) {
    const clip = deal();
    const start = Math.round(at * sampleRate);
    const level = decibels(source.loudness.decibels + nextBetween(random, -source.spread, source.spread));
    events.push({
      label: source.label,
      clip,
      start,
      end: start + (source.length ?? clipSamples[clip]),
      loudness: { kind: source.loudness.kind, decibels: level },
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
