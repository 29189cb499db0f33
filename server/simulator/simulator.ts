// The device as a whole: windows come from the sensor, go from stage to stage over cores and links as the gates decide, and everything
// that happens draws from the supply. Event by event, deterministic, without I/O: the same plan and scores give the same result anywhere.

import type { Nanoseconds } from '../units.ts';
import { Acts, type DeviceAct } from './acts.ts';
import type { Actuator } from './actuator.ts';
import type { Alarms } from './alarms.ts';
import { Cascade } from './cascade.ts';
import { Core } from './core.ts';
import { Device, type DeviceState, NOBODY_CHOSE } from './device.ts';
import { FastForward } from './fast-forward.ts';
import { InFlight } from './in-flight.ts';
import { Judge, type LabelledEvent, type Outcome } from './judge.ts';
import type { Ledger } from './ledger.ts';
import type { Link } from './link.ts';
import { Outage } from './outage.ts';
import type { Plan, PolicyPlan } from './plan.ts';
import type { ScoreChunk } from './scores.ts';
import { Sensor } from './sensor.ts';
import type { Supply } from './supply.ts';

/** How it is simulated; the result is the same. */
export interface SimulatorOptions {
  /** Jumps over cycles that were simulated before (see fast-forward.ts). On when left out. */
  readonly fastForward?: boolean;
  /** Places that it remembers at a time, see fast-forward.ts. */
  readonly places?: number;
}

export class Simulator {
  readonly plan: Plan;
  readonly ledger: Ledger;
  readonly supply: Supply;
  readonly judge: Judge;
  readonly cores: readonly Core[];
  readonly links: readonly Link[];
  readonly state: DeviceState;
  readonly entries: Device['entries'];
  readonly forward: FastForward | null;
  private readonly device: Device;
  private readonly alarms: Alarms;
  private readonly alarmOf: Device['alarmOf'];
  private readonly actuators: readonly Actuator[];
  private readonly sensor: Sensor;
  private readonly outage: Outage;
  private readonly acts = new Acts();

  /** @param events what is to be detected, by rising start; only the judge sees them */
  constructor(plan: Plan, events: readonly LabelledEvent[], { fastForward = true, places }: SimulatorOptions = {}) {
    const device = new Device(plan);
    this.device = device;
    this.plan = plan;
    this.alarms = device.alarms;
    this.alarmOf = device.alarmOf;
    this.ledger = device.ledger;
    this.entries = device.entries;
    this.supply = device.supply;
    this.links = device.links;
    this.actuators = device.actuators;
    this.state = device.state;
    this.judge = new Judge(
      events,
      plan.stages.length,
      (outcome) => this.state.outcomes.push(outcome),
      (from, to) => this.furthestUnderWay(Math.ceil(from / plan.hop) - 1, Math.floor(to / plan.hop) - 1),
    );
    const cascade = new Cascade(device, this.judge);
    this.sensor = new Sensor(device, this.judge, cascade);
    this.cores = device.cores;
    plan.cores.forEach((_, index) => {
      device.cores.push(new Core(device, index, this.sensor, cascade));
    });
    this.outage = new Outage(device, this.sensor, cascade);
    this.start();
    // What a gate remembers is of more windows than those of a cycle.
    const remembers = plan.stages.some(({ gate }) => gate !== undefined);
    this.forward =
      fastForward && !remembers
        ? new FastForward(this, new InFlight(device, (window) => this.gatesOpen(window)), places)
        : null;
  }

  /** All that changes, as data: what is saved and restored. Live, and only whole between events. */
  get states() {
    const state = <State>({ state }: { readonly state: State }): State => state;
    const { device } = this;
    return {
      alarms: device.alarms.state,
      ledger: device.ledger.state,
      supply: device.supply.state,
      cores: device.cores.map(state),
      links: device.links.map(state),
      memories: device.memories.map(state),
      actuators: device.actuators.map(state),
      windows: device.windows.state,
      scores: device.scores.state,
      judge: this.judge.state,
      simulator: device.state,
    };
  }

  /** To be called when `states` were written to from elsewhere. */
  restored(): void {
    this.alarms.restored();
    this.ledger.loads.restored();
    this.supply.restored();
    this.sensor.reckon();
    this.judge.restored();
  }

  get now(): Nanoseconds {
    return this.alarms.now;
  }

  get policy(): PolicyPlan {
    return this.device.policy;
  }

