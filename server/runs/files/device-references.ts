// The names in a device profile that have to be of something: cores name rails and memories, links name cores, power profiles name states.

import type { DeviceProfile } from './device-profile.ts';

type Place = ReadonlyArray<string | number>;
type Named = ReadonlyArray<{ readonly name: string }>;

/** @param report told of every name that nothing has, where it stands, and which there are */
export function checkReferences(device: DeviceProfile, report: (place: Place, problem: string) => void): void {
  const known = (place: Place, name: string | undefined, list: Named, what: string): void => {
    if (name === undefined || list.some((item) => item.name === name)) return;
    const names = list.map((item) => item.name).join(', ') || 'none';
    report(place, `${what} "${name}" does not exist; there are ${names}`);
  };
  const unique = (key: string, list: Named): void => {
    for (const [index, { name }] of list.entries())
      if (list.findIndex((item) => item.name === name) < index)
        report([key, index, 'name'], `there is another "${name}" in ${key}; give each a name of its own`);
  };
  const { rails, memories, links, sensors, cores, actuators, powerProfiles, trigger } = device;
  for (const [key, list] of Object.entries({ rails, memories, links, sensors, cores, actuators, powerProfiles }))
    unique(key, list);

  for (const [key, list] of Object.entries({ memories, links, sensors, cores, actuators }))
    for (const [index, { rail }] of list.entries()) known([key, index, 'rail'], rail, rails, 'rail');
  for (const [index, memory] of memories.entries()) known(['memories', index, 'core'], memory.core, cores, 'core');
  for (const [index, link] of links.entries())
    for (const end of ['from', 'to'] as const) known(['links', index, end], link[end], cores, 'core');
  for (const [index, sensor] of sensors.entries())
    for (const [at, wire] of sensor.interfaces.entries()) {
      known(['sensors', index, 'interfaces', at, 'core'], wire.core, cores, 'core');
      known(['sensors', index, 'interfaces', at, 'rail'], wire.rail, rails, 'rail');
    }
  const peripherals = [...sensors, ...links];
  for (const [index, core] of cores.entries()) {
    const at = (...place: Place): Place => ['cores', index, ...place];
    for (const key of ['workMemory', 'farMemory', 'reloadFrom'] as const) known(at(key), core[key], memories, 'memory');
    for (const [one, name] of core.weightMemories.entries()) known(at('weightMemories', one), name, memories, 'memory');
    unique('operatingPoints', core.operatingPoints);
    unique('powerStates', core.powerStates);
    for (const [depth, state] of core.powerStates.entries()) {
      for (const [one, name] of state.live.entries())
        known(at('powerStates', depth, 'live', one), name, peripherals, 'sensor or link');
      for (const [one, name] of state.wakeSources.entries())
        known(at('powerStates', depth, 'wakeSources', one), name, [...peripherals, { name: 'timer' }], 'wake source');
      for (const [one, name] of state.retains.entries())
        known(at('powerStates', depth, 'retains', one), name, memories, 'memory');
    }
  }
  for (const [index, name] of trigger.actuators.entries())
    known(['trigger', 'actuators', index], name, actuators, 'actuator');
  known(['trigger', 'work', 'core'], trigger.work?.core, cores, 'core');

  for (const [index, profile] of powerProfiles.entries()) {
    const at = (...place: Place): Place => ['powerProfiles', index, ...place];
    for (const [name, policy] of Object.entries(profile.cores)) {
      const core = cores.find((candidate) => candidate.name === name);
      if (core === undefined) {
        known(at('cores', name), name, cores, 'core');
        continue;
      }
      known(at('cores', name, 'operatingPoint'), policy.operatingPoint, core.operatingPoints, 'operating point');
      for (const [one, state] of (policy.powerStates ?? []).entries())
        known(at('cores', name, 'powerStates', one), state, core.powerStates, 'power state');
      for (const state of Object.keys(policy.linger ?? {}))
        known(at('cores', name, 'linger', state), state, core.powerStates, 'power state');
    }
    for (const { name } of cores)
      if (profile.cores[name] === undefined)
        report(at('cores'), `power profile ${profile.name} says nothing of core ${name}; give it an operatingPoint`);
    known(at('sensor', 'mode'), profile.sensor.mode, sensors[0]?.modes ?? [], 'sensor mode');
    for (const [one, rule] of profile.rules.entries())
      known(at('rules', one, 'use'), rule.use, powerProfiles, 'power profile');
  }
}
