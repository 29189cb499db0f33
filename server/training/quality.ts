// From scores to figures: who is missed, how often something else gets through, and what each gate stops.
import type { Interval } from '../runs/report/report.ts';
import { rateInterval, shareInterval } from '../runs/report/statistics.ts';
import { type Heard, type Hearing, HOPS_PER_HOUR, type NegativeKind, SNRS, type Snr } from './hearing.ts';
import { NETWORK_NAMES, type NetworkName } from './networks.ts';

export type Thresholds<Name extends NetworkName = NetworkName> = Readonly<Record<Name, number>>;
/** The stages that have to agree on a window. */
export type Stages<Name extends NetworkName = NetworkName> = readonly Name[];
export const CASCADE: Stages = NETWORK_NAMES;

/** False accepts within a second of one another count once (MLPerf Tiny, streaming wake word). */
const DEBOUNCE_HOPS = 50;

/** A share or a rate with its 95 % interval. */
export interface Measured {
  readonly value: number;
  readonly interval: Interval;
}

const passes = <Name extends NetworkName>(
  { scores }: Hearing<Name>,
  hop: number,
  stages: Stages<Name>,
  thresholds: Thresholds<Name>,
): boolean => stages.every((stage) => scores[stage][hop] >= thresholds[stage]);

/** Whether the word is detected: between its start and a second after its end. */
export function isDetected<Name extends NetworkName>(
  hearing: Hearing<Name>,
  stages: Stages<Name>,
  thresholds: Thresholds<Name>,
): boolean {
  if (!hearing.accepted) return false;
  for (let hop = hearing.accepted.from; hop < hearing.accepted.to; hop++)
    if (passes(hearing, hop, stages, thresholds)) return true;
  return false;
}

/** Exact interval of a share whose trials are not all independent: takes are, the same take over other backgrounds is not. */
export function shareOfTakes(missed: number, heard: number, takes: number): Measured {
  const value = missed / heard;
  return { value, interval: shareInterval(Math.round(value * takes), takes) };
}

/** Misses among the takes over all backgrounds at one SNR. The interval is as wide as if each take had been heard once. */
export function missRate(heard: Heard, snr: Snr, stages: Stages, thresholds: Thresholds): Measured {
  const hearings = heard.words.get(snr) ?? [];
  const missed = hearings.filter((hearing) => !isDetected(hearing, stages, thresholds)).length;
  return shareOfTakes(missed, hearings.length, new Set(hearings.map(({ path }) => path)).size);
}

/** The share of words that a gate alone opens for while the word sounds: what the stages behind it get to hear at all. */
export function openedInWord(heard: Heard, snr: Snr, stage: NetworkName, thresholds: Thresholds): Measured {
  const hearings = heard.words.get(snr) ?? [];
  const opened = hearings.filter(({ scores, accepted }) =>
    scores[stage].subarray(0, accepted?.wordTo ?? 0).some((score) => score >= thresholds[stage]),
  ).length;
  return shareOfTakes(opened, hearings.length, new Set(hearings.map(({ path }) => path)).size);
}

export function falseAccepts<Name extends NetworkName>(
  hearings: readonly Hearing<Name>[],
  stages: Stages<Name>,
  thresholds: Thresholds<Name>,
): number {
  let count = 0;
  for (const hearing of hearings) {
    let last = Number.NEGATIVE_INFINITY;
    for (let hop = 0; hop < hearing.hops; hop++) {
      if (hop - last < DEBOUNCE_HOPS || !passes(hearing, hop, stages, thresholds)) continue;
      count++;
      last = hop;
    }
  }
  return count;
}

export const hoursOf = (hearings: readonly Pick<Hearing, 'hops'>[]): number =>
  hearings.reduce((sum, { hops }) => sum + hops, 0) / HOPS_PER_HOUR;

/** False accepts per hour of one kind of negatives at one SNR. */
export function falseAcceptRate(
  heard: Heard,
  kind: NegativeKind,
  snr: Snr,
  stages: Stages,
  thresholds: Thresholds,
): Measured {
  return rateOver(heard.negatives[kind].get(snr) ?? [], stages, thresholds);
}

/** False accepts per hour of these hearings. */
export function rateOver(hearings: readonly Hearing[], stages: Stages, thresholds: Thresholds): Measured {
  const hours = hoursOf(hearings);
  const count = falseAccepts(hearings, stages, thresholds);
  return { value: count / hours, interval: rateInterval(count, hours) };
}

