// What may be asked of a run that goes on or is over, and what the answers are. Asked by the server, answered in the run's process.

import type { RunReport } from '../report/report.ts';
import type { RangeView } from '../views.ts';
import type { Change } from '../what-if/change.ts';

export type Question =
  /** Other devices over what the run has heard, each as what is different. */
  | { readonly kind: 'what-if'; readonly variants: ReadonlyArray<readonly Change[]> }
  /** A stretch of what was simulated, in so many points. */
  | {
      readonly kind: 'range';
      readonly fromSeconds: number;
      readonly toSeconds: number;
      readonly points: number;
    };

export type Answer =
  | {
      readonly kind: 'what-if';
      /** The run itself over the same stretch: what the variants are to be read beside. */
      readonly original: RunReport;
      readonly variants: readonly RunReport[];
    }
  | { readonly kind: 'range'; readonly range: RangeView }
  /** What was asked cannot be answered; the text says why and what to do. */
  | { readonly kind: 'refused'; readonly problem: string };

/** The answer to a question that is not refused. */
export type AnswerTo<K extends Question['kind']> = Extract<Answer, { readonly kind: K }>;
