// What a comparison of runs says: plain data, ready for JSON. The first run with a report is the one that the others are held against.

import type { Interval } from '../report/report.ts';
import type { RunView, Verdict } from '../views.ts';

export const MOST_COMPARED = 6;

export type ComparedRun =
  | {
      readonly kind: 'reported';
      readonly id: string;
      readonly run: RunView;
      readonly simulatedSeconds: number;
      /** It heard the very stream that the first one heard: same scenario, seed and duration. Of the first itself, true. */
      readonly paired: boolean;
    }
  /** It goes on, waits, failed, or was stopped before it heard anything: `reason` says which. */
  | { readonly kind: 'unreported'; readonly id: string; readonly run: RunView; readonly reason: string }
  /** The server does not know it, or no longer. */
  | { readonly kind: 'gone'; readonly id: string; readonly reason: string };

/** What was set differently. Values by run, null where it is not known or has no such thing. */
export interface SettingDifference {
  readonly name: string;
  /** The stage or core that it is of; null: the run. */
  readonly of: string | null;
  readonly unit: 'text' | 'number' | 'bytes' | 'seconds' | 'share';
  readonly values: ReadonlyArray<string | number | null>;
}

/** `life` and `latency` are seconds. */
export type MeasureUnit = 'share' | 'per hour' | 'life' | 'latency' | 'watts' | 'joules' | 'times';

export type MeasuredValue =
  | { readonly value: number; readonly interval: Interval | null }
  | { readonly value: 'for ever'; readonly interval: null };

/** How far a difference can be told from chance. */
export type Chance =
  /** Both heard the same stream, and figures of it are exact: all of the difference comes from what was set. It may be another on another stream. */
  | { readonly kind: 'same stream' }
  /** An exact test, which says in `how` what it took; `beyond`: p is below 5 %. */
  | { readonly kind: 'tested'; readonly p: number; readonly beyond: boolean; readonly how: string }
  /** Each heard another stream once: what chance does is not known. */
  | { readonly kind: 'not known' };

export interface Difference {
  /** Other less first, in the measure's unit; null where one of them is for ever. */
  readonly absolute: number | null;
  /** Of the first; null where that is 0 or for ever. */
  readonly relative: number | null;
  readonly chance: Chance;
}

export type MeasureGroup = 'outcome' | 'stage' | 'rail' | 'core state';

/** What came out differently, by run. */
export interface OutcomeDifference {
  readonly group: MeasureGroup;
  readonly name: string;
  /** The stage, rail or core that it is of. */
  readonly of: string | null;
  readonly unit: MeasureUnit;
  readonly better: 'lower' | 'higher';
  readonly values: ReadonlyArray<MeasuredValue | null>;
  /** Against the first run; null for that itself, and where a value is missing. */
  readonly differences: ReadonlyArray<Difference | null>;
}

/** What one of the runs made of an event or of a sound taken for one. */
export interface EventSideBySide {
  /** When the event ended; of a false accept, the first decision. */
  readonly simulatedSeconds: number;
  readonly clip: string | null;
  readonly label: string | null;
  /** By run; null: it accepted nothing there, or did not share the stream. */
  readonly verdicts: ReadonlyArray<Verdict | null>;
}

/** Events of the runs that heard the same stream as the first, over the stretch that all of them have. */
export interface EventsSideBySide {
  /** By run: whether it takes part. */
  readonly shares: readonly boolean[];
  readonly seconds: number;
  readonly events: number;
  /** Found by all of them, and by none. */
  readonly foundByAll: number;
  readonly foundByNone: number;
  /** Events that some found and some missed, and false accepts that not all made; by time, at most 500. */
  readonly apart: readonly EventSideBySide[];
  readonly apartTotal: number;
  readonly falseAcceptsOfAll: number;
}

export interface RunComparison {
  /** In the order asked for. */
  readonly runs: readonly ComparedRun[];
  /** Place of the one that others are held against, among `runs`; null: none has a report. */
  readonly reference: number | null;
  readonly settings: readonly SettingDifference[];
  /** Within each group the largest first. */
  readonly outcomes: readonly OutcomeDifference[];
  /** Measures that came out the same to the last digit. */
  readonly alike: ReadonlyArray<{ readonly name: string; readonly of: string | null }>;
  /** Null where no other run heard the first one's stream. */
  readonly events: EventsSideBySide | null;
}
