// What a core takes while it rests.

import type { CoreProfile, DeviceProfile } from '../files/device-profile.ts';

/** Watts of a core in a power state, with the memories that it governs: a deeper state may only differ in which of them it keeps. */
export function restPower(device: DeviceProfile, core: CoreProfile, depth: number): number {
  const state = core.powerStates[depth];
  return device.memories
    .filter((memory) => memory.core === core.name)
    .reduce((sum, { name, onPower, retentionPower }) => {
      if (depth === 0) return sum + onPower.value;
      return sum + (state.retains.includes(name) ? retentionPower.value : 0);
    }, state.power.value);
}
