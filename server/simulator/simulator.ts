// The device as a whole: windows come from the sensor, go from stage to stage over cores and links as the gates decide, and everything
// that happens draws from the supply. Event by event, deterministic, without I/O: the same plan and scores give the same result anywhere.

import { joules, type Nanoseconds, type Watts, watts } from '../units.ts';
import { Actuator } from './actuator.ts';
import { Alarms } from './alarms.ts';
import { Core, type LostJob, Mode } from './core.ts';
import { FastForward } from './fast-forward.ts';
import { isEverPlugged } from './hours.ts';
import { type Ending, Judge, type LabelledEvent, type Outcome } from './judge.ts';
import { Ledger, type LedgerEntry } from './ledger.ts';
import { Link } from './link.ts';
import { Memory, memoryLevels } from './memory.ts';
import type { CorePlan, Plan, PolicyPlan } from './plan.ts';
import { type ScoreChunk, ScoreReader } from './scores.ts';
import { Supply } from './supply.ts';
import { Windows } from './windows.ts';

/** Windows that entered a stage, passed its gate, were dropped; and those of them outside any event. */
export interface StageCounts {
  windowsIn: number;
  windowsPassed: number;
  dropped: number;
  negativesIn: number;
  negativesStopped: number;
}

interface SimulatorState {
  policy: number;
  /** Number of the next window that the sensor completes. */
  nextWindow: number;
  /** When protection disconnected the battery; infinity while it has not. */
  offSince: number;
  /** By stage: until when it takes no window. */
  readonly holdUntil: Float64Array;
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

/** How it is simulated; the result is the same. */
export interface SimulatorOptions {
  /** Jumps over cycles that were simulated before (see fast-forward.ts). On when left out. */
  readonly fastForward?: boolean;
  /** Places that it remembers at a time, see fast-forward.ts. */
  readonly places?: number;
}

const SENSOR_ALARM = 0;

export class Simulator {
  readonly plan: Plan;
  readonly ledger: Ledger;
  readonly supply: Supply;
  readonly judge: Judge;
  readonly cores: readonly Core[];
  readonly links: readonly Link[];
  readonly state: SimulatorState;
  /** Ledger entries by kind of component, in the plan's order. */
  readonly entries: {
    readonly cores: number;
    readonly memories: number;
    readonly links: number;
    readonly actuators: number;
    readonly sensor: number;
    readonly sensorLink: number;
  };
  readonly forward: FastForward | null;
  private readonly alarms: Alarms;
  private readonly memories: readonly Memory[];
  private readonly actuators: readonly Actuator[];
  private readonly windows: Windows;
  private readonly scores = new ScoreReader();
  private readonly coreAlarms: number;
  private readonly linkAlarms: number;
  private readonly actuatorAlarms: number;
  private readonly highestBrownOut: number;

  /** @param events what is to be detected, by rising start; only the judge sees them */
  constructor(plan: Plan, events: readonly LabelledEvent[], { fastForward = true, places }: SimulatorOptions = {}) {
    this.plan = plan;
    const { cores, memories, links, actuators, stages } = plan;
    this.coreAlarms = SENSOR_ALARM + 1;
    this.linkAlarms = this.coreAlarms + cores.length;
    this.actuatorAlarms = this.linkAlarms + links.length;
    this.alarms = new Alarms(this.actuatorAlarms + actuators.length);

    const accounts = ledgerEntries(plan);
    this.entries = {
      cores: 0,
      memories: cores.length,
      links: cores.length + memories.length,
      actuators: cores.length + memories.length + links.length,
      sensor: cores.length + memories.length + links.length + actuators.length,
      sensorLink: cores.length + memories.length + links.length + actuators.length + 1,
    };
    this.ledger = new Ledger(accounts, plan.rails.length);
    this.supply = new Supply(plan, this.ledger);
    this.judge = new Judge(
      events,
      stages.length,
      (outcome) => this.state.outcomes.push(outcome),
      (from, to) => this.furthestUnderWay(Math.ceil(from / plan.hop) - 1, Math.floor(to / plan.hop) - 1),
    );

    const inFlight = cores.reduce((sum, core) => sum + core.queueDepth + 1, 0) + 1;
    this.windows = new Windows(inFlight, stages.length);
    this.memories = memories.map((_, index) => new Memory(this.ledger, this.entries.memories + index));
    this.links = links.map(
      (link, index) => new Link(link, this.alarms, this.linkAlarms + index, this.ledger, this.entries.links + index),
    );
    this.actuators = actuators.map(
      (actuator, index) =>
        new Actuator(actuator, this.alarms, this.actuatorAlarms + index, this.ledger, this.entries.actuators + index),
    );
    const host = this.host();
    this.cores = cores.map(
      (_, index) =>
        new Core(plan, index, host, this.alarms, this.coreAlarms + index, this.ledger, index, this.memories),
    );
    this.highestBrownOut = Math.max(...plan.rails.map((rail) => rail.brownOut));
    this.state = {
      policy: plan.startPolicy,
      nextWindow: 0,
      offSince: Number.POSITIVE_INFINITY,
      holdUntil: new Float64Array(stages.length),
      counts: stages.map(() => ({ windowsIn: 0, windowsPassed: 0, dropped: 0, negativesIn: 0, negativesStopped: 0 })),
      inEvent: new Uint8Array(inFlight),
      brownOuts: 0,
      heardUntil: 0,
      unheard: 0,
      triggersDropped: 0,
      outcomes: [],
      policyChanges: 0,
    };
    this.start();
    this.forward = fastForward ? new FastForward(this, places) : null;
  }

