// From what people wrote to what the simulator is given: names become indices, work becomes nanoseconds, and what cannot be is refused with the arithmetic.

import { meanVoltage } from '../simulator/battery-voltage.ts';
import { breakEven } from '../simulator/governor.ts';
import type {
  CorePlan,
  CorePolicy,
  JobPhase,
  LinkPlan,
  MemoryMode,
  MemoryPlan,
  Plan,
  PolicyPlan,
  PowerLevel,
  PowerStatePlan,
  PreRollPlan,
  RailPlan,
  StagePlan,
} from '../simulator/plan.ts';
import { bytes, fromSeconds, LONGEST_TIME, type Nanoseconds, nanoseconds, volts, type Watts, watts } from '../units.ts';
import { compileBattery, compileCharger } from './compile-battery.ts';
import { checkHours, compileHours, rulesOf } from './compile-hours.ts';
import type { ByConfidence } from './confidence.ts';
import type { CoreProfile, DeviceProfile, PowerProfile } from './files/device-profile.ts';
import { type Impossible, type Places, Refusal } from './files/problem.ts';
import { restPower } from './rest-power.ts';
import type { Timetable } from './timetable.ts';
import { secondsOf, shareByConfidence, workParts } from './work.ts';

/** What a model asks of the core that runs it; counted from its graph. */
export interface ModelCost {
  readonly name: string;
  readonly precision: 'int8' | 'float32';
  readonly macs: Readonly<Record<'conv' | 'depthwise' | 'dense' | 'other', number>>;
  readonly layers: number;
  readonly parameters: number;
  readonly weightBytes: number;
  readonly activationBytes: number;
  readonly windowFrames: number;
}

/** A stage as it is to be simulated. */
export interface PlacedStage {
  readonly name: string;
  /** Which of the scenario's cascade it is, counted from 0. */
  readonly number: number;
  readonly model: ModelCost;
  readonly core: string;
  readonly thresholds: { readonly normal: number; readonly strict: number };
  readonly holdSeconds: number;
}

/** The front end that all stages share: it runs where the first stage does. */
export interface FrontEndCost {
  readonly operationsPerFrame: number;
  readonly bytesPerFrame: number;
  readonly workBytes: number;
  readonly hopSeconds: number;
}

export interface CompileRequest {
  readonly device: DeviceProfile;
  /** For messages: places in the files of the scenario and the device. */
  readonly at: { readonly scenario: Places; readonly device: Places };
  readonly stages: readonly PlacedStage[];
  readonly frontEnd: FrontEndCost;
  readonly powerProfile: string;
  /** Left out or null: every hour is like the other. */
  readonly timetable?: Timetable | null;
  readonly supply: { readonly kind: 'battery'; readonly startSoc: number } | { readonly kind: 'ideal' };
}

export interface Compiled {
  readonly plan: Plan;
  /** Joules of one inference by stage at the starting profile's operating point, its front end included for the first. */
  readonly joulesPerInference: readonly number[];
  /** Share of its time by the least trusted of the figures it comes from. */
  readonly workByConfidence: readonly ByConfidence[];
  readonly picojoulesPerMac: Readonly<Record<string, number>>;
  readonly warnings: readonly string[];
}

const ACTIVE = 0;
const TRANSITION = 1;

/** @param place where in the files what is refused is written */
export type Refuse = (place: string, reason: string, what?: Pick<Impossible, 'subject' | 'short'>) => void;

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
    policies: reachable.map((profile) => compilePolicy(profile, device, cores, stages)),
    startPolicy: 0,
    rules: rulesOf(reachable[0], reachable),
    hours: timetable === null ? null : compileHours(timetable, request.powerProfile, device, reachable),
  };
  const profilePlace = (policy: number, ...rest: ReadonlyArray<string | number>) =>
    at.device('powerProfiles', device.powerProfiles.indexOf(reachable[policy]), ...rest);
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
        return [core.name, (point.activePower.value / point.throughput.conv.value) * 1e12];
      }),
    ),
    warnings,
  };
}

