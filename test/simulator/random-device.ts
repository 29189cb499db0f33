// Devices of every kind, to be broken: one to four cores, up to four stages over links and memories, two policies, strong and weak cells.

import fc from 'fast-check';
import { nextUniform, seedRandom } from '../../server/random.ts';
import type { LabelledEvent } from '../../server/simulator/judge.ts';
import type { JobPhase, Plan } from '../../server/simulator/plan.ts';
import { core, events, MS, type Plain, phase, plan, type Rows, rows, stage, US, workLevel } from './sketch.ts';

export interface Case {
  readonly device: Plan;
  readonly scores: Rows;
  readonly labelled: readonly LabelledEvent[];
}

export const WEAKEST_THRESHOLD = 0.2;

const microwatts = (max: number) => fc.integer({ min: 0, max }).map((value) => value * 1e-6);
const microseconds = (max: number, min = 0) => fc.integer({ min, max }).map((value) => value * US);
const transition = fc.tuple(microwatts(30_000), fc.oneof(fc.constant(0), microseconds(8_000, 1)));
const sometimes = (weight: number) => fc.integer({ min: 1, max: weight }).map((value) => value === 1);

const state = fc.record({
  entry: transition,
  exit: transition,
  minResidency: microseconds(20_000),
  linksLive: fc.boolean(),
  sensorLive: fc.boolean(),
  wholeDomain: sometimes(3),
  losesState: sometimes(3),
  memories: fc.tuple(fc.constantFrom('off', 'retained', 'on'), fc.constantFrom('off', 'retained', 'on')),
});
const someCore = fc.record({
  rail: fc.nat(2),
  queueDepth: fc.integer({ min: 1, max: 6 }),
  power: microwatts(20_000),
  states: fc.array(state, { minLength: 1, maxLength: 4 }),
  boot: fc.tuple(microwatts(50_000), microseconds(50_000, 1)),
  domain: fc.constantFrom(null, 0, 0),
  patience: fc.array(microseconds(60_000), { minLength: 8, maxLength: 8 }),
  permitted: fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
  latencyAllowed: fc.constantFrom(1 * MS, 5 * MS, 1000 * MS),
});
const somePhase = fc.record({
  power: microwatts(100_000),
  duration: microseconds(6_000, 1),
  memory: fc.constantFrom(null, null, 0, 1),
});
const someStage = fc.record({
  core: fc.nat(3),
  link: fc.constantFrom(null, 0, 1),
  windowBytes: fc.integer({ min: 1, max: 3000 }),
  hopShare: fc.integer({ min: 1, max: 4 }),
  when: fc.constantFrom<'never' | 'lost' | 'always'>('never', 'lost', 'always'),
  load: somePhase,
  phases: fc.array(somePhase, { minLength: 1, maxLength: 3 }),
  transferPower: microwatts(50_000),
  hold: fc.constantFrom(0, 0, 30 * MS, 150 * MS),
  thresholds: fc.tuple(fc.constantFrom(0.2, 0.3, 0.6), fc.constantFrom(0.2, 0.5, 0.8)),
});
const someMemory = fc.record({
  rail: fc.nat(2),
  owner: fc.constantFrom(null, 0, 1),
  onPower: microwatts(2_000),
  retentionPower: microwatts(100),
  accessPower: microwatts(20_000),
});
const someRail = fc.record({
  quiescent: microwatts(20),
  ratios: fc.option(fc.tuple(fc.integer({ min: 30, max: 99 }), fc.integer({ min: 30, max: 99 })), { nil: null }),
  brownOut: fc.constantFrom(1.8, 2.5, 3, 3.3),
});
const someCell = fc.record({
  resistance: fc.constantFrom(0, 0.1, 1),
  polarisation: fc.constantFrom(
    { resistance: 0, timeConstantSeconds: 0 },
    { resistance: 0.5, timeConstantSeconds: 0.2 },
    { resistance: 1, timeConstantSeconds: 30 },
  ),
  selfDischargePerSecond: fc.constantFrom(0, 1e-8, 1e-5),
});
const someHour = fc.record({
  duration: fc.integer({ min: 1, max: 900 }).map((value) => value * MS + 1),
  policy: fc.nat(1),
  plugged: fc.boolean(),
  resistanceFactor: fc.constantFrom(0.8, 1, 2),
  lockedShare: fc.constantFrom(0, 0, 0.1),
});
const someLink = fc.record({
  rail: fc.nat(2),
  sleepPower: microwatts(10),
  transferPower: microwatts(10_000),
  wakeLatency: microseconds(500),
  nanosecondsPerByte: fc.constantFrom(1, 8, 125, 1000, 2000),
});

