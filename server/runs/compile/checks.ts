// What the parts of a plan ask of each other.

import type { Plan } from '../../simulator/plan.ts';
import type { DeviceProfile } from '../files/device-profile.ts';
import { kilobytes, milliseconds } from './amounts.ts';
import type { Refuse } from './request.ts';

type ProfilePlace = (policy: number, ...rest: ReadonlyArray<string | number>) => string;

/** The first stage gets a window every hop, so its core must finish one within it. */
export function checkKeepsUp(plan: Plan, stagePlace: string, place: ProfilePlace, refuse: Refuse): void {
  const [first] = plan.stages;
  for (const [number, policy] of plan.policies.entries()) {
    const busy = first.work[policy.cores[first.core].operatingPoint].reduce((sum, phase) => sum + phase.duration, 0);
    const load = first.weights.when === 'always' ? (first.weights.load?.duration ?? 0) : 0;
    if (busy + load > plan.hop)
      refuse(
        stagePlace,
        `stage ${first.name} takes ${milliseconds(busy + load)} a window on core ${plan.cores[first.core].name} (power profile ${policy.name}), and a window comes every ${milliseconds(plan.hop)}: it can never keep up, short by ${milliseconds(busy + load - plan.hop)}; take a faster operating point, a smaller model or another core`,
        { subject: `time of ${first.name} on ${plan.cores[first.core].name}`, short: busy + load - plan.hop },
      );
    const room = plan.cores[first.core].queueDepth;
    if (policy.batch > room)
      refuse(
        place(number, 'sensor', 'batch'),
        `power profile ${policy.name} lets ${policy.batch} windows come at once, and the queue of core ${plan.cores[first.core].name} holds ${room}; lower the batch or lengthen the queue`,
      );
  }
}

export function checkFifo(plan: Plan, device: DeviceProfile, place: ProfilePlace, refuse: Refuse): void {
  const [sensor] = device.sensors;
  for (const [number, policy] of plan.policies.entries()) {
    const needed = (policy.batch * plan.hop * sensor.sampleRate * sensor.bytesPerSample) / 1e9;
    if (needed > sensor.fifo.value)
      refuse(
        place(number, 'sensor', 'batch'),
        `power profile ${policy.name} collects ${policy.batch} windows = ${kilobytes(needed)} in sensor ${sensor.name}, whose FIFO holds ${kilobytes(sensor.fifo.value)}; lower the batch`,
      );
  }
}