/** The share of windows that a gate stops, of all that reach it through the gates before it. */
export function stopRate(
  hearings: readonly Hearing[],
  before: Stages,
  stage: NetworkName,
  thresholds: Thresholds,
): number {
  let reached = 0;
  let stopped = 0;
  for (const hearing of hearings)
    for (let hop = 0; hop < hearing.hops; hop++) {
      if (!passes(hearing, hop, before, thresholds)) continue;
      reached++;
      if (hearing.scores[stage][hop] < thresholds[stage]) stopped++;
    }
  return reached === 0 ? 1 : stopped / reached;
}

export interface OperatingPoint {
  readonly threshold: number;
  readonly missRate: number;
  readonly falseAcceptsPerHour: number;
}

export const CURVE_THRESHOLDS: readonly number[] = [
  0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.92, 0.94,
  0.95, 0.96, 0.97, 0.975, 0.98, 0.985, 0.99, 0.9925, 0.995, 0.996, 0.997, 0.998, 0.999, 0.9995, 0.9998, 0.9999, 1,
];

/** One model alone, at 15 dB: what it misses, and how often it fires on continuous speech; up to the first threshold that nothing reaches. */
export function operatingCurve(heard: Heard, stage: NetworkName): readonly OperatingPoint[] {
  const points = CURVE_THRESHOLDS.map((threshold) => {
    const thresholds = same(threshold);
    return {
      threshold,
      missRate: missRate(heard, 15, [stage], thresholds).value,
      falseAcceptsPerHour: falseAcceptRate(heard, 'speech', 15, [stage], thresholds).value,
    };
  });
  const end = points.findIndex((point) => point.missRate === 1 && point.falseAcceptsPerHour === 0);
  return points.slice(0, end < 0 ? points.length : end + 1);
}

export interface ThresholdSets {
  readonly normal: Thresholds;
  readonly strict: Thresholds;
  /** Of the verifier without the gates before it. */
  readonly alone: number;
}

/**
 * Thresholds, from validation data only. Activity: the highest that is open in 99.5 % (strict: 98 %) of the words from 10 dB up and in 98 % (95 %) at
 * 5 dB. Keyword: the highest that detects 99 % (98 %) from 10 dB up. Verify alone: the lowest with which it accepts nothing false of all that is heard at any
 * ratio; so also where it is strict; otherwise the lowest with which the cascade does.
 */
export function chooseThresholds(heard: Heard): ThresholdSets {
  const negatives = negativesOf(heard);
  const gates = gateThresholds(heard, { activity: 0.995, activityAt5: 0.98, keyword: 0.99 });
  const alone = shutTo(negatives, { activity: 0, keyword: 0 });
  return {
    normal: { ...gates, verify: shutTo(negatives, gates) },
    strict: { ...gateThresholds(heard, { activity: 0.98, activityAt5: 0.95, keyword: 0.98 }), verify: alone },
    alone,
  };
}

/** The highest with which the first two gates still open for these shares of the words. */
function gateThresholds(
  heard: Heard,
  shares: { readonly activity: number; readonly activityAt5: number; readonly keyword: number },
): Omit<Thresholds, 'verify'> {
  const loud = SNRS.filter((snr) => snr >= 10);
  const highest = (isEnough: (thresholds: Thresholds) => boolean): number =>
    CURVE_THRESHOLDS.findLast((threshold) => isEnough(same(threshold))) ?? CURVE_THRESHOLDS[0];
  return {
    activity: highest(
      (thresholds) =>
        loud.every((snr) => openedInWord(heard, snr, 'activity', thresholds).value >= shares.activity) &&
        openedInWord(heard, 5, 'activity', thresholds).value >= shares.activityAt5,
    ),
    keyword: highest((thresholds) =>
      loud.every((snr) => missRate(heard, snr, ['keyword'], thresholds).value <= 1 - shares.keyword),
    ),
  };
}

const negativesOf = ({ negatives }: Heard): readonly Hearing[] =>
  SNRS.flatMap((snr) => Object.values(negatives).flatMap((bySnr) => bySnr.get(snr) ?? []));

/** The lowest threshold of the verifier that nothing false reaches which gets to it. */
function shutTo(hearings: readonly Hearing[], before: Omit<Thresholds, 'verify'>): number {
  let highest = 0;
  for (const { scores, hops } of hearings)
    for (let hop = 0; hop < hops; hop++)
      if (scores.keyword[hop] >= before.keyword && scores.activity[hop] >= before.activity)
        highest = Math.max(highest, scores.verify[hop]);
  return CURVE_THRESHOLDS.find((threshold) => threshold > highest) ?? 1;
}

const same = (threshold: number): Thresholds => ({ activity: threshold, keyword: threshold, verify: threshold });
