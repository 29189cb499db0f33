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

/** What somebody did to a run while it went on. */
export type Act =
  /** One of the scenario's recordings; of sound, so much louder than the noise. */
  | { readonly kind: 'play'; readonly clip: string; readonly label: string; readonly snr: number | null }
  /** Sound, or motion, that was recorded then. */
  | { readonly kind: 'sound'; readonly label: string; readonly snr: number }
  | { readonly kind: 'motion'; readonly label: string }
  /** Noise and background become so much louder than planned. */
  | { readonly kind: 'noise'; readonly decibels: number }
  /** The sensor goes on to deliver, and all that it delivers is zero. */
  | { readonly kind: 'fail-sensor'; readonly seconds: number }
  | { readonly kind: 'stall-link'; readonly link: string; readonly seconds: number }
  /** Times what they are. */
  | { readonly kind: 'age-battery'; readonly capacity: number; readonly resistance: number }
  /** Null: the rules choose again. */
  | { readonly kind: 'choose-profile'; readonly powerProfile: string | null };

/** An entry of a run's input log, and the mark of it on its charts. */
export interface InputView {
  /** Counts from 0 within a run. */
  readonly number: number;
  /** When it took hold: at the end of a window. */
  readonly simulatedSeconds: number;
  /** When it is over; null: it holds from then on. */
  readonly untilSeconds: number | null;
  readonly act: Act;
}

export interface RunDetails extends RunView {
  /** What was done to it, in order. */
  readonly inputs: readonly InputView[];
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
  /** State of charge that it begins with. */
  readonly startCharge: number;
  /** What the sensor gets; null when the files fail their check. */
  readonly stream: StreamView | null;
  readonly stages: ReadonlyArray<{ readonly name: string; readonly core: string }>;
  /** Set when the files fail their check; such a scenario cannot be launched. */
  readonly problem: string | null;
}

export type SenseName = 'sound' | 'motion' | 'pictures';

/** What happens in a scenario, as its file has it. */
export interface StreamView {
  readonly sense: SenseName;
  readonly sensor: string;
  /** The label to detect. */
  readonly detect: string;
  /** A window begins each. */
  readonly hopSeconds: number;
  /** Of sound, in dB against full scale. */
  readonly noiseFloor: number | null;
  readonly background: ReadonlyArray<{
    readonly recordings: number;
    /** Of sound, in dB against full scale. */
    readonly level: number | null;
    /** Of the time. */
    readonly share: number;
    readonly spellSeconds: number;
  }>;
  readonly events: ReadonlyArray<{
    readonly label: string;
    readonly recordings: number;
    readonly perHour: number;
    /** Of sound: dB over the background (`snr`) or against full scale (`level`), give or take `spread`. */
    readonly loudness: { readonly kind: 'snr' | 'level'; readonly decibels: number; readonly spread: number } | null;
    /** Of pictures: how long each is in view. */
    readonly holdSeconds: number | null;
  }>;
  /** Rates change with the hours of the day. */
  readonly hours: boolean;
}

/** How long runs at full speed take, and what that was measured on: so much before the first window, then so many simulated seconds a second. */
export interface Pace {
  readonly startSeconds: number;
  readonly speed: number;
  readonly measuredOn: /** A run of this server: of the same scenario, or of another one of the same sense, by its windows a second. */
    | {
        readonly kind: 'run';
        readonly id: string;
        readonly sameScenario: boolean;
        readonly durationSeconds: number;
        readonly wallSeconds: number;
      }
    /** Nothing has run here yet: another machine's windows a second. */
    | { readonly kind: 'elsewhere'; readonly windowsPerSecond: number; readonly machine: string };
}

/** A scenario as the server offers it. */
export interface OfferedScenario extends ScenarioView {
  /** Null when it cannot run. */
  readonly pace: Pace | null;
}

