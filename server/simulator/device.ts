// The device's parts and how they are numbered: every component has an alarm and an entry in the ledger.

import { type Nanoseconds, type Watts, watts } from '../units.ts';
import { Actuator } from './actuator.ts';
import { Alarms } from './alarms.ts';
import type { Core } from './core.ts';
import { type GateState, newGate } from './gate.ts';
import { Jobs } from './jobs.ts';
import type { Outcome } from './judge.ts';
import { Ledger, type LedgerEntry } from './ledger.ts';
import { Link } from './link.ts';
import { Memory, memoryLevels } from './memory.ts';
import type { CorePlan, Plan, PolicyPlan } from './plan.ts';
import { ScoreReader } from './scores.ts';
import { Supply } from './supply.ts';
import { wideFields } from './wide-fields.ts';
import { Windows } from './windows.ts';

/** Windows that entered a stage, passed its gate, were dropped; and those of them outside any event. */
export interface StageCounts {
  windowsIn: number;
  windowsPassed: number;
  dropped: number;
  negativesIn: number;
  negativesStopped: number;
}

export const NOBODY_CHOSE = -1;

/** What belongs to no single component. */
export interface DeviceState {
  policy: number;
  /** The one that somebody chose, which then holds whatever the rules say; NOBODY_CHOSE: the rules'. */
  chosenPolicy: number;
  /** Number of the next window that the sensor completes. */
  nextWindow: number;
  /** When protection disconnected the battery; infinity while it has not. */
  offSince: number;
  /** By stage: until when it takes no window. */
  readonly holdUntil: Float64Array;
  /** Of the gates that remember, by stage among them. */
  readonly gates: readonly GateState[];
  readonly counts: readonly StageCounts[];
  /** By slot in flight: whether its window belongs to an event. Kept for the counts alone. */
  readonly inEvent: Uint8Array;
  /** How often cores or actuators lost their power, while the battery was connected. */
  brownOuts: number;
  /** Until when a sensor that gates by itself hands on windows. */
  heardUntil: number;
  /** Windows that it kept to itself. */
  unheard: number;
  /** Follow-up work of a detection that found its core's queue full, or the core without power. */
  triggersDropped: number;
  /** Not taken yet. */
  outcomes: Outcome[];
  policyChanges: number;
}

/** Number of each kind's first component, in the plan's order; the sensor's interface has no alarm. */
interface Numbers {
  readonly sensor: number;
  readonly cores: number;
  readonly links: number;
  readonly actuators: number;
  readonly end: number;
}

export class Device {
  readonly plan: Plan;
  readonly state: DeviceState;
  readonly alarms: Alarms;
  readonly ledger: Ledger;
  readonly supply: Supply;
  readonly windows: Windows;
  readonly scores = new ScoreReader();
  readonly memories: readonly Memory[];
  readonly links: readonly Link[];
  readonly actuators: readonly Actuator[];
  /** Joins last, as it knows the others. */
  readonly cores: Core[] = [];
  readonly jobs: Jobs;
  readonly alarmOf: Numbers;
  /** Ledger entries by kind of component, in the plan's order. */
  readonly entries: {
    readonly cores: number;
    readonly memories: number;
    readonly links: number;
    readonly actuators: number;
    readonly sensor: number;
    readonly sensorLink: number;
  };

  constructor(plan: Plan) {
    this.plan = plan;
    const { cores, memories, links, actuators, stages } = plan;
    const [sensorAlarm, coreAlarms] = [0, 1];
    const linkAlarms = coreAlarms + cores.length;
    const actuatorAlarms = linkAlarms + links.length;
    this.alarmOf = {
      sensor: sensorAlarm,
      cores: coreAlarms,
      links: linkAlarms,
      actuators: actuatorAlarms,
      end: actuatorAlarms + actuators.length,
    };
    const sensor = cores.length + memories.length + links.length + actuators.length;
    this.entries = {
      cores: 0,
      memories: cores.length,
      links: cores.length + memories.length,
      actuators: cores.length + memories.length + links.length,
      sensor,
      sensorLink: sensor + 1,
    };
    this.alarms = new Alarms(this.alarmOf.end);
    const { alarms, entries } = this;
    this.ledger = new Ledger(ledgerEntries(plan), plan.rails.length, alarms);
    const { ledger } = this;
    this.supply = new Supply(plan, ledger, alarms);
    const inFlight = cores.reduce((sum, core) => sum + core.queueDepth + 1, 0) + 1;
    this.windows = new Windows(inFlight, stages.length);
    this.memories = memories.map((_, index) => new Memory(ledger, entries.memories + index));
    this.links = links.map((link, index) => new Link(link, alarms, linkAlarms + index, ledger, entries.links + index));
    this.actuators = actuators.map(
      (actuator, index) => new Actuator(actuator, alarms, actuatorAlarms + index, ledger, entries.actuators + index),
    );
    this.jobs = new Jobs(plan);
    const state: DeviceState = {
      policy: plan.startPolicy,
      chosenPolicy: NOBODY_CHOSE,
      nextWindow: 0,
      offSince: Number.POSITIVE_INFINITY,
      holdUntil: new Float64Array(stages.length),
      gates: stages.flatMap(({ gate }) => (gate === undefined ? [] : [newGate(gate)])),
      counts: stages.map(() => ({ windowsIn: 0, windowsPassed: 0, dropped: 0, negativesIn: 0, negativesStopped: 0 })),
      inEvent: new Uint8Array(inFlight),
      brownOuts: 0,
      heardUntil: 0,
      unheard: 0,
      triggersDropped: 0,
      outcomes: [],
      policyChanges: 0,
    };
    this.state = wideFields(state, 'heardUntil', 'offSince');
  }

  get now(): Nanoseconds {
    return this.alarms.now;
  }

  get policy(): PolicyPlan {
    return this.plan.policies[this.state.policy];
  }

  get isOff(): boolean {
    return this.state.offSince !== Number.POSITIVE_INFINITY;
  }
}

/** Every component's levels; the last is off. */
function ledgerEntries(plan: Plan): readonly LedgerEntry[] {
  const off = watts(0);
  const entry = (name: string, rail: number, levels: readonly Watts[], initial = 0): LedgerEntry => ({
    name,
    rail,
    levels: [...levels, off],
    initial,
  });
  const core = (core: CorePlan) =>
    entry(
      core.name,
      core.rail,
      core.levels.map((level) => level.power),
      core.states[0].level,
    );
  return [
    ...plan.cores.map(core),
    ...plan.memories.map((memory) => entry(memory.name, memory.rail, memoryLevels(memory, plan.cores.length), 1)),
    ...plan.links.map((link) => entry(link.name, link.rail, [link.sleepPower, link.transferPower])),
    ...plan.actuators.map((actuator) =>
      entry(actuator.name, actuator.rail, [actuator.idlePower, actuator.activePower]),
    ),
    entry(
      plan.sensor.name,
      plan.sensor.rail,
      [
        ...plan.sensor.modes.map((mode) => mode.power),
        ...(plan.sensor.activity === undefined ? [] : [plan.sensor.activity.power]),
      ],
      plan.policies[plan.startPolicy].sensorMode,
    ),
    entry(`${plan.sensor.name} interface`, plan.sensor.link.rail, [plan.sensor.link.power]),
  ];
}
