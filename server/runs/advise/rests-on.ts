// What a claim rests on: distinct takes and hours, and how many a budget asks for before it can be shown.

import { hoursWanted, takesWanted } from './bounds.ts';
import type { Budget } from './choose.ts';
import type { Exposure } from './exposure.ts';

export interface KindHeard {
  readonly kind: string;
  readonly recordings: number;
  readonly sources: number;
  /** Distinct. */
  readonly hours: number;
  /** Part of the stream's time. */
  readonly share: number;
  /** Distinct hours that the budget asks for, with no false accept in them. */
  readonly wantedHours: number;
}

export interface RestsOn {
  readonly takes: { readonly recordings: number; readonly sources: number; readonly wanted: number };
  readonly negatives: readonly KindHeard[];
  /** Of recordings, without the noise floor. */
  readonly negativeHours: number;
  /** Of recordings, too. */
  readonly missingHours: number;
  readonly missingTakes: number;
  /** How long a stream must be at least, noise floor and all. */
  readonly streamHours: number;
}

export function restsOn({ takes, strata }: Exposure, budget: Budget): RestsOn {
  const negatives = strata.map(({ name, share, sources }): KindHeard => {
    const all = [...sources.values()];
    return {
      kind: name,
      recordings: all.reduce((sum, { recordings }) => sum + recordings, 0),
      sources: all.length,
      hours: all.reduce((sum, { hours }) => sum + hours, 0),
      share,
      wantedHours: hoursWanted(share, budget.falseAcceptsPerHour),
    };
  });
  const wanted = takesWanted(budget.missRate);
  return {
    takes: { recordings: takes.size, sources: new Set([...takes.values()].map(({ source }) => source)).size, wanted },
    negatives,
    negativeHours: negatives.reduce((sum, { hours, recordings }) => (recordings > 0 ? sum + hours : sum), 0),
    missingHours: negatives.reduce(
      (sum, { hours, wantedHours, recordings }) => (recordings > 0 ? sum + Math.max(0, wantedHours - hours) : sum),
      0,
    ),
    streamHours: hoursWanted(1, budget.falseAcceptsPerHour),
    missingTakes: Math.max(0, wanted - takes.size),
  };
}