  /** All that changes, as data: what is saved and restored. Live, and only whole between events. */
  get states() {
    const state = <State>({ state }: { readonly state: State }): State => state;
    return {
      alarms: this.alarms.state,
      ledger: this.ledger.state,
      supply: this.supply.state,
      cores: this.cores.map(state),
      links: this.links.map(state),
      memories: this.memories.map(state),
      actuators: this.actuators.map(state),
      windows: this.windows.state,
      scores: this.scores.state,
      judge: this.judge.state,
      simulator: this.state,
    };
  }

  get now(): Nanoseconds {
    return this.alarms.now;
  }

  get policy(): PolicyPlan {
    return this.plan.policies[this.state.policy];
  }

  get isOff(): boolean {
    return Number.isFinite(this.state.offSince);
  }

  /** Simulated time up to which the windows' scores are known. */
  get horizon(): Nanoseconds {
    return (this.scores.end * this.plan.hop) as Nanoseconds;
  }

  /** Scores of the windows that follow those already given. */
  addScores(chunk: ScoreChunk): void {
    this.scores.add(chunk);
    if (this.isOff) this.skipScores();
  }

  /** When something happens next, or the battery moves on: until then every power stays as it is. */
  get due(): number {
    const component = this.alarms.first();
    const { look } = this.supply;
    return component < 0 ? look : Math.min(this.alarms.dueAt(component), look);
  }

  /** Simulates up to and including `until`, which may not lie beyond the scored horizon. */
  advance(until: Nanoseconds): void {
    if (until > this.horizon)
      throw new RangeError(`scores are known up to ${this.horizon} ns, and ${until} ns was asked for`);
    // A function of its own is compiled once, where V8 compiles a loop anew for every call that enters it.
    while (this.next(until));
    if (until > this.now) this.alarms.state.now = until;
    this.judge.moveTo(this.now);
  }

  /** Simulates what happens next. Returns whether anything does up to and including `until`. */
  private next(until: Nanoseconds): boolean {
    const { alarms, judge, supply, forward } = this;
    const component = alarms.first();
    const { look } = supply;
    const wait = Math.min(look, supply.state.hourUntil);
    const due = component < 0 ? wait : Math.min(alarms.dueAt(component), wait);
    if (due > until) return false;
    if (due >= judge.state.due) judge.moveTo(due as Nanoseconds);
    if (forward?.isRecording) forward.recordSpan(due - supply.state.since);
    const turns = due === supply.state.hourUntil;
    const rings = component >= 0 && alarms.dueAt(component) === due;
    supply.advance(due);
    let looks = due === look || turns || (rings && component === SENSOR_ALARM && supply.isDue(this.cycle));
    if (looks) supply.settle();
    alarms.state.now = due;
    if (turns) this.turnHour();
    // It may take the time on to a later interrupt of the same hours, which then is the one that rings.
    if (rings && component === SENSOR_ALARM && forward !== null)
      looks = forward.interrupt(Math.min(until, supply.state.hourUntil - 1) as Nanoseconds, looks);
    if (rings) this.ring(component);
    this.settle(looks);
    return true;
  }

  /** Nanoseconds from one interrupt of the sensor to the next. */
  get cycle(): number {
    return this.policy.batch * this.plan.hop;
  }

  /** Nothing is under way: no window in the cascade, no job that waits. */
  get isAtRest(): boolean {
    return !this.isOff && this.windows.areAllFree && this.cores.every(({ state }) => state.waiting === 0);
  }

