// What the protocol's codes are called on the page.

import type { CoreKind, MissCause } from '../../server/runs/report/report.ts';
import type { RunState, Speed, Verdict } from '../../server/runs/views.ts';
import { count, significant } from './quantity.ts';

export const kindName: Readonly<Record<CoreKind, string>> = {
  dsp: 'DSP',
  'low-power': 'low power',
  application: 'application',
};

export const stateName: Readonly<Record<RunState, string>> = {
  queued: 'waiting its turn',
  starting: 'starting',
  running: 'running',
  paused: 'paused',
  finished: 'finished',
  stopped: 'stopped',
  failed: 'failed',
};

export const verdictName: Readonly<Record<Verdict['kind'], string>> = {
  'true-positive': 'found',
  miss: 'missed',
  'false-accept': 'false accept',
};

export function causeName(cause: MissCause): string {
  if (cause.startsWith('gate:')) return `stopped by ${cause.slice('gate:'.length)}`;
  const names: Readonly<Record<string, string>> = {
    dropped: 'window dropped, queue full',
    late: 'decided too late',
    'brown-out': 'brown-out',
    unheard: 'not handed on by the sensor',
    off: 'device off',
    hold: 'held after the detection before',
  };
  return names[cause] ?? cause;
}

/** Speed of simulated time, as asked for or as reached. */
export function speedName(speed: Speed): string {
  if (speed === 'max') return 'as fast as it goes';
  return `${speed >= 100 ? count(speed) : significant(speed, 2)}×`;
}

export const isOver = (state: RunState): boolean => state === 'finished' || state === 'stopped' || state === 'failed';
