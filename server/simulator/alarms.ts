// Simulated time and what is due when. Every component owns one alarm, so there is never more to search than there are components,
// cancelling is overwriting, and the whole queue is two short arrays that can be saved.
//
// A component that rang sets its next alarm again and again before any other is due. So the first of all others is kept, and searched
// for only when another component has its turn.

import type { Nanoseconds } from '../units.ts';

export interface AlarmsState {
  now: number;
  sequence: number;
  readonly due: Float64Array;
  /** Order in which equal times are due. */
  readonly order: Float64Array;
}

const NONE = -1;

export class Alarms {
  readonly state: AlarmsState;
  private readonly due: Float64Array;
  private readonly order: Float64Array;
  /** The component that rang last, and of the others the one that is due first: they follow from the state. */
  private turn = 0;
  private other = NONE;
  private otherDue = Number.POSITIVE_INFINITY;

  constructor(components: number) {
    this.due = new Float64Array(components).fill(Number.POSITIVE_INFINITY);
    this.order = new Float64Array(components);
    this.state = { now: 0, sequence: 0, due: this.due, order: this.order };
  }

  get now(): Nanoseconds {
    return this.state.now as Nanoseconds;
  }

  /** Sets the component's alarm; the one it had is forgotten. */
  set(component: number, time: number): void {
    const { state } = this;
    if (time < state.now) throw new RangeError('an alarm lies in the past');
    this.due[component] = time;
    this.order[component] = state.sequence++;
    if (component !== this.turn) this.compare(component);
  }

  cancel(component: number): void {
    this.due[component] = Number.POSITIVE_INFINITY;
    if (component === this.other) this.search();
  }

  /** The component has its turn, and no alarm any more. */
  ring(component: number): void {
    this.due[component] = Number.POSITIVE_INFINITY;
    if (component === this.turn) return;
    this.turn = component;
    this.search();
  }

  /** Numbers the order of what is due from 0; it stays the same order. */
  tidy(): void {
    const { due, order } = this;
    const armed = [...due.keys()].filter((component) => due[component] !== Number.POSITIVE_INFINITY);
    armed.sort((a, b) => order[a] - order[b]);
    order.fill(0);
    armed.forEach((component, place) => {
      order[component] = place;
    });
    this.state.sequence = armed.length;
  }

  /** To be called when `state` was written to from elsewhere. */
  restored(): void {
    this.search();
  }

  /** When the component's alarm is due; infinity when it has none. */
  dueAt(component: number): number {
    return this.due[component];
  }

  /** The component whose alarm is due first, ties by the order of setting; -1 when none is. */
  first(): number {
    const { turn, other, otherDue } = this;
    const turnDue = this.due[turn];
    if (turnDue < otherDue) return turn;
    return turnDue === otherDue && other !== NONE && this.order[turn] < this.order[other] ? turn : other;
  }

  /** Goes on to what is due first, if that is before `end`: returns the component, which has its turn, or -1. */
  next(end: number): number {
    const component = this.first();
    if (component === NONE) return NONE;
    const time = this.due[component];
    if (time >= end) return NONE;
    this.state.now = time;
    this.ring(component);
    return component;
  }

  /** Another component's alarm was set. */
  private compare(component: number): void {
    const time = this.due[component];
    if (time < this.otherDue) {
      this.other = component;
      this.otherDue = time;
    } else if (component === this.other) this.search();
  }

  private search(): void {
    const { due, order, turn } = this;
    let best = NONE;
    let time = Number.POSITIVE_INFINITY;
    for (let component = 0; component < due.length; component++) {
      const candidate = due[component];
      if (candidate > time || component === turn) continue;
      if (candidate < time || (best !== NONE && order[component] < order[best])) {
        best = component;
        time = candidate;
      }
    }
    this.other = best;
    this.otherDue = time;
  }
}