  /** Whether the charge asks for the power profile that holds. */
  get keepsPolicy(): boolean {
    return this.policyAsked() === this.state.policy;
  }

  /** By its scores: how many gates open to a window that meets no other hindrance; negative where a score that matters is not known. */
  gatesOpen(window: number): number {
    const { thresholds } = this.policy;
    for (let stage = 0; stage < thresholds.length; stage++) {
      const score = this.scores.read(window, stage);
      if (score < thresholds[stage]) return stage;
      if (Number.isNaN(score)) return -1;
    }
    return thresholds.length;
  }

  /** How many windows from this one on, at most `most`, the first gate stops. */
  silentFrom(window: number, most: number): number {
    return this.scores.below(window, this.policy.thresholds[0], most);
  }

  /** Whether a sensor that gates by itself hands the window on for its own sake. */
  isLoud(window: number): boolean {
    const { activity } = this.plan.sensor;
    return activity === undefined || this.scores.level(window) >= activity.decibels;
  }

  /** Whether all goes on with the load of this moment: no rail browns out, protection stays closed. */
  get bears(): boolean {
    const { supply } = this.plan;
    if (supply.kind === 'ideal' || this.supply.isCalm) return true;
    const voltage = this.supply.voltage();
    return voltage >= this.highestBrownOut && voltage >= supply.battery.cutoff && !this.supply.isEmpty;
  }

  /** Brings what means the same into the same form: times already booked, lists begun at their start, left-overs cleared. Changes nothing to come. */
  tidy(): void {
    const { alarms, state } = this;
    const { now } = alarms;
    alarms.tidy();
    this.ledger.book(now);
    const next = this.windows.oldest(state.nextWindow);
    for (const core of this.cores) core.tidy(next);
    for (let stage = 0; stage < state.holdUntil.length; stage++)
      state.holdUntil[stage] = Math.max(state.holdUntil[stage], now);
    // Windows that wait in its FIFO ended before now, and none of them before this.
    state.heardUntil = Math.max(state.heardUntil, state.nextWindow * this.plan.hop);
  }

  /** The same for what free slots of windows still hold. */
  clearFreeWindows(): void {
    const { inEvent } = this.state;
    this.windows.tidy();
    for (let slot = 0; slot < inEvent.length; slot++) if (!this.windows.isInUse(slot)) inEvent[slot] = 0;
  }

  /** What was heard, missed and imagined since the last call. */
  takeOutcomes(): readonly Outcome[] {
    const { outcomes } = this.state;
    this.state.outcomes = [];
    return outcomes;
  }

  private start(): void {
    this.applyRules();
    this.setSensorLevel();
    this.alarms.set(SENSOR_ALARM, this.policy.batch * this.plan.hop);
    for (const core of this.cores) core.start();
    this.settle(true);
  }

  private ring(component: number): void {
    this.alarms.cancel(component);
    if (component === SENSOR_ALARM) this.sensorReady();
    else if (component < this.linkAlarms) this.cores[component - this.coreAlarms].ring();
    else if (component < this.actuatorAlarms) {
      const core = this.links[component - this.linkAlarms].ring();
      this.cores[core].bytesArrived();
    } else this.actuators[component - this.actuatorAlarms].ring();
  }

  /**
   * After every event: the new load, and whether the battery bears it. A peak browns out at once what cannot bear the dip; protection is
   * slower, and disconnects the battery when what is left still pulls it under its cutoff, or when it is empty.
   * @param look also where the load did not rise
   */
  private settle(look: boolean): void {
    if (this.isOff) return;
    const rose = this.supply.refresh();
    if (this.forward?.isRecording) this.forward.recordLoad(this.supply.state.load);
    const { supply } = this.plan;
    if (!(rose || look) || supply.kind === 'ideal' || this.bears) return;
    this.forward?.spoil();
    let voltage = this.supply.voltage();
    if (!(voltage >= this.highestBrownOut)) voltage = this.brownOut(voltage);
    if (!(voltage >= supply.battery.cutoff) || this.supply.isEmpty) this.disconnect();
  }

