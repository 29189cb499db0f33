// Holds the device's decisions against the labels, by the rule of MLPerf Tiny's streaming wake word: a detection within an event or a
// second after it is a true positive, an event without one a miss, any other detection a false accept, and false accepts are debounced by
// a second. It only watches: nothing here reaches back into the device.

import type { Nanoseconds } from '../units.ts';

/** An event to be detected. */
export interface LabelledEvent {
  readonly start: Nanoseconds;
  readonly end: Nanoseconds;
}

/** How a window's way ended without a detection. */
export type Ending = 'gate' | 'dropped' | 'brown-out' | 'hold' | 'late' | 'off' | 'unheard';

export type Outcome =
  | {
      readonly kind: 'true-positive';
      readonly event: number;
      readonly time: Nanoseconds;
      readonly latency: Nanoseconds;
      /** From the event's end to the end of the window that decided; may be negative. */
      readonly algorithm: Nanoseconds;
      readonly parts: Float64Array;
      readonly scores: readonly number[];
    }
  | {
      readonly kind: 'miss';
      readonly event: number;
      readonly time: Nanoseconds;
      readonly stage: number;
      readonly ending: Ending;
      readonly scores: readonly number[];
    }
  | { readonly kind: 'false-accept'; readonly time: Nanoseconds; readonly scores: readonly number[] };

/** A detection counts up to this long after its event. */
export const TOLERANCE = 1_000_000_000;
const DEBOUNCE = 1_000_000_000;

interface OpenEvent {
  readonly event: number;
  detected: boolean;
  /** The furthest that one of its windows got, and how it ended there. */
  stage: number;
  ending: Ending;
  readonly scores: number[];
}

export interface JudgeState {
  /** Number of the first event that is not open yet. */
  next: number;
  open: OpenEvent[];
  /** When the next event begins, or the time of an open one is over. */
  due: number;
  lastFalseAccept: number;
  events: number;
  truePositives: number;
  falseAccepts: number;
}

/** At the same stage, what the device did wrong says more than what the gate said. */
const SEVERITY: Readonly<Record<Ending, number>> = {
  off: 0,
  unheard: 1,
  gate: 2,
  hold: 3,
  late: 4,
  dropped: 5,
  'brown-out': 6,
};

export class Judge {
  readonly state: JudgeState = {
    next: 0,
    open: [],
    due: Number.NEGATIVE_INFINITY,
    lastFalseAccept: Number.NEGATIVE_INFINITY,
    events: 0,
    truePositives: 0,
    falseAccepts: 0,
  };
  private events: readonly LabelledEvent[];
  private readonly stages: number;
  private readonly report: (outcome: Outcome) => void;
  private readonly furthestInFlight: (from: number, to: number) => number;
  /** By event that has begun: the latest end of it and all before it. Follows from the events. */
  private readonly latestEnd: number[] = [];

  /**
   * @param events by rising start
   * @param furthestInFlight the furthest stage at which a window that ends in [from, to] is still under way or yet to be delivered, -1 for none
   */
  constructor(
    events: readonly LabelledEvent[],
    stages: number,
    report: (outcome: Outcome) => void,
    furthestInFlight: (from: number, to: number) => number,
  ) {
    this.events = events;
    this.stages = stages;
    this.report = report;
    this.furthestInFlight = furthestInFlight;
  }

  /**
   * Opens the events that have begun and closes those whose time is over. Call before anything happens at or after `state.due`, so that
   * an event is closed over what was under way at its last moment.
   */
  moveTo(now: Nanoseconds): void {
    const state = this.state;
    while (state.next < this.events.length && this.events[state.next].start <= now) {
      const scores = new Array<number>(this.stages).fill(Number.NaN);
      state.open.push({ event: state.next++, detected: false, stage: -1, ending: 'off', scores });
    }
    if (state.open.some(({ event }) => this.events[event].end + TOLERANCE < now)) this.close(now);
    this.reckon();
  }

  /** To be called when `state` was written to from elsewhere. */
  restored(): void {
    if (this.state.due !== Number.NEGATIVE_INFINITY) this.reckon();
  }

  /** One more event is to be detected, which has not begun. */
  add(event: LabelledEvent): void {
    const { events, state } = this;
    const place = events.filter(({ start }) => start <= event.start).length;
    this.events = [...events.slice(0, place), event, ...events.slice(place)];
    state.due = Math.min(state.due, event.start);
  }

