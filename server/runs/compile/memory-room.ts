import type { DeviceProfile } from '../files/device-profile.ts';

/** Hands out the memories' room, and remembers who took what. */
export class MemoryRoom {
  private readonly device: DeviceProfile;
  private readonly taken = new Map<string, number>();

  constructor(device: DeviceProfile) {
    this.device = device;
  }

  free(name: string): number {
    const memory = this.device.memories.find((candidate) => candidate.name === name);
    return memory === undefined ? 0 : memory.size.value - memory.reserved.value - (this.taken.get(name) ?? 0);
  }

  /** True when there was room, which is then taken. */
  take(name: string, size: number): boolean {
    if (this.free(name) < size) return false;
    this.taken.set(name, (this.taken.get(name) ?? 0) + size);
    return true;
  }
}
