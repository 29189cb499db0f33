// Jumps over what was simulated before. From one interrupt of the sensor to the next the device is a machine with few configurations: what
// it does depends on where its components and the windows under way stand (times counted from now, not from the start) and on which gates
// open, not on the hour. So a cycle that was simulated event by event is remembered by where it began and which gates opened: the times it
// spent, what it counted, where it ended. Met again, it is not simulated again: counts and nanoseconds are integers and are added as often
// as it came, and the battery, which alone sees real numbers, makes the very same steps and checks in the same order. The result is the
// same to the last digit.
//
// Whatever is not certain to be the same is left to the events: windows of or near a labelled event, detections, a battery that does not bear
// a load, a rule that changes the power profile.

import type { Nanoseconds } from '../units.ts';
import { type Configuration, Configurations } from './configuration.ts';
import type { InFlight } from './in-flight.ts';
import type { Simulator } from './simulator.ts';

/** A cycle that was simulated once. */
interface Cycle {
  readonly to: Place;
  /** The combinations of loads that followed each other, and how many nanoseconds each lasted. */
  readonly loads: readonly number[];
  readonly spans: readonly number[];
  /** Nanoseconds by combination, and the highest power of all. */
  readonly spent: ReadonlyArray<readonly [load: number, span: number]>;
  readonly highest: number;
  /** What it counted: places among the counts, and by how much each grew. */
  readonly counted: readonly number[];
  readonly growth: readonly number[];
  /** How often it was jumped over and is not counted yet. */
  times: number;
}

interface Place extends Configuration {
  /** By which gates opened. */
  readonly cycles: Map<number, Cycle>;
}

interface Recording {
  readonly from: Place;
  readonly opened: number;
  readonly loads: number[];
  readonly starts: number[];
}

/** Beyond this many places (some 20 MB) it begins anew: memory stays flat however long a run is, and what pays is soon learned again. */
const MOST_PLACES = 8_000;
/** With the windows of more cycles than this under way, as when they wait for a core that takes long to wake, hardly anything comes again. */
const MOST_UNDER_WAY = 3;
/** After this many interrupts in a row with nothing to jump over it rests for four times as many, at most 4096. */
const PATIENCE = 64;
const LONGEST_REST = 4096;
/** Which gates opened is a number below this. */
const MOST_OPENED = 2 ** 48;
const NOT_CERTAIN = -1;

export class FastForward {
  /** Cycles that were jumped over, and cycles that had to be simulated to know them. */
  readonly tally = { jumped: 0, learned: 0 };
  private readonly simulator: Simulator;
  private readonly most: number;
  private readonly configurations: Configurations<Place>;
  /** Cycles that were jumped over and are not counted yet. */
  private readonly used: Cycle[] = [];
  private recording: Recording | null = null;
  /** What was counted when it began. */
  private readonly before: Float64Array;
  /** Whether the interrupt that is due looks at the battery. */
  private looks = false;
  private misses = 0;
  private rest = 0;

  /** @param inFlight what is under way in it */
  constructor(simulator: Simulator, inFlight: InFlight, places = MOST_PLACES) {
    this.simulator = simulator;
    this.most = places;
    this.configurations = new Configurations(
      simulator.states,
      inFlight,
      ({ values }): Place => ({ values, cycles: new Map() }),
    );
    this.before = this.configurations.counts();
  }

  get isRecording(): boolean {
    return this.recording !== null;
  }

  recordLoad(load: number): void {
    const { recording } = this;
    if (recording === null || recording.loads[recording.loads.length - 1] === load) return;
    recording.loads.push(load);
    recording.starts.push(this.simulator.now);
  }

  /** Something happened in this cycle that need not happen in another of its kind. */
  spoil(): void {
    this.recording = null;
  }

