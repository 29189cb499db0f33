// Detections of runs that heard the same stream, side by side: events by when they ended and what was heard, false accepts by when they came.

import { assertNever } from '../../assert-never.ts';
import { TOLERANCE } from '../../simulator/judge.ts';
import type { DetectionView, Verdict } from '../views.ts';
import type { EventSideBySide } from './comparison.ts';

/** Rounding of times on their way into a detection, in seconds. */
const SAME_MOMENT = 0.005;
/** An event is judged within its time; so close to the end of the stretch it may be judged in one run and not yet in the other. */
const LATEST_VERDICT = 2 * (TOLERANCE / 1e9);
/** The same sound taken for an event, by gates that decide at different speeds. */
const SAME_SOUND = 2;

interface Placed {
  readonly at: number;
  readonly detection: DetectionView;
}

/** When an event ended: a decision that found it came its latency later, a miss is certain when its time is over. */
function placed(detection: DetectionView): Placed {
  const { verdict, simulatedSeconds } = detection;
  switch (verdict.kind) {
    case 'true-positive':
      return { at: simulatedSeconds - verdict.latencyMilliseconds / 1e3, detection };
    case 'miss':
      return { at: simulatedSeconds - TOLERANCE / 1e9, detection };
    case 'false-accept':
      return { at: simulatedSeconds, detection };
    default:
      return assertNever(verdict);
  }
}

interface Row {
  readonly at: number;
  readonly clip: string | null;
  readonly label: string | null;
  readonly verdicts: Array<Verdict | null>;
}

/** Lays each run's detections beside those of the runs before, where they are of the same sound and moment. */
function align(runs: ReadonlyArray<readonly Placed[]>, apart: number): readonly Row[] {
  const rows: Row[] = [];
  for (const [index, list] of runs.entries()) {
    const known = rows.length;
    let from = 0;
    for (const { at, detection } of list) {
      while (from < known && rows[from].at < at - apart) from++;
      let found: Row | undefined;
      for (let row = from; row < known && rows[row].at <= at + apart; row++)
        if (rows[row].clip === detection.clip && rows[row].verdicts[index] === null) {
          found = rows[row];
          break;
        }
      if (found === undefined) {
        const { clip, label } = detection;
        found = { at, clip, label, verdicts: runs.map(() => null) };
        rows.push(found);
      }
      found.verdicts[index] = detection.verdict;
    }
    rows.sort((a, b) => a.at - b.at);
  }
  return rows;
}

export interface AlignedEvents {
  /** What was to be detected: each was found or missed by every run. */
  readonly events: readonly EventSideBySide[];
  readonly falseAccepts: readonly EventSideBySide[];
}

/**
 * @param runs their detections, all of them
 * @param seconds the stretch that all have; what is judged after it does not count
 * @returns null where an event came in one and not in the other: they did not hear the same
 */
export function alignEvents(runs: ReadonlyArray<readonly DetectionView[]>, seconds: number): AlignedEvents | null {
  const within = runs.map((list) => list.map(placed).sort((a, b) => a.at - b.at));
  const isFalse = ({ detection }: Placed) => detection.verdict.kind === 'false-accept';
  const view = ({ at, ...row }: Row): EventSideBySide => ({ simulatedSeconds: at, ...row });
  const rows = align(
    within.map((list) => list.filter((one) => !isFalse(one))),
    SAME_MOMENT,
  );
  const isWhole = ({ verdicts }: Row) => !verdicts.includes(null);
  const unjudged = rows.findIndex((row) => !isWhole(row));
  const judged = unjudged < 0 ? Number.POSITIVE_INFINITY : rows[unjudged].at;
  if (judged < seconds - LATEST_VERDICT) return null;
  const falseAccepts = align(
    within.map((list) => list.filter(isFalse)),
    SAME_SOUND,
  );
  return {
    events: rows.filter(({ at }) => at < judged).map(view),
    falseAccepts: falseAccepts.filter(({ at }) => at <= seconds).map(view),
  };
}
