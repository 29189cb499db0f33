// What was done to a run and what came of it, in words.

import type { Act, DetectionView, InputView } from '../../server/runs/views.ts';
import { MINUS, percent, significant, times } from './quantity.ts';
import { moment, span } from './time.ts';
import { causeName } from './words.ts';

const decibels = (value: number): string => `${value < 0 ? MINUS : '+'}${significant(Math.abs(value), 2)}\u00a0dB`;

export function actWords(act: Act): string {
  switch (act.kind) {
    case 'play':
      return `Played ${act.label}${act.snr === null ? '' : ` at ${decibels(act.snr)}`}`;
    case 'sound':
      return `Played own sound, as ${act.label}, at ${decibels(act.snr)}`;
    case 'motion':
      return `Moved it, as ${act.label}`;
    case 'noise':
      return act.decibels === 0 ? 'Noise as planned again' : `Noise ${decibels(act.decibels)}`;
    case 'fail-sensor':
      return `Sensor delivers zeros for ${span(act.seconds)}`;
    case 'stall-link':
      return `Link ${act.link} stalls for ${span(act.seconds)}`;
    case 'age-battery':
      return `Battery aged: ${percent(act.capacity)} of its capacity, ${times(act.resistance)} its resistance`;
    case 'choose-profile':
      return act.powerProfile === null ? 'Power profile by the rules again' : `Power profile ${act.powerProfile}`;
  }
}

/** A verdict comes within so long after the end of what was played. */
const VERDICT_SECONDS = 1;
const SAME_MOMENT = 0.005;

export interface Seen {
  /** Simulated seconds by now. */
  readonly now: number;
  /** The label that is to be detected. */
  readonly target: string;
  readonly detections: readonly DetectionView[];
  /** All that was done. */
  readonly inputs: readonly InputView[];
  readonly severalDays: boolean;
}

export interface Outcome {
  readonly text: string;
  /** Of what is judged. */
  readonly verdict: DetectionView['verdict']['kind'] | null;
}

export function actOutcome(input: InputView, seen: Seen): Outcome {
  const { act } = input;
  switch (act.kind) {
    case 'play':
    case 'sound':
    case 'motion':
      return act.label === seen.target ? foundOrMissed(input, seen) : takenForIt(input, seen);
    case 'fail-sensor':
    case 'stall-link': {
      const left = (input.untilSeconds ?? 0) - seen.now;
      return plain(left > 0 ? `${span(left)} to go` : 'over');
    }
    case 'noise':
    case 'choose-profile': {
      const next = seen.inputs.find((other) => other.number > input.number && other.act.kind === act.kind);
      return plain(next === undefined ? 'holds' : `until ${moment(next.simulatedSeconds, seen.severalDays)}`);
    }
    case 'age-battery':
      return plain('for good');
  }
}

const plain = (text: string): Outcome => ({ text, verdict: null });

function foundOrMissed({ simulatedSeconds, untilSeconds }: InputView, { detections, now }: Seen): Outcome {
  const end = untilSeconds ?? simulatedSeconds;
  const judged = detections.find(({ simulatedSeconds: at, verdict }) => {
    if (verdict.kind === 'false-accept') return false;
    const after = verdict.kind === 'true-positive' ? verdict.latencyMilliseconds / 1e3 : VERDICT_SECONDS;
    return Math.abs(at - after - end) < SAME_MOMENT;
  });
  if (judged === undefined) return plain(now < end + VERDICT_SECONDS ? 'listening …' : 'not judged');
  const { verdict } = judged;
  if (verdict.kind === 'miss') return { text: `missed, ${causeName(verdict.cause)}`, verdict: 'miss' };
  return { text: `detected after ${span(judged.simulatedSeconds - simulatedSeconds)}`, verdict: 'true-positive' };
}

function takenForIt({ simulatedSeconds, untilSeconds }: InputView, { detections, now, target }: Seen): Outcome {
  const end = (untilSeconds ?? simulatedSeconds) + VERDICT_SECONDS;
  const taken = detections.find(
    ({ simulatedSeconds: at, verdict }) => verdict.kind === 'false-accept' && at >= simulatedSeconds && at <= end,
  );
  if (taken !== undefined)
    return {
      text: `taken for ${target} after ${span(taken.simulatedSeconds - simulatedSeconds)}`,
      verdict: 'false-accept',
    };
  return plain(now < end ? 'listening …' : `not taken for ${target}`);
}
