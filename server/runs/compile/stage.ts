// A stage as the simulator is given it: where its weights live, what its window takes and how long its core works on it.

import type { CorePlan, JobPhase, StagePlan } from '../../simulator/plan.ts';
import { bytes, fromSeconds } from '../../units.ts';
import type { CoreProfile, DeviceProfile } from '../files/device-profile.ts';
import { kilobytes } from './amounts.ts';
import { index, linkBetween } from './find.ts';
import type { MemoryRoom } from './memory-room.ts';
import type { CompileRequest, FrontEndCost, ModelCost, Refuse } from './request.ts';
import type { PreRoll } from './trigger.ts';
import { secondsOf, workParts } from './work.ts';

export function compileStage(
  number: number,
  core: number,
  request: CompileRequest,
  plan: CorePlan,
  room: MemoryRoom,
  preRoll: PreRoll | null,
  refuseAt: Refuse,
): StagePlan | null {
  const { device, stages, frontEnd } = request;
  const { model, name } = stages[number];
  const place = request.at.scenario('cascade', stages[number].number);
  const refuse = (reason: string) => refuseAt(place, reason);
  const doesNotFit = (what: string, short: number, reason: string) =>
    refuseAt(place, reason, { subject: `${what} of ${name} on ${stages[number].core}`, short });
  const profile = device.cores[core];
  if (model.precision !== profile.precision) {
    refuse(
      `stage ${name}: model ${model.name} is ${model.precision}, and the figures of core ${profile.name} are for ${profile.precision}; use a model of that precision, so that cost and scores belong together`,
    );
    return null;
  }
  const source = sourceOf(stages, number);
  const link = source === null || source === profile.name ? null : linkBetween(device, source, profile.name);
  if (link === -1) {
    const held = source === stages[number - 1].core ? '' : `, which has the frames that ${model.name} takes,`;
    refuse(`stage ${name}: no link leads from core ${source}${held} to core ${profile.name}; add one to the device`);
    return null;
  }
  // Of frames a core that has some of a window gets the rest; activations are of one window, and all cross.
  const [windowBytes, hopBytes] =
    model.takes.kind === 'frames'
      ? [model.windowFrames * frontEnd.bytesPerFrame, frontEnd.bytesPerFrame]
      : [model.takes.bytesPerWindow, model.takes.bytesPerWindow];
  const working = model.activationBytes + windowBytes + (number === 0 ? frontEnd.workBytes : 0);
  if (!room.take(profile.workMemory, working))
    doesNotFit(
      'activations',
      working - room.free(profile.workMemory),
      `stage ${name}: its activations and window need ${kilobytes(working)}, and ${profile.workMemory} of core ${profile.name} has ${kilobytes(room.free(profile.workMemory))} free: short by ${kilobytes(working - room.free(profile.workMemory))}`,
    );
  const weights = placeWeights(profile, device, model, room);
  if (weights === null) {
    const free = profile.weightMemories
      .map((memory) => `${memory} has ${kilobytes(room.free(memory))} free`)
      .join(', ');
    const most = Math.max(...profile.weightMemories.map((memory) => room.free(memory)));
    doesNotFit(
      'weights',
      model.weightBytes - most,
      `stage ${name}: the weights of ${model.name} take ${kilobytes(model.weightBytes)} and do not fit core ${profile.name}: ${free}: short by ${kilobytes(model.weightBytes - most)}; move the stage, take a smaller model, or give the core a farMemory`,
    );
    return null;
  }
  const extra = extraWork(number, frontEnd, preRoll);
  return {
    name,
    core,
    link,
    ...(link === null || source === null ? {} : { from: index(device.cores, source) }),
    windowBytes: bytes(windowBytes),
    hopBytes: bytes(hopBytes),
    weights,
    work: profile.operatingPoints.map((point, level) => [
      { level, duration: fromSeconds(secondsOf(workParts(point, model, extra))), memory: null },
    ]),
    transferLevel: plan.idleLevels,
    hold: fromSeconds(stages[number].holdSeconds),
    ...(stages[number].gate === undefined ? {} : { gate: stages[number].gate }),
  };
}

/**
 * The core that a stage's windows come from, null for the first: activations from the stage before, frames from the last stage that took some, since a
 * part of a network that takes activations has none to hand on.
 */
export function sourceOf(stages: CompileRequest['stages'], number: number): string | null {
  if (number === 0) return null;
  if (stages[number].model.takes.kind === 'activations') return stages[number - 1].core;
  return stages.slice(0, number).findLast(({ model }) => model.takes.kind === 'frames')?.core ?? null;
}

function placeWeights(
  core: CoreProfile,
  device: DeviceProfile,
  model: ModelCost,
  room: MemoryRoom,
): StagePlan['weights'] | null {
  const load = (name: string): JobPhase => {
    const memory = index(device.memories, name);
    const duration = fromSeconds(model.weightBytes / device.memories[memory].bandwidth.value);
    return { level: 0, duration, memory };
  };
  const home = core.weightMemories.find((memory) => room.take(memory, model.weightBytes));
  if (home !== undefined) {
    const kept = device.memories.find(({ name }) => name === home);
    const safe = kept?.nonVolatile === true || core.reloadFrom === undefined;
    return safe
      ? { when: 'never', load: null }
      : { when: 'lost', load: load(core.reloadFrom ?? home), home: index(device.memories, home) };
  }
  return core.farMemory === undefined ? null : { when: 'always', load: load(core.farMemory) };
}

/** What the first stage's core does beside its model: the front end, and keeping the pre-roll. */
export const extraWork = (stage: number, frontEnd: FrontEndCost, preRoll: PreRoll | null) =>
  stage === 0
    ? { frontEnd: frontEnd.operationsPerFrame, keeping: preRoll?.operations ?? 0 }
    : { frontEnd: 0, keeping: 0 };
