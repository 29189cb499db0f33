// What a stream lets hear, counted as distinct audio: how much of each source, how often, and which of them a miss or a false accept is put down to.

import { TOLERANCE } from '../../simulator/judge.ts';
import { Finder, type Schedule, type StreamPlan } from '../../streams/schedule.ts';
import type { Sense } from '../../streams/sense.ts';
import type { Nanoseconds } from '../../units.ts';
import { type CountedStratum, type SourceCount, weightOf } from './bounds.ts';

/** One source within a kind of sound. Hours of distinct audio count once, however often they were played. */
interface HeardSource {
  readonly hours: number;
  readonly playedHours: number;
  readonly recordings: number;
}

/** A kind of sound that nothing is to be detected in. */
export interface Stratum {
  readonly name: string;
  /** Part of the stream's time that it sounds. */
  readonly share: number;
  readonly sources: ReadonlyMap<string, HeardSource>;
}

/** A recording of what is to be detected. */
export interface Take {
  readonly source: string;
  readonly heard: number;
}

/** Where a false accept is put down to. */
export interface Cause {
  readonly stratum: number;
  readonly source: string;
}

export interface Exposure {
  readonly strata: readonly Stratum[];
  /** By recording that was heard. */
  readonly takes: ReadonlyMap<number, Take>;
  /** By event to be detected whose time is over before the stream is: its recording. */
  readonly takeOf: readonly number[];
  readonly causeAt: (time: Nanoseconds) => Cause;
}

export interface Stream {
  readonly plan: StreamPlan;
  readonly schedule: Schedule;
  /** Samples of each recording. */
  readonly lengths: readonly number[];
  readonly duration: Nanoseconds;
  readonly detect: string;
  readonly sense: Sense['kind'];
}

/** What there is where nothing is recorded: the synthetic noise of room or sensor, each hour of which is new. */
const REST: Readonly<Record<Sense['kind'], string>> = {
  'log-mel': 'noise floor alone',
  motion: 'lying still',
  picture: 'nothing in view',
};

/** @param sources by clip */
export function exposureOf(
  { plan, schedule, lengths, duration, detect, sense }: Stream,
  sources: readonly string[],
): Exposure {
  const end = (duration / 1e9) * plan.sampleRate;
  const hours = (samples: number) => samples / plan.sampleRate / 3600;
  const labels = [...new Set(plan.events.map(({ label }) => label))].filter((label) => label !== detect);
  const names = [...(plan.backgrounds.length > 0 ? ['background'] : []), ...labels];
  const played = names.map(() => new Map<number, number>());
  const play = (kind: string, clip: number, samples: number) => {
    if (samples <= 0) return;
    const of = played[names.indexOf(kind)];
    of.set(clip, (of.get(clip) ?? 0) + samples);
  };
  for (const spell of schedule.spells)
    play('background', spell.clip, Math.min(spell.end, end) - Math.max(0, spell.start));
  const negatives = schedule.events.filter(({ label }) => label !== detect);
  // A picture lasts as long as it is shown.
  const distinct = [...lengths];
  for (const event of negatives) {
    play(event.label, event.clip, event.end - event.start);
    distinct[event.clip] = Math.max(distinct[event.clip], event.end - event.start);
  }

  const strata: Stratum[] = names.map((name, index) => {
    const of = new Map<string, HeardSource>();
    for (const [clip, samples] of played[index]) {
      const known = of.get(sources[clip]) ?? { hours: 0, playedHours: 0, recordings: 0 };
      of.set(sources[clip], {
        hours: known.hours + hours(Math.min(samples, distinct[clip])),
        playedHours: known.playedHours + hours(samples),
        recordings: known.recordings + 1,
      });
    }
    return { name, share: [...played[index].values()].reduce((sum, samples) => sum + samples, 0) / end, sources: of };
  });
  const all = hours(end);
  const rest = REST[sense];
  strata.push({ name: rest, share: 1, sources: new Map([[rest, { hours: all, playedHours: all, recordings: 0 }]]) });

  // Those that the judge closes before the end.
  const targets = schedule.events.filter((event) => event.label === detect && event.end + tolerance(plan) < end);
  const takes = new Map<number, Take>();
  for (const { clip } of targets) takes.set(clip, { source: sources[clip], heard: (takes.get(clip)?.heard ?? 0) + 1 });
  return {
    strata,
    takes,
    takeOf: targets.map(({ clip }) => clip),
    causeAt: causes(negatives, schedule, plan, strata, sources),
  };
}

