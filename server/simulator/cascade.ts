// Windows on their way through the stages: queued on a core, scored, stopped by a gate or passed on, and what a detection starts.

import type { Nanoseconds } from '../units.ts';
import type { Alarms } from './alarms.ts';
import type { Core } from './core.ts';
import { Mode } from './core-state.ts';
import type { Device, DeviceState } from './device.ts';
import { opens } from './gate.ts';
import type { Ending, Judge } from './judge.ts';
import type { Plan } from './plan.ts';
import type { Windows } from './windows.ts';

export class Cascade {
  private readonly device: Device;
  private readonly plan: Plan;
  private readonly state: DeviceState;
  private readonly alarms: Alarms;
  private readonly windows: Windows;
  private readonly judge: Judge;
  private readonly cores: readonly Core[];
  /** By stage (the last: work of a trigger): the core from which its bytes come over a link; -1: they are there already. */
  private readonly senders: Int32Array;
  /** By stage: its core. */
  private readonly coreOf: Int32Array;
  /** By stage: number among the gates that remember; -1: it does not. */
  private readonly remembering: Int32Array;
  /** By policy and stage. */
  private readonly thresholds: readonly Float64Array[];
  /** The window whose way ends, told to the judge without making a function for each. */
  private ending = 0;
  private readonly scoreOfEnding = (stage: number): number => this.windows.score(this.ending, stage);

  constructor(device: Device, judge: Judge) {
    const { plan, state, alarms, windows, cores } = device;
    this.alarms = alarms;
    this.device = device;
    this.plan = plan;
    this.state = state;
    this.windows = windows;
    this.judge = judge;
    this.cores = cores;
    const { stages, trigger } = plan;
    this.coreOf = Int32Array.from(stages, ({ core }) => core);
    const remembering = stages.filter(({ gate }) => gate !== undefined);
    this.remembering = Int32Array.from(stages, (stage) => remembering.indexOf(stage));
    this.thresholds = plan.policies.map(({ thresholds }) => Float64Array.from(thresholds));
    this.senders = Int32Array.of(
      ...stages.map(({ link, from }, stage) => (link === null ? -1 : (from ?? stages[stage - 1].core))),
      trigger.preRoll === null ? -1 : trigger.preRoll.from,
    );
  }

  /** A window comes to a stage. */
  offer(stage: number, slot: number): void {
    const { state, windows } = this;
    const counts = state.counts[stage];
    const core = this.cores[this.coreOf[stage]];
    windows.moveTo(slot, stage);
    counts.windowsIn++;
    if (state.inEvent[slot] === 0) counts.negativesIn++;
    if (core.state.mode === Mode.Off) return this.end(stage, slot, 'brown-out');
    if (this.alarms.now < state.holdUntil[stage]) return this.end(stage, slot, 'hold');
    if (this.enqueue(core, stage, slot)) return;
    counts.dropped++;
    this.end(stage, slot, 'dropped');
  }

  /** A stage has scored a window: its gate decides. */
  finished(stage: number, slot: number): void {
    const { state } = this;
    const score = this.windows.score(slot, stage);
    const threshold = this.thresholds[state.policy][stage];
    if (this.remembering[stage] < 0 ? score < threshold : !this.remembers(stage, slot, score, threshold)) {
      if (state.inEvent[slot] === 0) state.counts[stage].negativesStopped++;
      return this.end(stage, slot, 'gate');
    }
    this.open(stage, slot);
  }

  private remembers(stage: number, slot: number, score: number, threshold: number): boolean {
    const { gate } = this.plan.stages[stage];
    // A score that is missing is complained of where it opens the gate.
    if (gate === undefined || Number.isNaN(score)) return true;
    const state = this.state.gates[this.remembering[stage]];
    return opens(gate, state, threshold, this.windows.numberOf(slot), score, this.alarms.now);
  }

  private open(stage: number, slot: number): void {
    const { alarms, state, plan, windows } = this;
    if (Number.isNaN(windows.score(slot, stage)))
      throw new Error(`window ${windows.numberOf(slot)} reached stage ${plan.stages[stage].name} without a score`);
    if (alarms.now < state.holdUntil[stage]) return this.end(stage, slot, 'hold');
    state.counts[stage].windowsPassed++;
    state.holdUntil[stage] = alarms.now + plan.stages[stage].hold;
    if (stage + 1 < plan.stages.length) return this.offer(stage + 1, slot);
    this.detected(slot);
  }

  /** A window's way ended without a detection. */
  end(stage: number, slot: number, ending: Ending): void {
    this.ending = slot;
    this.judge.ended(this.windowEnd(slot), stage, ending, this.scoreOfEnding);
    this.windows.release(slot);
  }

  /** The bytes for `stage` have left the core before it, whose link may sleep again. */
  sent(stage: number): void {
    const sender = this.senders[stage];
    if (sender < 0) return;
    const core = this.cores[sender];
    if (core.state.mode === Mode.Off) return;
    core.state.linksBusy--;
    if (core.state.linksBusy === 0) core.reconsider();
  }

  /** The core from which a stage's bytes come over a link; -1: they are there already. */
  senderOf(stage: number): number {
    return this.senders[stage];
  }

  private detected(slot: number): void {
    const { device, windows } = this;
    this.judge.detected(device.now, this.windowEnd(slot), windows.partsOf(slot), (at) => windows.score(slot, at));
    windows.release(slot);
    for (const actuator of device.actuators) actuator.start();
    const { work, preRoll } = this.plan.trigger;
    if (work === null) return;
    const silent = preRoll !== null && this.cores[preRoll.from].state.mode === Mode.Off;
    if (silent || !this.enqueue(this.cores[work.core], this.plan.stages.length, -1)) this.state.triggersDropped++;
  }

  /** Puts a job into a core's queue, and keeps the core that its bytes come from ready to send them. */
  private enqueue(core: Core, stage: number, slot: number): boolean {
    const sender = this.senders[stage];
    if (sender >= 0) this.cores[sender].state.linksBusy++;
    const taken = core.enqueue(stage, slot);
    if (!taken) this.sent(stage);
    return taken;
  }

  private windowEnd(slot: number): Nanoseconds {
    return ((this.windows.numberOf(slot) + 1) * this.plan.hop) as Nanoseconds;
  }
}
