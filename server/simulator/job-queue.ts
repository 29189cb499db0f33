// The jobs that wait for a core, first come first served: a ring that never grows.

export interface JobQueueState {
  /** By place in the ring: stage (behind the last: work of a trigger), slot of its window, since when it waits. */
  readonly stage: Int32Array;
  readonly slot: Int32Array;
  readonly since: Float64Array;
  /** Nanoseconds that the core spent in transitions since; what one under way had taken by then comes off. */
  readonly transitions: Float64Array;
  head: number;
  waiting: number;
}

export class JobQueue {
  readonly state: JobQueueState;
  readonly stage: Int32Array;
  readonly slot: Int32Array;
  readonly since: Float64Array;
  readonly transitions: Float64Array;
  /** It held something since it was tidied. */
  private isTouched = true;

  /** @param depth jobs that may wait */
  constructor(depth: number) {
    this.stage = new Int32Array(depth);
    this.slot = new Int32Array(depth);
    this.since = new Float64Array(depth);
    this.transitions = new Float64Array(depth);
    const { stage, slot, since, transitions } = this;
    this.state = { stage, slot, since, transitions, head: 0, waiting: 0 };
  }

  get isFull(): boolean {
    return this.state.waiting === this.stage.length;
  }

  append(stage: number, slot: number, since: number, transitions: number): void {
    const { state } = this;
    const depth = this.stage.length;
    let tail = state.head + state.waiting;
    if (tail >= depth) tail -= depth;
    this.stage[tail] = stage;
    this.slot[tail] = slot;
    this.since[tail] = since;
    this.transitions[tail] = transitions;
    state.waiting++;
    this.isTouched = true;
  }

  /** Takes the first one out. Returns its place, which holds it until the next one comes. */
  shift(): number {
    const { state } = this;
    const place = state.head;
    state.head = place + 1 === this.stage.length ? 0 : place + 1;
    state.waiting--;
    return place;
  }

  /** The core has been in a transition for a while. */
  pass(span: number): void {
    const { head, waiting } = this.state;
    const depth = this.stage.length;
    for (let at = head; at < head + waiting; at++) this.transitions[at < depth ? at : at - depth] += span;
  }

  /** Numbers that `read` takes at most. */
  get most(): number {
    return 1 + 4 * this.stage.length;
  }

  /** Writes down from a place on what waits, times counted from now; tidied before. Returns the place behind it. */
  read(into: Float64Array, from: number, now: number): number {
    const { waiting } = this.state;
    let place = from;
    into[place++] = waiting;
    for (let at = 0; at < waiting; at++) {
      into[place++] = this.stage[at];
      into[place++] = this.slot[at];
      into[place++] = this.since[at] - now;
      into[place++] = this.transitions[at];
    }
    return place;
  }

  /** Lets that wait. Returns the place behind it. */
  write(values: Float64Array, from: number, now: number): number {
    const { state } = this;
    let place = from;
    state.head = 0;
    state.waiting = values[place++];
    this.isTouched = true;
    for (let at = 0; at < state.waiting; at++) {
      this.stage[at] = values[place++];
      this.slot[at] = values[place++];
      this.since[at] = values[place++] + now;
      this.transitions[at] = values[place++];
    }
    return place;
  }

  /** Begins the ring at its first place, and clears what is free. */
  tidy(): void {
    if (!this.isTouched) return;
    const { state, stage, slot, since, transitions } = this;
    const { head, waiting } = state;
    if (head > 0 && waiting > 0) {
      for (const ring of [stage, slot, since, transitions]) {
        const whole = ring.slice();
        ring.set(whole.subarray(head));
        ring.set(whole.subarray(0, head), ring.length - head);
      }
    }
    state.head = 0;
    for (let at = waiting; at < stage.length; at++) {
      stage[at] = 0;
      slot[at] = 0;
      since[at] = 0;
      transitions[at] = 0;
    }
    this.isTouched = waiting > 0;
  }
}
