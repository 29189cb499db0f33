// What a detection sets off: the pre-roll that is sent on, and the work of the core that acts.

import type { CorePlan, Plan, PreRollPlan } from '../../simulator/plan.ts';
import { bytes, fromSeconds } from '../../units.ts';
import type { DeviceProfile } from '../files/device-profile.ts';
import { kilobytes } from './amounts.ts';
import { index, linkBetween } from './find.ts';
import type { MemoryRoom } from './memory-room.ts';
import type { CompileRequest, Refuse } from './request.ts';

export interface PreRoll {
  /** What is sent, where it has to be sent. */
  readonly plan: PreRollPlan | null;
  /** Operations in each hop. */
  readonly operations: number;
}

/** Room for the last seconds of sound in the memory of the core that hears, and their way to the core that acts on a detection. */
export function compilePreRoll(
  { device, at, stages, frontEnd }: CompileRequest,
  cores: readonly CorePlan[],
  room: MemoryRoom,
  refuse: Refuse,
): PreRoll | null {
  const { preRoll, work } = device.trigger;
  const hears = device.cores.findIndex(({ name }) => name === stages[0].core);
  if (preRoll === undefined || hears < 0) return null;
  const { name, workMemory } = device.cores[hears];
  const size = preRoll.duration.value * preRoll.rate.value;
  if (!room.take(workMemory, size))
    refuse(
      at.device('trigger', 'preRoll'),
      `the pre-roll of ${preRoll.duration.text} takes ${kilobytes(size)}, and ${workMemory} of core ${name} has ${kilobytes(room.free(workMemory))} free: short by ${kilobytes(size - room.free(workMemory))}; keep less of it`,
    );
  const operations = preRoll.encoding.value * frontEnd.hopSeconds;
  if (work === undefined || work.core === name) return { plan: null, operations };
  const link = linkBetween(device, name, work.core);
  if (link < 0)
    refuse(
      at.device('links'),
      `no link leads from core ${name} to core ${work.core}, which is to get the pre-roll; add one to the device`,
    );
  const acts = device.cores.findIndex((core) => core.name === work.core);
  const transferLevel = cores[acts]?.idleLevels ?? [];
  return { plan: { from: hears, link, bytes: bytes(size), transferLevel }, operations };
}

export function compileTrigger(device: DeviceProfile): Plan['trigger']['work'] {
  const { work } = device.trigger;
  if (work === undefined) return null;
  const core = index(device.cores, work.core);
  const duration = fromSeconds(work.duration.value);
  const phases = device.cores[core].operatingPoints.map((_, level) => [{ level, duration, memory: null }]);
  return { core, phases };
}
