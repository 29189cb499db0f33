// From what a person typed to what the server is asked for. The server has the last word; this catches what it could not even read.

import type { LaunchBody } from '../../../server/api/schemas.ts';
import type { ScenarioView, Speed } from '../../../server/runs/views.ts';
import type { Result } from '../../api/client.ts';
import { parseSpan } from '../../format/time.ts';

export const SPEEDS = [
  ['1', '1× real time'],
  ['60', '60×'],
  ['600', '600×'],
  ['3600', '3,600×'],
  ['10000', '10,000×'],
  ['max', 'as fast as it goes'],
] as const;

export function readLaunch(scenario: ScenarioView, form: FormData): Result<LaunchBody> {
  const text = (name: string): string => String(form.get(name) ?? '').trim();

  const duration = parseSpan(text('duration'));
  if (duration === null) return refuse(`Duration “${text('duration')}” is not a span such as 24 h, 1 d 6 h or 90 min.`);
  const seed = Number(text('seed'));
  if (text('seed') === '' || !Number.isSafeInteger(seed) || seed < 0) {
    return refuse(`Seed “${text('seed')}” is not a whole number from 0 up.`);
  }
  const charge = Number(text('startCharge').replace(/\s*%$/, ''));
  if (!(charge > 0 && charge <= 100)) {
    return refuse(`Start charge “${text('startCharge')}” is not above 0 % and at most 100 %.`);
  }
  const speed: Speed = text('speed') === 'max' ? 'max' : Number(text('speed'));
  return {
    ok: true,
    value: {
      scenario: scenario.name,
      powerProfile: text('powerProfile'),
      duration,
      seed,
      startSoc: charge / 100,
      speed,
    },
  };
}

const refuse = (problem: string): Result<never> => ({ ok: false, problem });
