// All that a lab page says of a task, as data: per way of gating means over seeds, energy and gains.
import { type GraphCost, graphCost } from '../../models/graph-cost.ts';
import { ARRANGEMENTS, type Arrangement, type Fold, placesOf, type TaskSpec } from '../tasks/task.ts';
import type { Trained } from './checkpoints.ts';
import type { LabDevice, Placed } from './device.ts';
import { computeEnergy, type EnergyFigures, reach } from './energy.ts';
import { type Estimate, estimate, type Measured } from './measure.ts';
import { ALPHA, ALPHAS, BETA, BETAS, isSame, SWEPT, sweptSeeds, type Variant } from './variants.ts';

export interface TrainedVariant {
  readonly variant: Variant;
  readonly trained: Trained;
  readonly measured: Measured;
}

/** Where the parts of each arrangement run, on a device with these three cores. */
export const CORES: Readonly<Record<Arrangement, readonly string[]>> = {
  none: ['app'],
  early: ['dsp', 'app'],
  late: ['dsp', 'app'],
  two: ['dsp', 'mcu', 'app'],
  three: ['dsp', 'dsp', 'mcu', 'app'],
};

/** Shares of windows that are positive. */
export const POSITIVE_RATES = [0.1, 0.01, 0.001] as const;
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
  readonly compressed: readonly number[];
  readonly zeros: readonly number[];
  readonly bytes: readonly number[];
  readonly elementsBefore: readonly number[];
  readonly costs: readonly GraphCost[];
  readonly gates: Measured['gates'];
  readonly gains: readonly Gain[];
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
    readonly steps: number;
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
  readonly hopSeconds: number;
  /** Of the device with one early gate that stops everything; null where it cannot run that. */
  readonly floorWatts: number | null;
}

export function study(
  task: TaskSpec,
  trained: readonly TrainedVariant[],
  folds: (seed: number) => Fold,
  device: LabDevice,
  setting: Study['setting'],
): Study {
  const whole = variantsLike(trained, { arrangement: 'none', alpha: ALPHA, beta: BETA });
  const baseline = placedOf(task, whole, 'none');
  const energy = device.figures(baseline);
  const rowOf = (arrangement: Arrangement, alpha: number, beta: number, gained: boolean): Row => {
    const like = variantsLike(trained, { arrangement, alpha, beta });
    const own = gained ? like : like.slice(0, sweptSeeds(setting.seeds));
    const placed = placedOf(task, own, arrangement);
    const gates = meanGates(own);
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
      cores: CORES[arrangement],
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
    hopSeconds: device.hopSeconds,
    floorWatts:
      device.refusal(early) === null
        ? device.watts(early, [{ stopped: 1, kept: 1 }], 0, task.spellSeconds, DEVICE_HOURS)
        : null,
  };
}

const variantsLike = (trained: readonly TrainedVariant[], wanted: Omit<Variant, 'seed'>): readonly TrainedVariant[] =>
  trained.filter(({ variant }) => isSame(variant, wanted));

function placedOf({ name, frames }: TaskSpec, own: readonly TrainedVariant[], arrangement: Arrangement): Placed {
  const [{ trained }] = own;
  const cuts = trained.parts.length - 1;
  return {
    name: `${name}-${arrangement}`,
    costs: trained.parts.map(({ model }) => graphCost(model, frames)),
    cores: CORES[arrangement],
    frames,
    bytes: Array.from(
      { length: cuts },
      (_, cut) => own.reduce((sum, { measured }) => sum + measured.bytes[cut], 0) / own.length,
    ),
  };
}

function meanGates(own: readonly TrainedVariant[]): Measured['gates'] {
  return own[0].measured.gates.map((_, gate) => {
    const mean = (key: 'stopped' | 'kept'): number =>
      own.reduce((sum, { measured }) => sum + measured.gates[gate][key], 0) / own.length;
    return { stopped: mean('stopped'), kept: mean('kept') };
  });
}

function gainOf(
  { spellSeconds }: TaskSpec,
  placed: Placed,
  baseline: Placed,
  gates: Measured['gates'],
  positiveRate: number,
  energy: EnergyFigures,
  device: LabDevice,
): Gain {
  const macs = ({ costs }: Placed): readonly number[] => costs.map(({ totalMacs }) => totalMacs);
  const joules = computeEnergy(macs(placed), placed.cores, { gates, bytes: placed.bytes }, positiveRate, energy);
  const baselineJoules = computeEnergy(macs(baseline), baseline.cores, { gates: [], bytes: [] }, positiveRate, energy);
  const wattsOf = (which: Placed, own: Measured['gates']): number | null =>
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
