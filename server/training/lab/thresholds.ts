// Where the gates of a cascade are set: all together, on validation, where the whole decides best.
import type { Examples } from '../tasks/task.ts';
import type { SplitScores } from './checkpoints.ts';

/** Gates that each stop so many of the positives that the last part would accept. */
export interface Setting {
  /** Share of those positives, at each gate. */
  readonly lost: number;
  /** By part. */
  readonly thresholds: readonly number[];
  /** Balanced accuracy of the cascade on the windows it was chosen on. */
  readonly quality: number;
}

/** What is tried. A share that is the same for all gates is one number to choose from few positives, where thresholds would be several. */
export const LOST_SHARES = [0.1, 0.07, 0.05, 0.03, 0.02, 0.01, 0.005, 0] as const;

/** Of all settings, open gates among them, the one that decides best, and of equal ones the one that stops most. @param classes of the validation windows */
export function chooseSetting(split: SplitScores, classes: Int32Array): Setting {
  const settings = [...LOST_SHARES.map((lost) => settingOf(split, classes, lost)), settingOf(split, classes, 0, true)];
  return settings.reduce((best, own) => (own.quality > best.quality ? own : best));
}

/**
 * Of each gate the highest threshold that stops at most that share of the positives which the last part would accept, and of the last part the one with the
 * best balanced accuracy of the whole.
 * @param open whether the gates let everything pass instead
 */
export function settingOf({ scores }: SplitScores, classes: Int32Array, lost: number, open = false): Setting {
  const last = scores[scores.length - 1];
  const all = Array.from(classes, (_, index) => index);
  const alone = bestLast(last, classes, all);
  const accepted = all.filter((index) => classes[index] > 0 && last[index] >= alone.threshold);
  const gates = scores.slice(0, -1).map((own) => {
    if (open) return 0;
    const ordered = accepted.map((index) => own[index]).sort((a, b) => a - b);
    return rounded(ordered[Math.floor(lost * ordered.length)] ?? 0);
  });
  const reaching = all.filter((index) => gates.every((threshold, gate) => scores[gate][index] >= threshold));
  const { threshold, quality } = bestLast(last, classes, reaching);
  return { lost, thresholds: [...gates, threshold], quality };
}

/** From above: each window let in adds to the positives found, or to the negatives let through. @param reaching indices of the windows that it sees */
function bestLast(
  last: Float32Array,
  classes: Int32Array,
  reaching: readonly number[],
): { readonly threshold: number; readonly quality: number } {
  const negatives = classes.reduce((sum, label) => sum + (label === 0 ? 1 : 0), 0);
  const positives = classes.length - negatives;
  const ordered = [...reaching].sort((a, b) => last[b] - last[a]);
  let best = { threshold: 1, quality: 0.5 };
  let found = 0;
  for (const [at, index] of ordered.entries()) {
    if (classes[index] > 0) found++;
    const quality = (found / positives + 1 - (at + 1 - found) / negatives) / 2;
    const isLastOfEqual = last[ordered[at + 1]] !== last[index];
    if (quality > best.quality && isLastOfEqual) best = { threshold: last[index], quality };
  }
  return { ...best, threshold: rounded(best.threshold) };
}

/** Down to four digits, as a card has it. */
const rounded = (threshold: number): number => Math.floor(threshold * 1e4) / 1e4;

export interface Decisions {
  /** Of each window the last part that sees it. */
  readonly reached: Uint8Array;
  readonly accepted: Uint8Array;
}

export function decide({ scores }: SplitScores, thresholds: readonly number[]): Decisions {
  const count = scores[0].length;
  const reached = new Uint8Array(count);
  const accepted = new Uint8Array(count);
  for (let index = 0; index < count; index++) {
    let part = 0;
    while (part < scores.length - 1 && scores[part][index] >= thresholds[part]) part++;
    reached[index] = part;
    accepted[index] = part === scores.length - 1 && scores[part][index] >= thresholds[part] ? 1 : 0;
  }
  return { reached, accepted };
}

/** Of all positives the share that the last part sees, and of all negatives the share that it never does. */
export function sharesAt(
  { reached }: Decisions,
  { classes }: Pick<Examples, 'classes'>,
  last: number,
): { readonly kept: number; readonly stopped: number } {
  const share = (positive: boolean): number => {
    const own = classes.reduce((sum, label) => sum + (label > 0 === positive ? 1 : 0), 0);
    const seen = classes.reduce(
      (sum, label, index) => sum + (label > 0 === positive && reached[index] >= last ? 1 : 0),
      0,
    );
    return seen / Math.max(1, own);
  };
  return { kept: share(true), stopped: 1 - share(false) };
}