/** A detection counts for what was over this many samples ago. */
const tolerance = ({ sampleRate }: StreamPlan): number => (TOLERANCE / 1e9) * sampleRate;

/** A false accept is put down to the event that began last and is not long over, else to the background that sounds, else to the noise. */
function causes(
  negatives: Schedule['events'],
  { spells }: Schedule,
  plan: StreamPlan,
  strata: readonly Stratum[],
  sources: readonly string[],
): Exposure['causeAt'] {
  const events = new Finder(negatives);
  const backgrounds = new Finder(spells);
  const number = (name: string) => strata.findIndex((stratum) => stratum.name === name);
  return (time) => {
    const sample = (time / 1e9) * plan.sampleRate;
    const event = events.within(sample - tolerance(plan), sample + 1).at(-1);
    if (event !== undefined) return { stratum: number(event.label), source: sources[event.clip] };
    const spell = backgrounds.within(sample - tolerance(plan), sample + 1).at(-1);
    if (spell !== undefined) return { stratum: number('background'), source: sources[spell.clip] };
    const rest = strata.length - 1;
    return { stratum: rest, source: strata[rest].name };
  };
}

/** How often each take was missed and each source gave a false accept. */
export interface Counts {
  /** By recording. */
  readonly missed: ReadonlyMap<number, number>;
  /** By stratum and source. */
  readonly falseAccepts: ReadonlyArray<ReadonlyMap<string, number>>;
}

export function countsOf(exposure: Exposure, missed: Iterable<number>, falseAccepts: Iterable<Cause>): Counts {
  const misses = new Map<number, number>();
  for (const event of missed) {
    const take = exposure.takeOf.at(event);
    if (take === undefined) continue;
    misses.set(take, (misses.get(take) ?? 0) + 1);
  }
  const accepts = exposure.strata.map(() => new Map<string, number>());
  for (const { stratum, source } of falseAccepts) accepts[stratum].set(source, (accepts[stratum].get(source) ?? 0) + 1);
  return { missed: misses, falseAccepts: accepts };
}

/** Takes by their source, each counting once: missed as often as on average. */
export function takesBySource({ takes }: Exposure, { missed }: Counts): readonly SourceCount[] {
  const by = new Map<string, SourceCount>();
  for (const [clip, { source, heard }] of takes) {
    const known = by.get(source) ?? { count: 0, exposure: 0 };
    by.set(source, { count: known.count + (missed.get(clip) ?? 0) / heard, exposure: known.exposure + 1 });
  }
  return [...by.values()];
}

/** Negatives by stratum and source, each source counting as if heard once. */
export const strataCounted = ({ strata }: Pick<Exposure, 'strata'>, counts?: Counts): readonly CountedStratum[] =>
  strata.map(({ share, sources }, index) => ({
    share,
    sources: [...sources].map(([name, { hours, playedHours }]) => ({
      count: playedHours === 0 ? 0 : ((counts?.falseAccepts[index].get(name) ?? 0) * hours) / playedHours,
      exposure: hours,
    })),
  }));

/** What one false accept of a source counts, and what one distinct one weighs in the stream's hour: by stratum. */
export function falseAcceptWeights(exposure: Exposure) {
  const weights = strataCounted(exposure).map(weightOf);
  return {
    most: Math.max(0, ...weights),
    of: ({ stratum, source }: Cause) => {
      const heard = exposure.strata[stratum].sources.get(source);
      const count = heard === undefined || heard.playedHours === 0 ? 0 : heard.hours / heard.playedHours;
      return { count, weight: weights[stratum] };
    },
  };
}