  get isOff(): boolean {
    return this.device.isOff;
  }

  /** Simulated time up to which the windows' scores are known. */
  get horizon(): Nanoseconds {
    return (this.device.scores.end * this.plan.hop) as Nanoseconds;
  }

  /** Scores of the windows that follow those already given. */
  addScores(chunk: ScoreChunk): void {
    this.device.scores.add(chunk);
    if (this.isOff) this.outage.skipScores();
  }

  /** Something is to be done to it, at a time that is still to come. What is to be done belongs to no snapshot. */
  act(act: DeviceAct): void {
    this.acts.add(act, this.now);
  }

  /** One more event is to be detected, which begins after now. */
  expect(event: LabelledEvent): void {
    if (event.start <= this.now)
      throw new RangeError(`it is ${this.now} ns already, and an event is to begin at ${event.start}`);
    this.judge.add(event);
  }

  /** Another stream is heard from a window on, which ends after now: other scores follow from there. */
  forgetScores(fromWindow: number): void {
    this.device.scores.cut(fromWindow);
  }

  /** When something happens next, or the battery moves on: until then every power stays as it is. */
  get due(): number {
    const component = this.alarms.first();
    const first = Math.min(this.supply.look, this.acts.due);
    return component < 0 ? first : Math.min(this.alarms.dueAt(component), first);
  }

  /** Simulates up to and including `until`, which may not lie beyond the scored horizon. */
  advance(until: Nanoseconds): void {
    if (until > this.horizon)
      throw new RangeError(`scores are known up to ${this.horizon} ns, and ${until} ns was asked for`);
    // Functions of their own are compiled once, where V8 compiles a loop anew for every call that enters it.
    const { acts, judge, supply } = this;
    do this.ringBefore(Math.min(supply.look, supply.state.hourUntil, judge.state.due, acts.due, until + 1));
    while (this.next(until));
    if (until > this.now) this.alarms.state.now = until;
    this.judge.moveTo(this.now);
    this.forward?.count();
  }

  /** Simulates what the components do before `end`, by when nothing else has to be looked after; up to the sensor's interrupt where that may jump. */
  private ringBefore(end: number): void {
    const { alarms, supply, forward } = this;
    const { sensor } = this.alarmOf;
    for (;;) {
      if (forward !== null && alarms.first() === sensor) return;
      const component = alarms.next(end);
      if (component < 0) return;
      const looks = component === sensor && supply.settleIfDue(this.sensor.cycle);
      this.ring(component);
      this.settle(looks);
      if (supply.look < end) return;
    }
  }

  /** Simulates what happens next. Returns whether anything does up to and including `until`. */
  private next(until: Nanoseconds): boolean {
    const { acts, alarms, judge, supply, forward } = this;
    const component = alarms.first();
    const { look } = supply;
    const { hourUntil } = supply.state;
    const ringsAt = component < 0 ? Number.POSITIVE_INFINITY : alarms.dueAt(component);
    let due = ringsAt < look ? ringsAt : look;
    if (hourUntil < due) due = hourUntil;
    if (acts.due < due) due = acts.due;
    if (due > until) return false;
    if (due >= judge.state.due) judge.moveTo(due as Nanoseconds);
    const turns = due === hourUntil;
    const isActedOn = due === acts.due;
    const rings = due === ringsAt;
    const interrupts = rings && component === this.alarmOf.sensor;
    supply.advance(due);
    let looks = due === look || turns || isActedOn || (interrupts && supply.isDue(this.sensor.cycle));
    if (looks) supply.settle();
    alarms.state.now = due;
    if (turns) this.turnHour();
    if (isActedOn) for (const act of acts.take(due as Nanoseconds)) this.do(act);
    // It may take the time on to a later interrupt of the same hours, which then is the one that rings.
    if (interrupts && forward !== null)
      looks = forward.interrupt(Math.min(until, supply.state.hourUntil - 1, acts.due - 1) as Nanoseconds, looks);
    if (alarms.now !== due) {
      alarms.restored();
      supply.reckon();
    }
    if (rings) {
      alarms.cancel(component);
      this.ring(component);
    }
    this.settle(looks);
    return true;
  }

  /** Nanoseconds from one interrupt of the sensor to the next. */
  get cycle(): number {
    return this.sensor.cycle;
  }

  get windowsUnderWay(): number {
    return this.device.windows.underWay;
  }

