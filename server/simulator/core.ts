// A core: sleeps, wakes, takes jobs from its bounded queue one at a time, and sleeps again as its governor says.

import type { Alarms } from './alarms.ts';
import { chooseState } from './governor.ts';
import type { Ledger } from './ledger.ts';
import type { Memory } from './memory.ts';
import type { CorePlan, CorePolicy, JobPhase, Plan, PowerStatePlan } from './plan.ts';
import type { StagePart } from './windows.ts';

/** What a core is doing. */
export const Mode = {
  Off: 0,
  Booting: 1,
  Entering: 2,
  Asleep: 3,
  Waking: 4,
  Receiving: 5,
  Loading: 6,
  Working: 7,
} as const;
type Mode = (typeof Mode)[keyof typeof Mode];

/** A core that lost its supply stays off this long before it boots: a power-on reset. */
const RESET_DELAY = 1_000_000_000;

export interface CoreState {
  mode: Mode;
  /** Index of the power state it is in, enters or leaves. */
  powerState: number;
  /** Waiting jobs, first come first served: rings of equal length. */
  readonly queueStage: Int32Array;
  readonly queueSlot: Int32Array;
  readonly queueSince: Float64Array;
  readonly queueTransitions: Float64Array;
  head: number;
  waiting: number;
  /** The job under way, and the operating point it began at. */
  point: number;
  stage: number;
  slot: number;
  phase: number;
  partSince: number;
  /** By stage: its weights are in local memory. */
  readonly loaded: Uint8Array;
  /** By stage: number of the last window whose bytes arrived; what follows it needs only the new part. -1: holds nothing. */
  readonly held: Float64Array;
  /** Transfers out of its memory that are under way or wait. */
  linksBusy: number;
  /** Nanoseconds spent entering and leaving power states. */
  transitions: number;
  transitionSince: number;
  /** By power state: entries and exits. */
  readonly entries: Float64Array;
  readonly exits: Float64Array;
  /** By stage (the last: work of a trigger): jobs begun, weights loaded, bytes brought in. */
  readonly jobs: Float64Array;
  readonly loads: Float64Array;
  readonly received: Float64Array;
  boots: number;
}

/** A job that went with the power; `received` when its window's bytes had arrived. */
export interface LostJob {
  readonly stage: number;
  readonly slot: number;
  readonly received: boolean;
}

/** What a core needs of the device around it. */
export interface CoreHost {
  readonly policy: (core: number) => CorePolicy;
  /** When the next timer or interrupt for this core is certain; infinity when none is known. */
  readonly knownWork: (core: number) => number;
  readonly domainAsleep: (core: number) => boolean;
  readonly sensorFeeds: (core: number) => boolean;
  readonly requestBytes: (link: number, core: number, bytes: number) => void;
  /** The bytes of a window have left the core of the stage before. */
  readonly sent: (stage: number) => void;
  readonly spent: (slot: number, stage: number, part: StagePart, span: number) => void;
  readonly windowNumber: (slot: number) => number;
  readonly finished: (stage: number, slot: number) => void;
  /** It sleeps: others of its domain may now sleep deeper. */
  readonly fellAsleep: (core: number) => void;
  /** It wakes, and its domain with it. */
  readonly awoke: (core: number) => void;
}

export class Core {
  readonly state: CoreState;
  readonly plan: CorePlan;
  private readonly index: number;
  private readonly device: Plan;
  private readonly alarms: Alarms;
  private readonly alarm: number;
  private readonly ledger: Ledger;
  private readonly entry: number;
  private readonly memories: readonly Memory[];
  private readonly owned: readonly number[];
  private readonly host: CoreHost;
  /** By power state: the stages whose weights are in a memory that it turns off. */
  private readonly lostIn: ReadonlyArray<readonly number[]>;