  private sensorReady(): void {
    const { state, alarms, plan, judge, windows } = this;
    const now = alarms.now;
    const changed = this.applyRules();
    const end = Math.floor(now / plan.hop);
    const first = state.nextWindow;
    this.scores.skip(first);
    state.nextWindow = end;
    for (let number = first; number < end; number++) {
      const windowEnd = ((number + 1) * plan.hop) as Nanoseconds;
      if (!this.hears(number, windowEnd)) continue;
      const slot = windows.take(number, (now - windowEnd) as Nanoseconds);
      for (let stage = 0; stage < plan.stages.length; stage++)
        windows.setScore(slot, stage, this.scores.read(number, stage));
      state.inEvent[slot] = judge.inEvent(windowEnd) ? 1 : 0;
      this.offer(0, slot);
    }
    alarms.set(SENSOR_ALARM, this.sensorDue);
    const fellSilent = this.setSensorLevel();
    if (changed) for (const core of this.cores) core.reconsider();
    else if (fellSilent) this.cores[plan.sensor.core].reconsider();
  }

  /** Whether the sensor hands the window on. */
  private hears(window: number, windowEnd: Nanoseconds): boolean {
    const { state, plan } = this;
    const { activity } = plan.sensor;
    if (activity === undefined) return true;
    const loud = this.isLoud(window);
    if (loud) state.heardUntil = Math.max(state.heardUntil, windowEnd + activity.hold);
    if (loud || windowEnd < state.heardUntil) return true;
    state.unheard++;
    this.judge.ended(windowEnd, 0, 'unheard', (stage) => this.scores.read(window, stage));
    return false;
  }

  private get sensorIsOpen(): boolean {
    return this.plan.sensor.activity === undefined || this.state.heardUntil > this.alarms.now;
  }

  /** The sensor and its interface at the power of listening or of handing on. Returns whether it fell silent. */
  private setSensorLevel(): boolean {
    const { ledger, entries, alarms, plan } = this;
    if (plan.sensor.activity === undefined) {
      ledger.set(entries.sensor, this.policy.sensorMode, alarms.now);
      return false;
    }
    const wasOpen = ledger.levelOf(entries.sensorLink) === 0;
    ledger.set(entries.sensor, this.sensorIsOpen ? this.policy.sensorMode : plan.sensor.modes.length, alarms.now);
    ledger.set(entries.sensorLink, this.sensorIsOpen ? 0 : 1, alarms.now);
    return wasOpen && !this.sensorIsOpen;
  }

  /** A window comes to a stage. */
  private offer(stage: number, slot: number): void {
    const { state, plan } = this;
    const counts = state.counts[stage];
    const core = this.cores[plan.stages[stage].core];
    this.windows.moveTo(slot, stage);
    counts.windowsIn++;
    if (state.inEvent[slot] === 0) counts.negativesIn++;
    if (core.state.mode === Mode.Off) return this.end(stage, slot, 'brown-out');
    if (this.alarms.now < state.holdUntil[stage]) return this.end(stage, slot, 'hold');
    if (this.enqueue(core, stage, slot)) return;
    counts.dropped++;
    this.end(stage, slot, 'dropped');
  }

  /** A stage has scored a window: its gate decides. */
  private finished(stage: number, slot: number): void {
    const { state, plan, windows } = this;
    const score = windows.score(slot, stage);
    if (Number.isNaN(score))
      throw new Error(`window ${windows.numberOf(slot)} reached stage ${plan.stages[stage].name} without a score`);
    const counts = state.counts[stage];
    if (score < this.policy.thresholds[stage]) {
      if (state.inEvent[slot] === 0) counts.negativesStopped++;
      return this.end(stage, slot, 'gate');
    }
    if (this.alarms.now < state.holdUntil[stage]) return this.end(stage, slot, 'hold');
    counts.windowsPassed++;
    state.holdUntil[stage] = this.alarms.now + plan.stages[stage].hold;
    if (stage + 1 < plan.stages.length) return this.offer(stage + 1, slot);
    this.judge.detected(this.alarms.now, this.windowEnd(slot), windows.partsOf(slot), (at) => windows.score(slot, at));
    windows.release(slot);
    this.trigger();
  }

  private trigger(): void {
    for (const actuator of this.actuators) actuator.start();
    const { work, preRoll } = this.plan.trigger;
    if (work === null) return;
    const silent = preRoll !== null && this.cores[preRoll.from].state.mode === Mode.Off;
    if (silent || !this.enqueue(this.cores[work.core], this.plan.stages.length, -1)) this.state.triggersDropped++;
  }

  /** Puts a job into a core's queue, and keeps the core that its bytes come from ready to send them. */
  private enqueue(core: Core, stage: number, slot: number): boolean {
    const sender = this.sender(stage);
    if (sender !== null) sender.state.linksBusy++;
    const taken = core.enqueue(stage, slot);
    if (!taken) this.release(stage);
    return taken;
  }

