// Names of a device profile as the indices that the simulator knows.

import type { DeviceProfile } from '../files/device-profile.ts';

export const index = (list: ReadonlyArray<{ readonly name: string }>, name: string): number =>
  list.findIndex((item) => item.name === name);

/** Bytes go either way over a link. */
export function linkBetween(device: DeviceProfile, one: string, other: string): number {
  return device.links.findIndex(({ from, to }) => (from === one && to === other) || (from === other && to === one));
}
