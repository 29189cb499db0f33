// A core as the simulator is given it: its power levels in one list, its states with their ways in and out.

import { breakEven } from '../../simulator/governor.ts';
import type { CorePlan, MemoryMode, PowerLevel, PowerStatePlan } from '../../simulator/plan.ts';
import { fromSeconds, LONGEST_TIME, nanoseconds, type Watts, watts } from '../../units.ts';
import type { CoreProfile, DeviceProfile } from '../files/device-profile.ts';
import type { Places } from '../files/problem.ts';
import { restPower } from './rest-power.ts';

const ACTIVE = 0;
const TRANSITION = 1;

export function compileCore(
  core: CoreProfile,
  device: DeviceProfile,
  sensor: string,
  rail: (name: string) => number,
  place: Places,
  warnings: string[],
): CorePlan {
  const points = core.operatingPoints.length;
  const idle = watts(core.powerStates[0].power.value);
  const active = watts(core.operatingPoints[0].activePower.value);
  const level = (power: Watts, activity: number): PowerLevel => ({ power, activity });
  const stateActivity = (state: number) => TRANSITION + 1 + state;
  const bootActivity = stateActivity(core.powerStates.length);
  const stateLevel = (state: number, which: 0 | 1 | 2) => points + 3 * state + which;
  const links = device.links.filter(({ from, to }) => from === core.name || to === core.name).map(({ name }) => name);

  const states = core.powerStates.map((state, number): PowerStatePlan => {
    const entry = { watts: state.entryPower?.value ?? idle, latency: fromSeconds(state.entryLatency.value) };
    const exit = { watts: state.exitPower?.value ?? active, latency: fromSeconds(state.exitLatency.value) };
    const before = core.powerStates[number - 1];
    const rest = (depth: number) => restPower(device, core, depth);
    if (before !== undefined && rest(number) >= rest(number - 1))
      warnings.push(
        `${place('powerStates', number, 'power')}: power state ${state.name} of core ${core.name} draws no less than ${before.name}, which is shallower; states go by depth`,
      );
    const computed = before === undefined ? 0 : breakEven(rest(number - 1), rest(number), entry, exit);
    const residency = state.minResidency === undefined ? computed : state.minResidency.value * 1e9;
    if (
      before?.minResidency !== undefined &&
      state.minResidency !== undefined &&
      state.minResidency.value < before.minResidency.value
    )
      warnings.push(
        `${place('powerStates', number, 'minResidency')}: the minimum residency of ${state.name} of core ${core.name} is shorter than that of ${before.name}, which is shallower; states go by depth`,
      );
    return {
      name: state.name,
      level: stateLevel(number, 0),
      entry: { level: stateLevel(number, 1), latency: entry.latency },
      exit: { level: stateLevel(number, 2), latency: exit.latency },
      minResidency: nanoseconds(Math.round(Math.min(residency, LONGEST_TIME))),
      linksLive: links.every((link) => state.live.includes(link)),
      sensorLive: state.live.includes(sensor),
      wholeDomain: state.wholeDomain,
      memories: device.memories.map((memory): MemoryMode => {
        if (memory.core !== core.name) return 'on';
        if (number === 0) return 'on';
        return state.retains.includes(memory.name) ? 'retained' : 'off';
      }),
      losesState: number > 0 && !state.retains.includes(core.workMemory),
    };
  });
  return {
    name: core.name,
    rail: rail(core.rail),
    queueDepth: core.queue,
    activities: ['active', 'transition', ...core.powerStates.map(({ name }) => name), 'boot', 'off'],
    levels: [
      ...core.operatingPoints.map((point) => level(watts(point.activePower.value), ACTIVE)),
      ...core.powerStates.flatMap((state, number) => [
        level(watts(state.power.value), stateActivity(number)),
        level(watts(state.entryPower?.value ?? idle), TRANSITION),
        level(watts(state.exitPower?.value ?? active), TRANSITION),
      ]),
      level(watts(core.boot.power.value), bootActivity),
      level(watts(0), bootActivity + 1),
      ...core.operatingPoints.map(({ idlePower }) =>
        level(watts((idlePower ?? core.powerStates[0].power).value), stateActivity(0)),
      ),
    ],
    boot: { level: stateLevel(core.powerStates.length, 0), latency: fromSeconds(core.boot.latency.value) },
    offLevel: stateLevel(core.powerStates.length, 1),
    states,
    idleLevels: core.operatingPoints.map((_, point) => stateLevel(core.powerStates.length, 2) + point),
    domain: core.domain === undefined ? null : device.cores.findIndex(({ domain }) => domain === core.domain),
  };
}
