// A power profile as the simulator is given it.

import type { CorePlan, CorePolicy, PolicyPlan } from '../../simulator/plan.ts';
import { fromSeconds, LONGEST_TIME, type Nanoseconds } from '../../units.ts';
import type { DeviceProfile, PowerProfile } from '../files/device-profile.ts';
import { index, linkBetween } from './find.ts';
import type { PlacedStage, Refuse } from './request.ts';
import { sourceOf } from './stage.ts';

/** The power profiles that hours begin with, the starting one first, then those that their rules lead to. */
export function reachableProfiles(
  device: DeviceProfile,
  bases: ReadonlyArray<{ readonly name: string; readonly place: string }>,
  refuse: Refuse,
): readonly PowerProfile[] {
  const known = new Map(device.powerProfiles.map((profile) => [profile.name, profile]));
  const found = new Set<PowerProfile>();
  for (const { name, place } of bases) {
    const profile = known.get(name);
    if (profile !== undefined) found.add(profile);
    else refuse(place, `power profile "${name}" does not exist; there are ${[...known.keys()].join(', ')}`);
  }
  for (const { rules } of [...found])
    for (const profile of device.powerProfiles) if (rules.some(({ use }) => use === profile.name)) found.add(profile);
  return [...found];
}

/** With those that may be chosen, behind them. */
export function withChoosable(
  reachable: readonly PowerProfile[],
  { powerProfiles }: DeviceProfile,
  choosable: readonly string[] = [],
): readonly PowerProfile[] {
  const more = powerProfiles.filter((profile) => choosable.includes(profile.name) && !reachable.includes(profile));
  return [...reachable, ...more];
}

export function compilePolicy(
  profile: PowerProfile,
  device: DeviceProfile,
  cores: readonly CorePlan[],
  stages: readonly PlacedStage[],
): PolicyPlan {
  return {
    name: profile.name,
    cores: device.cores.map((core, number): CorePolicy => {
      const policy = profile.cores[core.name];
      const { states } = cores[number];
      const wakers = wakersOf(core.name, device, stages);
      return {
        operatingPoint: index(core.operatingPoints, policy.operatingPoint),
        permitted: core.powerStates.map(
          ({ name, wakeSources }) =>
            (policy.powerStates?.includes(name) ?? true) && wakers.every((waker) => wakeSources.includes(waker)),
        ),
        latencyAllowed: policy.latency === undefined ? LONGEST_TIME : fromSeconds(policy.latency),
        linger: states.map((state, depth): Nanoseconds => {
          const asked = policy.linger?.[state.name];
          if (asked !== undefined) return fromSeconds(asked);
          return states[depth + 1]?.minResidency ?? LONGEST_TIME;
        }),
      };
    }),
    sensorMode: index(device.sensors[0].modes, profile.sensor.mode),
    batch: profile.sensor.batch,
    thresholds: stages.map((stage) => stage.thresholds[profile.gates]),
  };
}

/** What brings a core its work, and must be able to wake it: the sensor, and the links from other stages' cores. */
function wakersOf(core: string, device: DeviceProfile, stages: readonly PlacedStage[]): readonly string[] {
  const { work } = device.trigger;
  const path = [
    ...stages.map((stage, number) => ({ core: stage.core, source: sourceOf(stages, number) })),
    ...(work === undefined ? [] : [{ core: work.core, source: stages[stages.length - 1].core }]),
  ];
  return path.flatMap(({ core: name, source }) => {
    if (name !== core) return [];
    if (source === null) return [device.sensors[0].name];
    const link = source === name ? -1 : linkBetween(device, source, name);
    return link < 0 ? [] : [device.links[link].name];
  });
}