  /** Counts what was jumped over. What is only counted is asked for by nobody before. */
  count(): void {
    const { before, configurations, recording, simulator, tally, used } = this;
    if (used.length === 0) return;
    const { spent } = simulator.supply.state;
    const counts = configurations.counts();
    const missed = recording === null ? null : counts.slice();
    for (const cycle of used) {
      const { times, counted, growth } = cycle;
      for (let index = 0; index < counted.length; index++) counts[counted[index]] += times * growth[index];
      for (const [load, span] of cycle.spent) spent[load] += times * span;
      tally.jumped += times;
      cycle.times = 0;
    }
    used.length = 0;
    configurations.setCounts(counts);
    if (missed !== null)
      for (let place = 0; place < counts.length; place++) before[place] += counts[place] - missed[place];
  }

  /**
   * The sensor's interrupt is due now and comes next. Jumps over the cycles that it knows, up to the last interrupt not after `until`.
   * @param looks whether this interrupt is one that looks at the battery
   * @returns whether the one that is due afterwards is
   */
  interrupt(until: Nanoseconds, looks: boolean): boolean {
    this.looks = looks;
    this.goOn(until);
    return this.looks;
  }

  private goOn(until: Nanoseconds): void {
    const { simulator, recording } = this;
    this.recording = null;
    if (this.rest > 0) {
      this.rest--;
      return;
    }
    if (simulator.isOff || simulator.windowsUnderWay > MOST_UNDER_WAY * simulator.policy.batch) return;
    const { now, cycle, state } = simulator;
    // What comes near an event is simulated in any case, and where nothing is under way a word soon ends.
    if (recording === null && !this.isQuiet(simulator.oldestWindow, now + cycle)) return;
    simulator.tidy();
    const here = this.configurations.find(now, state.nextWindow, this.most);
    if (here === null) return this.wait(false);
    if (recording !== null) this.learn(recording, here);
    this.jump(here, until);
  }

  private learn({ from, opened, loads, starts }: Recording, to: Place): void {
    this.tally.learned++;
    const spans = starts.map((start, place) => (starts[place + 1] ?? this.simulator.now) - start);
    const spent = new Map<number, number>();
    loads.forEach((load, place) => {
      if (spans[place] > 0) spent.set(load, (spent.get(load) ?? 0) + spans[place]);
    });
    const { supply } = this.simulator;
    const { before } = this;
    const after = this.configurations.counts();
    const counted: number[] = [];
    for (let place = 0; place < after.length; place++) if (after[place] !== before[place]) counted.push(place);
    from.cycles.set(opened, {
      to,
      loads,
      spans,
      spent: [...spent],
      highest: Math.max(...loads.map((load) => supply.powerOf(load))),
      counted,
      growth: counted.map((place) => after[place] - before[place]),
      times: 0,
    });
  }

  private jump(from: Place, until: Nanoseconds): void {
    const { simulator } = this;
    const { hop } = simulator.plan;
    const { batch } = simulator.policy;
    let jumped = false;
    let place = from;
    let time: number = simulator.now;
    let { nextWindow } = simulator.state;
    let keepsPolicy = simulator.keepsPolicy;
    let missing = NOT_CERTAIN;
    for (;;) {
      const end = time / hop;
      const next = (end + batch) * hop;
      if (next > until || !keepsPolicy || !this.isQuiet(nextWindow, next)) break;
      const opened = this.opened(nextWindow, end);
      if (opened === NOT_CERTAIN) break;
      const cycle = place.cycles.get(opened);
      if (cycle === undefined) {
        missing = opened;
        break;
      }
      const times = cycle.to === place && this.isCalm(cycle) ? this.run(cycle, opened, nextWindow, time, until) : 1;
      if (!this.repeat(cycle, times)) break;
      if (cycle.times === 0) this.used.push(cycle);
      jumped = true;
      cycle.times += times;
      place = cycle.to;
      time += times * simulator.cycle;
      nextWindow = time / hop - batch;
      this.arrive();
      if (this.looks) keepsPolicy = simulator.keepsPolicy;
    }
    if (jumped) this.land(place, time, nextWindow);
    this.wait(jumped);
    if (missing === NOT_CERTAIN || this.rest > 0) return;
    this.configurations.counts(this.before);
    this.recording = { from: place, opened: missing, loads: [], starts: [] };
  }

