// What a run with a seed and duration will get from its sensor: the schedule as a whole, and any stretch of the stream as it is really mixed.

import { PNG } from 'pngjs';
import { assertNever } from '../../assert-never.ts';
import { Mixer } from '../../streams/mix.ts';
import { MotionSource } from '../../streams/motion-source.ts';
import { PictureSource } from '../../streams/picture-source.ts';
import { drawSchedule, Finder, type PlacedEvent, type Schedule, type Spell } from '../../streams/schedule.ts';
import { lengthsOf, SENSES, type Sense } from '../../streams/sense.ts';
import { wavOf } from '../../streams/wav.ts';
import type { LoadedScenario } from '../load.ts';
import type { Peaks, PreviewSignal, PreviewStretch, PreviewView } from '../views.ts';
import { LONGEST_SOUND_SECONDS, LONGEST_STRETCH_SECONDS } from './question.ts';

/** Spans that the whole stream is counted by. */
const BINS = 1000;
/** Of one label, starts that are listed; evenly thinned. */
const MOST_STARTS = 2000;
const MOST_EVENTS = 2000;
const MOST_PICTURES = 48;
/** Mixed at a time, so that an hour takes no more memory than a minute. */
const PIECE_SECONDS = 60;
const AXES = ['ax', 'ay', 'az', 'gx', 'gy', 'gz'];

/** Something asked for that this stream does not have, in words. */
export class OutsideStream extends Error {
  override readonly name = 'OutsideStream';
}

/** By sense, what renders it. */
type Signal =
  | { readonly kind: 'log-mel'; readonly mixer: Mixer }
  | { readonly kind: 'motion'; readonly source: MotionSource; readonly channels: number }
  | {
      readonly kind: 'picture';
      readonly source: PictureSource;
      readonly spec: Extract<Sense, { kind: 'picture' }>['frontEnd'];
    };

export class Preview {
  readonly #loaded: LoadedScenario;
  readonly #durationSeconds: number;
  readonly #seed: number;
  readonly #rate: number;
  readonly #schedule: Schedule;
  readonly #signal: Signal;
  readonly #events: Finder<PlacedEvent>;
  readonly #spells: Finder<Spell>;

  constructor(loaded: LoadedScenario, sense: Sense, durationSeconds: number, seed: number) {
    this.#loaded = loaded;
    this.#durationSeconds = durationSeconds;
    this.#seed = seed;
    this.#rate = loaded.stream.sampleRate;
    this.#schedule = drawSchedule(loaded.stream, lengthsOf(sense), durationSeconds, seed);
    this.#signal = signalOf(loaded, sense, this.#schedule, seed);
    this.#events = new Finder(this.#schedule.events);
    this.#spells = new Finder(this.#schedule.spells);
  }

