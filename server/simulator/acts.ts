// What somebody does to the device while it runs: plain data with a time, done by the simulator at that time, before anything else that is due
// then. What was done is part of the components' state; only what is still to come waits here.

import type { Nanoseconds } from '../units.ts';

export type DeviceAct = { readonly at: Nanoseconds } & (
  | {
      /** Nothing moves over a link for a while: what is under way stands still and goes on after it. While something waits, the link stays awake. */
      readonly kind: 'stall-link';
      readonly link: number;
      readonly span: Nanoseconds;
    }
  /** The cell keeps its state of charge; its capacity and resistances become so many times what they are. */
  | { readonly kind: 'age-battery'; readonly capacity: number; readonly resistance: number }
  /** From the next interrupt on a power profile holds whatever the rules say; null gives back to them. */
  | { readonly kind: 'choose-policy'; readonly policy: number | null }
);

export class Acts {
  /** When the next is due; infinity when none is. */
  due = Number.POSITIVE_INFINITY;
  private toCome: readonly DeviceAct[] = [];

  /** @throws {RangeError} one that lies in the past */
  add(act: DeviceAct, now: Nanoseconds): void {
    if (act.at <= now) throw new RangeError(`it is ${now} ns already, and something is to be done at ${act.at} ns`);
    const place = this.toCome.filter(({ at }) => at <= act.at).length;
    this.toCome = [...this.toCome.slice(0, place), act, ...this.toCome.slice(place)];
    this.due = this.toCome[0].at;
  }

  /** What is due by now, in the order in which it was added; it is then no more to come. */
  take(now: Nanoseconds): readonly DeviceAct[] {
    const due = this.toCome.filter(({ at }) => at <= now);
    this.toCome = this.toCome.slice(due.length);
    this.due = this.toCome[0]?.at ?? Number.POSITIVE_INFINITY;
    return due;
  }
}
