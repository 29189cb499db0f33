// How hard the gates are set, and what comes of it on the test split.
import type { Fold } from '../tasks/task.ts';
import { figuresOf } from './measure.ts';
import type { TrainedVariant } from './study.ts';
import { LOST_SHARES, settingOf } from './thresholds.ts';

/** Means over the seeds of what a setting of all gates does on the test, chosen on validation. */
export interface SettingRow {
  /** Of the positives that the last part would accept, at each gate. */
  readonly lost: number;
  readonly balancedAccuracy: number;
  readonly negativesStopped: number;
  readonly positivesKept: number;
  /** Share of the seeds whose thresholds are these. */
  readonly chosen: number;
}

export const settingRows = (own: readonly TrainedVariant[], folds: (seed: number) => Fold): readonly SettingRow[] =>
  LOST_SHARES.map((lost) => {
    const each = own.map(({ variant, trained, measured }) => {
      const { validation, test } = folds(variant.seed);
      const { thresholds } = settingOf(trained.validation, validation.classes, lost);
      return {
        ...figuresOf(trained, trained.test, test, thresholds),
        chosen: thresholds.every((threshold, part) => threshold === measured.thresholds[part]) ? 1 : 0,
      };
    });
    const mean = (key: 'balancedAccuracy' | 'negativesStopped' | 'positivesKept' | 'chosen'): number =>
      each.reduce((sum, one) => sum + one[key], 0) / each.length;
    return {
      lost,
      balancedAccuracy: mean('balancedAccuracy'),
      negativesStopped: mean('negativesStopped'),
      positivesKept: mean('positivesKept'),
      chosen: mean('chosen'),
    };
  });
