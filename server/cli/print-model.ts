// What there is to say of a model that got its card.

import type { NewCard } from '../models/write-card.ts';
import { kilobytes } from '../runs/compile/amounts.ts';
import { MemoryRoom } from '../runs/compile/memory-room.ts';
import type { DeviceProfile } from '../runs/files/device-profile.ts';
import { featuresOf, hopSamplesOf, rateOf } from '../streams/frames.ts';

export function printModel({ card, cost, warnings }: NewCard, target: string, device: DeviceProfile | null): string {
  const { frontEnd, frames } = card;
  const hop = hopSamplesOf(frontEnd) / rateOf(frontEnd);
  const { conv, depthwise, dense, other } = cost.macs;
  return [
    `${target}: written for ${card.name}, ${card.precision}`,
    `Window    ${frames} ${frames === 1 ? 'frame' : 'frames'} of ${featuresOf(frontEnd)} values = ${(frames * hop).toPrecision(3)} s, one every ${(hop * 1e3).toPrecision(3)} ms (${frontEnd.kind})`,
    `Work      ${count(cost.totalMacs)} MAC a window: convolutions ${count(conv)}, depthwise ${count(depthwise)}, dense ${count(dense)}; ${count(other)} other operations, ${cost.layers} layers`,
    `Memory    ${count(cost.parameters)} parameters = ${kilobytes(cost.weightBytes)}; activations ${kilobytes(cost.activationBytes)} at most`,
    ...(device === null
      ? []
      : device.cores.map((core) => `${core.name.padEnd(10)}${fitOf(core, device, cost, card.precision)}`)),
    ...warnings.map((warning) => `Beware    ${warning}`),
    '',
  ].join('\n');
}

const count = (value: number): string => value.toLocaleString('en-GB');

function fitOf(
  core: DeviceProfile['cores'][number],
  device: DeviceProfile,
  cost: NewCard['cost'],
  precision: string,
): string {
  const room = new MemoryRoom(device);
  const wanting: string[] = [];
  if (core.precision !== precision) wanting.push(`its figures are for ${core.precision} and the model is ${precision}`);
  const work = room.free(core.workMemory);
  if (work < cost.activationBytes)
    wanting.push(`activations are short of ${kilobytes(cost.activationBytes - work)} in ${core.workMemory}`);
  else room.take(core.workMemory, cost.activationBytes);
  const home = core.weightMemories.find((memory) => room.free(memory) >= cost.weightBytes);
  if (home === undefined && core.farMemory === undefined) {
    const most = Math.max(...core.weightMemories.map((memory) => room.free(memory)));
    wanting.push(`weights are short of ${kilobytes(cost.weightBytes - most)} in ${core.weightMemories.join(' or ')}`);
  }
  if (wanting.length > 0) return `does not fit: ${wanting.join('; ')}`;
  return `fits: weights in ${home ?? `${core.farMemory}, brought in for every window`}, activations in ${core.workMemory}`;
}