  /** The core from which a stage's bytes (those of a trigger's work: the pre-roll) come over a link; null: they are there already. */
  private sender(stage: number): Core | null {
    const { stages, trigger } = this.plan;
    if (stage === stages.length) return trigger.preRoll === null ? null : this.cores[trigger.preRoll.from];
    return stages[stage].link === null ? null : this.cores[stages[stage - 1].core];
  }

  private end(stage: number, slot: number, ending: Ending): void {
    this.judge.ended(this.windowEnd(slot), stage, ending, (at) => this.windows.score(slot, at));
    this.windows.release(slot);
  }

  private windowEnd(slot: number): Nanoseconds {
    return ((this.windows.numberOf(slot) + 1) * this.plan.hop) as Nanoseconds;
  }

  /** The bytes for `stage` have left the core before it, whose link may sleep again. */
  private release(stage: number): void {
    const sender = this.sender(stage);
    if (sender === null || sender.state.mode === Mode.Off) return;
    sender.state.linksBusy--;
    if (sender.state.linksBusy === 0) sender.reconsider();
  }

  /** Changes the power profile as the charge asks. Returns whether it did. */
  private applyRules(): boolean {
    const policy = this.policyAsked();
    if (policy === this.state.policy) return false;
    this.forward?.spoil();
    this.state.policyChanges++;
    this.state.policy = policy;
    this.setSensorLevel();
    return true;
  }

  private policyAsked(): number {
    const { soc, hour } = this.supply;
    let policy = hour?.policy ?? this.plan.startPolicy;
    for (const rule of hour?.rules ?? this.plan.rules) if (soc < rule.belowSoc) policy = rule.policy;
    return policy;
  }

  /**
   * The loaded voltage is below what some rails need (not a number: the load is more than the cell can give, P > OCV²/4R): what hangs on
   * them loses its state, and cores boot cold. Returns the voltage under what is left.
   */
  private brownOut(dip: number): number {
    const { plan, state } = this;
    let voltage = dip;
    for (let count = 0; !(voltage >= this.highestBrownOut); count++) {
      const sags = (rail: number) => !(voltage >= plan.rails[rail].brownOut);
      const cores = this.cores.flatMap((core, index) =>
        sags(core.plan.rail) && core.state.mode !== Mode.Off ? [index] : [],
      );
      const actuators = this.actuators.filter((actuator, index) => sags(plan.actuators[index].rail) && actuator.isOn);
      if (cores.length + actuators.length === 0) break;
      if (count === 0) state.brownOuts++;
      for (const core of cores) this.cutPower(core, true);
      for (const actuator of actuators) actuator.stop();
      this.supply.refresh();
      voltage = this.supply.voltage();
    }
    return voltage;
  }

  private cutPower(index: number, restart: boolean): void {
    const { links, cores } = this;
    const ending = restart ? 'brown-out' : 'off';
    const lose = ({ stage, slot, received }: LostJob) => {
      if (!received) this.release(stage);
      if (slot >= 0) this.end(stage, slot, ending);
    };
    for (const link of links) link.forget(index);
    cores[index].powerLost(restart).forEach(lose);
    // What it had yet to send is gone as well.
    cores.forEach((receiver, other) => {
      if (other === index || receiver.state.mode === Mode.Off) return;
      const { stage, mode } = receiver.state;
      const comesFromThere = (stage: number) => this.sender(stage) === cores[index];
      if (mode === Mode.Receiving && comesFromThere(stage)) for (const link of links) link.forget(other);
      receiver.inputsLost(comesFromThere).forEach(lose);
    });
  }

  /** Protection opens: all is off, until a charger is plugged in. */
  private disconnect(): void {
    const { alarms } = this;
    this.state.offSince = alarms.now;
    this.cores.forEach((_, index) => {
      this.cutPower(index, false);
    });
    for (let component = 0; component < this.actuatorAlarms + this.actuators.length; component++)
      alarms.cancel(component);
    this.ledger.entries.forEach((entry, component) => {
      this.ledger.set(component, entry.levels.length - 1, alarms.now);
    });
    this.supply.disconnect();
    this.skipScores();
  }

  private turnHour(): void {
    this.forward?.spoil();
    this.supply.turnHour(this.now);
    if (this.isOff && this.supply.isPlugged) this.reconnect();
  }

