// Up to what a rate or a share may be, at 95 % one-sided confidence, by what distinct recordings show: the same recording heard again tells nothing new.
// An exact bound, which holds where nothing was counted, and a bootstrap over sources (Efron 1979), which knows that a voice that is missed once is
// likely missed again; the wider of both.

import { nextIndex, type RandomState, seedRandom } from '../../random.ts';
import { quantile } from '../report/statistics.ts';
import { betaQuantile, gammaQuantile } from './distributions.ts';

export const CONFIDENCE = 0.95;
const RESAMPLES = 1000;

/** A figure and its upper bound. */
export interface Bounded {
  readonly value: number;
  readonly upper: number;
}

/** What one source adds: mean counts over the times that it was heard, and how much of it is distinct. */
export interface SourceCount {
  readonly count: number;
  /** Takes, or hours. */
  readonly exposure: number;
}

/** Sources of one kind, and which part of the stream's time they sound. */
export interface CountedStratum {
  readonly share: number;
  readonly sources: readonly SourceCount[];
}

/** Upper bound of a share (Clopper and Pearson 1934) of which `count` of `exposure` were seen. Without any nothing is known. */
export const exactShareBound = (count: number, exposure: number): number =>
  count >= exposure ? 1 : betaQuantile(CONFIDENCE, count + 1, exposure - count);

/**
 * Upper bound of a weighted sum of Poisson means (Fay and Feuer 1997, as for rates standardised to a population; here to the hour of a stream). Of
 * nothing counted it is 3.0 times the largest weight.
 * @param sum Σ weight · count
 * @param variance Σ weight² · count
 * @param most the largest weight: what one more would add at worst
 * @param spare as if it went wrong so many times as often, and one that was not seen might have been among them
 */
export function exactRateBound(sum: number, variance: number, most: number, spare = 1): number {
  if (!Number.isFinite(most)) return Number.POSITIVE_INFINITY;
  if (most === 0) return 0;
  const mean = spare * (sum + most);
  const spread = spare * (variance + most * most);
  return (spread / mean) * gammaQuantile(CONFIDENCE, (mean * mean) / spread);
}

/** What a count at a source of the stratum adds to the rate of the stream: infinite where nothing was heard of what is to sound. */
export const weightOf = ({ share, sources }: CountedStratum): number =>
  share === 0 ? 0 : share / sources.reduce((sum, { exposure }) => sum + exposure, 0);

/** As if it went wrong so many times as often, and a source that it did not go wrong on might well have been among them: what is seldom is soon not seen. */
export const spared = (count: number, spare: number): number => spare * (count + 1) - 1;

/**
 * The share of takes that are missed, by source of takes.
 * @param spare the bound is what it would be if it went wrong so many times as often
 */
export function boundedShare(sources: readonly SourceCount[], seed: number, spare = 1): Bounded {
  const share = (of: readonly SourceCount[]) => total(of, 'count') / total(of, 'exposure');
  const [count, exposure] = [total(sources, 'count'), total(sources, 'exposure')];
  const exact = exactShareBound(Math.min(spared(count, spare), exposure), exposure);
  if (exposure === 0) return { value: 0, upper: 1 };
  if (count === 0) return { value: 0, upper: exact };
  const random = seedRandom(seed, 'missed');
  const more = sources.map(({ count, exposure }) => ({ count: Math.min(count * spare, exposure), exposure }));
  return {
    value: count / exposure,
    upper: Math.max(
      exact,
      bootstrap(() => share(resample(more, random))),
    ),
  };
}

/** False accepts in an hour of the stream, by kind of what sounds; `spare` as for shares. */
export function boundedRate(strata: readonly CountedStratum[], seed: number, spare = 1): Bounded {
  const weights = strata.map(weightOf);
  const counts = strata.map(({ sources }) => total(sources, 'count'));
  const sum = counts.reduce((sum, count, at) => (count === 0 ? sum : sum + count * weights[at]), 0);
  const variance = counts.reduce((sum, count, at) => (count === 0 ? sum : sum + count * weights[at] ** 2), 0);
  const exact = exactRateBound(sum, variance, Math.max(0, ...weights), spare);
  if (sum === 0 || !Number.isFinite(exact)) return { value: sum, upper: exact };
  const random = seedRandom(seed, 'false accepts');
  const draw = () =>
    strata.reduce((rate, stratum, at) => {
      if (counts[at] === 0) return rate;
      const drawn = resample(stratum.sources, random);
      return rate + (stratum.share * total(drawn, 'count')) / total(drawn, 'exposure');
    }, 0);
  return { value: sum, upper: Math.max(exact, spare * bootstrap(draw)) };
}

/** How many times as often it may go wrong, misses and false accepts by themselves, and a claim stands as well. */
export interface Room {
  readonly misses: number;
  readonly accepts: number;
}
export const NO_ROOM: Room = { misses: 1, accepts: 1 };

/**
 * The room that so many takes, and kinds of sound of which none weighs more, give at most: where nothing goes wrong on them.
 * @param asked no more than this
 */
export function roomIn(takes: number, most: number, missRate: number, perHour: number, asked: number): Room {
  return {
    misses: largest(asked, (spare) => exactShareBound(spared(0, spare), takes) <= missRate),
    accepts: largest(asked, (spare) => exactRateBound(0, 0, most, spare) <= perHour),
  };
}

/** The largest from 1 on that will do, to a hundredth; 1 where that does not either. */
function largest(asked: number, does: (spare: number) => boolean): number {
  if (does(asked)) return asked;
  let [low, high] = [1, asked];
  while (high - low > 1e-3) {
    const middle = (low + high) / 2;
    if (does(middle)) low = middle;
    else high = middle;
  }
  return Math.max(1, Math.floor(low * 100) / 100);
}

/** The distinct takes that are wanted before a share can be shown, none of them missed. */
export const takesWanted = (share: number): number =>
  share >= 1 ? 0 : Math.ceil(Math.log(1 - CONFIDENCE) / Math.log1p(-share) - 1e-9);

/** The distinct hours that are wanted of what sounds this part of the time before a rate can be shown, with no false accept in them. */
export const hoursWanted = (share: number, perHour: number): number => (share * -Math.log(1 - CONFIDENCE)) / perHour;

const total = (of: readonly SourceCount[], what: keyof SourceCount): number =>
  of.reduce((sum, one) => sum + one[what], 0);

const resample = (sources: readonly SourceCount[], random: RandomState): readonly SourceCount[] =>
  sources.map(() => sources[nextIndex(random, sources.length)]);

function bootstrap(draw: () => number): number {
  const drawn = Array.from({ length: RESAMPLES }, draw).sort((a, b) => a - b);
  return quantile(drawn, CONFIDENCE) ?? Number.POSITIVE_INFINITY;
}
