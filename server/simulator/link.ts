// A link moves one window's bytes at a time, first come first served, and sleeps when nothing waits.

import { NANOSECONDS_PER_SECOND } from '../units.ts';
import type { Alarms } from './alarms.ts';
import type { Ledger } from './ledger.ts';
import type { LinkPlan } from './plan.ts';
import { wideFields } from './wide-fields.ts';

export const LINK_SLEEP = 0;
export const LINK_TRANSFER = 1;

export interface LinkState {
  /** Cores that wait, and their bytes; the first is served. */
  waiting: number[];
  bytes: number[];
  moved: number;
  wakes: number;
  /** Until when nothing moves; not after now: it moves. */
  stalledUntil: number;
}

export class Link {
  readonly state: LinkState = wideFields(
    { waiting: [], bytes: [], moved: 0, wakes: 0, stalledUntil: 0 },
    'stalledUntil',
  );
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

  /** Nothing moves for a while from now on: what is under way goes on after it, and what is asked for meanwhile begins then. */
  stall(span: number): void {
    const { alarms, alarm, state } = this;
    const before = Math.max(state.stalledUntil, alarms.now);
    state.stalledUntil = Math.max(before, alarms.now + span);
    if (state.waiting.length > 0) alarms.set(alarm, alarms.dueAt(alarm) + state.stalledUntil - before);
  }

  /** A stall that is over is like none. */
  tidy(): void {
    this.state.stalledUntil = Math.max(this.state.stalledUntil, this.alarms.now);
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
    const { alarms } = this;
    alarms.set(this.alarm, Math.max(alarms.now, this.state.stalledUntil) + latency + span);
  }

  private sleep(): void {
    this.alarms.cancel(this.alarm);
    this.ledger.set(this.entry, LINK_SLEEP);
  }
}
