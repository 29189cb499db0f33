// The jobs that wait for a core, first come first served: a ring that never grows.

export interface JobQueueState {
  /** By place in the ring: stage (behind the last: work of a trigger), slot of its window, since when it waits. */
  readonly stage: Int32Array;
  readonly slot: Int32Array;
  readonly since: Float64Array;
  /** Nanoseconds that the core had spent in transitions by then. */
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
  }

  /** Takes the first one out. Returns its place, which holds it until the next one comes. */
  shift(): number {
    const { state } = this;
    const place = state.head;
    state.head = place + 1 === this.stage.length ? 0 : place + 1;
    state.waiting--;
    return place;
  }

  /** Begins the ring at its first place, and clears what is free. */
  tidy(): void {
    const { state } = this;
    const depth = state.stage.length;
    for (const ring of [state.stage, state.slot, state.since, state.transitions]) {
      const waiting = Array.from({ length: state.waiting }, (_, place) => ring[(state.head + place) % depth]);
      ring.fill(0);
      ring.set(waiting);
    }
    state.head = 0;
  }
}