  /** A charger was plugged in while protection had opened: all comes back, and cores boot cold. */
  private reconnect(): void {
    const { alarms, cores, entries, ledger, memories, plan, state } = this;
    state.offSince = Number.POSITIVE_INFINITY;
    state.nextWindow = Math.floor(alarms.now / plan.hop);
    plan.memories.forEach(({ owner }, index) => {
      if (owner === null) memories[index].setMode('retained', alarms.now);
    });
    for (let entry = entries.links; entry < entries.sensor; entry++) ledger.set(entry, 0, alarms.now);
    ledger.set(entries.sensorLink, 0, alarms.now);
    ledger.set(entries.sensor, this.policy.sensorMode, alarms.now);
    this.applyRules();
    for (const core of cores) core.powerBack();
    alarms.set(SENSOR_ALARM, this.sensorDue);
  }

  /** Off, it hears nothing of what is known; what a charger may let it hear is kept. */
  private skipScores(): void {
    const comesBack = isEverPlugged(this.plan.hours);
    this.scores.skip(comesBack ? Math.floor(this.now / this.plan.hop) : this.scores.end);
  }

  /** The next interrupt of the sensor's FIFO. */
  private get sensorDue(): number {
    return (this.state.nextWindow + this.policy.batch) * this.plan.hop;
  }

  /** The furthest that one of these windows is on its way; those in the sensor's FIFO are before the first stage. */
  private furthestUnderWay(first: number, last: number): number {
    const inFifo = !this.isOff && first <= last && last >= this.state.nextWindow;
    return Math.max(inFifo ? 0 : -1, this.windows.furthestInFlight(first, last));
  }

  private host() {
    const { cores } = this.plan;
    /** By core: the others of its domain. */
    const mates = cores.map(({ domain }, core) =>
      domain === null ? [] : [...cores.keys()].filter((other) => other !== core && cores[other].domain === domain),
    );
    return {
      policy: (core: number) => this.policy.cores[core],
      // Of a sensor that gates by itself the next window is certain only while it hands on.
      knownWork: (core: number) =>
        core === this.plan.sensor.core &&
        (this.plan.sensor.activity === undefined || this.state.heardUntil > this.sensorDue)
          ? this.sensorDue
          : Number.POSITIVE_INFINITY,
      domainAsleep: (core: number) => mates[core].every((other) => this.cores[other].sleepsForDomain),
      sensorFeeds: (core: number) => core === this.plan.sensor.core && this.sensorIsOpen,
      requestBytes: (link: number, core: number, bytes: number) => this.links[link].request(core, bytes),
      sent: (stage: number) => this.release(stage),
      spent: (slot: number, stage: number, part: 'queue' | 'wake' | 'transfer' | 'compute', span: number) =>
        this.windows.add(slot, stage, part, span),
      windowNumber: (slot: number) => this.windows.numberOf(slot),
      finished: (stage: number, slot: number) => this.finished(stage, slot),
      fellAsleep: (core: number) => {
        for (const other of mates[core]) this.cores[other].reconsider();
      },
      awoke: (core: number) => {
        for (const other of mates[core]) this.cores[other].domainAwoke();
      },
    };
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

/** Energy that the regulators drew, and how far the accounts differ. */
export interface Balance {
  readonly delivered: number;
  /** Σ components against Σ regulator outputs; regulator inputs against battery and charger; the cell's own balance. */
  readonly error: number;
}

/** Holds the ledger, the regulators and the battery against each other: three accounts that are kept apart. */
export function balance(simulator: Simulator): Balance {
  const { ledger, plan, now } = simulator;
  const supply = simulator.supply.at(now);
  const { railOutput, railInput } = supply;
  let ledgerJoules = 0;
  let outputJoules = 0;
  let inputJoules = 0;
  for (let rail = 0; rail < plan.rails.length; rail++) {
    ledgerJoules += ledger.railEnergy(rail, now);
    outputJoules += railOutput[rail];
    inputJoules += railInput[rail];
  }
  const delivered = joules(supply.delivered);
  const { charged, fromCharger } = supply.state;
  // Regulators and the cell take what battery and charger give.
  const given = fromCharger + charged + (supply.battery?.state.delivered ?? delivered);
  const relative = (a: number, b: number) => (a === b ? 0 : Math.abs(a - b) / Math.max(Math.abs(a), Math.abs(b)));
  return {
    delivered,
    error: Math.max(
      relative(ledgerJoules, outputJoules),
      relative(inputJoules + charged, given),
      Math.abs(supply.battery?.imbalance() ?? 0),
    ),
  };
}
