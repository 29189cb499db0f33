// A gate that remembers: whether a score opens it may rest on the scores before. Pure: the state is data that the caller keeps.

import type { Nanoseconds } from '../units.ts';

export interface GatePlan {
  /** The mean over this many hops counts, of those of them that the stage scored; 1: the score alone. */
  readonly smooth: number;
  /** Once open, it stays open down to this much under the threshold, until a score is lower or a window did not come to it. */
  readonly hysteresis: number;
  /** Who was nearly understood says it again. */
  readonly secondChance: SecondChance | null;
}

export interface SecondChance {
  /** A score that is under the threshold by no more than this is a near miss. */
  readonly within: number;
  /** It lowers the threshold by this much, */
  readonly by: number;
  /** from so long after the last near miss on, so that the word itself has none, */
  readonly after: Nanoseconds;
  /** until so long after it. */
  readonly until: Nanoseconds;
}

/** Plain data: what is restored goes on as it would have. */
export interface GateState {
  /** The last scores, by window number modulo their count; and the windows that they are of. */
  readonly scores: Float64Array;
  readonly windows: Float64Array;
  /** The last window that it opened to. */
  openedTo: number;
  nearMiss: number;
}

export const newGate = ({ smooth }: GatePlan): GateState => ({
  scores: new Float64Array(smooth),
  windows: new Float64Array(smooth).fill(Number.NEGATIVE_INFINITY),
  openedTo: Number.NEGATIVE_INFINITY,
  nearMiss: Number.NEGATIVE_INFINITY,
});

/** Whether a window's score, given now, opens the gate. Windows come in ascending order. */
export function opens(
  { smooth, hysteresis, secondChance }: GatePlan,
  state: GateState,
  threshold: number,
  window: number,
  score: number,
  now: Nanoseconds,
): boolean {
  const value = smooth === 1 ? score : smoothed(state, smooth, window, score);
  let least = state.openedTo === window - 1 ? threshold - hysteresis : threshold;
  if (secondChance !== null) {
    const age = now - state.nearMiss;
    if (age >= secondChance.after && age <= secondChance.until) least = Math.min(least, threshold - secondChance.by);
  }
  if (value >= least) {
    state.openedTo = window;
    return true;
  }
  if (secondChance !== null && value >= threshold - secondChance.within) state.nearMiss = now;
  return false;
}

function smoothed({ scores, windows }: GateState, smooth: number, window: number, score: number): number {
  scores[window % smooth] = score;
  windows[window % smooth] = window;
  let sum = 0;
  let count = 0;
  for (let at = 0; at < smooth; at++) {
    if (windows[at] <= window - smooth) continue;
    sum += scores[at];
    count++;
  }
  return sum / count;
}

/** The lowest score with which a window may open the gate, whatever came before it; scores lie between 0 and 1. */
export function lowestOpening({ smooth, hysteresis, secondChance }: GatePlan, threshold: number): number {
  const least = threshold - Math.max(hysteresis, secondChance?.by ?? 0);
  return Math.max(0, smooth * least - (smooth - 1));
}
