// From scores to figures: thresholds from validation, what they do on the test, and intervals by drawing the test's groups again.
import { nextIndex, seedRandom } from '../../random.ts';
import type { Examples } from '../tasks/task.ts';
import type { SplitScores, Trained } from './checkpoints.ts';

/** Share of the positives that reach a gate which it is to let pass on validation. */
export const KEEP = 0.98;

export interface Measured {
  readonly thresholds: readonly number[];
  /** By gate (all parts but the last): shares of those that reach it. */
  readonly gates: readonly { readonly stopped: number; readonly kept: number }[];
  /** Of all negatives, those that no last part sees; of all positives, those that it sees. */
  readonly negativesStopped: number;
  readonly positivesKept: number;
  /** By cut, over the windows that pass: mean bytes that cross (a bit for each place, a byte for each that is not zero). */
  readonly bytes: readonly number[];
  /** By cut: 1 - those bytes over the bytes of the activations that were there before. */
  readonly compressed: readonly number[];
  /** By cut: share of zeros among what crosses. */
  readonly zeros: readonly number[];
  readonly balancedAccuracy: number;
  readonly floatBalancedAccuracy: number;
  readonly groups: ReadonlyMap<string, Counts>;
}

/** Of one group: positives and negatives, and how many of each are decided rightly. */
export interface Counts {
  positives: number;
  detected: number;
  negatives: number;
  rejected: number;
}

export function measure(trained: Trained, validation: Examples, test: Examples): Measured {
  const thresholds = chooseThresholds(trained.validation, validation.classes);
  const decided = decide(trained.test, thresholds);
  const gates = thresholds.slice(0, -1).map((threshold, number) => {
    const reaching = indicesWhere(decided.reached, (reached) => reached >= number);
    const share = (positive: boolean, passes: boolean): number => {
      const own = reaching.filter((index) => test.classes[index] > 0 === positive);
      const hits = own.filter((index) => trained.test.scores[number][index] >= threshold === passes);
      return own.length === 0 ? (passes ? 1 : 0) : hits.length / own.length;
    };
    return { stopped: share(false, false), kept: share(true, true) };
  });
  const last = thresholds.length - 1;
  const seen = (positive: boolean): number => {
    const own = indicesWhere(test.classes, (label) => label > 0 === positive);
    return own.filter((index) => decided.reached[index] >= last).length / Math.max(1, own.length);
  };
  const crossing = thresholds.slice(0, -1).map((_, number) => {
    const passing = indicesWhere(decided.reached, (reached) => reached > number);
    const elements = (trained.parts[number].sends ?? []).reduce((product, size) => product * size, 1);
    const nonZero = passing.reduce((sum, index) => sum + trained.test.sent[number][index], 0);
    const mean = passing.length === 0 ? 0 : nonZero / passing.length;
    return { bytes: Math.ceil(elements / 8) + mean, zeros: 1 - mean / elements };
  });
  const groups = countByGroup(decided.accepted, test);
  const floatGroups = countByGroup(decide(trained.floatTest, thresholds).accepted, test);
  return {
    thresholds,
    gates,
    negativesStopped: 1 - seen(false),
    positivesKept: seen(true),
    bytes: crossing.map(({ bytes }) => bytes),
    compressed: crossing.map(({ bytes }, number) => 1 - bytes / trained.elementsBefore[number]),
    zeros: crossing.map(({ zeros }) => zeros),
    balancedAccuracy: balancedAccuracy([...groups.values()]),
    floatBalancedAccuracy: balancedAccuracy([...floatGroups.values()]),
    groups,
  };
}

/**
 * Of each gate the highest threshold that lets KEEP of the positives that reach it pass; of the last part the one with the best balanced accuracy of the
 * whole cascade. All on validation.
 */
