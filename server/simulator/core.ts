// A core: sleeps, wakes, takes jobs from its bounded queue one at a time, and sleeps again as its governor says.

import type { Alarms } from './alarms.ts';
import type { Cascade } from './cascade.ts';
import { type CoreState, Mode, newCoreState } from './core-state.ts';
import type { Device, DeviceState } from './device.ts';
import { Governor, Hindrance } from './governor.ts';
import { JobQueue } from './job-queue.ts';
import { type Jobs, NONE, Weights } from './jobs.ts';
import type { Ledger } from './ledger.ts';
import type { Link } from './link.ts';
import { LocalMemory } from './local-memory.ts';
import type { Memory } from './memory.ts';
import type { CorePlan, Plan } from './plan.ts';
import { PowerStates } from './power-states.ts';
import type { Sensor } from './sensor.ts';
import { wideFields } from './wide-fields.ts';
import { Part, type Windows } from './windows.ts';

/** A core that lost its supply stays off this long before it boots: a power-on reset. */
const RESET_DELAY = 1_000_000_000;

/** A job that went with the power; `received` when its window's bytes had arrived. */
export interface LostJob {
  readonly stage: number;
  readonly slot: number;
  readonly received: boolean;
}

export class Core {
  readonly state: CoreState;
  readonly plan: CorePlan;
  readonly queue: JobQueue;
  private readonly local: LocalMemory;
  private readonly jobs: Jobs;
  private readonly sleep: PowerStates;
  /** By policy. */
  private readonly governors: readonly Governor[];
  /** The others of its domain. */
  private mates: readonly Core[] = [];
  private readonly device: Plan;
  private readonly deviceState: DeviceState;
  private readonly alarms: Alarms;
  private readonly alarm: number;
  private readonly ledger: Ledger;
  private readonly entry: number;
  private readonly memories: readonly Memory[];
  private readonly links: readonly Link[];
  private readonly windows: Windows;
  private readonly sensor: Sensor;
  private readonly cascade: Cascade;
  private readonly index: number;
  /** The sensor's interrupts come to it. */
  private readonly hears: boolean;

  constructor(device: Device, index: number, sensor: Sensor, cascade: Cascade) {
    const { plan, alarms, ledger, memories, links, windows } = device;
    this.device = plan;
    this.deviceState = device.state;
    this.plan = plan.cores[index];
    this.alarms = alarms;
    this.alarm = device.alarmOf.cores + index;
    this.ledger = ledger;
    this.entry = device.entries.cores + index;
    this.memories = memories;
    this.links = links;
    this.windows = windows;
    this.sensor = sensor;
    this.cascade = cascade;
    this.index = index;
    this.hears = plan.sensor.core === index;
    this.sleep = new PowerStates(this.plan);
    this.queue = new JobQueue(this.plan.queueDepth);
    this.state = wideFields(
      newCoreState(this.queue.state, this.sleep.count, plan.stages.length),
      'partSince',
      'transitionSince',
    );
    this.local = new LocalMemory(plan, index, this.state, memories);
    this.jobs = device.jobs;
    this.governors = plan.policies.map(({ cores }) => new Governor(this.plan.states, cores[index]));
  }

  /** Gets to know the others of its domain. */
  meet(cores: readonly Core[]): void {
    const { domain } = this.plan;
    this.mates = domain === null ? [] : cores.filter((other) => other !== this && other.plan.domain === domain);
  }

  /** Begins a run asleep, in the deepest state that may be. */
  start(): void {
    this.local.turnOn();
    this.state.point = this.governor.operatingPoint;
    this.rest(-1);
  }

  /** True while it sleeps in a state that its whole domain may share. */
  get sleepsForDomain(): boolean {
    const { mode } = this.state;
    return mode === Mode.Off || (mode === Mode.Asleep && this.sleep.shares);
  }

  /** Index of what it is doing, into `activities`. */
  get activity(): number {
    return this.plan.levels[this.ledger.levelOf(this.entry)]?.activity ?? this.plan.activities.length - 1;
  }

  /** Takes a job; false when the queue is full or the core has no power. */
  enqueue(stage: number, slot: number): boolean {
    const { state, queue, alarms } = this;
    if (state.mode === Mode.Off || queue.isFull) return false;
    const inTransition = state.mode === Mode.Entering || state.mode === Mode.Waking;
    queue.append(stage, slot, alarms.now, inTransition ? state.transitionSince - alarms.now : 0);
    if (state.mode === Mode.Asleep) this.wake();
    return true;
  }

  /** Its alarm: what it was doing is over. */
  ring(): void {
    const { state } = this;
    switch (state.mode) {
      case Mode.Entering:
        this.endTransition();
        return this.fallAsleep();
      case Mode.Waking:
        this.endTransition();
        return this.next();
      case Mode.Working:
        this.endAccess();
        return this.work(state.phase + 1);
      default:
        return this.ringRarely(state.mode);
    }
  }

