// What is under way at an interrupt of the sensor (windows, jobs that wait, transfers), taken as numbers that are equal whenever it will go on in the
// same way, and put back at another time: times count from now, windows from the next one. To a window the gates that will open to it belong, too.

import type { Device } from './device.ts';
import { Link } from './link.ts';

export class InFlight {
  /** Numbers that it takes at most. */
  readonly most: number;
  private readonly device: Device;
  private readonly gatesOpen: (window: number) => number;

  /** @param gatesOpen to a window; negative where that is not certain */
  constructor(device: Device, gatesOpen: (window: number) => number) {
    const { windows, cores, links, plan, scores } = device;
    this.device = device;
    // A detection is left to the events, and so is what lies before the scores that are still there.
    this.gatesOpen = (window) => {
      const open = window < scores.begin ? -1 : gatesOpen(window);
      return open === plan.stages.length ? -1 : open;
    };
    const waiting = cores.reduce((sum, { queue }) => sum + queue.most, links.length * Link.most(cores.length));
    this.most = windows.most + waiting;
  }

  /**
   * Writes it down from a place on; all of it tidied before.
   * @returns the place behind it; -1: of some window it is not certain how it goes on
   */
  read(into: Float64Array, from: number, now: number, nextWindow: number): number {
    const { windows, cores, links } = this.device;
    let place = windows.read(into, from, nextWindow, this.gatesOpen);
    if (place < 0) return place;
    for (const { queue } of cores) place = queue.read(into, place, now);
    for (const link of links) place = link.read(into, place);
    return place;
  }

  /** Puts it back, outside of any event. */
  write(values: Float64Array, from: number, now: number, nextWindow: number): void {
    const { windows, cores, links, scores, state } = this.device;
    let place = windows.write(values, from, nextWindow, (number, slot) => {
      scores.copy(number, windows.state.scores, windows.scoresAt(slot));
      state.inEvent[slot] = 0;
    });
    for (const { queue } of cores) place = queue.write(values, place, now);
    for (const link of links) place = link.write(values, place);
  }
}
