// What can be said of devices, scenarios and runs to somebody who looks on: plain data, ready for JSON.

import type { CoreKind, MissCause, RunReport } from './report/report.ts';

/** `queued`: waits until another run ends. `starting`: its files are read, models loaded. */
export type RunState = 'queued' | 'starting' | 'running' | 'paused' | 'finished' | 'stopped' | 'failed';
/** Simulated seconds per second, or as fast as it goes. */
export type Speed = number | 'max';

/** A run as lists show it. */
export interface RunView {
  readonly id: string;
  /** The scenario's name, which is its file's name without `.yaml`. */
  readonly scenario: string;
  readonly title: string;
  readonly device: string;
  readonly powerProfile: string;
  readonly seed: number;
  readonly durationSeconds: number;
  readonly speed: Speed;
  readonly state: RunState;
  readonly simulatedSeconds: number;
  readonly createdAt: string;
  /** Why it failed, for a person. */
  readonly problem: string | null;
}

export interface RunDetails extends RunView {
  readonly report: RunReport | null;
}

export interface ScenarioView {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly device: string;
  readonly powerProfile: string;
  readonly powerProfiles: readonly string[];
  readonly durationSeconds: number;
  readonly seed: number;
  readonly stages: ReadonlyArray<{ readonly name: string; readonly core: string }>;
  /** Set when the files fail their check; such a scenario cannot be launched. */
  readonly problem: string | null;
}

export interface FigureView {
  readonly path: string;
  readonly value: string;
  readonly source: string;
  readonly confidence: 'measured' | 'datasheet' | 'derived' | 'estimated';
}

export interface DeviceView {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly cores: ReadonlyArray<{
    readonly name: string;
    readonly kind: CoreKind;
    readonly powerStates: readonly string[];
  }>;
  readonly powerProfiles: readonly string[];
  readonly figures: readonly FigureView[];
  readonly problem: string | null;
}

/** What stays the same during a run: what the page draws its frames from. */
export interface RunLayout {
  /** How much is to be simulated. */
  readonly durationSeconds: number;
  readonly sensor: string;
  readonly cores: ReadonlyArray<{
    readonly name: string;
    readonly kind: CoreKind;
    /** Names of the activities that a frame's `residency` lists, in its order: `active`, `transition`, then the power states by depth, `boot`, `off`. */
    readonly activities: readonly string[];
  }>;
  readonly stages: ReadonlyArray<{ readonly name: string; readonly core: string; readonly macs: number }>;
  readonly rails: readonly string[];
  readonly powerProfiles: readonly string[];
  readonly battery: { readonly capacityMilliampereHours: number; readonly cutoffVolts: number };
  readonly label: string;
}

/** A recording laid over the background. */
export interface SoundView {
  readonly label: string;
  readonly startSeconds: number;
  readonly endSeconds: number;
}

/** One look at a run, at most ten a second. Rates and means are over the simulated time since the frame before. */
export interface Frame {
  readonly simulatedSeconds: number;
  /** Simulated seconds per second, as reached. */
  readonly speed: number;
  readonly powerProfile: string;
  readonly battery: {
    readonly soc: number;
    readonly volts: number;
    readonly watts: number;
    /** Hours to cutoff if it goes on as so far; null until something was drawn. */
    readonly forecastHours: number | null;
  };
  /** Mean power by rail, in the layout's order, then what the regulators lose. */
  readonly railWatts: readonly number[];
  readonly cores: ReadonlyArray<{
    readonly activity: number;
    readonly residency: readonly number[];
    readonly wakes: number;
  }>;
  readonly stages: ReadonlyArray<{
    readonly threshold: number;
    readonly windowsIn: number;
    readonly windowsPassed: number;
    readonly dropped: number;
    /** Share of the windows outside any event that the gate stopped; null before the first. */
    readonly stopRate: number | null;
  }>;
  /** What began to sound since the frame before: the latest, at most 300. */
  readonly sounds: readonly SoundView[];
  readonly detections: {
    readonly events: number;
    readonly truePositives: number;
    readonly misses: number;
    readonly falseAccepts: number;
  };
  readonly latency: {
    readonly p50: number | null;
    readonly p95: number | null;
    readonly p99: number | null;
    /** Mean milliseconds of each part, in the order of the path. */
    readonly parts: ReadonlyArray<{
      readonly part: string;
      readonly stage: string | null;
      readonly meanMilliseconds: number;
    }>;
  };
}

