// What the server (or the command line) and a run's process say to each other.

import type { AskedAct, Input, LoggedInput } from '../acts/act.ts';
import type { Answer, Question } from '../questions/question.ts';
import type { RunReport } from '../report/report.ts';
import type { DetectionView, Frame, RunLayout, Speed } from '../views.ts';
import type { Change } from '../what-if/change.ts';

/** A run to do, as a person asked for it; what is left out comes from the scenario. */
export interface RunRequest {
  /** Path of the scenario's file. */
  readonly scenario: string;
  readonly seed?: number;
  readonly powerProfile?: string;
  readonly durationSeconds?: number;
  readonly startSoc?: number;
  readonly speed: Speed;
  /** Threads that infer; as many as there are processors when left out. */
  readonly threads?: number;
  /** Also simulate the day without a gate, for the gain. */
  readonly baseline: boolean;
  /** Draws of the device's figures within their ranges, for intervals of life and power; none when left out. */
  readonly uncertainty?: number;
  /** Devices to answer for from the same scores, each as what is different. */
  readonly whatIf?: ReadonlyArray<readonly Change[]>;
  /** Keep what it takes to answer questions, also after the report, until told to leave. */
  readonly answers?: boolean;
  /** What is done to it while it goes on, by rising time. */
  readonly inputs?: readonly Input[];
  /** End here as if it had been stopped. */
  readonly untilSeconds?: number;
}

/** What came of an act: it is in the log from now on, or refused with why and what to do. */
export type Acted = LoggedInput | { readonly problem: string };

/** The next window; the next time that something is found, missed or imagined. */
export type StepTarget = 'window' | 'detection';

export type ToRun =
  | { readonly kind: 'start'; readonly request: RunRequest }
  | { readonly kind: 'pause' }
  | { readonly kind: 'resume' }
  | { readonly kind: 'stop' }
  /** From now on at this speed. */
  | { readonly kind: 'pace'; readonly speed: Speed }
  /** To a paused run: goes on, as fast as it can, up to there, and is paused again. */
  | { readonly kind: 'step'; readonly to: StepTarget }
  /** Answers come in the order of questions. */
  | { readonly kind: 'ask'; readonly number: number; readonly question: Question }
  /** Something is done to the run: it takes it up at the next window, or refuses. */
  | { readonly kind: 'act'; readonly number: number; readonly act: AskedAct }
  /** Nobody will ask any more. */
  | { readonly kind: 'leave' };

export type FromRun =
  | { readonly kind: 'layout'; readonly layout: RunLayout; readonly warnings: readonly string[] }
  | { readonly kind: 'frame'; readonly frame: Frame }
  | { readonly kind: 'detections'; readonly detections: readonly DetectionView[] }
  /** After all simulated time: the report is being made (a baseline takes some seconds). `drawn`: how far the draws of uncertain figures are, 0 to 1. */
  | { readonly kind: 'reporting'; readonly drawn?: number | undefined }
  | {
      readonly kind: 'finished';
      readonly report: RunReport;
      /** One for each of the request's what-ifs. */
      readonly variants: readonly RunReport[];
      readonly stopped: boolean;
    }
  | { readonly kind: 'acted'; readonly number: number; readonly acted: Acted }
  | { readonly kind: 'answer'; readonly number: number; readonly answer: Answer }
  /** `input`: what a person gave is wrong, and the text says what to do. `fault`: the program is. */
  | { readonly kind: 'failed'; readonly problem: string; readonly cause: 'input' | 'fault' };
