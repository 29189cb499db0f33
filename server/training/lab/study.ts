// All that a lab page says of a task, as data: per way of gating means over seeds, energy and gains.
import { type GraphCost, graphCost } from '../../models/graph-cost.ts';
import { costWithTokens } from '../gated/token-cost.ts';
import { ARRANGEMENTS, type Arrangement, coresOf, type Fold, placesOf, type TaskSpec } from '../tasks/task.ts';
import type { Trained } from './checkpoints.ts';
import type { LabDevice, Placed } from './device.ts';
import { computeEnergy, type EnergyFigures, reach } from './energy.ts';
import type { ComputeCascade, ComputeCores } from './first-cores.ts';
import { drawnGates, type Estimate, estimate, type Figures, type Measured, meanGates } from './measure.ts';
import { type SettingRow, settingRows } from './settings.ts';
import type { Steps } from './train-variant.ts';
import { ALPHA, ALPHAS, BETA, BETAS, isSame, SWEPT, sweptSeeds, type Variant } from './variants.ts';

export interface TrainedVariant {
  readonly variant: Variant;
  readonly trained: Trained;
  readonly measured: Measured;
}

/** Shares of windows that are positive. */
export const POSITIVE_RATES = [0.1, 0.01, 0.001, 0.0001] as const;
/** The arrangements of more than one gate. */
const SEVERAL: readonly Arrangement[] = ['two', 'three'];
/** Of the whole device. */
export const DEVICE_HOURS = 1;

export interface Gain {
  readonly positiveRate: number;
  readonly reach: readonly number[];
  /** Joules a window, compute alone. */
  readonly joules: number;
  readonly compute: number;
  /** Watts of the device at the battery; null where it refuses. */
  readonly watts: number | null;
  readonly device: number | null;
}

export interface Row {
  readonly arrangement: Arrangement;
  readonly alpha: number;
  readonly beta: number;
  readonly cores: readonly string[];
  readonly quality: Estimate;
  /** To the network without gates. */
  readonly difference: Estimate;
  readonly quantisingCost: number;
  readonly negativesStopped: number;
  readonly positivesKept: number;
  /** Against activations of 8 bits; against 32 of the same the rest is a quarter. */
  readonly compressed: readonly number[];
  readonly zeros: readonly number[];
  readonly bytes: readonly number[];
  readonly elementsBefore: readonly number[];
  readonly costs: readonly GraphCost[];
  readonly gates: Figures['gates'];
  readonly gains: readonly Gain[];
  /** As compute alone sees it, whatever the cores. */
  readonly compute: ComputeCascade;
  /** Its gates with the test's groups drawn again. */
  readonly drawn: readonly Figures['gates'][];
  /** Why the device cannot run it; null: it can. */
  readonly refusal: string | null;
}

export interface Study {
  readonly task: TaskSpec;
  readonly trained: readonly TrainedVariant[];
  readonly setting: {
    readonly seeds: number;
    readonly quick: boolean;
    readonly sweep: boolean;
    readonly steps: Steps;
    readonly backend: string;
  };
  readonly sizes: Readonly<
    Record<
      'train' | 'validation' | 'test',
      { readonly positives: number; readonly negatives: number; readonly groups: number }
    >
  >;
  readonly rows: readonly Row[];
  readonly sweep: readonly Row[];
  readonly energy: EnergyFigures;
  readonly cores: ComputeCores;
  /** How hard the gates of the arrangements with several are set, and what comes of it. */
  readonly settings: readonly SettingRow[];
  readonly windowSeconds: number;
  /** Of the device with one early gate that stops everything; null where it cannot run that. */
  readonly floorWatts: number | null;
}

