// Simulated time and what is due when. Every component owns one alarm, so the whole queue is two short arrays that can be saved. Few alarms
// are set at a time, mostly those of the sensor and of a core that is awake: they are kept in the order in which they are due.

import type { Nanoseconds } from '../units.ts';
import { wideFields } from './wide-fields.ts';

export interface AlarmsState {
  now: number;
  sequence: number;
  /** By component; infinity when it has no alarm. */
  readonly due: Float64Array;
  /** Order in which equal times are due. */
  readonly order: Float64Array;
}

const NONE = -1;
const NEVER = Number.POSITIVE_INFINITY;

export class Alarms {
  readonly state: AlarmsState;
  private readonly due: Float64Array;
  private readonly order: Float64Array;
  /** The components that have an alarm, as they are due: follows from the state. */
  private readonly queue: Int32Array;
  private armed = 0;

  constructor(components: number) {
    this.due = new Float64Array(components).fill(NEVER);
    this.order = new Float64Array(components);
    this.queue = new Int32Array(components);
    this.state = wideFields({ now: 0, sequence: 0, due: this.due, order: this.order }, 'now', 'sequence');
  }

  get now(): Nanoseconds {
    return this.state.now as Nanoseconds;
  }

  /** Sets the component's alarm; the one it had is forgotten. */
  set(component: number, time: number): void {
    const { state, due, queue } = this;
    if (time < state.now) throw new RangeError('an alarm lies in the past');
    if (due[component] !== NEVER) this.remove(component);
    due[component] = time;
    this.order[component] = state.sequence++;
    // What was set before and is due at the same time comes first.
    let place = this.armed++;
    while (place > 0 && due[queue[place - 1]] > time) {
      queue[place] = queue[place - 1];
      place--;
    }
    queue[place] = component;
  }

  cancel(component: number): void {
    if (this.due[component] === NEVER) return;
    this.remove(component);
    this.due[component] = NEVER;
  }

  /** When the component's alarm is due; infinity when it has none. */
  dueAt(component: number): number {
    return this.due[component];
  }

  /** The component whose alarm is due first, ties by the order of setting; -1 when none is. */
  first(): number {
    return this.armed === 0 ? NONE : this.queue[0];
  }

  /** Goes on to what is due first, if that is before `end`: returns the component, which has no alarm any more, or -1. */
  next(end: number): number {
    const { due, queue } = this;
    if (this.armed === 0) return NONE;
    const component = queue[0];
    if (due[component] >= end) return NONE;
    this.state.now = due[component];
    due[component] = NEVER;
    const armed = --this.armed;
    for (let place = 0; place < armed; place++) queue[place] = queue[place + 1];
    return component;
  }

  /** Numbers what is armed from 0, in the order it is due: of two at the same time the first stays the first. */
  tidy(): void {
    const { order, queue, armed } = this;
    order.fill(0);
    for (let place = 0; place < armed; place++) order[queue[place]] = place;
    this.state.sequence = armed;
  }

  /** To be called when `state` was written to from elsewhere. */
  restored(): void {
    const { due, order } = this;
    const armed = [...due.keys()].filter((component) => due[component] !== NEVER);
    armed.sort((a, b) => due[a] - due[b] || order[a] - order[b]);
    this.queue.set(armed);
    this.armed = armed.length;
  }

  private remove(component: number): void {
    const { queue } = this;
    const armed = --this.armed;
    for (let place = queue.indexOf(component); place < armed; place++) queue[place] = queue[place + 1];
  }
}