  constructor(
    device: Plan,
    index: number,
    host: CoreHost,
    alarms: Alarms,
    alarm: number,
    ledger: Ledger,
    entry: number,
    memories: readonly Memory[],
  ) {
    this.device = device;
    this.index = index;
    this.plan = device.cores[index];
    this.host = host;
    this.alarms = alarms;
    this.alarm = alarm;
    this.ledger = ledger;
    this.entry = entry;
    this.memories = memories;
    this.owned = device.memories.flatMap((memory, number) => (memory.owner === index ? [number] : []));
    this.lostIn = this.plan.states.map(({ memories: modes }) =>
      device.stages.flatMap(({ weights: { home } }, stage) =>
        home !== undefined && modes[home] === 'off' ? [stage] : [],
      ),
    );
    const depth = this.plan.queueDepth;
    const stages = device.stages.length;
    this.state = {
      mode: Mode.Booting,
      powerState: 0,
      queueStage: new Int32Array(depth),
      queueSlot: new Int32Array(depth),
      queueSince: new Float64Array(depth),
      queueTransitions: new Float64Array(depth),
      head: 0,
      waiting: 0,
      point: 0,
      stage: -1,
      slot: -1,
      phase: 0,
      partSince: 0,
      loaded: new Uint8Array(stages + 1).fill(1),
      held: new Float64Array(stages + 1).fill(-1),
      linksBusy: 0,
      transitions: 0,
      transitionSince: 0,
      entries: new Float64Array(this.plan.states.length),
      exits: new Float64Array(this.plan.states.length),
      jobs: new Float64Array(stages + 1),
      loads: new Float64Array(stages + 1),
      received: new Float64Array(stages + 1),
      boots: 0,
    };
  }

  /** Begins a run asleep, in the deepest state that may be. */
  start(): void {
    for (const memory of this.owned) this.memories[memory].setMode('on', this.alarms.now);
    this.state.point = this.host.policy(this.index).operatingPoint;
    this.rest(-1);
  }

  /** True while it sleeps in a state that its whole domain may share. */
  get sleepsForDomain(): boolean {
    return (
      this.state.mode === Mode.Off ||
      (this.state.mode === Mode.Asleep && this.plan.states.some((state) => state.wholeDomain))
    );
  }

  /** Index of what it is doing, into `activities`. */
  get activity(): number {
    return this.plan.levels[this.ledger.levelOf(this.entry)]?.activity ?? this.plan.activities.length - 1;
  }

  /** Takes a job; false when the queue is full or the core has no power. */
  enqueue(stage: number, slot: number): boolean {
    const state = this.state;
    if (state.mode === Mode.Off || state.waiting === state.queueStage.length) return false;
    this.append(stage, slot, this.alarms.now, this.transitionsUntil(this.alarms.now));
    if (state.mode === Mode.Asleep) this.wake();
    return true;
  }

  /** Its alarm: what it was doing is over. */
  ring(): void {
    const mode = this.state.mode;
    switch (mode) {
      case Mode.Off:
        return this.boot();
      case Mode.Booting:
        return this.goOn();
      case Mode.Entering:
        this.endTransition();
        return this.asleep();
      case Mode.Asleep:
        return this.rest(this.state.powerState);
      case Mode.Waking:
        this.endTransition();
        return this.next();
      case Mode.Loading:
        this.endAccess(this.device.stages[this.state.stage].weights.load);
        this.state.loaded[this.state.stage] = 1;
        return this.work(0);
      case Mode.Working:
        this.endAccess(this.phases()[this.state.phase]);
        return this.work(this.state.phase + 1);
      case Mode.Receiving:
        throw new Error(`core ${this.plan.name} has an alarm while its link has the word`);
      default:
        return assertNever(mode);
    }
  }

  /** The link has brought what the job under way waited for. */
  bytesArrived(): void {
    const state = this.state;
    this.host.sent(state.stage);
    if (state.slot < 0) return this.work(0);
    state.held[state.stage] = this.host.windowNumber(state.slot);
    this.endPart('transfer');
    this.load();
  }