  /** The first window under way; the next one when none is. */
  get oldestWindow(): number {
    return this.device.windows.oldest(this.state.nextWindow);
  }

  /** Whether the charge asks for the power profile that holds. */
  get keepsPolicy(): boolean {
    return this.sensor.keepsPolicy;
  }

  /** By its scores: how many gates open to a window that meets no other hindrance; negative where a score that matters is not known. */
  gatesOpen(window: number): number {
    const { thresholds } = this.policy;
    for (let stage = 0; stage < thresholds.length; stage++) {
      const score = this.device.scores.read(window, stage);
      if (score < thresholds[stage]) return stage;
      if (Number.isNaN(score)) return -1;
    }
    return thresholds.length;
  }

  /** How many windows from this one on, at most `most`, the first gate stops. */
  silentFrom(window: number, most: number): number {
    return this.device.scores.below(window, this.policy.thresholds[0], most);
  }

  /** Whether a sensor that gates by itself hands the window on for its own sake. */
  isLoud(window: number): boolean {
    return this.sensor.isLoud(window);
  }

  /** Whether all goes on with the load of this moment: no rail browns out, protection stays closed. */
  get bears(): boolean {
    return this.outage.isNone;
  }

  /** Brings what means the same into the same form: times already booked, lists begun at their start, left-overs cleared. Changes nothing to come. */
  tidy(): void {
    const { alarms, state } = this;
    const { now } = alarms;
    alarms.tidy();
    this.ledger.book();
    this.supply.book();
    const next = this.oldestWindow;
    for (const core of this.cores) core.tidy(next);
    for (const link of this.links) link.tidy();
    for (let stage = 0; stage < state.holdUntil.length; stage++)
      state.holdUntil[stage] = Math.max(state.holdUntil[stage], now);
    // Windows that wait in its FIFO ended before now, and none of them before this.
    state.heardUntil = Math.max(state.heardUntil, state.nextWindow * this.plan.hop);
  }

  /** The same for what free slots of windows still hold. */
  clearFreeWindows(): void {
    const { inEvent } = this.state;
    const { windows } = this.device;
    windows.tidy();
    for (let slot = 0; slot < inEvent.length; slot++) if (!windows.isInUse(slot)) inEvent[slot] = 0;
  }

  /** What was heard, missed and imagined since the last call. */
  takeOutcomes(): readonly Outcome[] {
    const { outcomes } = this.state;
    this.state.outcomes = [];
    return outcomes;
  }

  private start(): void {
    this.sensor.start();
    for (const core of this.cores) core.meet(this.cores);
    for (const core of this.cores) core.start();
    this.settle(true);
  }

  private ring(component: number): void {
    const { sensor, cores, links, actuators } = this.alarmOf;
    if (component === sensor) {
      if (this.sensor.ring()) this.forward?.spoil();
    } else if (component < links) this.cores[component - cores].ring();
    else if (component < actuators) {
      const core = this.links[component - links].ring();
      this.cores[core].bytesArrived();
    } else this.actuators[component - actuators].ring();
  }

  /**
   * After every event: the new load, and whether the battery bears it.
   * @param look also where the load did not rise
   */
  private settle(look: boolean): void {
    const { forward, supply } = this;
    if (this.state.offSince !== Number.POSITIVE_INFINITY) return;
    const rose = supply.follow();
    if (forward?.isRecording) forward.recordLoad(supply.state.load);
    if (!(rose || look) || supply.isCalm || this.outage.isNone) return;
    forward?.spoil();
    this.outage.begin();
  }

  private turnHour(): void {
    this.forward?.spoil();
    this.supply.turnHour(this.now);
    if (this.isOff && this.supply.isPlugged) this.outage.end();
  }

  private do(act: DeviceAct): void {
    this.forward?.spoil();
    switch (act.kind) {
      case 'stall-link':
        this.links[act.link].stall(act.span);
        return;
      case 'age-battery':
        this.supply.age(act);
        return;
      case 'choose-policy':
        this.state.chosenPolicy = act.policy ?? NOBODY_CHOSE;
        return;
    }
  }

  /** The furthest that one of these windows is on its way; those in the sensor's FIFO are before the first stage. */
  private furthestUnderWay(first: number, last: number): number {
    const inFifo = !this.isOff && first <= last && last >= this.state.nextWindow;
    return Math.max(inFifo ? 0 : -1, this.device.windows.furthestInFlight(first, last));
  }
}
