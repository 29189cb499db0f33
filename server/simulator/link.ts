// A link moves one window's bytes at a time, first come first served, and sleeps when nothing waits.

import { NANOSECONDS_PER_SECOND } from '../units.ts';
import type { Alarms } from './alarms.ts';
import type { Ledger } from './ledger.ts';
import type { LinkPlan } from './plan.ts';

export const LINK_SLEEP = 0;
export const LINK_TRANSFER = 1;

export interface LinkState {
  /** Cores that wait, and their bytes; the first is served. */
  waiting: number[];
  bytes: number[];
  moved: number;
  wakes: number;
}

export class Link {
  readonly state: LinkState = { waiting: [], bytes: [], moved: 0, wakes: 0 };
  private readonly plan: LinkPlan;
  private readonly alarms: Alarms;
  private readonly ledger: Ledger;
  private readonly entry: number;
  private readonly alarm: number;

  constructor(plan: LinkPlan, alarms: Alarms, alarm: number, ledger: Ledger, entry: number) {
    this.plan = plan;
    this.alarms = alarms;
    this.alarm = alarm;
    this.ledger = ledger;
    this.entry = entry;
  }

  request(core: number, bytes: number): void {
    this.state.waiting.push(core);
    this.state.bytes.push(bytes);
    if (this.state.waiting.length > 1) return;
    this.state.wakes++;
    this.begin(this.plan.wakeLatency);
  }

  /** Takes back what a core that lost power had asked for. */
  forget(core: number): void {
    const { waiting, bytes } = this.state;
    const servedIsGone = waiting[0] === core;
    const kept = waiting.flatMap((other, index) => (other === core ? [] : [index]));
    this.state.waiting = kept.map((index) => waiting[index]);
    this.state.bytes = kept.map((index) => bytes[index]);
    if (this.state.waiting.length === 0) this.sleep();
    else if (servedIsGone) this.begin(0);
  }

  /** The bytes of the first in line have arrived: returns whose they were. */
  ring(): number {
    const core = this.state.waiting.shift();
    const bytes = this.state.bytes.shift();
    if (core === undefined || bytes === undefined) throw new Error(`link ${this.plan.name} has nothing to deliver`);
    this.state.moved += bytes;
    if (this.state.waiting.length > 0) this.begin(0);
    else this.sleep();
    return core;
  }

  /** Numbers that `read` takes at most. @param cores of the device */
  static most(cores: number): number {
    return 1 + 2 * cores;
  }

  /** Writes down from a place on what waits. Returns the place behind it. */
  read(into: Float64Array, from: number): number {
    const { waiting, bytes } = this.state;
    let place = from;
    into[place++] = waiting.length;
    for (let at = 0; at < waiting.length; at++) {
      into[place++] = waiting[at];
      into[place++] = bytes[at];
    }
    return place;
  }

  /** Lets that wait. Returns the place behind it. */
  write(values: Float64Array, from: number): number {
    const { waiting, bytes } = this.state;
    let place = from;
    const count = values[place++];
    waiting.length = 0;
    bytes.length = 0;
    for (let at = 0; at < count; at++) {
      waiting.push(values[place++]);
      bytes.push(values[place++]);
    }
    return place;
  }

  private begin(latency: number): void {
    const span = Math.ceil((this.state.bytes[0] * NANOSECONDS_PER_SECOND) / this.plan.bytesPerSecond);
    this.ledger.set(this.entry, LINK_TRANSFER);
    this.alarms.set(this.alarm, this.alarms.now + latency + span);
  }

  private sleep(): void {
    this.alarms.cancel(this.alarm);
    this.ledger.set(this.entry, LINK_SLEEP);
  }
}
