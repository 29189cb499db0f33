// What a person's cascade is worth: thresholds from the validation split, figures from the test split, in 8 bits and as it was trained.
import { ModelSession } from '../../models/session.ts';
import type { Bank } from '../bank.ts';
import {
  type Heard,
  type Hearing,
  hearBoth,
  type Listener,
  mixSplit,
  NEGATIVE_KINDS,
  type Sessions,
  SNRS,
  type Snr,
  scoreHops,
} from '../hearing.ts';
import { NETWORK_NAMES, NETWORKS, type NetworkName } from '../networks.ts';
import type { Produced } from '../produce.ts';
import type { Progress } from '../progress.ts';
import {
  CASCADE,
  CURVE_THRESHOLDS,
  chooseThresholds,
  type Measured,
  missRate,
  rateOver,
  type Thresholds,
} from '../quality.ts';

export type Models = Readonly<Record<NetworkName, Produced>>;

export interface Point {
  /** Of the verifier. */
  readonly threshold: number;
  readonly misses: Measured;
  /** An hour, of all negatives. */
  readonly falseAccepts: Measured;
}

export interface Figures {
  readonly thresholds: { readonly normal: Thresholds; readonly strict: Thresholds };
  /** The verifier lets nothing false through in validation; false: that would have cost too many words there. */
  readonly isShut: boolean;
  readonly int8: Heard;
  readonly float: Heard;
}

/** The ratio that curves and cards are for. */
export const CURVE_SNR: Snr = 15;
/** No threshold is below it, so the verifier need not hear what the gates before it score lower. */
const [FLOOR] = CURVE_THRESHOLDS;
/** Words that the verifier may cost in validation, from 10 dB up, to let nothing false through. */
const MOST_MISSES = 0.1;

export async function measure(models: Models, validation: Bank, test: Bank, progress: Progress): Promise<Figures> {
  const deployed = await openAll(models, 'int8');
  const trained = await openAll(models, 'float');
  const [chosen] = await hearBoth(mixSplit(validation, {}, progress), [listenAsCascade(deployed)]);
  const [int8, float] = await hearBoth(mixSplit(test, {}, progress), [deployed, trained].map(listenAsCascade));
  for (const sessions of [deployed, trained]) await Promise.all(NETWORK_NAMES.map((name) => sessions[name].close()));
  return { ...chooseVerify(chosen), int8, float };
}

async function openAll(models: Models, kind: 'int8' | 'float'): Promise<Sessions> {
  const open = (name: NetworkName): Promise<ModelSession> =>
    ModelSession.open(models[name][kind], NETWORKS[name].frames, NETWORKS[name].bands);
  return { activity: await open('activity'), keyword: await open('keyword'), verify: await open('verify') };
}

/** The verifier, many times dearer than the rest, hears what the gates before it could let through. */
const listenAsCascade =
  (sessions: Sessions): Listener<NetworkName> =>
  async (frames, from) => {
    const activity = await scoreHops('activity', sessions.activity, frames, from);
    const keyword = await scoreHops('keyword', sessions.keyword, frames, from);
    const reached = [...keyword.keys()].filter((hop) => keyword[hop] >= FLOOR && activity[hop] >= FLOOR);
    const scores = await sessions.verify.scoreWindows(
      frames,
      reached.map((hop) => from + hop),
    );
    const verify = new Float32Array(keyword.length);
    for (const [index, hop] of reached.entries()) verify[hop] = scores[index];
    return { activity, keyword, verify };
  };

/** As for the shipped cascade, but a verifier that would have to miss too much opens again. */
export function chooseVerify(heard: Heard): Pick<Figures, 'thresholds' | 'isShut'> {
  const { normal, strict } = chooseThresholds(heard);
  const loud = SNRS.filter((snr) => snr >= 10);
  const missed = (verify: number): number =>
    Math.max(...loud.map((snr) => missRate(heard, snr, CASCADE, { ...normal, verify }).value));
  const isShut = missed(normal.verify) <= MOST_MISSES;
  const opened =
    CURVE_THRESHOLDS.findLast((verify) => verify < normal.verify && missed(verify) <= MOST_MISSES) ?? FLOOR;
  const verify = isShut ? normal.verify : opened;
  return {
    isShut,
    thresholds: { normal: { ...normal, verify }, strict: { ...strict, verify: Math.max(strict.verify, verify) } },
  };
}

/** All that is not the word, at one ratio. */
export const negativesAt = (heard: Heard, snr: Snr): readonly Hearing[] =>
  NEGATIVE_KINDS.flatMap((kind) => heard.negatives[kind].get(snr) ?? []);

/** The cascade up to a stage, by the threshold of that stage; those before it as chosen. Up to the first that nothing reaches. */
export function curveOf(heard: Heard, stage: NetworkName, thresholds: Thresholds): readonly Point[] {
  const stages = CASCADE.slice(0, CASCADE.indexOf(stage) + 1);
  const negatives = negativesAt(heard, CURVE_SNR);
  const points = CURVE_THRESHOLDS.map((threshold): Point => {
    const at = { ...thresholds, [stage]: threshold };
    return {
      threshold,
      misses: missRate(heard, CURVE_SNR, stages, at),
      falseAccepts: rateOver(negatives, stages, at),
    };
  });
  const end = points.findIndex(({ misses, falseAccepts }) => misses.value === 1 && falseAccepts.value === 0);
  return points.slice(0, end < 0 ? points.length : end + 1);
}