  overview(): PreviewView {
    const { scenario, models, stream } = this.#loaded;
    const { events, spells } = this.#schedule;
    const bins = Math.max(1, Math.min(BINS, Math.floor(this.#durationSeconds * this.#rate)));
    const binSamples = (this.#durationSeconds * this.#rate) / bins;
    const names = [...new Set(stream.events.map(({ label }) => label))];
    return {
      sense: SENSES[models[0].card.frontEnd.kind].name,
      sensor: scenario.value.streams[0].sensor,
      detect: scenario.value.detect,
      seed: this.#seed,
      durationSeconds: this.#durationSeconds,
      sampleRate: this.#rate,
      binSeconds: this.#durationSeconds / bins,
      labels: names.map((label) => {
        const own = events.filter((event) => event.label === label);
        return {
          label,
          events: own.length,
          seconds: own.reduce((sum, { start, end }) => sum + end - start, 0) / this.#rate,
          counts: countsOf(own, bins, binSamples),
          startSeconds: thinned(own, MOST_STARTS).map(({ start }) => start / this.#rate),
        };
      }),
      background: coverOf(spells, bins, binSamples),
      longest: { stretchSeconds: LONGEST_STRETCH_SECONDS, soundSeconds: LONGEST_SOUND_SECONDS },
    };
  }

  /** @param points spans of equal length @throws {OutsideStream} */
  stretch(fromSeconds: number, toSeconds: number, points: number): PreviewStretch {
    const [start, end] = this.#within(fromSeconds, toSeconds);
    const named = <T extends { readonly clip: number; readonly start: number; readonly end: number }>(placed: T) => ({
      recording: this.#loaded.recordings[placed.clip].path,
      startSeconds: Math.max(0, placed.start / this.#rate),
      endSeconds: placed.end / this.#rate,
    });
    const events = this.#events.within(start, end);
    const spells = this.#spells.within(start, end);
    return {
      fromSeconds,
      toSeconds,
      eventsTotal: events.length,
      events: thinned(events, MOST_EVENTS).map((event) => ({ label: event.label, ...named(event) })),
      background: thinned(spells, MOST_EVENTS).map(named),
      signal: this.#peaks(start, end, points),
    };
  }

  /** A WAV file of a stretch, louder by `gain` dB. @throws {OutsideStream} */
  sound(fromSeconds: number, toSeconds: number, gain: number): Uint8Array {
    const signal = this.#signal;
    if (signal.kind !== 'log-mel')
      throw new OutsideStream(`This stream is of ${SENSES[signal.kind].name}: there is nothing to listen to.`);
    const [start, end] = this.#within(fromSeconds, toSeconds);
    const samples = new Float32Array(end - start);
    signal.mixer.render(start, samples);
    const factor = 10 ** (gain / 20);
    return wavOf(
      this.#rate,
      samples.map((value) => factor * value),
    );
  }

  /** What the camera sees, as a PNG file of its pixels. @throws {OutsideStream} */
  picture(atSeconds: number): Uint8Array {
    const signal = this.#signal;
    if (signal.kind !== 'picture')
      throw new OutsideStream(`This stream is of ${SENSES[signal.kind].name}: there are no pictures in it.`);
    if (atSeconds >= this.#durationSeconds) throw this.#outside('at', atSeconds);
    const { width, height, channels } = signal.spec;
    const seen = signal.source.pictureAt(Math.floor(atSeconds * this.#rate));
    const png = new PNG({ width, height });
    for (let pixel = 0; pixel < width * height; pixel++) {
      for (let colour = 0; colour < 3; colour++)
        png.data[4 * pixel + colour] = Math.round(255 * seen[pixel * channels + Math.min(colour, channels - 1)]);
      png.data[4 * pixel + 3] = 255;
    }
    return PNG.sync.write(png);
  }

  #within(fromSeconds: number, toSeconds: number): readonly [start: number, end: number] {
    if (toSeconds > this.#durationSeconds) throw this.#outside('to', toSeconds);
    const start = Math.floor(fromSeconds * this.#rate);
    return [start, Math.max(start + 1, Math.floor(toSeconds * this.#rate))];
  }

  #outside(name: string, seconds: number): OutsideStream {
    return new OutsideStream(
      `${name}: ${seconds} s lies behind the end of the stream, which is at ${this.#durationSeconds} s.`,
    );
  }

  #peaks(start: number, end: number, points: number): PreviewSignal {
    const signal = this.#signal;
    const count = Math.min(points, end - start);
    switch (signal.kind) {
      case 'log-mel': {
        const [peaks] = this.#fold(start, end, count, 1, (at, out) => signal.mixer.render(at, out));
        return { kind: 'sound', ...peaks };
      }
      case 'motion': {
        const { source, channels } = signal;
        const axes = this.#fold(start, end, count, channels, (at, out) =>
          out.set(source.samples(at, out.length / channels)),
        );
        return { kind: 'motion', axes: axes.map((peaks, axis) => ({ name: AXES[axis], ...peaks })) };
      }
      case 'picture': {
        const changes = signal.source.changes(start, end);
        return {
          kind: 'pictures',
          picturesTotal: changes.length,
          pictures: thinned(
            changes.map((frame, index) => ({
              atSeconds: frame / this.#rate,
              untilSeconds: (changes[index + 1] ?? end) / this.#rate,
            })),
            MOST_PICTURES,
          ),
        };
      }
      default:
        return assertNever(signal);
    }
  }

  /** Lowest and highest value of each channel by span. */
  #fold(
    start: number,
    end: number,
    points: number,
    channels: number,
    render: (start: number, out: Float32Array) => void,
  ): readonly Peaks[] {
    const low = Array.from({ length: channels }, () => new Float64Array(points).fill(Number.POSITIVE_INFINITY));
    const high = Array.from({ length: channels }, () => new Float64Array(points).fill(Number.NEGATIVE_INFINITY));
    const piece = Math.max(1, Math.floor(PIECE_SECONDS * this.#rate));
    const buffer = new Float32Array(Math.min(piece, end - start) * channels);
    for (let from = start; from < end; from += piece) {
      const samples = Math.min(piece, end - from);
      const out = buffer.subarray(0, samples * channels);
      render(from, out);
      for (let sample = 0; sample < samples; sample++) {
        const point = Math.floor(((from + sample - start) * points) / (end - start));
        for (let channel = 0; channel < channels; channel++) {
          const value = out[sample * channels + channel];
          if (value < low[channel][point]) low[channel][point] = value;
          if (value > high[channel][point]) high[channel][point] = value;
        }
      }
    }
    return low.map((values, channel) => ({ min: rounded(values), max: rounded(high[channel]) }));
  }
}

function signalOf({ stream }: LoadedScenario, sense: Sense, schedule: Schedule, seed: number): Signal {
  switch (sense.kind) {
    case 'log-mel':
      return { kind: 'log-mel', mixer: new Mixer(stream, sense.clips, schedule, seed) };
    case 'motion':
      return {
        kind: 'motion',
        source: new MotionSource(sense, schedule, seed),
        channels: sense.frontEnd.channels,
      };
    case 'picture':
      return { kind: 'picture', source: new PictureSource(sense, schedule), spec: sense.frontEnd };
    default:
      return assertNever(sense);
  }
}

/** How many events touch each span. */
function countsOf(events: readonly PlacedEvent[], bins: number, binSamples: number): readonly number[] {
  const counts = new Array<number>(bins).fill(0);
  for (const { start, end } of events)
    for (let bin = Math.floor(start / binSamples); bin < bins && bin * binSamples < end; bin++) counts[bin] += 1;
  return counts;
}

/** Share of each span that backgrounds sound, at most 1. */
function coverOf(spells: readonly Spell[], bins: number, binSamples: number): readonly number[] {
  const cover = new Array<number>(bins).fill(0);
  for (const { start, end } of spells)
    for (let bin = Math.max(0, Math.floor(start / binSamples)); bin < bins && bin * binSamples < end; bin++) {
      const part = Math.min(end, (bin + 1) * binSamples) - Math.max(start, bin * binSamples);
      cover[bin] = Math.min(1, cover[bin] + part / binSamples);
    }
  return cover.map((share) => Math.round(share * 1000) / 1000);
}

function thinned<T>(items: readonly T[], most: number): readonly T[] {
  if (items.length <= most) return items;
  return Array.from({ length: most }, (_, index) => items[Math.floor((index * items.length) / most)]);
}

/** To a millionth, which is finer than a 16-bit sample. */
const rounded = (values: Float64Array): readonly number[] =>
  Array.from(values, (value) => Math.round(value * 1e6) / 1e6);