export function chooseThresholds({ scores }: SplitScores, classes: Int32Array): readonly number[] {
  let reaching = Array.from(classes, (_, index) => index);
  const thresholds = scores.slice(0, -1).map((own) => {
    const positives = reaching
      .filter((index) => classes[index] > 0)
      .map((index) => own[index])
      .sort((a, b) => a - b);
    const threshold = rounded(positives[Math.floor((1 - KEEP) * positives.length)] ?? 0);
    reaching = reaching.filter((index) => own[index] >= threshold);
    return threshold;
  });
  const last = scores[scores.length - 1];
  const negatives = classes.reduce((sum, label) => sum + (label === 0 ? 1 : 0), 0);
  const positives = classes.length - negatives;
  // From above: each window let in adds to the positives found, or to the negatives let through.
  const ordered = [...reaching].sort((a, b) => last[b] - last[a]);
  let best = { score: 0, threshold: 1 };
  let gained = 0;
  for (const index of ordered) {
    gained += classes[index] > 0 ? 1 / positives : -1 / negatives;
    if (gained > best.score) best = { score: gained, threshold: last[index] };
  }
  return [...thresholds, rounded(best.threshold)];
}

/** Down to four digits, as a card has it. */
const rounded = (threshold: number): number => Math.floor(threshold * 1e4) / 1e4;

interface Decisions {
  /** Of each window the last part that sees it. */
  readonly reached: Uint8Array;
  readonly accepted: Uint8Array;
}

function decide({ scores }: SplitScores, thresholds: readonly number[]): Decisions {
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

function countByGroup(accepted: Uint8Array, { classes, groups }: Examples): ReadonlyMap<string, Counts> {
  const byGroup = new Map<string, Counts>();
  for (const [index, group] of groups.entries()) {
    const counts = byGroup.get(group) ?? { positives: 0, detected: 0, negatives: 0, rejected: 0 };
    byGroup.set(group, counts);
    if (classes[index] > 0) {
      counts.positives++;
      counts.detected += accepted[index];
    } else {
      counts.negatives++;
      counts.rejected += 1 - accepted[index];
    }
  }
  return byGroup;
}

/** Mean of the shares of positives and of negatives that are decided rightly. */
export function balancedAccuracy(counts: readonly Counts[]): number {
  const sum = (key: keyof Counts): number => counts.reduce((total, own) => total + own[key], 0);
  return (sum('detected') / Math.max(1, sum('positives')) + sum('rejected') / Math.max(1, sum('negatives'))) / 2;
}

export interface Estimate {
  readonly value: number;
  /** 95 %. */
  readonly interval: readonly [number, number];
}

const DRAWS = 1000;

/**
 * Mean balanced accuracy over seeds, and its difference to another network's on the same windows; intervals by bootstrap over groups (Efron 1979): of each
 * seed's test the groups are drawn again, the same for both.
 */
export function estimate(
  own: readonly ReadonlyMap<string, Counts>[],
  other: readonly ReadonlyMap<string, Counts>[],
): { readonly quality: Estimate; readonly difference: Estimate } {
  const random = seedRandom(1, 'bootstrap');
  const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
  const both = own.map((groups, seed) =>
    [...groups].map(([group, counts]) => [counts, other[seed].get(group) ?? counts]),
  );
  const drawn = Array.from({ length: DRAWS }, () => {
    const seeds = both.map((groups) => {
      const again = groups.map(() => groups[nextIndex(random, groups.length)]);
      return [balancedAccuracy(again.map(([a]) => a)), balancedAccuracy(again.map(([, b]) => b))];
    });
    const a = mean(seeds.map(([first]) => first));
    return [a, a - mean(seeds.map(([, second]) => second))];
  });
  const whole = (maps: readonly ReadonlyMap<string, Counts>[]) =>
    mean(maps.map((groups) => balancedAccuracy([...groups.values()])));
  const interval = (which: 0 | 1): readonly [number, number] => {
    const sorted = drawn.map((pair) => pair[which]).sort((a, b) => a - b);
    return [sorted[Math.floor(0.025 * DRAWS)], sorted[Math.floor(0.975 * DRAWS)]];
  };
  return {
    quality: { value: whole(own), interval: interval(0) },
    difference: { value: whole(own) - whole(other), interval: interval(1) },
  };
}

const indicesWhere = (values: ArrayLike<number>, keep: (value: number) => boolean): number[] =>
  Array.from(values).flatMap((value, index) => (keep(value) ? [index] : []));