export interface FigureView {
  readonly path: string;
  readonly value: string;
  readonly source: string;
  readonly confidence: 'measured' | 'datasheet' | 'derived' | 'estimated';
  /** Under which it was taken. */
  readonly conditions: string | null;
  /** Ends of where it lies, as shares of the value: -0.2 is a fifth less. */
  readonly range: readonly [low: number, high: number] | null;
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

export interface ModelView {
  readonly name: string;
  readonly task: string;
  readonly precision: 'int8' | 'float32';
  readonly macs: number;
  readonly parameters: number;
  readonly weightBytes: number;
  /** Chosen on validation data. */
  readonly threshold: number;
  readonly training: string;
  readonly quality: {
    readonly source: string;
    readonly figures: ReadonlyArray<{
      readonly what: string;
      readonly unit: 'share' | '1/h';
      readonly value: number;
      readonly interval: readonly [low: number, high: number];
    }>;
  } | null;
  readonly operatingCurve: {
    readonly source: string;
    readonly points: ReadonlyArray<{
      readonly threshold: number;
      readonly missRate: number;
      readonly falseAcceptsPerHour: number;
    }>;
  } | null;
  /** The latest training of it, of which what ships need not come; null where none was kept. */
  readonly course: {
    readonly losses: ReadonlyArray<{ readonly step: number; readonly loss: number }>;
    readonly checkpoints: ReadonlyArray<{ readonly step: number; readonly misses: number }>;
  } | null;
  readonly usedBy: ReadonlyArray<{ readonly scenario: string; readonly stage: string }>;
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
  readonly changeable: Changeable;
  readonly label: string;
  /** What a person may act on: the sense, recordings that can be played by their labels, links, and power profiles that can be chosen. */
  readonly actable: {
    readonly sense: 'log-mel' | 'motion' | 'picture';
    readonly clips: ReadonlyArray<{ readonly label: string; readonly clip: string }>;
    readonly links: readonly string[];
    readonly powerProfiles: readonly string[];
  };
}

/** What a what-if may change, as it is in the run. Paths: `cascade.<stage>.threshold` and `.core`, `powerProfile`, `cores.<core>.operatingPoint`, `battery.capacity`, `startCharge`. */
export interface Changeable {
  /** Where the charge asks for another one, that holds then. */
  readonly powerProfile: string;
  /** By stage: of the power profile that the run begins in. */
  readonly thresholds: readonly number[];
  /** By core of the layout: of the power profile that the run begins in. */
  readonly operatingPoints: ReadonlyArray<{ readonly value: string; readonly choices: readonly string[] }>;
  readonly startCharge: number;
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

/** What a run with this seed and duration will get from its sensor: the whole of it, counted by spans of equal length. */
export interface PreviewView {
  readonly sense: SenseName;
  readonly sensor: string;
  /** The label to detect. */
  readonly detect: string;
  readonly seed: number;
  readonly durationSeconds: number;
  readonly sampleRate: number;
  readonly binSeconds: number;
  readonly labels: ReadonlyArray<{
    readonly label: string;
    readonly events: number;
    /** That they last together. */
    readonly seconds: number;
    /** By span, how many events touch it. */
    readonly counts: readonly number[];
    /** Where they start: all, or 2,000 evenly out of more. */
    readonly startSeconds: readonly number[];
  }>;
  /** By span, the share of it with a background. */
  readonly background: readonly number[];
  /** What can be asked for at once. */
  readonly longest: { readonly stretchSeconds: number; readonly soundSeconds: number };
}

/** Lowest and highest value by span of equal length. */
export interface Peaks {
  readonly min: readonly number[];
  readonly max: readonly number[];
}

/** The signal of a stretch as it is really mixed. */
export type PreviewSignal =
  /** Against full scale. */
  | ({ readonly kind: 'sound' } & Peaks)
  /** Acceleration in m/s² (`ax` …), rotation in rad/s (`gx` …). */
  | { readonly kind: 'motion'; readonly axes: ReadonlyArray<{ readonly name: string } & Peaks> }
  /** Whenever something else comes into view: all, or 48 evenly out of more. */
  | {
      readonly kind: 'pictures';
      readonly picturesTotal: number;
      readonly pictures: ReadonlyArray<{ readonly atSeconds: number; readonly untilSeconds: number }>;
    };

interface PlacedView {
  /** Path of the recording in the scenario's folder. */
  readonly recording: string;
  readonly startSeconds: number;
  readonly endSeconds: number;
}

/** A stretch of a stream. */
export interface PreviewStretch {
  readonly fromSeconds: number;
  readonly toSeconds: number;
  readonly eventsTotal: number;
  /** All that touch it, or 2,000 evenly out of more. */
  readonly events: ReadonlyArray<PlacedView & { readonly label: string }>;
  readonly background: readonly PlacedView[];
  readonly signal: PreviewSignal;
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
  /** What was done to it, in order: for the charts. */
  readonly marks: readonly InputView[];
}
