// From what people wrote to what the simulator is given: names become indices, work becomes nanoseconds, and what cannot be is refused with the arithmetic.

import { meanVoltage } from '../../simulator/battery-voltage.ts';
import type { LinkPlan, MemoryPlan, Plan, RailPlan } from '../../simulator/plan.ts';
import { fromSeconds, volts, watts } from '../../units.ts';
import type { DeviceProfile } from '../files/device-profile.ts';
import { type Impossible, type Places, Refusal } from '../files/problem.ts';
import { compileBattery, compileCharger } from './battery.ts';
import { checkFifo, checkKeepsUp } from './checks.ts';
import { compileCore } from './core.ts';
import { index } from './find.ts';
import { checkHours, compileHours, rulesOf } from './hours.ts';
import { MemoryRoom } from './memory-room.ts';
import { compilePolicy, reachableProfiles, withChoosable } from './policy.ts';
import type { Compiled, CompileRequest, Refuse } from './request.ts';
import { compileStage, extraWork } from './stage.ts';
import { compilePreRoll, compileTrigger } from './trigger.ts';
import { joulesPerMac, shareByConfidence, workParts } from './work.ts';

/** @throws {Refusal} what does not fit together, each with the arithmetic */
export function compile(request: CompileRequest): Compiled {
  const { device, at, stages, frontEnd } = request;
  const problems: Impossible[] = [];
  const warnings: string[] = [];
  const refuse: Refuse = (place, reason, what = { subject: reason, short: 0 }) =>
    problems.push({ place, reason, ...what });
  const rail = (name: string) => index(device.rails, name);

  const { timetable = null } = request;
  const bases = [
    { name: request.powerProfile, place: at.scenario('powerProfile') },
    ...(timetable?.spans ?? []).flatMap(({ name, powerProfile }) =>
      powerProfile === null ? [] : [{ name: powerProfile, place: at.scenario('day', 'hours', name, 'powerProfile') }],
    ),
  ];
  const reachable = reachableProfiles(device, bases, refuse);
  const profiles = withChoosable(reachable, device, request.choosable);
  checkHours(timetable, device, at, refuse);
  for (const { number, core } of stages)
    if (index(device.cores, core) < 0)
      refuse(
        at.scenario('cascade', number, 'core'),
        `core "${core}" does not exist; the device has ${device.cores.map(({ name }) => name).join(', ')}`,
      );
  if (problems.length > 0) throw new Refusal(problems);

  const sensor = device.sensors[0];
  const firstCore = stages[0].core;
  const wired = sensor.interfaces.find(({ core }) => core === firstCore);
  if (wired === undefined)
    refuse(
      at.scenario('cascade', stages[0].number, 'core'),
      `sensor ${sensor.name} is not wired to core ${firstCore}, where the first stage runs; it is wired to ${sensor.interfaces.map(({ core }) => core).join(', ')}: begin the cascade there, or give the sensor an interface`,
    );

  const cores = device.cores.map((core, number) => {
    const place: Places = (...rest) => at.device('cores', number, ...rest);
    return compileCore(core, device, sensor.name, rail, place, warnings);
  });
  const memories: readonly MemoryPlan[] = device.memories.map((memory) => ({
    name: memory.name,
    rail: rail(memory.rail),
    owner: memory.core === undefined ? null : index(device.cores, memory.core),
    onPower: watts(memory.onPower.value),
    retentionPower: watts(memory.retentionPower.value),
    accessPower: watts(memory.energyPerByte.value * memory.bandwidth.value),
  }));
  const links: readonly LinkPlan[] = device.links.map((link) => ({
    name: link.name,
    rail: rail(link.rail),
    sleepPower: watts(link.sleepPower.value),
    transferPower: watts(link.sleepPower.value + link.energyPerByte.value * link.bandwidth.value),
    wakeLatency: fromSeconds(link.wakeLatency.value),
    bytesPerSecond: link.bandwidth.value,
  }));

  const room = new MemoryRoom(device);
  const preRoll = compilePreRoll(request, cores, room, refuse);
  const planned = stages.map((stage, number) => {
    const core = index(device.cores, stage.core);
    return compileStage(number, core, request, cores[core], room, preRoll, refuse);
  });
  if (problems.length > 0) throw new Refusal(problems);

  const hop = fromSeconds(frontEnd.hopSeconds);
  const battery = compileBattery(device.battery);
  const plan: Plan = {
    hop,
    rails: device.rails.map((spec) => compileRail(spec, meanVoltage(battery))),
    supply:
      request.supply.kind === 'ideal'
        ? { kind: 'ideal', volts: volts(meanVoltage(battery)) }
        : {
            kind: 'battery',
            battery,
            startSoc: request.supply.startSoc,
            charger: compileCharger(device.battery),
          },
    memories,
    links,
    sensor: {
      name: sensor.name,
      rail: rail(sensor.rail),
      link: { rail: rail(wired?.rail ?? sensor.rail), power: watts(wired?.power.value ?? 0) },
      modes: sensor.modes.map((mode) => ({ name: mode.name, power: watts(mode.power.value) })),
      ...(sensor.activity === undefined
        ? {}
        : {
            activity: {
              decibels: sensor.activity.level,
              hold: fromSeconds(sensor.activity.hold),
              power: watts(sensor.activity.power.value),
            },
          }),
      core: index(device.cores, firstCore),
    },
    cores,
    stages: planned.filter((stage) => stage !== null),
    actuators: device.trigger.actuators.map((name) => {
      const actuator = device.actuators[index(device.actuators, name)];
      return {
        name,
        rail: rail(actuator.rail),
        idlePower: watts(actuator.idlePower.value),
        activePower: watts(actuator.activePower.value),
        duration: fromSeconds(actuator.duration.value),
      };
    }),
    trigger: { work: compileTrigger(device), preRoll: preRoll?.plan ?? null },
    policies: profiles.map((profile) => compilePolicy(profile, device, cores, stages)),
    startPolicy: 0,
    rules: rulesOf(reachable[0], reachable),
    hours: timetable === null ? null : compileHours(timetable, request.powerProfile, device, reachable),
  };
  const profilePlace = (policy: number, ...rest: ReadonlyArray<string | number>) =>
    at.device('powerProfiles', device.powerProfiles.indexOf(profiles[policy]), ...rest);
  checkKeepsUp(plan, at.scenario('cascade', stages[0].number, 'core'), profilePlace, refuse);
  checkFifo(plan, device, profilePlace, refuse);
  if (problems.length > 0) throw new Refusal(problems);
  return {
    plan,
    joulesPerInference: plan.stages.map((stage) => {
      const core = plan.cores[stage.core];
      const point = plan.policies[0].cores[stage.core].operatingPoint;
      return stage.work[point].reduce((sum, phase) => sum + (core.levels[phase.level].power * phase.duration) / 1e9, 0);
    }),
    workByConfidence: plan.stages.map(({ core }, stage) => {
      const point = device.cores[core].operatingPoints[plan.policies[0].cores[core].operatingPoint];
      return shareByConfidence(workParts(point, stages[stage].model, extraWork(stage, frontEnd, preRoll)));
    }),
    picojoulesPerMac: Object.fromEntries(
      device.cores.map((core, number) => {
        const point = core.operatingPoints[plan.policies[0].cores[number].operatingPoint];
        return [core.name, joulesPerMac(point) * 1e12];
      }),
    ),
    warnings,
  };
}

/** @param nominalVolts what a current drawn from the battery is worth */
function compileRail(spec: DeviceProfile['rails'][number], nominalVolts: number): RailPlan {
  const { regulator } = spec;
  return {
    name: spec.name,
    regulator: {
      quiescent: watts((regulator?.quiescentCurrent.value ?? 0) * nominalVolts),
      efficiency: regulator?.efficiency.points.map(({ load, ratio }) => ({ load: watts(load), ratio })) ?? [],
    },
    brownOut: volts(spec.brownOut.value),
  };
}
