// The device as one would write it first: a heap of event objects with closures, powers summed up at every event, the battery stepped with
// its exponential each time. Cores, power states, governor, queues, links, memories' modes, gates and what a detection starts are those of the
// plan; it leaves out rules, brown-outs, lost weights and the judge, which take no time in a day without them.

import type { CorePlan, Plan, PowerStatePlan } from '../../server/simulator/plan.ts';
import { inputPower } from '../../server/simulator/regulator.ts';
import type { ScoreChunk } from '../../server/simulator/scores.ts';
import { watts } from '../../server/units.ts';

interface Event {
  readonly time: number;
  readonly order: number;
  readonly run: () => void;
}

class Heap {
  private readonly events: Event[] = [];

  push(event: Event): void {
    const { events } = this;
    let at = events.push(event) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (before(events[parent], event)) break;
      events[at] = events[parent];
      at = parent;
    }
    events[at] = event;
  }

  pop(): Event | undefined {
    const { events } = this;
    const first = events[0];
    const last = events.pop();
    if (last === undefined || events.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= events.length) break;
      if (child + 1 < events.length && before(events[child + 1], events[child])) child++;
      if (before(last, events[child])) break;
      events[at] = events[child];
      at = child;
    }
    events[at] = last;
    return first;
  }
}

const before = (one: Event, other: Event): boolean =>
  one.time < other.time || (one.time === other.time && one.order < other.order);

interface Job {
  readonly stage: number;
  readonly window: number;
}

class PlainCore {
  power = 0;
  queue: Job[] = [];
  asleep = true;
  state = 0;
  /** Of its last window by stage. */
  held = new Map<number, number>();
  generation = 0;
  readonly plan: CorePlan;

  constructor(plan: CorePlan) {
    this.plan = plan;
    this.power = plan.levels[plan.states[0].level].power;
  }
}

export class PlainDevice {
  joules = 0;
  inferences = 0;
  private now = 0;
  private order = 0;
  private readonly heap = new Heap();
  private readonly plan: Plan;
  private readonly cores: readonly PlainCore[];
  private readonly memoryPower: number[];
  private readonly linkPower: number[];
  private actuatorsUntil = 0;
  private charge: number;
  private polarisation = 0;
  private nextWindow = 0;
  private holdUntil = 0;
  private chunks: ScoreChunk[] = [];

  constructor(plan: Plan) {
    this.plan = plan;
    this.cores = plan.cores.map((core) => new PlainCore(core));
    this.memoryPower = plan.memories.map(({ onPower }) => onPower);
    this.linkPower = plan.links.map(({ sleepPower }) => sleepPower);
    this.charge = plan.supply.kind === 'battery' ? plan.supply.battery.capacity * plan.supply.startSoc : 0;
    this.at(plan.hop, () => this.sensor());
    for (const [index] of plan.cores.entries()) this.rest(index, -1);
  }

  run(chunks: readonly ScoreChunk[], until: number): void {
    this.chunks = [...chunks];
    for (let event = this.heap.pop(); event !== undefined && event.time <= until; event = this.heap.pop()) {
      this.draw(event.time);
      this.now = event.time;
      event.run();
    }
  }

  private at(time: number, run: () => void): void {
    this.heap.push({ time, order: this.order++, run });
  }

  private draw(to: number): void {
    const { plan } = this;
    const seconds = (to - this.now) / 1e9;
    if (seconds === 0) return;
    const loads = plan.rails.map(() => 0);
    for (const [index, core] of plan.cores.entries()) loads[core.rail] += this.cores[index].power;
    for (const [index, memory] of plan.memories.entries()) loads[memory.rail] += this.memoryPower[index];
    for (const [index, link] of plan.links.entries()) loads[link.rail] += this.linkPower[index];
    for (const actuator of plan.actuators)
      loads[actuator.rail] += this.now < this.actuatorsUntil ? actuator.activePower : actuator.idlePower;
    const { sensor } = plan;
    loads[sensor.rail] += sensor.modes[plan.policies[plan.startPolicy].sensorMode].power;
    loads[sensor.link.rail] += sensor.link.power;
    const power = loads.reduce((sum, load, rail) => sum + inputPower(plan.rails[rail].regulator, watts(load)), 0);
    this.joules += power * seconds;
    if (plan.supply.kind !== 'battery' || plan.supply.battery.kind !== 'thevenin') return;
    const { battery } = plan.supply;
    const soc = this.charge / battery.capacity;
    const upper = battery.openCircuit.findIndex((point) => point.soc >= soc);
    const [low, high] = [battery.openCircuit[Math.max(0, upper - 1)], battery.openCircuit[Math.max(1, upper)]];
    const open = low.volts + ((soc - low.soc) / (high.soc - low.soc)) * (high.volts - low.volts);
    const behind = open - this.polarisation;
    const amperes = (2 * power) / (behind + Math.sqrt(behind * behind - 4 * battery.resistance * power));
    const settled = amperes * battery.polarisation.resistance;
    this.polarisation +=
      (settled - this.polarisation) * -Math.expm1(-seconds / battery.polarisation.timeConstantSeconds);
    this.charge -= amperes * seconds;
  }

