// What a finished run says: the object that `lightsleeper run --json` prints, that REST serves and that the page shows.

import type { CoreSeconds } from '../simulate/core-seconds.ts';
import type { InputView } from '../views.ts';
import type { ByConfidence } from './confidence.ts';

/** 95 % confidence bounds. */
export type Interval = readonly [low: number, high: number];

/** Why an event went undetected: stopped by a stage's gate (`gate:<stage>`), or one of the device's own failings. */
export type MissCause = `gate:${string}` | 'dropped' | 'late' | 'brown-out' | 'off' | 'hold' | 'unheard';

export interface CoreReport {
  readonly name: string;
  readonly kind: CoreKind;
  readonly averageMilliwatts: number;
  /** Share of the run in each activity (`active`, each power state, `transition`, `boot`, `off`); sums to 1. */
  readonly residency: Readonly<Record<string, number>>;
  /** What it drew in each activity; adds up to all that it drew. */
  readonly joules: Readonly<Record<string, number>>;
  /** Of the power profile that the run began with. */
  readonly operatingPoint: string;
  /** Returns from a power state. */
  readonly wakes: number;
}

export type CoreKind = 'dsp' | 'low-power' | 'application';

export interface StageReport {
  readonly name: string;
  readonly core: string;
  /** Multiply-accumulates for one window, counted from the model's graph. */
  readonly macs: number;
  readonly parameters: number;
  readonly weightBytes: number;
  readonly threshold: number;
  readonly windowsIn: number;
  readonly windowsPassed: number;
  readonly dropped: number;
  /** Windows that reach the stage / all windows. */
  readonly reach: number;
  /** Share of the windows outside any event that the gate stops. */
  readonly stopRate: number;
  readonly millijoulesPerInference: number;
}

export interface LatencyPart {
  /** `algorithm`, `fifo`, or a stage's `queue`, `wake`, `transfer`, `compute`. */
  readonly part: string;
  readonly stage: string | null;
  readonly meanMilliseconds: number;
}

export interface BaselineReport {
  readonly stage: string;
  readonly core: string;
  readonly energyJoules: number;
  readonly computeJoules: number;
  /** Null: for ever. */
  readonly lifeHours: number | null;
  /**
   * On the labelled test set of the cards: the verifier alone, at the strictest threshold that misses no more than the cascade does at most, and what
   * that cascade misses and accepts at most. Null when a model has no operating curve.
   */
  readonly quality: {
    readonly threshold: number;
    readonly missRate: number;
    readonly falseAcceptsPerHour: number;
    readonly source: string;
    readonly cascade: { readonly missRate: number; readonly falseAcceptsPerHour: number };
  } | null;
  readonly gainCompute: number;
  readonly gainDevice: number;
  /** What a gain has to be read with. */
  readonly context: {
    readonly positiveRate: number;
    readonly picojoulesPerMac: Readonly<Record<string, number>>;
    readonly floorMilliwatts: number;
  };
  /** The best placement of one model without a gate that is as good by its operating curve; the refusals say why others are not, or cannot be. */
  readonly bestSingleCore: {
    readonly core: string;
    readonly stage: string;
    readonly energyJoules: number;
    readonly gainCompute: number;
    readonly gainDevice: number;
  };
  readonly refused: ReadonlyArray<{ readonly core: string; readonly stage: string; readonly reason: string }>;
}

/** Life and power as intervals: what the ranges of the device's figures make of them. */
export interface UncertaintyReport {
  /** Devices drawn. */
  readonly samples: number;
  /** Of the run, spread over it: what each was simulated over. */
  readonly simulatedMinutes: number;
  /** Figures drawn within the range they give, and estimated ones drawn within 30 %. */
  readonly ranged: number;
  readonly assumed: number;
  /** Paths of figures left at their value, since at an end of their range the device could not be. */
  readonly left: readonly string[];
  /** Null of a device that lasts for ever. */
  readonly lifeHours: Interval | null;
  readonly averageMilliwatts: Interval;
  /** The three figures that cause most of it (of the power, where life has no end), with both at either end of each and their share of the variance. */
  readonly causes: ReadonlyArray<{
    readonly path: string;
    readonly value: string;
    /** Ends of its range, as a share of the value. */
    readonly lowShare: number;
    readonly highShare: number;
    /** Null of a device that lasts for ever. */
    readonly lifeHours: Interval | null;
    readonly averageMilliwatts: Interval;
    readonly share: number;
  }>;
}

export interface RunReport {
  readonly scenario: string;
  readonly device: string;
  readonly powerProfile: string;
  readonly seed: number;
  readonly simulatedSeconds: number;
  readonly wallSeconds: number;
  readonly energy: {
    /** Drawn by the device from its battery, or from its charger. */
    readonly totalJoules: number;
    /** By rail at the regulators' outputs; `regulators` is what conversion cost. */
    readonly byRail: Readonly<Record<string, number>>;
    readonly byComponent: Readonly<Record<string, number>>;
    /** By the least trusted of the figures that a joule comes from; adds up to all. */
    readonly byConfidence: ByConfidence;
  };
  readonly battery: {
    readonly startSoc: number;
    readonly endSoc: number;
    /** Until it first runs out; null where it is charged as much as it uses: for ever. */
    readonly lifeHours: number | null;
    /** True where the life lies beyond the 104 days that integer nanoseconds reach. */
    readonly lifeExtrapolated: boolean;
    /** Into the cell; and what the charger took from the mains for cell and device. */
    readonly chargedJoules: number;
    readonly mainsJoules: number;
    readonly averageMilliwatts: number;
  };
  readonly cores: readonly CoreReport[];
  readonly stages: readonly StageReport[];
  readonly detections: {
    readonly events: number;
    readonly truePositives: number;
    readonly misses: number;
    readonly missesBy: Readonly<Partial<Record<MissCause, number>>>;
    readonly falseAccepts: number;
    readonly missRate: number;
    readonly missRateInterval: Interval;
    readonly falseAcceptsPerHour: number;
    readonly falseAcceptsPerHourInterval: Interval;
  };
  readonly latencyMilliseconds: {
    readonly p50: number | null;
    readonly p95: number | null;
    readonly p99: number | null;
    readonly parts: readonly LatencyPart[];
  };
  readonly stream: {
    readonly windows: number;
    /** Share of the hops whose level is at least 10 dB above the noise floor. */
    readonly tenDecibelsAboveFloor: number;
    readonly eventsByLabel: Readonly<Record<string, number>>;
  };
  /** What was done to the run while it went on. */
  readonly inputs: readonly InputView[];
  readonly baseline: BaselineReport | null;
  /** Null when it was not asked for. */
  readonly uncertainty: UncertaintyReport | null;
  /** Relative error of the energy balance; a run in which it exceeds its bound fails. */
  readonly conservation: number;
  readonly warnings: readonly string[];
  readonly engine: { readonly version: string };
  /** What the run took, measured: all that differs, besides `wallSeconds`, between runs with the same seed. */
  readonly cost: {
    readonly node: string;
    readonly inferenceThreads: number;
    readonly coreSeconds: CoreSeconds;
    /** Largest resident memory of the run's process. */
    readonly peakMegabytes: number;
  };
}

/** What the same seed gives again, but for `wallSeconds`. */
export const withoutCost = ({ cost: _, ...report }: RunReport): Omit<RunReport, 'cost'> => report;
