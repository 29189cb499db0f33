// The sensor: its FIFO's interrupts bring windows, all of them or those that it finds loud enough. At an interrupt the power profile is
// asked for as well, as that is when the device is awake anyway.

import type { Nanoseconds } from '../units.ts';
import type { Alarms } from './alarms.ts';
import type { Cascade } from './cascade.ts';
import { type Device, type DeviceState, NOBODY_CHOSE } from './device.ts';
import type { Judge } from './judge.ts';
import type { Plan, SensorPlan } from './plan.ts';
import type { ScoreReader } from './scores.ts';
import type { Windows } from './windows.ts';

type Activity = NonNullable<SensorPlan['activity']>;

export class Sensor {
  private readonly device: Device;
  private readonly plan: Plan;
  private readonly state: DeviceState;
  private readonly activity: Activity | undefined;
  private readonly alarms: Alarms;
  private readonly windows: Windows;
  private readonly scores: ScoreReader;
  private readonly judge: Judge;
  private readonly cascade: Cascade;
  /** Nanoseconds from one interrupt to the next, and when the next is: they follow from the state. */
  cycle = Number.NaN;
  due = Number.NaN;
  /** What the rules asked for when they were last looked at, and the supply's revision then. */
  private revision = -1;
  private asked = 0;

  constructor(device: Device, judge: Judge, cascade: Cascade) {
    this.device = device;
    this.plan = device.plan;
    this.state = device.state;
    this.alarms = device.alarms;
    this.windows = device.windows;
    this.scores = device.scores;
    this.activity = device.plan.sensor.activity;
    this.judge = judge;
    this.cascade = cascade;
  }

  /** Of a sensor that gates by itself the next interrupt brings something for certain only while it hands on. */
  get isCertain(): boolean {
    return this.activity === undefined || this.state.heardUntil > this.due;
  }

  /** When the next interrupt brings something for certain; infinity when it may not. */
  get certainDue(): number {
    return this.isCertain ? this.due : Number.POSITIVE_INFINITY;
  }

  /** It hands windows on. */
  get isOpen(): boolean {
    return this.activity === undefined || this.state.heardUntil > this.alarms.now;
  }

  start(): void {
    this.reckon();
    this.applyRules();
    this.setLevel();
    this.arm();
  }

  /** Sets its alarm to the next interrupt. */
  arm(): void {
    this.alarms.set(this.device.alarmOf.sensor, this.due);
  }

  /** To be called when the policy or the next window became another. */
  reckon(): void {
    this.cycle = this.device.policy.batch * this.plan.hop;
    this.due = this.state.nextWindow * this.plan.hop + this.cycle;
  }

  /** Its interrupt. Returns whether the power profile changed. */
  ring(): boolean {
    const { device, state, plan } = this;
    const first = state.nextWindow;
    const end = first + device.policy.batch;
    const changed = this.applyRules();
    this.scores.skip(first);
    state.nextWindow = end;
    this.due = end * plan.hop + this.cycle;
    for (let number = first; number < end; number++) this.complete(number);
    this.arm();
    const fellSilent = this.activity !== undefined && this.setLevel();
    if (changed) for (const core of device.cores) core.reconsider();
    else if (fellSilent) device.cores[plan.sensor.core].reconsider();
    return changed;
  }

  /** Whether a sensor that gates by itself hands the window on for its own sake. */
  isLoud(window: number): boolean {
    return this.activity === undefined || this.scores.level(window) >= this.activity.decibels;
  }

  /** Whether the charge, or somebody, asks for the power profile that holds. */
  get keepsPolicy(): boolean {
    return this.policyAsked() === this.state.policy;
  }

  /** Changes the power profile as the charge asks. Returns whether it did. */
  applyRules(): boolean {
    const policy = this.policyAsked();
    if (policy === this.state.policy) return false;
    this.state.policyChanges++;
    this.state.policy = policy;
    this.reckon();
    this.setLevel();
    return true;
  }

  private complete(number: number): void {
    const { windows } = this;
    const windowEnd = ((number + 1) * this.plan.hop) as Nanoseconds;
    if (this.activity !== undefined && !this.hears(this.activity, number, windowEnd)) return;
    const slot = windows.take(number, (this.alarms.now - windowEnd) as Nanoseconds);
    this.scores.copy(number, windows.state.scores, windows.scoresAt(slot));
    this.state.inEvent[slot] = this.judge.inEvent(windowEnd) ? 1 : 0;
    this.cascade.offer(0, slot);
  }

  private hears(activity: Activity, window: number, windowEnd: Nanoseconds): boolean {
    const { state } = this;
    const loud = this.isLoud(window);
    if (loud) state.heardUntil = Math.max(state.heardUntil, windowEnd + activity.hold);
    if (loud || windowEnd < state.heardUntil) return true;
    state.unheard++;
    this.judge.ended(windowEnd, 0, 'unheard', (stage) => this.scores.read(window, stage));
    return false;
  }

  /** It and its interface at the power of listening or of handing on. Returns whether it fell silent. */
  private setLevel(): boolean {
    const { activity, device, plan } = this;
    const { ledger, entries, policy } = device;
    if (activity === undefined) {
      ledger.set(entries.sensor, policy.sensorMode);
      return false;
    }
    const wasOpen = ledger.levelOf(entries.sensorLink) === 0;
    const { isOpen } = this;
    ledger.set(entries.sensor, isOpen ? policy.sensorMode : plan.sensor.modes.length);
    ledger.set(entries.sensorLink, isOpen ? 0 : 1);
    return wasOpen && !isOpen;
  }

  private policyAsked(): number {
    const { chosenPolicy } = this.state;
    if (chosenPolicy !== NOBODY_CHOSE) return chosenPolicy;
    const { supply } = this.device;
    if (supply.revision !== this.revision) {
      const { soc, hour } = supply;
      let policy = hour?.policy ?? this.plan.startPolicy;
      for (const rule of hour?.rules ?? this.plan.rules) if (soc < rule.belowSoc) policy = rule.policy;
      this.asked = policy;
      this.revision = supply.revision;
    }
    return this.asked;
  }
}
