// The hours of a scenario as the simulator is given them.

import type { HoursPlan, RulePlan } from '../../simulator/plan.ts';
import { fromSeconds } from '../../units.ts';
import type { DeviceProfile, PowerProfile } from '../files/device-profile.ts';
import type { Timetable } from '../timetable.ts';
import { climateOf } from './battery.ts';
import type { CompileRequest, Refuse } from './request.ts';

/** @param powerProfile that of hours that name none */
export function compileHours(
  timetable: Timetable,
  powerProfile: string,
  device: DeviceProfile,
  profiles: readonly PowerProfile[],
): HoursPlan {
  return {
    period: fromSeconds(timetable.periodSeconds),
    spans: timetable.spans.map((span) => {
      const policy = profiles.findIndex(({ name }) => name === (span.powerProfile ?? powerProfile));
      return {
        start: fromSeconds(span.startSeconds),
        policy,
        rules: rulesOf(profiles[policy], profiles),
        plugged: span.plugged,
        ...climateOf(device.battery, span.temperature),
      };
    }),
  };
}

/** By falling charge. */
export const rulesOf = (profile: PowerProfile, profiles: readonly PowerProfile[]): readonly RulePlan[] =>
  profile.rules
    .map((rule) => ({ belowSoc: rule.below, policy: profiles.findIndex(({ name }) => name === rule.use) }))
    .sort((a, b) => b.belowSoc - a.belowSoc);

/** Hours ask nothing of the battery that its profile does not say. */
export function checkHours(
  timetable: Timetable | null,
  { battery }: DeviceProfile,
  at: CompileRequest['at'],
  refuse: Refuse,
): void {
  const spans = timetable?.spans ?? [];
  const place = (hours: string, key: string) => at.scenario('day', 'hours', hours, key);
  const plugged = spans.find((span) => span.plugged);
  if (plugged !== undefined && battery.charger === undefined)
    refuse(
      place(plugged.name, 'plugged'),
      'a charger is plugged in, and the battery of the device has none; give its profile a battery.charger',
    );
  const warm = spans.find(({ temperature }) => temperature !== null);
  if (warm !== undefined && battery.temperature === undefined)
    refuse(
      at.scenario('temperature'),
      'the battery of the device does not say what a temperature does to it; give its profile a battery.temperature',
    );
}