  private ringRarely(mode: Exclude<Mode, typeof Mode.Entering | typeof Mode.Waking | typeof Mode.Working>): void {
    const { state } = this;
    switch (mode) {
      case Mode.Off:
        return this.boot();
      case Mode.Booting:
        return this.goOn();
      case Mode.Asleep:
        return this.rest(state.powerState);
      case Mode.Loading:
        this.endAccess();
        state.loaded[state.stage] = 1;
        return this.work(0);
      case Mode.Receiving:
        throw new Error(`core ${this.plan.name} has an alarm while its link has the word`);
      default:
        return assertNever(mode);
    }
  }

  /** The link has brought what the job under way waited for. */
  bytesArrived(): void {
    const { state } = this;
    this.cascade.sent(state.stage);
    if (state.slot < 0) return this.work(0);
    state.held[state.stage] = this.windows.numberOf(state.slot);
    this.endPart(Part.transfer);
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
    this.queue.tidy();
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
    const { mode, powerState } = this.state;
    if (mode === Mode.Asleep && this.sleep.wholeDomain[powerState] === 1) this.fallAsleep();
  }

  /** The core from which some stages' bytes come lost its power: the jobs that still wait for them are lost too. */
  inputsLost(comesFromThere: (stage: number) => boolean): readonly LostJob[] {
    const { state, queue } = this;
    const lost: LostJob[] = [];
    const underWay = state.mode === Mode.Receiving && comesFromThere(state.stage);
    if (underWay) lost.push({ stage: state.stage, slot: state.slot, received: false });
    for (let count = queue.state.waiting; count > 0; count--) {
      const at = queue.shift();
      const { stage, slot, since, transitions } = queue;
      if (comesFromThere(stage[at])) lost.push({ stage: stage[at], slot: slot[at], received: false });
      else queue.append(stage[at], slot[at], since[at], transitions[at]);
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
    const { state, queue } = this;
    const lost: LostJob[] = [];
    if (state.mode === Mode.Loading || state.mode === Mode.Working) this.endAccess();
    if (state.mode >= Mode.Receiving)
      lost.push({ stage: state.stage, slot: state.slot, received: state.mode !== Mode.Receiving });
    if (state.mode === Mode.Entering || state.mode === Mode.Waking) this.endTransition();
    while (queue.state.waiting > 0) {
      const at = queue.shift();
      lost.push({ stage: queue.stage[at], slot: queue.slot[at], received: false });
    }
    state.mode = Mode.Off;
    state.linksBusy = 0;
    this.setLevel(this.plan.offLevel);
    this.local.turnOff();
    if (restart) this.powerBack();
    else this.alarms.cancel(this.alarm);
    return lost;
  }

  /** Power is there again after it was cut: it boots after a reset delay. */
  powerBack(): void {
    this.wait(RESET_DELAY);
  }

  private boot(): void {
    this.state.mode = Mode.Booting;
    this.state.boots++;
    this.setLevel(this.plan.boot.level);
    this.local.turnOn();
    this.wait(this.plan.boot.latency);
    this.wakeDomain();
  }

  /** Nothing to do: the governor chooses. `current` is the state it rests in, -1 when it was active. */
  private rest(current: number): void {
    const { state } = this;
    const choice = this.governor.hasChoice ? this.choose(current) : 0;
    if (choice <= current) return;
    state.mode = Mode.Entering;
    state.powerState = choice;
    state.entries[choice]++;
    const latency = this.sleep.entryLatency[choice];
    if (latency === 0) return this.fallAsleep();
    state.transitionSince = this.alarms.now;
    this.setLevel(this.sleep.entryLevel[choice]);
    this.wait(latency);
  }

  private choose(current: number): number {
    const untilKnownWork = this.hears ? this.sensor.certainDue - this.alarms.now : Number.POSITIVE_INFINITY;
    const hindrances =
      (this.state.linksBusy > 0 ? Hindrance.LinkBusy : Hindrance.None) |
      (this.hears && this.sensor.isOpen ? Hindrance.SensorFeeds : Hindrance.None) |
      (this.domainSleeps() ? Hindrance.None : Hindrance.DomainAwake);
    return this.governor.choose(current, untilKnownWork, hindrances);
  }

  private domainSleeps(): boolean {
    const { mates } = this;
    for (let mate = 0; mate < mates.length; mate++) if (!mates[mate].sleepsForDomain) return false;
    return true;
  }

  private fallAsleep(): void {
    const { state, sleep, local, alarms } = this;
    const untouched = local.untouched[state.powerState] === 1;
    // Its domain may have woken while it was on its way.
    if (sleep.wholeDomain[state.powerState] === 1 && !this.domainSleeps())
      state.powerState = sleep.ownAbove(state.powerState);
    const { powerState } = state;
    state.mode = Mode.Asleep;
    this.setLevel(sleep.restLevel(powerState, state.point));
    if (!untouched) local.rest(powerState);
    if (this.queue.state.waiting > 0) return this.wake();
    const lingers = powerState + 1 < sleep.count && !(this.hears && this.sensor.isCertain);
    if (lingers) this.wait(this.governor.linger[powerState]);
    else alarms.cancel(this.alarm);
    const { mates } = this;
    for (let mate = 0; mate < mates.length; mate++) mates[mate].reconsider();
  }

  private wake(): void {
    const { state } = this;
    const { powerState } = state;
    const latency = this.sleep.exitLatency[powerState];
    state.exits[powerState]++;
    state.mode = Mode.Waking;
    state.transitionSince = this.alarms.now;
    if (this.local.untouched[powerState] === 0) this.local.turnOn();
    this.wakeDomain();
    if (latency === 0) {
      this.endTransition();
      return this.next();
    }
    this.setLevel(this.sleep.exitLevel[powerState]);
    this.wait(latency);
  }

  private wakeDomain(): void {
    const { mates } = this;
    for (let mate = 0; mate < mates.length; mate++) mates[mate].domainAwoke();
  }

  private next(): void {
    const { state, queue, jobs, alarms, windows } = this;
    const at = queue.shift();
    const stage = queue.stage[at];
    const slot = queue.slot[at];
    state.stage = stage;
    state.slot = slot;
    state.point = this.governor.operatingPoint;
    state.jobs[stage]++;
    state.partSince = alarms.now;
    if (slot < 0) return this.fetchPreRoll();
    const woke = queue.transitions[at];
    windows.begin(slot, stage, alarms.now - queue.since[at] - woke, woke);

    if (jobs.link[stage] === NONE) this.load();
    else this.fetch();
  }

  /** Brings in the window's bytes, those that it does not hold of the windows before. */
  private fetch(): void {
    const { jobs, state } = this;
    const { stage, slot, point } = state;
    const behind = state.held[stage] < 0 ? Number.POSITIVE_INFINITY : this.windows.numberOf(slot) - state.held[stage];
    const bytes = Math.min(jobs.windowBytes[stage], behind * jobs.hopBytes[stage]);
    this.receive(jobs.link[stage], bytes, this.device.stages[stage].transferLevel[point]);
  }

  private fetchPreRoll(): void {
    const { preRoll } = this.device.trigger;
    if (preRoll === null) this.work(0);
    else this.receive(preRoll.link, preRoll.bytes, preRoll.transferLevel[this.state.point]);
  }

  private receive(link: number, bytes: number, level: number): void {
    this.state.received[this.state.stage] += bytes;
    this.state.mode = Mode.Receiving;
    this.setLevel(level);
    this.alarms.cancel(this.alarm);
    this.links[link].request(this.index, bytes);
  }

  /** Brings in the stage's weights where its memory does not hold them. */
  private load(): void {
    const { state, jobs } = this;
    const { stage } = state;
    const weights = jobs.weights[stage];
    if (weights === Weights.Never || (weights === Weights.Lost && state.loaded[stage] === 1)) return this.work(0);
    state.mode = Mode.Loading;
    state.loads[stage]++;
    this.begin(jobs.load[stage]);
  }

  private work(place: number): void {
    const { state } = this;
    const { stage, slot } = state;
    const phase = this.jobs.phase(stage, state.point, place);
    if (phase !== NONE) {
      state.mode = Mode.Working;
      state.phase = place;
      return this.begin(phase);
    }
    if (slot >= 0) {
      this.endPart(Part.compute);
      this.cascade.finished(stage, slot);
    }
    // What it decided may have put a job into this core's own queue.
    this.goOn();
  }

  private goOn(): void {
    if (this.queue.state.waiting > 0) return this.next();
    this.rest(-1);
  }

  private begin(phase: number): void {
    const { jobs } = this;
    const memory = jobs.memory[phase];
    this.setLevel(jobs.level[phase]);
    if (memory !== NONE) this.memories[memory].access(1);
    this.wait(jobs.duration[phase]);
  }

  /** The phase under way ends. */
  private endAccess(): void {
    const { state, jobs } = this;
    const { stage, point, phase } = state;
    const memory = jobs.memory[state.mode === Mode.Loading ? jobs.load[stage] : jobs.phase(stage, point, phase)];
    if (memory !== NONE) this.memories[memory].access(-1);
  }

  private endPart(part: Part): void {
    const { state, alarms } = this;
    this.windows.add(state.slot, state.stage, part, alarms.now - state.partSince);
    state.partSince = alarms.now;
  }

  private endTransition(): void {
    const { state, queue, alarms } = this;
    queue.pass(alarms.now - state.transitionSince);
    state.transitionSince = alarms.now;
  }

  private get governor(): Governor {
    return this.governors[this.deviceState.policy];
  }

  private wait(span: number): void {
    this.alarms.set(this.alarm, this.alarms.now + span);
  }

  private setLevel(level: number): void {
    this.ledger.set(this.entry, level);
  }
}

function assertNever(value: never): never {
  throw new Error(`unexpected ${String(value)}`);
}
