// From scores to figures: thresholds from validation, what they do on the test, and intervals by drawing the test's groups again.
import { elementCount } from '../../models/onnx-tensor.ts';
import { nextIndex, seedRandom } from '../../random.ts';
import type { Examples } from '../tasks/task.ts';
import type { SplitScores, Trained } from './checkpoints.ts';
import { chooseSetting, decide, sharesAt } from './thresholds.ts';

/** What a cascade does on one split. */
export interface Figures {
  /** By gate (all parts but the last): shares of those that reach it. */
  readonly gates: readonly { readonly stopped: number; readonly kept: number }[];
  /** Of all negatives, those that no last part sees; of all positives, those that it sees. */
  readonly negativesStopped: number;
  readonly positivesKept: number;
  /** By cut, over the windows that pass: mean count of values (of tokens: whole ones) that are not zero. */
  readonly sent: readonly number[];
  /** By cut: mean bytes that cross, a bit for each value or token and a byte for each value of those that are not zero. */
  readonly bytes: readonly number[];
  /** By cut: 1 - those bytes over the bytes of the activations that were there before, 8 bits each. */
  readonly compressed: readonly number[];
  /** By cut: share of zeros among what crosses, of values or whole tokens. */
  readonly zeros: readonly number[];
  readonly balancedAccuracy: number;
  readonly groups: ReadonlyMap<string, Counts>;
  readonly reaching: ReadonlyMap<string, Reaching>;
}

/** Of one group: by part, how many positives and negatives reach it. */
export interface Reaching {
  readonly positives: readonly number[];
  readonly negatives: readonly number[];
}

/** The test split, with thresholds from validation. */
export interface Measured extends Figures {
  readonly thresholds: readonly number[];
  readonly onValidation: Figures;
  readonly floatBalancedAccuracy: number;
}

/** Of one group: positives and negatives, and how many of each are decided rightly. */
export interface Counts {
  positives: number;
  detected: number;
  negatives: number;
  rejected: number;
}

export function measure(trained: Trained, validation: Examples, test: Examples): Measured {
  const { thresholds } = chooseSetting(trained.validation, validation);
  return {
    ...figuresOf(trained, trained.test, test, thresholds),
    thresholds,
    onValidation: figuresOf(trained, trained.validation, validation, thresholds),
    floatBalancedAccuracy: balancedAccuracy([
      ...countByGroup(decide(trained.floatTest, thresholds).accepted, test).values(),
    ]),
  };
}

/** @param split what the parts gave for the examples */
export function figuresOf(
  { parts, elementsBefore }: Pick<Trained, 'parts' | 'elementsBefore'>,
  split: SplitScores,
  examples: Examples,
  thresholds: readonly number[],
): Figures {
  const decided = decide(split, thresholds);
  const reaching = reachingByGroup(decided.reached, examples, thresholds.length);
  const { kept, stopped } = sharesAt(decided, examples, thresholds.length - 1);
  const crossing = thresholds.slice(0, -1).map((_, number) => {
    const passing = indicesWhere(decided.reached, (reached) => reached > number);
    const { shape, together } = parts[number].sends ?? { shape: [], together: 1 };
    const groups = elementCount(shape) / together;
    const sent = passing.reduce((sum, index) => sum + split.sent[number][index], 0) / Math.max(1, passing.length);
    return { sent, bytes: Math.ceil(groups / 8) + sent * together, zeros: 1 - sent / groups };
  });
  const groups = countByGroup(decided.accepted, examples);
  return {
    gates: gatesOf([...reaching.values()]),
    negativesStopped: stopped,
    positivesKept: kept,
    sent: crossing.map(({ sent }) => sent),
    bytes: crossing.map(({ bytes }) => bytes),
    compressed: crossing.map(({ bytes }, number) => 1 - bytes / elementsBefore[number]),
    zeros: crossing.map(({ zeros }) => zeros),
    balancedAccuracy: balancedAccuracy([...groups.values()]),
    groups,
    reaching,
  };
}

function reachingByGroup(
  reached: Uint8Array,
  { classes, groups }: Examples,
  parts: number,
): ReadonlyMap<string, Reaching> {
  const byGroup = new Map<string, { positives: number[]; negatives: number[] }>();
  for (const [index, group] of groups.entries()) {
    const none = () => new Array<number>(parts).fill(0);
    const own = byGroup.get(group) ?? { positives: none(), negatives: none() };
    byGroup.set(group, own);
    const counts = classes[index] > 0 ? own.positives : own.negatives;
    for (let part = 0; part <= reached[index]; part++) counts[part]++;
  }
  return byGroup;
}

/** What each gate does with those that reach it; one that none reaches stops no negative and keeps all positives. */
export function gatesOf(reaching: readonly Reaching[]): Figures['gates'] {
  const sum = (key: 'positives' | 'negatives', part: number): number =>
    reaching.reduce((total, own) => total + own[key][part], 0);
  const passed = (key: 'positives' | 'negatives', gate: number): number =>
    sum(key, gate) === 0 ? 1 : sum(key, gate + 1) / sum(key, gate);
  return (reaching[0]?.positives ?? []).slice(1).map((_, gate) => ({
    stopped: 1 - passed('negatives', gate),
    kept: passed('positives', gate),
  }));
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
  const interval = (which: 0 | 1): readonly [number, number] => intervalOf(drawn.map((pair) => pair[which]));
  return {
    quality: { value: whole(own), interval: interval(0) },
    difference: { value: whole(own) - whole(other), interval: interval(1) },
  };
}

/** Means over seeds of what each gate does. */
export function meanGates(seeds: readonly Figures['gates'][]): Figures['gates'] {
  return seeds[0].map((_, gate) => {
    const mean = (key: 'stopped' | 'kept'): number =>
      seeds.reduce((sum, own) => sum + own[gate][key], 0) / seeds.length;
    return { stopped: mean('stopped'), kept: mean('kept') };
  });
}

/** Mean gates over seeds, each time with the groups of each seed's test drawn again. */
export function drawnGates(seeds: readonly ReadonlyMap<string, Reaching>[]): readonly Figures['gates'][] {
  const random = seedRandom(1, 'bootstrap');
  const each = seeds.map((groups) => [...groups.values()]);
  return Array.from({ length: DRAWS }, () =>
    meanGates(each.map((groups) => gatesOf(groups.map(() => groups[nextIndex(random, groups.length)])))),
  );
}

/** What 95 % of these values lie within. */
export function intervalOf(values: readonly number[]): readonly [number, number] {
  const sorted = [...values].sort((a, b) => a - b);
  return [sorted[Math.floor(0.025 * sorted.length)], sorted[Math.floor(0.975 * sorted.length)]];
}

const indicesWhere = (values: ArrayLike<number>, keep: (value: number) => boolean): number[] =>
  Array.from(values).flatMap((value, index) => (keep(value) ? [index] : []));