/** The power profiles that hours begin with, the starting one first, then those that their rules lead to. */
function reachableProfiles(
  device: DeviceProfile,
  bases: ReadonlyArray<{ readonly name: string; readonly place: string }>,
  refuse: Refuse,
): readonly PowerProfile[] {
  const known = new Map(device.powerProfiles.map((profile) => [profile.name, profile]));
  const found = new Set<PowerProfile>();
  for (const { name, place } of bases) {
    const profile = known.get(name);
    if (profile !== undefined) found.add(profile);
    else refuse(place, `power profile "${name}" does not exist; there are ${[...known.keys()].join(', ')}`);
  }
  for (const { rules } of [...found])
    for (const profile of device.powerProfiles) if (rules.some(({ use }) => use === profile.name)) found.add(profile);
  return [...found];
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

function compileCore(
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

/** Hands out the memories' room, and remembers who took what. */
class MemoryRoom {
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

const index = (list: ReadonlyArray<{ readonly name: string }>, name: string): number =>
  list.findIndex((item) => item.name === name);

function compileStage(
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
  const previous = stages[number - 1]?.core;
  const link = previous === undefined || previous === profile.name ? null : linkBetween(device, previous, profile.name);
  if (link === -1) {
    refuse(`stage ${name}: no link leads from core ${previous} to core ${profile.name}; add one to the device`);
    return null;
  }
  const windowBytes = model.windowFrames * frontEnd.bytesPerFrame;
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
    windowBytes: bytes(windowBytes),
    hopBytes: bytes(frontEnd.bytesPerFrame),
    weights,
    work: profile.operatingPoints.map((point, level) => [
      { level, duration: fromSeconds(secondsOf(workParts(point, model, extra))), memory: null },
    ]),
    transferLevel: plan.idleLevels,
    hold: fromSeconds(stages[number].holdSeconds),
  };
}

/** Bytes go either way over a link. */
function linkBetween(device: DeviceProfile, one: string, other: string): number {
  return device.links.findIndex(({ from, to }) => (from === one && to === other) || (from === other && to === one));
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
const extraWork = (stage: number, frontEnd: FrontEndCost, preRoll: PreRoll | null) =>
  stage === 0
    ? { frontEnd: frontEnd.operationsPerFrame, keeping: preRoll?.operations ?? 0 }
    : { frontEnd: 0, keeping: 0 };

interface PreRoll {
  /** What is sent, where it has to be sent. */
  readonly plan: PreRollPlan | null;
  /** Operations in each hop. */
  readonly operations: number;
}

/** Room for the last seconds of sound in the memory of the core that hears, and their way to the core that acts on a detection. */
function compilePreRoll(
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

function compileTrigger(device: DeviceProfile): Plan['trigger']['work'] {
  const { work } = device.trigger;
  if (work === undefined) return null;
  const core = index(device.cores, work.core);
  const duration = fromSeconds(work.duration.value);
  const phases = device.cores[core].operatingPoints.map((_, level) => [{ level, duration, memory: null }]);
  return { core, phases };
}

function compilePolicy(
  profile: PowerProfile,
  device: DeviceProfile,
  cores: readonly CorePlan[],
  stages: readonly PlacedStage[],
): PolicyPlan {
  return {
    name: profile.name,
    cores: device.cores.map((core, number): CorePolicy => {
      const policy = profile.cores[core.name];
      const { states } = cores[number];
      const wakers = wakersOf(core.name, device, stages);
      return {
        operatingPoint: index(core.operatingPoints, policy.operatingPoint),
        permitted: core.powerStates.map(
          ({ name, wakeSources }) =>
            (policy.powerStates?.includes(name) ?? true) && wakers.every((waker) => wakeSources.includes(waker)),
        ),
        latencyAllowed: policy.latency === undefined ? LONGEST_TIME : fromSeconds(policy.latency),
        linger: states.map((state, depth): Nanoseconds => {
          const asked = policy.linger?.[state.name];
          if (asked !== undefined) return fromSeconds(asked);
          return states[depth + 1]?.minResidency ?? LONGEST_TIME;
        }),
      };
    }),
    sensorMode: index(device.sensors[0].modes, profile.sensor.mode),
    batch: profile.sensor.batch,
    thresholds: stages.map((stage) => stage.thresholds[profile.gates]),
  };
}

/** What brings a core its work, and must be able to wake it: the sensor, and the links from other stages' cores. */
function wakersOf(core: string, device: DeviceProfile, stages: readonly PlacedStage[]): readonly string[] {
  const path = [
    ...stages.map((stage) => stage.core),
    ...(device.trigger.work === undefined ? [] : [device.trigger.work.core]),
  ];
  return path.flatMap((name, at) => {
    if (name !== core) return [];
    if (at === 0) return [device.sensors[0].name];
    const link = path[at - 1] === name ? -1 : linkBetween(device, path[at - 1], name);
    return link < 0 ? [] : [device.links[link].name];
  });
}

type ProfilePlace = (policy: number, ...rest: ReadonlyArray<string | number>) => string;

/** The first stage gets a window every hop, so its core must finish one within it. */
function checkKeepsUp(plan: Plan, stagePlace: string, place: ProfilePlace, refuse: Refuse): void {
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

function checkFifo(plan: Plan, device: DeviceProfile, place: ProfilePlace, refuse: Refuse): void {
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

const kilobytes = (size: number): string => `${(size / 1000).toFixed(1)} kB`;
const milliseconds = (span: number): string => `${(span / 1e6).toFixed(2)} ms`;
