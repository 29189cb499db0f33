// Hearings whose scores are made up, for figures that can be worked out by hand.
import { type Heard, type Hearing, SNRS, type Snr } from '../../server/training/hearing.ts';

export const HOPS_PER_SECOND = 50;

/** A hearing whose models score `peaks` at these hops and 0 elsewhere. */
export function hearing(
  path: string,
  hops: number,
  peaks: Readonly<Record<number, readonly [number, number, number]>>,
  wordTo?: number,
): Hearing {
  const scores = { activity: new Float32Array(hops), keyword: new Float32Array(hops), verify: new Float32Array(hops) };
  for (const [hop, [activity, keyword, verify]] of Object.entries(peaks)) {
    scores.activity[Number(hop)] = activity;
    scores.keyword[Number(hop)] = keyword;
    scores.verify[Number(hop)] = verify;
  }
  return {
    path,
    group: path,
    hops,
    scores,
    ...(wordTo === undefined ? {} : { accepted: { from: 0, to: wordTo + HOPS_PER_SECOND, wordTo } }),
  };
}

const everywhere = (hearings: readonly Hearing[]): ReadonlyMap<Snr, readonly Hearing[]> =>
  new Map(SNRS.map((snr) => [snr, hearings]));

export const heardOf = (words: readonly Hearing[], speech: readonly Hearing[]): Heard => ({
  words: everywhere(words),
  negatives: { speech: everywhere(speech), words: everywhere([]), ambient: everywhere([]) },
});
