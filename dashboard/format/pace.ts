// How long a run will take on the clock, and what that rests on.

import type { Pace, SenseName, Speed } from '../../server/runs/views.ts';
import { count } from './quantity.ts';
import { span, whole } from './time.ts';

/** Seconds on the clock: no speed is faster than the machine. */
export function wallSeconds(pace: Pace, durationSeconds: number, speed: Speed): number {
  const full = durationSeconds / pace.speed;
  return pace.startSeconds + (speed === 'max' ? full : Math.max(full, durationSeconds / speed));
}

/** `about 12 s`: two digits are more than it is worth, and whole seconds are enough. */
export const about = (seconds: number): string => `about ${rough(seconds)}`;

const rough = (seconds: number): string =>
  whole(seconds < 10 ? Math.max(1, Math.round(seconds)) : Number(seconds.toPrecision(2)));

/** What an expected time at full speed rests on. */
export function restsOn({ measuredOn }: Pace, sense: SenseName): string {
  if (measuredOn.kind === 'elsewhere')
    return `from ${count(measuredOn.windowsPerSecond)} windows of ${sense} a second on ${measuredOn.machine}; none has run here yet`;
  const { id, sameScenario, durationSeconds, wallSeconds: took } = measuredOn;
  const ran = `${id}, which took ${rough(took)} for ${span(durationSeconds)} here`;
  return sameScenario ? `from ${ran}` : `from ${ran}, by its windows a second`;
}