/** Something that was heard, missed or imagined. */
export type Verdict =
  | { readonly kind: 'true-positive'; readonly latencyMilliseconds: number }
  | { readonly kind: 'miss'; readonly cause: MissCause }
  | { readonly kind: 'false-accept' };

export interface DetectionView {
  /** Counts from 0 within a run. */
  readonly index: number;
  /** Of the decision; of a miss, when it is certain: a second after the event's end. */
  readonly simulatedSeconds: number;
  readonly verdict: Verdict;
  /** The recording that caused it: the event's, or the loudest clip under a false accept. */
  readonly clip: string | null;
  readonly label: string | null;
  /** Best score the event reached at each stage, null where no window of it got that far. */
  readonly scores: ReadonlyArray<number | null>;
}

/** A run so far, as columns of equal length, thinned to at most 2,000 points. */
export interface Series {
  readonly simulatedSeconds: readonly number[];
  readonly soc: readonly number[];
  readonly volts: readonly number[];
  readonly forecastHours: ReadonlyArray<number | null>;
  /** One column per rail, then the regulators' losses. Means over each point's span. */
  readonly railWatts: ReadonlyArray<readonly number[]>;
  /** By core, by activity: share of each point's span. */
  readonly residency: ReadonlyArray<ReadonlyArray<readonly number[]>>;
}

/** A stretch of a run, simulated again for who asks: figures of just that stretch are exact at any length, columns as fine as was asked for. */
export interface RangeView {
  /** As far as it was simulated. */
  readonly fromSeconds: number;
  readonly toSeconds: number;
  /** What the regulators drew, from the battery or the charger. */
  readonly watts: { readonly min: number; readonly mean: number; readonly max: number };
  readonly joules: number;
  /** Out of the cell; negative where more was charged. */
  readonly coulombs: number;
  /** By rail in the layout's order, then what the regulators lost. */
  readonly railJoules: readonly number[];
  /** State of charge at both ends. */
  readonly soc: readonly [from: number, to: number];
  readonly cores: ReadonlyArray<{ readonly residency: readonly number[]; readonly wakes: number }>;
  /** By stage: windows that came to it and that its gate let through. */
  readonly stages: ReadonlyArray<{ readonly windowsIn: number; readonly windowsPassed: number }>;
  readonly columns: RangeColumns;
  /** By core, what it did when; null where that is more than a picture can show. */
  readonly lanes: readonly RangeLane[] | null;
}

/** Columns of equal length, a point for each span of equal length. */
export interface RangeColumns {
  /** Where each point's span ends. */
  readonly endSeconds: readonly number[];
  readonly watts: {
    readonly min: readonly number[];
    readonly mean: readonly number[];
    readonly max: readonly number[];
  };
  /** By rail, then the regulators' losses: means. */
  readonly railWatts: ReadonlyArray<readonly number[]>;
  /** By core, by activity: share of the span. */
  readonly residency: ReadonlyArray<ReadonlyArray<readonly number[]>>;
  /** At the end of the span. */
  readonly soc: readonly number[];
  readonly volts: readonly number[];
  /** By stage: the highest score of the windows that end in the span; null where none was scored. */
  readonly scores: ReadonlyArray<ReadonlyArray<number | null>>;
  /** By stage: the threshold that held at the end of the span. */
  readonly thresholds: ReadonlyArray<readonly number[]>;
}

/** Columns of equal length: when a core began to do something, what (into the layout's activities), and for which stage (into the layout's; the one behind the last: work of a detection; null: none). */
export interface RangeLane {
  readonly startSeconds: readonly number[];
  readonly activity: readonly number[];
  readonly stage: ReadonlyArray<number | null>;
}

/** All that is known of a run at one moment. */
export interface RunSnapshot {
  readonly run: RunDetails;
  readonly layout: RunLayout | null;
  readonly series: Series | null;
  /** The latest frame, already in `series`. */
  readonly frame: Frame | null;
  /** How many frames there were: `frame` is number `sequence`, and 0 means none yet. */
  readonly sequence: number;
  /** The latest, oldest first, at most 5,000; `detectionsTotal` counts those before them too. */
  readonly detections: readonly DetectionView[];
  readonly detectionsTotal: number;
  /** What sounded last, oldest first, at most 3,000. */
  readonly sounds: readonly SoundView[];
}