  /** Something outside changed (a lock, the domain, the policy): a sleeping core looks again, unless it lingers and will anyway. */
  reconsider(): void {
    if (this.state.mode === Mode.Asleep && this.alarms.dueAt(this.alarm) === Number.POSITIVE_INFINITY)
      this.rest(this.state.powerState);
  }

  /**
   * Brings what means the same into the same form.
   * @param next the first window that may still come to it
   */
  tidy(next: number): void {
    const { state, alarms } = this;
    const depth = state.queueStage.length;
    for (const ring of [state.queueStage, state.queueSlot, state.queueSince, state.queueTransitions]) {
      const waiting = Array.from({ length: state.waiting }, (_, place) => ring[(state.head + place) % depth]);
      ring.fill(0);
      ring.set(waiting);
    }
    state.head = 0;
    if (state.mode < Mode.Receiving) {
      state.point = 0;
      state.stage = -1;
      state.slot = -1;
      state.partSince = alarms.now;
    }
    if (state.mode !== Mode.Working) state.phase = 0;
    if (state.mode !== Mode.Entering && state.mode !== Mode.Waking) state.transitionSince = alarms.now;
    this.device.stages.forEach(({ windowBytes, hopBytes }, stage) => {
      // Of what it held, a window that comes needs nothing.
      if (hopBytes > 0 && (next - state.held[stage]) * hopBytes >= windowBytes) state.held[stage] = -1;
    });
  }

  /** Another core woke their domain: what the whole domain shared ends, and this one is back in the state that was its own. */
  domainAwoke(): void {
    if (this.state.mode === Mode.Asleep && this.powerState().wholeDomain) this.asleep();
  }

  /** The core from which some stages' bytes come lost its power: the jobs that still wait for them are lost too. */
  inputsLost(comesFromThere: (stage: number) => boolean): readonly LostJob[] {
    const state = this.state;
    const lost: LostJob[] = [];
    const underWay = state.mode === Mode.Receiving && comesFromThere(state.stage);
    if (underWay) lost.push({ stage: state.stage, slot: state.slot, received: false });
    for (let count = state.waiting; count > 0; count--) {
      const from = state.head;
      state.head = (from + 1) % state.queueStage.length;
      state.waiting--;
      if (comesFromThere(state.queueStage[from]))
        lost.push({ stage: state.queueStage[from], slot: state.queueSlot[from], received: false });
      else
        this.append(
          state.queueStage[from],
          state.queueSlot[from],
          state.queueSince[from],
          state.queueTransitions[from],
        );
    }
    if (underWay) this.goOn();
    return lost;
  }

  /**
   * Power is lost: state and jobs are gone.
   * @param restart whether it boots after a reset delay
   * @returns the jobs that were lost, the one under way first
   */
  powerLost(restart: boolean): readonly LostJob[] {
    const state = this.state;
    const lost: LostJob[] = [];
    if (state.mode === Mode.Loading) this.endAccess(this.device.stages[state.stage].weights.load);
    if (state.mode === Mode.Working) this.endAccess(this.phases()[state.phase]);
    if (state.mode >= Mode.Receiving)
      lost.push({ stage: state.stage, slot: state.slot, received: state.mode !== Mode.Receiving });
    if (state.mode === Mode.Entering || state.mode === Mode.Waking) this.endTransition();
    for (; state.waiting > 0; state.waiting--) {
      lost.push({ stage: state.queueStage[state.head], slot: state.queueSlot[state.head], received: false });
      state.head = (state.head + 1) % state.queueStage.length;
    }
    this.forget();
    state.mode = Mode.Off;
    state.linksBusy = 0;
    this.setLevel(this.plan.offLevel);
    for (const memory of this.owned) this.memories[memory].setMode('off', this.alarms.now);
    if (restart) this.alarms.set(this.alarm, this.alarms.now + RESET_DELAY);
    else this.alarms.cancel(this.alarm);
    return lost;
  }

