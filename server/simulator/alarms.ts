// Simulated time and what is due when. Every component owns one alarm, so there is never more to search than there are components,
// cancelling is overwriting, and the whole queue is two short arrays that can be saved.

import type { Nanoseconds } from '../units.ts';

export interface AlarmsState {
  now: number;
  sequence: number;
  readonly due: Float64Array;
  /** Order in which equal times are due. */
  readonly order: Float64Array;
}

export class Alarms {
  readonly state: AlarmsState;

  constructor(components: number) {
    this.state = {
      now: 0,
      sequence: 0,
      due: new Float64Array(components).fill(Number.POSITIVE_INFINITY),
      order: new Float64Array(components),
    };
  }

  get now(): Nanoseconds {
    return this.state.now as Nanoseconds;
  }

  /** Sets the component's alarm; the one it had is forgotten. */
  set(component: number, time: number): void {
    const state = this.state;
    if (time < state.now) throw new RangeError(`an alarm at ${time} ns lies before ${state.now} ns`);
    state.due[component] = time;
    state.order[component] = state.sequence++;
  }

  cancel(component: number): void {
    this.state.due[component] = Number.POSITIVE_INFINITY;
  }

  /** Numbers the order of what is due from 0; it stays the same order. */
  tidy(): void {
    const { due, order } = this.state;
    const armed = [...due.keys()].filter((component) => due[component] !== Number.POSITIVE_INFINITY);
    armed.sort((a, b) => order[a] - order[b]);
    order.fill(0);
    armed.forEach((component, place) => {
      order[component] = place;
    });
    this.state.sequence = armed.length;
  }

  /** When the component's alarm is due; infinity when it has none. */
  dueAt(component: number): number {
    return this.state.due[component];
  }

  /** The component whose alarm is due first, ties by the order of setting; -1 when none is. */
  first(): number {
    const { due, order } = this.state;
    let best = -1;
    let time = Number.POSITIVE_INFINITY;
    for (let component = 0; component < due.length; component++) {
      const candidate = due[component];
      if (candidate < time || (candidate === time && best >= 0 && order[component] < order[best])) {
        best = component;
        time = candidate;
      }
    }
    return best;
  }
}
