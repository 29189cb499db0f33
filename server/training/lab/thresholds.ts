// Where the gates of a cascade are set: all together, on validation, where the whole decides best for groups that did not set them.
import type { Examples } from '../tasks/task.ts';
import type { SplitScores } from './checkpoints.ts';

/** How hard the gates are set: the same for all, which is one number to choose from few positives, where thresholds would be several. */
export interface Hardness {
  /** Of the positives that the last part would accept the share that each gate stops. */
  readonly lost: number;
  /** How many times lower than that the odds of each threshold are: who was never seen may score less than all that were. */
  readonly odds: number;
}

/** What is tried, from hardest to softest. */
export const HARDNESSES: readonly Hardness[] = [
  ...[0.1, 0.07, 0.05, 0.03, 0.02, 0.01, 0.005, 0].map((lost) => ({ lost, odds: 1 })),
  ...[2, 5, 10, 30].map((odds) => ({ lost: 0, odds })),
];

/** Gates that are set, and the last part behind them. */
export interface Setting {
  /** Null: all gates are open. */
  readonly hardness: Hardness | null;
  /** By part. */
  readonly thresholds: readonly number[];
  /** Balanced accuracy of the cascade on the windows it was chosen on. */
  readonly quality: number;
}

type Labelled = Pick<Examples, 'classes' | 'groups'>;

/** Of the groups, so that nobody's windows set the gates that these are judged by. */
const FOLDS = 4;

/**
 * Of all hardnesses, open gates among them, the one that decides best on groups that did not set it (cross-validated over the groups of these windows),
 * and of equal ones the hardest; then set on all of them.
 */
export function chooseSetting(split: SplitScores, examples: Labelled): Setting {
  const tried = [...HARDNESSES, null].map((hardness) => ({
    hardness,
    quality: crossValidated(split, examples, hardness),
  }));
  const { hardness } = tried.reduce((best, own) => (own.quality > best.quality ? own : best));
  return settingOf(split, examples.classes, hardness);
}

/** Balanced accuracy over all windows, each decided by what the other folds' groups set. */
function crossValidated(split: SplitScores, { classes, groups }: Labelled, hardness: Hardness | null): number {
  const names = [...new Set(groups)].sort();
  const foldOf = new Map(names.map((name, at) => [name, at % FOLDS]));
  const within = (wanted: (fold: number) => boolean): number[] =>
    groups.flatMap((group, index) => (wanted(foldOf.get(group) ?? 0) ? [index] : []));
  const right = [0, 0];
  for (let fold = 0; fold < FOLDS; fold++) {
    const [others, held] = [within((own) => own !== fold), within((own) => own === fold)];
    const { thresholds } = settingOf(pickScores(split, others), pickClasses(classes, others), hardness);
    const { accepted } = decide(pickScores(split, held), thresholds);
    for (const [at, index] of held.entries()) {
      const isPositive = classes[index] > 0;
      if ((accepted[at] === 1) === isPositive) right[isPositive ? 1 : 0]++;
    }
  }
  const positives = classes.reduce((sum, label) => sum + (label > 0 ? 1 : 0), 0);
  return (right[1] / Math.max(1, positives) + right[0] / Math.max(1, classes.length - positives)) / 2;
}

const pickClasses = (classes: Int32Array, indices: readonly number[]): Int32Array =>
  Int32Array.from(indices, (index) => classes[index]);
const pickScores = ({ scores }: Pick<SplitScores, 'scores'>, indices: readonly number[]): SplitScores => ({
  scores: scores.map((own) => Float32Array.from(indices, (index) => own[index])),
  sent: [],
});

/**
 * Of each gate the highest threshold that stops at most that share of the positives which the last part would accept, or one of lower odds, and of the last
 * part the one with the best balanced accuracy of the whole.
 * @param hardness null: the gates let everything pass
 */
export function settingOf({ scores }: SplitScores, classes: Int32Array, hardness: Hardness | null): Setting {
  const last = scores[scores.length - 1];
  const all = Array.from(classes, (_, index) => index);
  const alone = bestLast(last, classes, all);
  const accepted = all.filter((index) => classes[index] > 0 && last[index] >= alone.threshold);
  const gates = scores.slice(0, -1).map((own) => {
    if (hardness === null) return 0;
    const ordered = accepted.map((index) => own[index]).sort((a, b) => a - b);
    const threshold = ordered[Math.floor(hardness.lost * ordered.length)] ?? 0;
    return rounded(threshold / (threshold + hardness.odds * (1 - threshold)));
  });
  const reaching = all.filter((index) => gates.every((threshold, gate) => scores[gate][index] >= threshold));
  const { threshold, quality } = bestLast(last, classes, reaching);
  return { hardness, thresholds: [...gates, threshold], quality };
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