  /** Power is there again after it was cut: it boots after a reset delay. */
  powerBack(): void {
    this.alarms.set(this.alarm, this.alarms.now + RESET_DELAY);
  }

  private boot(): void {
    this.state.mode = Mode.Booting;
    this.state.boots++;
    this.setLevel(this.plan.boot.level);
    for (const memory of this.owned) this.memories[memory].setMode('on', this.alarms.now);
    this.alarms.set(this.alarm, this.alarms.now + this.plan.boot.latency);
    this.host.awoke(this.index);
  }

  /** Nothing to do: the governor chooses. `current` is the state it rests in, -1 when it was active. */
  private rest(current: number): void {
    const { state, alarms, host, index } = this;
    const policy = host.policy(index);
    const choice = chooseState(
      this.plan.states,
      policy,
      {
        untilKnownWork: host.knownWork(index) - alarms.now,
        linkBusy: state.linksBusy > 0,
        sensorFeeds: host.sensorFeeds(index),
        domainAsleep: host.domainAsleep(index),
      },
      current,
    );
    if (choice <= current) return;
    state.mode = Mode.Entering;
    state.powerState = choice;
    state.entries[choice]++;
    const powerState = this.plan.states[choice];
    if (powerState.entry.latency === 0) return this.asleep();
    state.transitionSince = alarms.now;
    this.setLevel(powerState.entry.level);
    alarms.set(this.alarm, alarms.now + powerState.entry.latency);
  }

  private asleep(): void {
    const { state, alarms } = this;
    // Its domain may have woken while it was on its way.
    if (this.powerState().wholeDomain && !this.host.domainAsleep(this.index))
      state.powerState = this.plan.states.findLastIndex(
        (one, index) => index === 0 || (index < state.powerState && !one.wholeDomain),
      );
    const powerState = this.powerState();
    state.mode = Mode.Asleep;
    this.setLevel(state.powerState === 0 ? (this.plan.idleLevels[state.point] ?? powerState.level) : powerState.level);
    for (const memory of this.owned) this.memories[memory].setMode(powerState.memories[memory], alarms.now);
    if (powerState.losesState) this.forget();
    else this.forgetWeights();
    if (state.waiting > 0) return this.wake();
    const linger = this.host.policy(this.index).linger[state.powerState];
    const deeper = state.powerState + 1 < this.plan.states.length;
    if (deeper && !Number.isFinite(this.host.knownWork(this.index))) alarms.set(this.alarm, alarms.now + linger);
    else alarms.cancel(this.alarm);
    this.host.fellAsleep(this.index);
  }

  private wake(): void {
    const { state, alarms } = this;
    const { exit } = this.powerState();
    state.exits[state.powerState]++;
    state.mode = Mode.Waking;
    state.transitionSince = alarms.now;
    for (const memory of this.owned) this.memories[memory].setMode('on', alarms.now);
    this.host.awoke(this.index);
    if (exit.latency === 0) {
      this.endTransition();
      return this.next();
    }
    this.setLevel(exit.level);
    alarms.set(this.alarm, alarms.now + exit.latency);
  }

  private next(): void {
    const { state, alarms, host } = this;
    const stage = state.queueStage[state.head];
    const slot = state.queueSlot[state.head];
    const since = state.queueSince[state.head];
    const woke = state.transitions - state.queueTransitions[state.head];
    state.head = (state.head + 1) % state.queueStage.length;
    state.waiting--;
    state.stage = stage;
    state.slot = slot;
    state.point = host.policy(this.index).operatingPoint;
    state.jobs[stage]++;
    state.partSince = alarms.now;
    if (slot < 0) {
      const { preRoll } = this.device.trigger;
      if (preRoll === null) return this.work(0);
      return this.receive(preRoll.link, preRoll.bytes, preRoll.transferLevel[state.point]);
    }
    host.spent(slot, stage, 'wake', woke);
    host.spent(slot, stage, 'queue', alarms.now - since - woke);

    const { link, windowBytes, hopBytes } = this.device.stages[stage];
    if (link === null) return this.load();
    const behind = state.held[stage] < 0 ? Number.POSITIVE_INFINITY : host.windowNumber(slot) - state.held[stage];
    this.receive(link, Math.min(windowBytes, behind * hopBytes), this.device.stages[stage].transferLevel[state.point]);
  }