export function study(
  task: TaskSpec,
  trained: readonly TrainedVariant[],
  folds: (seed: number) => Fold,
  device: LabDevice,
  cores: ComputeCores,
  setting: Study['setting'],
): Study {
  const whole = variantsLike(trained, { arrangement: 'none', alpha: ALPHA, beta: BETA });
  const baseline = placedOf(task, whole, 'none');
  const energy = device.figures(baseline);
  const rowOf = (arrangement: Arrangement, alpha: number, beta: number, gained: boolean): Row => {
    const like = variantsLike(trained, { arrangement, alpha, beta });
    const own = gained ? like : like.slice(0, sweptSeeds(setting.seeds));
    const placed = placedOf(task, own, arrangement);
    const gates = meanGates(own.map(({ measured }) => measured.gates));
    const { quality, difference } = estimate(
      own.map(({ measured }) => measured.groups),
      whole.map(({ measured }) => measured.groups),
    );
    const refusal = gained ? device.refusal(placed) : null;
    const gains = gained
      ? POSITIVE_RATES.map((rate) => gainOf(task, placed, baseline, gates, rate, energy, device))
      : [];
    const mean = (of: (one: TrainedVariant) => number): number =>
      own.reduce((sum, one) => sum + of(one), 0) / own.length;
    const byCut = (of: (one: TrainedVariant) => readonly number[]): readonly number[] =>
      placesOf(task, arrangement).map((_, cut) => mean((one) => of(one)[cut]));
    return {
      arrangement,
      alpha,
      beta,
      cores: coresOf(task, arrangement),
      quality,
      difference,
      quantisingCost: mean(({ measured }) => measured.floatBalancedAccuracy - measured.balancedAccuracy),
      negativesStopped: mean(({ measured }) => measured.negativesStopped),
      positivesKept: mean(({ measured }) => measured.positivesKept),
      compressed: byCut(({ measured }) => measured.compressed),
      zeros: byCut(({ measured }) => measured.zeros),
      bytes: placed.bytes,
      elementsBefore: own[0].trained.elementsBefore,
      costs: placed.costs,
      gates,
      gains,
      compute: { macs: macsOf(placed), wholeMacs: macsOf(baseline)[0], gates, bytes: placed.bytes },
      drawn: gained ? drawnGates(own.map(({ measured }) => measured.reaching)) : [],
      refusal,
    };
  };
  const early = placedOf(task, variantsLike(trained, { arrangement: 'early', alpha: ALPHA, beta: BETA }), 'early');
  const { train, validation, test } = folds(0);
  const sizeOf = ({ classes, groups }: Fold['test']) => {
    const positives = classes.reduce((sum, label) => sum + (label > 0 ? 1 : 0), 0);
    return { positives, negatives: classes.length - positives, groups: new Set(groups).size };
  };
  return {
    task,
    trained,
    setting,
    sizes: { train: sizeOf(train), validation: sizeOf(validation), test: sizeOf(test) },
    rows: ARRANGEMENTS.map((arrangement) => rowOf(arrangement, ALPHA, BETA, true)),
    sweep: setting.sweep ? ALPHAS.flatMap((alpha) => BETAS.map((beta) => rowOf(SWEPT, alpha, beta, false))) : [],
    energy,
    cores,
    settings: SEVERAL.flatMap((arrangement) => {
      const own = variantsLike(trained, { arrangement, alpha: ALPHA, beta: BETA });
      const macs = { macs: macsOf(placedOf(task, own, arrangement)), wholeMacs: macsOf(baseline)[0] };
      return settingRows(arrangement, own, whole, folds, macs, cores);
    }),
    windowSeconds: device.windowSeconds,
    floorWatts:
      device.refusal(early) === null
        ? device.watts(early, [{ stopped: 1, kept: 1 }], 0, task.spellSeconds, DEVICE_HOURS)
        : null,
  };
}

const variantsLike = (trained: readonly TrainedVariant[], wanted: Omit<Variant, 'seed'>): readonly TrainedVariant[] =>
  trained.filter(({ variant }) => isSame(variant, wanted));

function placedOf(task: TaskSpec, own: readonly TrainedVariant[], arrangement: Arrangement): Placed {
  const [{ trained }] = own;
  const mean = (key: 'bytes' | 'sent'): readonly number[] =>
    trained.parts.slice(1).map((_, cut) => own.reduce((sum, { measured }) => sum + measured[key][cut], 0) / own.length);
  const sent = mean('sent');
  return {
    name: `${task.name}-${arrangement}`,
    costs: trained.parts.map((part, number) => {
      const dropsTokens = (trained.parts[number - 1]?.sends?.together ?? 1) > 1;
      return dropsTokens ? costWithTokens(part, Math.ceil(sent[number - 1])) : graphCost(part.model, task.frames);
    }),
    cores: coresOf(task, arrangement),
    bytes: mean('bytes'),
  };
}

const macsOf = ({ costs }: Placed): readonly number[] => costs.map(({ totalMacs }) => totalMacs);

function gainOf(
  { spellSeconds }: TaskSpec,
  placed: Placed,
  baseline: Placed,
  gates: Figures['gates'],
  positiveRate: number,
  energy: EnergyFigures,
  device: LabDevice,
): Gain {
  const joules = computeEnergy(macsOf(placed), placed.cores, { gates, bytes: placed.bytes }, positiveRate, energy);
  const baselineJoules = computeEnergy(
    macsOf(baseline),
    baseline.cores,
    { gates: [], bytes: [] },
    positiveRate,
    energy,
  );
  const wattsOf = (which: Placed, own: Figures['gates']): number | null =>
    device.refusal(which) === null ? device.watts(which, own, positiveRate, spellSeconds, DEVICE_HOURS) : null;
  const watts = wattsOf(placed, gates);
  const baselineWatts = wattsOf(baseline, []);
  return {
    positiveRate,
    reach: reach(gates, positiveRate),
    joules,
    compute: baselineJoules / joules,
    watts,
    device: watts === null || baselineWatts === null ? null : baselineWatts / watts,
  };
}
