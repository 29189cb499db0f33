// Which figures of a device profile the levels of its simulated parts rest on, so that a measured trace can be traced back to them.

import type { CorePlan, Plan, RegulatorPlan } from '../../simulator/plan.ts';
import type { Simulator } from '../../simulator/simulator.ts';
import {
  type LevelKind,
  type ModelComponent,
  type ModelFigure,
  type ModelLevel,
  type PowerModel,
  SPREAD,
  type Term,
} from '../../traces/power-model.ts';
import { watts } from '../../units.ts';
import type { CoreProfile, DeviceProfile } from '../files/device-profile.ts';
import type { Figure } from '../files/schema.ts';

/** Where a trace was measured. */
export type Probe = { readonly kind: 'battery' } | { readonly kind: 'rail'; readonly rail: number };

/** Part of a level's power, before its figure has a number. */
interface Part {
  readonly path: string;
  readonly figure: Figure;
  readonly unit: ModelFigure['unit'];
  readonly factor: number;
}
interface Sketch {
  readonly kind: LevelKind;
  readonly parts: readonly Part[];
}

const part = (path: string, figure: Figure, factor = 1, unit: ModelFigure['unit'] = 'W'): Part => ({
  path,
  figure,
  unit,
  factor,
});
const steady = (...parts: readonly Part[]): Sketch => ({ kind: 'steady', parts });

export function powerModel(device: DeviceProfile, plan: Plan, ledger: Simulator['ledger'], probe: Probe): PowerModel {
  const figures: ModelFigure[] = [];
  const term = ({ path, figure, unit, factor }: Part): Term => {
    const known = figures.findIndex((candidate) => candidate.path === path);
    if (known >= 0) return { figure: known, factor };
    const { value, confidence, range } = figure;
    // A range is where it lies nearly for certain: two standard deviations either way.
    const spread = range === undefined ? value * SPREAD[confidence] : (range.high - range.low) / 4;
    return { figure: figures.push({ path, value, confidence, spread, unit }) - 1, factor };
  };
  /** What of a level's power its figures do not make stays as it is. */
  const level = ({ kind, parts }: Sketch, power: number): ModelLevel => {
    const rest = power - parts.reduce((sum, { figure, factor }) => sum + factor * figure.value, 0);
    return { kind, base: Math.abs(rest) < 1e-9 * power ? 0 : rest, terms: parts.map(term) };
  };
  const off = steady();
  const sketches: ReadonlyArray<readonly Sketch[]> = [
    ...plan.cores.map((core, number) => coreSketches(core, device.cores[number])),
    ...device.memories.map((memory, number) => {
      const path = `memories.${memory.name}`;
      const on = part(`${path}.onPower`, memory.onPower);
      const access = plan.memories[number].accessPower / (memory.energyPerByte.value || 1);
      return [
        off,
        steady(part(`${path}.retentionPower`, memory.retentionPower)),
        ...Array.from({ length: plan.cores.length + 1 }, (_, users) =>
          steady(on, part(`${path}.energyPerByte`, memory.energyPerByte, users * access, 'J/B')),
        ),
      ];
    }),
    ...device.links.map(({ name, sleepPower, energyPerByte, bandwidth }): readonly Sketch[] => {
      const sleep = part(`links.${name}.sleepPower`, sleepPower);
      const moving = part(`links.${name}.energyPerByte`, energyPerByte, bandwidth.value, 'J/B');
      return [steady(sleep), { kind: 'transfer', parts: [sleep, moving] }];
    }),
    ...plan.actuators.map(({ name }): readonly Sketch[] => {
      const actuator = device.actuators.find((candidate) => candidate.name === name);
      if (actuator === undefined) return [];
      return [
        steady(part(`actuators.${name}.idlePower`, actuator.idlePower)),
        { kind: 'actuator', parts: [part(`actuators.${name}.activePower`, actuator.activePower)] },
      ];
    }),
    device.sensors[0].modes.map(({ name, power }) =>
      steady(part(`sensors.${device.sensors[0].name}.modes.${name}.power`, power)),
    ),
    [interfaceSketch(device, plan)],
  ];
  const components: readonly ModelComponent[] = ledger.entries.map((entry, number) => ({
    name: entry.name,
    rail: entry.rail,
    levels: entry.levels.map((power, at) => level(sketches[number]?.[at] ?? off, power)),
  }));
  const rails = plan.rails.map(({ name, regulator }, number) => {
    if (probe.kind === 'rail') return probe.rail === number ? { regulator: null, quiescent: level(off, 0) } : null;
    const current = device.rails.find((rail) => rail.name === name)?.regulator?.quiescentCurrent;
    const parts =
      current === undefined || current.value === 0
        ? []
        : [part(`rails.${name}.regulator.quiescentCurrent`, current, regulator.quiescent / current.value, 'A')];
    const without: RegulatorPlan = { ...regulator, quiescent: watts(0) };
    return { regulator: without, quiescent: level(steady(...parts), regulator.quiescent) };
  });
  return { figures, components, rails };
}

/** In the order in which `compile` lists a core's levels: operating points, each power state with its way in and out, boot. */
function coreSketches(plan: CorePlan, core: CoreProfile): readonly Sketch[] {
  const path = `cores.${core.name}`;
  const [first] = core.operatingPoints;
  const active = part(`${path}.operatingPoints.${first.name}.activePower`, first.activePower);
  const [shallow] = core.powerStates;
  const idle = part(`${path}.powerStates.${shallow.name}.power`, shallow.power);
  const sketches: Array<Sketch | undefined> = core.operatingPoints.map(({ name, activePower }) => ({
    kind: 'compute',
    parts: [part(`${path}.operatingPoints.${name}.activePower`, activePower)],
  }));
  plan.states.forEach((state, at) => {
    const { name, power, entryPower, exitPower } = core.powerStates[at];
    const own = `${path}.powerStates.${name}`;
    sketches[state.level] = { kind: 'rest', parts: [part(`${own}.power`, power)] };
    sketches[state.entry.level] = { kind: 'wake', parts: [entryPower ? part(`${own}.entryPower`, entryPower) : idle] };
    sketches[state.exit.level] = { kind: 'wake', parts: [exitPower ? part(`${own}.exitPower`, exitPower) : active] };
  });
  plan.idleLevels.forEach((level, point) => {
    const { name, idlePower } = core.operatingPoints[point];
    const own = idlePower ? part(`${path}.operatingPoints.${name}.idlePower`, idlePower) : idle;
    sketches[level] = { kind: 'rest', parts: [own] };
  });
  sketches[plan.boot.level] = { kind: 'boot', parts: [part(`${path}.boot.power`, core.boot.power)] };
  return Array.from(sketches, (sketch) => sketch ?? steady());
}

function interfaceSketch(device: DeviceProfile, plan: Plan): Sketch {
  const [sensor] = device.sensors;
  const { name } = plan.cores[plan.sensor.core];
  const wired = sensor.interfaces.find(({ core }) => core === name);
  return wired === undefined ? steady() : steady(part(`sensors.${sensor.name}.interfaces.${name}.power`, wired.power));
}
