// How hard the gates are set, and what comes of it on the test split.
import type { Arrangement, Fold } from '../tasks/task.ts';
import { type ComputeCascade, type ComputeCores, gainEstimate } from './first-cores.ts';
import { drawnGates, type Estimate, estimate, figuresOf, meanGates } from './measure.ts';
import { POSITIVE_RATES, type TrainedVariant } from './study.ts';
import { HARDNESSES, type Hardness, settingOf } from './thresholds.ts';

/** What a setting of all gates does on the test, chosen on validation: means over the seeds. */
export interface SettingRow {
  readonly arrangement: Arrangement;
  readonly hardness: Hardness;
  readonly quality: Estimate;
  /** To the network without gates. */
  readonly difference: Estimate;
  readonly negativesStopped: number;
  readonly positivesKept: number;
  /** Of compute alone with the thriftiest first core, by positive rate. */
  readonly gains: readonly Estimate[];
  /** Share of the seeds whose thresholds are these. */
  readonly chosen: number;
}

/**
 * @param whole the network without gates, of the same seeds
 * @param macs of each part, and of the network without gates
 */
export const settingRows = (
  arrangement: Arrangement,
  own: readonly TrainedVariant[],
  whole: readonly TrainedVariant[],
  folds: (seed: number) => Fold,
  macs: Pick<ComputeCascade, 'macs' | 'wholeMacs'>,
  cores: ComputeCores,
): readonly SettingRow[] =>
  HARDNESSES.map((hardness) => {
    const each = own.map(({ variant, trained, measured }) => {
      const { validation, test } = folds(variant.seed);
      const { thresholds } = settingOf(trained.validation, validation.classes, hardness);
      return {
        ...figuresOf(trained, trained.test, test, thresholds),
        chosen: thresholds.every((threshold, part) => threshold === measured.thresholds[part]) ? 1 : 0,
      };
    });
    const mean = (of: (one: (typeof each)[number]) => number): number =>
      each.reduce((sum, one) => sum + of(one), 0) / each.length;
    const cascade = {
      ...macs,
      gates: meanGates(each.map(({ gates }) => gates)),
      bytes: each[0].bytes.map((_, cut) => mean(({ bytes }) => bytes[cut])),
    };
    const drawn = drawnGates(each.map(({ reaching }) => reaching));
    return {
      arrangement,
      hardness,
      ...estimate(
        each.map(({ groups }) => groups),
        whole.map(({ measured }) => measured.groups),
      ),
      negativesStopped: mean(({ negativesStopped }) => negativesStopped),
      positivesKept: mean(({ positivesKept }) => positivesKept),
      gains: POSITIVE_RATES.map((rate) =>
        gainEstimate(cascade, drawn, cores.first[cores.first.length - 1], cores, rate),
      ),
      chosen: mean(({ chosen }) => chosen),
    };
  });