  /** The supply at an interrupt between cycles, as the simulator does it. */
  private arrive(): void {
    const { supply, cycle } = this.simulator;
    if (!supply.isDue(cycle)) return;
    supply.settle();
    this.looks = true;
  }

  /** No window from this one on, up to a time, concerns an event. */
  private isQuiet(window: number, until: number): boolean {
    const { judge, plan } = this.simulator;
    return judge.isQuiet((window + 1) * plan.hop, until);
  }

  /** What the battery does not feel it may owe in any order, and nothing looks at it before the next interrupt. */
  private isCalm({ highest }: Cycle): boolean {
    const { supply, cycle } = this.simulator;
    return supply.battery === null || cycle <= supply.roomFor(highest);
  }

  /** How many cycles in a row open the same gates, until something looks: silence lasts, and so does a noise. */
  private run({ highest }: Cycle, opened: number, window: number, time: number, until: number): number {
    const { simulator } = this;
    const { cycle, judge, plan, policy, supply } = simulator;
    const unseen = supply.battery === null ? Number.POSITIVE_INFINITY : supply.roomFor(highest);
    const most = Math.floor(Math.min(unseen, until - time, judge.state.due - 1 - time) / cycle);
    const { batch } = policy;
    const silent = plan.sensor.activity === undefined ? simulator.silentFrom(window, most * batch) : 0;
    let times = Math.max(1, Math.floor(silent / batch));
    if (silent === 0)
      while (times < most && this.opened(window + times * batch, window + (times + 1) * batch) === opened) times++;
    return times;
  }

  /**
   * The supply goes through a cycle's loads once more, or several times where it is calm.
   * @returns whether the battery bore it; otherwise nothing has happened
   */
  private repeat(cycle: Cycle, times: number): boolean {
    const { supply } = this.simulator;
    if (supply.battery === null) return true;
    if (this.isCalm(cycle)) {
      this.looks = false;
      supply.oweAll(cycle.spent, times, cycle.highest);
      supply.refresh(cycle.loads[cycle.loads.length - 1]);
      return true;
    }
    const before = supply.mark();
    if (this.repeatInOrder(cycle)) return true;
    supply.goBackTo(before);
    return false;
  }

  private repeatInOrder({ loads, spans }: Cycle): boolean {
    const { simulator } = this;
    const { supply } = simulator;
    let { looks } = this;
    for (let place = 0; place < loads.length; place++) {
      const rose = supply.refresh(loads[place]);
      if ((rose || looks) && !simulator.bears) return false;
      looks = false;
      for (let left = spans[place]; left > 0; ) {
        if (looks && !simulator.bears) return false;
        const span = Math.min(left, supply.state.patience - supply.state.owed);
        supply.owe(loads[place], span);
        left -= span;
        looks = supply.state.owed === supply.state.patience;
        if (looks) supply.settle();
      }
    }
    this.looks = looks;
    return true;
  }

  /** The simulator is now where the cycles lead. */
  private land(place: Place, time: number, nextWindow: number): void {
    const { simulator, configurations } = this;
    configurations.write(place, time, nextWindow);
    simulator.state.nextWindow = nextWindow;
  }

  private wait(jumped: boolean): void {
    this.misses = jumped ? 0 : this.misses + 1;
    if (this.misses > 0 && this.misses % PATIENCE === 0) this.rest = Math.min(4 * this.misses, LONGEST_REST);
  }

  /** Of each of these windows the number of gates that open to it and whether the sensor finds it loud, all in one number; not certain where one is detected or lacks a score. */
  private opened(first: number, end: number): number {
    const { simulator } = this;
    const stages = simulator.plan.stages.length;
    let all = 0;
    for (let window = first; window < end; window++) {
      const open = simulator.gatesOpen(window);
      if (open < 0 || open === stages || all >= MOST_OPENED) return NOT_CERTAIN;
      all = 2 * (all * stages + open) + (simulator.isLoud(window) ? 1 : 0);
    }
    return all < MOST_OPENED ? all : NOT_CERTAIN;
  }
}