  private sensor(): void {
    const { hop, sensor } = this.plan;
    const window = this.nextWindow++;
    this.at((window + 2) * hop, () => this.sensor());
    this.offer(sensor.core, { stage: 0, window });
  }

  private offer(index: number, job: Job): void {
    const core = this.cores[index];
    if (core.queue.length >= core.plan.queueDepth) return;
    core.queue.push(job);
    if (core.asleep) this.wake(index);
  }

  private wake(index: number): void {
    const core = this.cores[index];
    core.asleep = false;
    core.generation++;
    const { exit } = core.plan.states[core.state];
    core.power = core.plan.levels[exit.level].power;
    for (const [number, memory] of this.plan.memories.entries())
      if (memory.owner === index) this.memoryPower[number] = memory.onPower;
    this.at(this.now + exit.latency, () => this.next(index));
  }

  private next(index: number): void {
    const core = this.cores[index];
    const job = core.queue.shift();
    if (job === undefined) return this.rest(index, -1);
    const { stages, trigger, links, policies, startPolicy } = this.plan;
    const point = policies[startPolicy].cores[index].operatingPoint;
    const work = () => {
      const phases = job.stage < stages.length ? stages[job.stage].work[point] : (trigger.work?.phases[point] ?? []);
      let end = this.now;
      for (const phase of phases) {
        this.at(end, () => {
          core.power = core.plan.levels[phase.level].power;
        });
        end += phase.duration;
      }
      this.at(end, () => this.done(index, job));
    };
    const link = job.stage < stages.length ? stages[job.stage].link : null;
    if (link === null) return work();
    const { windowBytes, hopBytes } = stages[job.stage];
    const behind = job.window - (core.held.get(job.stage) ?? Number.NEGATIVE_INFINITY);
    const bytes = Math.min(windowBytes, behind * hopBytes);
    core.held.set(job.stage, job.window);
    core.power = core.plan.levels[stages[job.stage].transferLevel[point]].power;
    this.linkPower[link] = links[link].transferPower;
    this.at(this.now + links[link].wakeLatency + Math.ceil((bytes * 1e9) / links[link].bytesPerSecond), () => {
      this.linkPower[link] = links[link].sleepPower;
      work();
    });
  }

  private done(index: number, { stage, window }: Job): void {
    const { stages, actuators, trigger, policies, startPolicy } = this.plan;
    if (stage < stages.length) {
      this.inferences++;
      const passes = this.score(window, stage) >= policies[startPolicy].thresholds[stage];
      if (passes && stage + 1 < stages.length) {
        if (stage + 2 < stages.length || this.now >= this.holdUntil)
          this.offer(stages[stage + 1].core, { stage: stage + 1, window });
      } else if (passes && this.now >= this.holdUntil) {
        this.holdUntil = this.now + stages[stage].hold;
        for (const { duration } of actuators) {
          this.actuatorsUntil = this.now + duration;
          this.at(this.actuatorsUntil, () => undefined);
        }
        if (trigger.work !== null) this.offer(trigger.work.core, { stage: stages.length, window });
      }
    }
    this.next(index);
  }

  private score(window: number, stage: number): number {
    while (window >= this.chunks[0].firstWindow + this.chunks[0].first.length && this.chunks.length > 1)
      this.chunks.shift();
    const [chunk] = this.chunks;
    if (stage === 0) return chunk.first[window - chunk.firstWindow];
    const { windows, scores } = chunk.later[stage - 1];
    return scores[windows.indexOf(window)];
  }

  private rest(index: number, current: number): void {
    const { plan } = this;
    const core = this.cores[index];
    const policy = plan.policies[plan.startPolicy].cores[index];
    const fed = index === plan.sensor.core;
    const permitted = (state: PowerStatePlan, depth: number) =>
      depth === 0 ||
      (policy.permitted[depth] && state.exit.latency <= policy.latencyAllowed && (!fed || state.sensorLive));
    const gap = (this.nextWindow + 1) * plan.hop - this.now;
    const choices = core.plan.states.flatMap((state, depth) => (permitted(state, depth) ? [depth] : []));
    const state = fed
      ? choices
          .filter(
            (depth) =>
              depth === 0 || core.plan.states[depth].minResidency + core.plan.states[depth].exit.latency <= gap,
          )
          .at(-1)
      : choices.find((depth) => depth > current);
    if (state === undefined || state === current) return;
    const chosen = core.plan.states[state];
    const generation = ++core.generation;
    core.asleep = false;
    core.state = state;
    core.power = core.plan.levels[chosen.entry.level].power;
    this.at(this.now + chosen.entry.latency, () => {
      if (core.generation !== generation) return;
      core.asleep = true;
      core.power = core.plan.levels[chosen.level].power;
      for (const [number, memory] of plan.memories.entries())
        if (memory.owner === index)
          this.memoryPower[number] =
            chosen.memories[number] === 'on'
              ? memory.onPower
              : chosen.memories[number] === 'retained'
                ? memory.retentionPower
                : 0;
      if (core.queue.length > 0) return this.wake(index);
      const linger = policy.linger[state];
      if (!fed)
        this.at(this.now + linger, () => {
          if (core.asleep && core.generation === generation) this.rest(index, state);
        });
    });
  }
}