  private reckon(): void {
    const { events, state } = this;
    state.due = events[state.next]?.start ?? Number.POSITIVE_INFINITY;
    for (const { event } of state.open) state.due = Math.min(state.due, events[event].end + TOLERANCE + 1);
  }

  /** Whether no window that ends from `from` to `to`, and none of its outcomes, concerns an event. `from` may lie in the past, as of which all is told. */
  isQuiet(from: number, to: number): boolean {
    const { open, due, next } = this.state;
    return open.length === 0 && to < due && from > this.latestEndBefore(next) + TOLERANCE;
  }

  /** Whether a window that ends at `end`, not after now, belongs to an event, be its time over or not. */
  inEvent(end: Nanoseconds): boolean {
    return this.state.next > 0 && this.isCovered(end);
  }

  private isCovered(end: Nanoseconds): boolean {
    const { events, state } = this;
    let last = state.next - 1;
    while (last >= 0 && events[last].start > end) last--;
    return end <= this.latestEndBefore(last + 1) + TOLERANCE;
  }

  /** The latest end of the first events; `count` of them have begun. */
  private latestEndBefore(count: number): number {
    const { events, latestEnd } = this;
    for (let event = latestEnd.length; event < count; event++)
      latestEnd.push(Math.max(events[event].end, latestEnd[event - 1] ?? 0));
    return count === 0 ? Number.NEGATIVE_INFINITY : latestEnd[count - 1];
  }

  /** A window that ends at `end` got as far as `stage` and no further; `scores` are those it was given on the way. */
  ended(end: Nanoseconds, stage: number, ending: Ending, score: (stage: number) => number): void {
    for (const open of this.state.open) {
      if (!this.covers(open.event, end)) continue;
      this.keepScores(open, stage, score);
      if (stage > open.stage || (stage === open.stage && SEVERITY[ending] > SEVERITY[open.ending])) {
        open.stage = stage;
        open.ending = ending;
      }
    }
  }

  /** The last gate passed a window that ends at `end`, now. */
  detected(now: Nanoseconds, end: Nanoseconds, parts: Float64Array, score: (stage: number) => number): void {
    this.moveTo(now);
    const state = this.state;
    let known = false;
    for (const open of state.open) {
      if (!this.covers(open.event, now)) continue;
      known = true;
      this.keepScores(open, this.stages - 1, score);
      if (open.detected) continue;
      open.detected = true;
      state.events++;
      state.truePositives++;
      const { end: eventEnd } = this.events[open.event];
      this.report({
        kind: 'true-positive',
        event: open.event,
        time: now,
        latency: (now - eventEnd) as Nanoseconds,
        algorithm: (end - eventEnd) as Nanoseconds,
        parts,
        scores: [...open.scores],
      });
    }
    if (known || now - state.lastFalseAccept < DEBOUNCE) return;
    state.lastFalseAccept = now;
    state.falseAccepts++;
    const scores = Array.from({ length: this.stages }, (_, stage) => score(stage));
    this.report({ kind: 'false-accept', time: now, scores });
  }

  private keepScores(open: OpenEvent, upTo: number, score: (stage: number) => number): void {
    for (let stage = 0; stage <= upTo; stage++) {
      const value = score(stage);
      if (!(open.scores[stage] >= value)) open.scores[stage] = value;
    }
  }

  private covers(event: number, time: number): boolean {
    const { start, end } = this.events[event];
    return time >= start && time <= end + TOLERANCE;
  }

  private close(now: Nanoseconds): void {
    const state = this.state;
    const over = state.open
      .filter(({ event }) => this.events[event].end + TOLERANCE < now)
      .sort((a, b) => this.events[a.event].end - this.events[b.event].end);
    state.open = state.open.filter(({ event }) => this.events[event].end + TOLERANCE >= now);
    for (const { event, detected, stage, ending, scores } of over) {
      if (detected) continue;
      state.events++;
      const { start, end } = this.events[event];
      const time = (end + TOLERANCE) as Nanoseconds;
      const underWay = this.furthestInFlight(start, time);
      if (underWay > stage) this.report({ kind: 'miss', event, time, stage: underWay, ending: 'late', scores });
      else this.report({ kind: 'miss', event, time, stage: Math.max(stage, 0), ending, scores });
    }
  }
}