  private receive(link: number, bytes: number, level: number): void {
    this.state.received[this.state.stage] += bytes;
    this.state.mode = Mode.Receiving;
    this.setLevel(level);
    this.alarms.cancel(this.alarm);
    this.host.requestBytes(link, this.index, bytes);
  }

  /** Brings in the stage's weights where its memory does not hold them. */
  private load(): void {
    const { weights } = this.device.stages[this.state.stage];
    const missing = weights.when === 'always' || (weights.when === 'lost' && this.state.loaded[this.state.stage] === 0);
    if (!missing || weights.load === null) return this.work(0);
    this.state.mode = Mode.Loading;
    this.state.loads[this.state.stage]++;
    this.begin(weights.load);
  }

  private work(phase: number): void {
    const { state, host } = this;
    const phases = this.phases();
    if (phase < phases.length) {
      state.mode = Mode.Working;
      state.phase = phase;
      return this.begin(phases[phase]);
    }
    const { stage, slot } = state;
    if (slot >= 0) {
      this.endPart('compute');
      host.finished(stage, slot);
    }
    // What it decided may have put a job into this core's own queue.
    this.goOn();
  }

  private goOn(): void {
    if (this.state.waiting > 0) return this.next();
    this.rest(-1);
  }

  private append(stage: number, slot: number, since: number, transitions: number): void {
    const state = this.state;
    const tail = (state.head + state.waiting) % state.queueStage.length;
    state.queueStage[tail] = stage;
    state.queueSlot[tail] = slot;
    state.queueSince[tail] = since;
    state.queueTransitions[tail] = transitions;
    state.waiting++;
  }

  private phases(): readonly JobPhase[] {
    const { stage, point } = this.state;
    const { stages, trigger } = this.device;
    if (stage < stages.length) return stages[stage].work[point];
    return trigger.work === null ? [] : trigger.work.phases[point];
  }

  private begin(phase: JobPhase): void {
    this.setLevel(phase.level);
    if (phase.memory !== null) this.memories[phase.memory].access(1, this.alarms.now);
    this.alarms.set(this.alarm, this.alarms.now + phase.duration);
  }

  private endAccess(phase: JobPhase | null): void {
    if (phase !== null && phase.memory !== null) this.memories[phase.memory].access(-1, this.alarms.now);
  }

  private endPart(part: StagePart): void {
    const { state, alarms } = this;
    this.host.spent(state.slot, state.stage, part, alarms.now - state.partSince);
    state.partSince = alarms.now;
  }

  private forget(): void {
    this.state.loaded.fill(0);
    this.state.held.fill(-1);
  }

  /** Of the stages whose weights are in a memory that this state turns off. */
  private forgetWeights(): void {
    for (const stage of this.lostIn[this.state.powerState]) this.state.loaded[stage] = 0;
  }

  private endTransition(): void {
    this.state.transitions += this.alarms.now - this.state.transitionSince;
    this.state.transitionSince = this.alarms.now;
  }

  private transitionsUntil(now: number): number {
    const { mode, transitions, transitionSince } = this.state;
    const inTransition = mode === Mode.Entering || mode === Mode.Waking;
    return inTransition ? transitions + now - transitionSince : transitions;
  }

  private powerState(): PowerStatePlan {
    return this.plan.states[this.state.powerState];
  }

  private setLevel(level: number): void {
    this.ledger.set(this.entry, level, this.alarms.now);
  }
}

function assertNever(value: never): never {
  throw new Error(`unexpected ${String(value)}`);
}