/** Strong: nothing browns out; weak: dips, empties within the run; charged: the same, charged now and then, in cold and warm hours. */
export type CellKind = 'strong' | 'weak' | 'charged';

export const randomCase = (cell: CellKind, windows = 150): fc.Arbitrary<Case> =>
  fc
    .record({
      hop: fc.constantFrom(5 * MS, 10 * MS, 32 * MS),
      cores: fc.array(someCore, { minLength: 1, maxLength: 4 }),
      stages: fc.array(someStage, { minLength: 1, maxLength: 4 }),
      memories: fc.array(someMemory, { maxLength: 2 }),
      links: fc.tuple(someLink, someLink),
      rails: fc.tuple(someRail, someRail, someRail),
      cell: someCell,
      weakness: fc.record({ capacity: fc.constantFrom(0.01, 0.1, 1), factor: fc.constantFrom(1, 10, 40) }),
      startSoc: fc.constantFrom(1, 0.52, 0.3),
      falls: fc.constantFrom(1e-7, 1e-6, 1e-5),
      sensor: fc.record({ rail: fc.nat(2), core: fc.nat(3), modes: fc.tuple(microwatts(2000), microwatts(2000)) }),
      batches: fc.tuple(fc.constantFrom(1, 1, 3, 40), fc.constantFrom(1, 2, 7)),
      points: fc.tuple(fc.nat(1), fc.nat(1)),
      actuator: fc.record({ rail: fc.nat(2), power: microwatts(200_000), duration: microseconds(300_000, 1) }),
      trigger: fc.option(
        fc.record({
          core: fc.nat(3),
          phase: somePhase,
          preRoll: fc.record({ from: fc.nat(3), link: fc.nat(1), bytes: fc.nat(20_000), power: microwatts(2000) }),
        }),
        { nil: null },
      ),
      spans: fc.array(fc.tuple(fc.nat(1500), fc.nat(800)), { maxLength: 6 }),
      seed: fc.nat(),
      hours: fc.array(someHour, { minLength: 1, maxLength: 4 }),
      charger: fc.record({ seconds: fc.constantFrom(1, 20), volts: fc.constantFrom(3.6, 3.9, 4.1) }),
    })
    .map((raw) => {
      const cores = raw.cores.length;
      const memories = raw.memories.map((memory, index) => ({
        name: `memory ${index}`,
        ...memory,
        owner: memory.owner === null || memory.owner >= cores ? null : memory.owner,
      }));
      // Every purpose has a level of its own, so that the time in it tells what it was for.
      const levels: number[][] = raw.cores.map(() => []);
      const level = (core: number, power: number) =>
        workLevel(raw.cores[core].states.length, levels[core].push(power) - 1);
      const reachable = (memory: number | null, core: number) =>
        memory === null || memory >= memories.length || ![null, core].includes(memories[memory].owner) ? null : memory;
      const phaseOn = (core: number, one: { power: number; duration: number; memory: number | null }, slower = 1) =>
        phase(level(core, one.power / slower), one.duration * slower, reachable(one.memory, core));
      const points = [1, 2];
      const stages = raw.stages.map((one, index) => {
        const on = one.core % cores;
        const load = one.when === 'never' ? null : phaseOn(on, one.load);
        return stage({
          name: `stage ${index}`,
          core: on,
          link: index === 0 ? null : one.link,
          windowBytes: one.windowBytes,
          hopBytes: Math.ceil(one.windowBytes / one.hopShare),
          weights: { when: one.when, load },
          work: points.map((slower) => one.phases.map((part) => phaseOn(on, part, slower))),
          transferLevel: points.map(() => level(on, one.transferPower)),
          hold: one.hold,
        });
      });
      const triggerOn = raw.trigger === null ? 0 : raw.trigger.core % cores;
      const triggerPhase = raw.trigger?.phase;
      const { from, power, ...sent } = raw.trigger?.preRoll ?? { from: 0, link: 0, bytes: 0, power: 0 };
      const preRoll =
        raw.trigger === null || from % cores === triggerOn
          ? null
          : { ...sent, from: from % cores, transferLevel: points.map(() => level(triggerOn, power)) };
      const triggerPhases: ReadonlyArray<readonly Plain<JobPhase>[]> | null =
        triggerPhase === undefined ? null : points.map((slower) => [phaseOn(triggerOn, triggerPhase, slower)]);
      const policies = [0, 1].map((number) => ({
        name: `policy ${number}`,
        cores: raw.cores.map(({ permitted, patience, latencyAllowed, states }) => ({
          operatingPoint: raw.points[number],
          permitted: states.map((_, index) => permitted[index + 4 * number]),
          latencyAllowed,
          linger: states.map((_, index) => patience[index + 4 * number]),
        })),
        sensorMode: number,
        batch: raw.batches[number],
        thresholds: raw.stages.map(({ thresholds }) => thresholds[number]),
      }));
      const { capacity, factor } = cell === 'strong' ? { capacity: 1000, factor: 0.1 } : raw.weakness;
      const rules = [{ belowSoc: raw.startSoc * (1 - raw.falls * (cell === 'strong' ? 1 : 1e4)), policy: 1 }];
      let begins = 0;
      const hourSpans = raw.hours.map(({ duration, ...hour }) => {
        begins += duration;
        return { ...hour, start: begins - duration, rules };
      });
      const amperes = capacity / raw.charger.seconds;
      const device = plan({
        hop: raw.hop,
        rails: raw.rails.map(({ quiescent, ratios, brownOut }, index) => ({
          name: `rail ${index}`,
          regulator: {
            quiescent,
            efficiency:
              ratios === null
                ? []
                : [
                    { load: 1e-5, ratio: ratios[0] / 100 },
                    { load: 1e-1, ratio: ratios[1] / 100 },
                  ],
          },
          brownOut: cell === 'strong' ? 0 : brownOut,
        })),
        supply: {
          kind: 'battery',
          startSoc: raw.startSoc,
          charger:
            cell === 'charged'
              ? { amperes, volts: raw.charger.volts, termination: amperes / 10, efficiency: 0.8 }
              : null,
          battery: {
            kind: 'thevenin',
            capacity,
            openCircuit: [
              { soc: 0, volts: 3 },
              { soc: 0.1, volts: 3.5 },
              { soc: 0.5, volts: 3.7 },
              { soc: 1, volts: 4.1 },
            ],
            ...raw.cell,
            resistance: raw.cell.resistance * factor,
            cutoff: cell === 'strong' ? 0 : 2.7,
          },
        },
        memories,
        links: raw.links.map(({ nanosecondsPerByte, ...link }, index) => ({
          name: `link ${index}`,
          ...link,
          bytesPerSecond: 1e9 / nanosecondsPerByte,
        })),
        sensor: {
          name: 'sensor',
          rail: raw.sensor.rail,
          link: { rail: 0, power: 10e-6 },
          modes: raw.sensor.modes.map((power, index) => ({ name: `mode ${index}`, power })),
          core: stages[0].core,
        },
        cores: raw.cores.map((one, index) =>
          core(`core ${index}`, {
            ...one,
            // The first state always may be; each draws less than the one before.
            states: one.states.map((state, depth) => ({
              ...state,
              ...(depth === 0 ? { wholeDomain: false, linksLive: true, sensorLive: true } : {}),
              power: one.power * 0.4 ** depth,
            })),
            work: levels[index],
          }),
        ),
        stages,
        actuators: [
          {
            name: 'actuator',
            rail: raw.actuator.rail,
            idlePower: 1e-6,
            activePower: raw.actuator.power,
            duration: raw.actuator.duration,
          },
        ],
        trigger: { work: triggerPhases === null ? null : { core: triggerOn, phases: triggerPhases }, preRoll },
        policies,
        rules,
        hours: cell === 'charged' ? { period: begins, spans: hourSpans } : null,
      });
      const random = seedRandom(raw.seed, 'scores');
      const scores = rows(windows, () => {
        const first = nextUniform(random);
        const later = raw.stages.slice(1).map(() => nextUniform(random));
        return first < WEAKEST_THRESHOLD ? [first] : [first, ...later];
      });
      let start = 0;
      const spans = raw.spans.map(([pause, length]): readonly [number, number] => {
        start += pause * MS;
        return [start, start + length * MS];
      });
      return { device, scores, labelled: events(...spans) };
    });
