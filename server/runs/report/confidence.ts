// How well the figures are known that a run's energy rests on: every joule counts for the least trusted figure that it was computed from.

import type { Simulator } from '../../simulator/simulator.ts';
import type { Compiled } from '../compile/request.ts';
import type { CoreProfile, DeviceProfile } from '../files/device-profile.ts';
import { type Confidence, confidences } from '../files/schema.ts';

export type ByConfidence = Readonly<Record<Confidence, number>>;

/** Less trusted of figures; a figure that is left out does not count. */
export const leastTrusted = (...figures: ReadonlyArray<{ readonly confidence: Confidence } | undefined>): Confidence =>
  confidences[
    Math.max(0, ...figures.map((figure) => (figure === undefined ? 0 : confidences.indexOf(figure.confidence))))
  ];

/**
 * Joules from the battery by confidence; they add up to all that was drawn. Work counts for the core's power and for the throughputs that its time comes
 * from, by the time of each; a transition for its power and latency; a conversion loss for the regulator's efficiency.
 */
export function energyByConfidence(device: DeviceProfile, compiled: Compiled, simulator: Simulator): ByConfidence {
  const { ledger, entries, now, plan, supply } = simulator;
  const joules: Record<Confidence, number> = { measured: 0, datasheet: 0, derived: 0, estimated: 0 };
  const byLevel = (entry: number): readonly number[] =>
    [...ledger.spentBy(entry, now)].map((spent, level) => (spent * ledger.entries[entry].levels[level]) / 1e9);
  const add = (entry: number, trust: readonly Confidence[]): void => {
    for (const [level, amount] of byLevel(entry).entries()) joules[trust[level] ?? trust[trust.length - 1]] += amount;
  };

  for (const [index, core] of device.cores.entries()) {
    const levels = byLevel(entries.cores + index);
    const active = levels.slice(0, core.operatingPoints.length).reduce((sum, value) => sum + value, 0);
    spread(joules, active, workOf(index, device, compiled, simulator));
    const trust = restTrust(core);
    for (const [at, amount] of levels.slice(core.operatingPoints.length).entries())
      joules[trust[at] ?? 'measured'] += amount;
  }
  for (const [index, memory] of device.memories.entries())
    add(entries.memories + index, [
      'measured',
      leastTrusted(memory.retentionPower),
      leastTrusted(memory.onPower),
      leastTrusted(memory.onPower, memory.energyPerByte, memory.bandwidth),
    ]);
  for (const [index, link] of device.links.entries())
    add(entries.links + index, [leastTrusted(link.sleepPower), leastTrusted(link.energyPerByte)]);
  for (const [index, { name }] of plan.actuators.entries()) {
    const actuator = device.actuators.find((candidate) => candidate.name === name);
    add(entries.actuators + index, [
      leastTrusted(actuator?.idlePower),
      leastTrusted(actuator?.activePower, actuator?.duration),
    ]);
  }
  const [sensor] = device.sensors;
  add(
    entries.sensor,
    [...sensor.modes, ...(sensor.activity === undefined ? [] : [sensor.activity])].map(({ power }) =>
      leastTrusted(power),
    ),
  );
  const hears = plan.cores[plan.sensor.core].name;
  add(entries.sensorLink, [leastTrusted(sensor.interfaces.find(({ core }) => core === hears)?.power)]);
  for (const [index, { regulator }] of device.rails.entries())
    joules[leastTrusted(regulator?.quiescentCurrent, regulator?.efficiency)] +=
      supply.railInput[index] - supply.railOutput[index];
  return joules;
}

/** By level of a core beyond its operating points: each state, its entry, its exit; then boot, and off. */
function restTrust(core: CoreProfile): readonly Confidence[] {
  const [shallowest] = core.powerStates;
  const [point] = core.operatingPoints;
  return [
    ...core.powerStates.flatMap((state) => [
      leastTrusted(state.power),
      leastTrusted(state.entryPower ?? shallowest.power, state.entryLatency),
      leastTrusted(state.exitPower ?? point.activePower, state.exitLatency),
    ]),
    leastTrusted(core.boot.power, core.boot.latency),
    'measured',
  ];
}

/** What a core's active time went into, in joules at the starting profile's operating point: windows by stage, and the rest, which is a detection's work. */
function workOf(
  core: number,
  device: DeviceProfile,
  compiled: Compiled,
  simulator: Simulator,
): Readonly<Partial<Record<Confidence, number>>> {
  const { plan } = compiled;
  const weights: Partial<Record<Confidence, number>> = {};
  const { jobs } = simulator.cores[core].state;
  const point = device.cores[core].operatingPoints[plan.policies[0].cores[core].operatingPoint];
  let known = 0;
  for (const [stage, { core: own }] of plan.stages.entries()) {
    if (own !== core) continue;
    const spent = jobs[stage] * compiled.joulesPerInference[stage];
    known += spent;
    for (const confidence of confidences) {
      const share = compiled.workByConfidence[stage][confidence];
      weights[confidence] = (weights[confidence] ?? 0) + spent * share;
    }
  }
  const { levels } = plan.cores[core];
  const spentBy = simulator.ledger.spentBy(simulator.entries.cores + core, simulator.now);
  let active = 0;
  for (let at = 0; at < device.cores[core].operatingPoints.length; at++)
    active += (spentBy[at] * levels[at].power) / 1e9;
  const rest = Math.max(0, active - known);
  const trust = leastTrusted(point.activePower, device.trigger.work?.duration);
  weights[trust] = (weights[trust] ?? 0) + rest;
  return weights;
}

/** Adds an amount in the proportion of the weights. */
function spread(
  to: Record<Confidence, number>,
  amount: number,
  weights: Readonly<Partial<Record<Confidence, number>>>,
): void {
  const total = Object.values(weights).reduce((sum, weight) => sum + weight, 0);
  for (const confidence of confidences) if (total > 0) to[confidence] += (amount * (weights[confidence] ?? 0)) / total;
}
