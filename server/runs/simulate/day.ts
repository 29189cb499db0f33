// A day simulated once, and beside it in each power profile that its rules and hours can lead to, so that the life of the battery rests on the same day in each.

import { balance } from '../../simulator/balance.ts';
import type { LabelledEvent, Outcome } from '../../simulator/judge.ts';
import type { Plan } from '../../simulator/plan.ts';
import type { ScoreChunk } from '../../simulator/scores.ts';
import { Simulator } from '../../simulator/simulator.ts';
import type { Nanoseconds } from '../../units.ts';
import { batteryLife, type Life, PowerTracer } from './life.ts';

/** Energy is kept minute by minute, for the battery's life. */
const TRACE_SECONDS = 60;
const TRACE_SPAN = TRACE_SECONDS * 1e9;
/** A run whose accounts differ by more has a fault. */
const LARGEST_IMBALANCE = 1e-6;

export class DaySimulation {
  readonly simulator: Simulator;
  private readonly shadows: readonly Simulator[];
  /** By policy. */
  private readonly tracers: readonly PowerTracer[];
  private readonly duration: Nanoseconds;

  /** @param events to be detected, by rising start */
  constructor(plan: Plan, events: readonly LabelledEvent[], duration: Nanoseconds) {
    this.simulator = new Simulator(plan, events);
    // Where hours are alike, the starting profile needs no second simulation: charge only falls, so once a rule has ended it, it does not
    // come back.
    const alone = (startPolicy: number) =>
      new Simulator({ ...plan, supply: idealSupply(plan.supply), startPolicy, rules: [], hours: null }, events);
    const inPolicy = plan.policies.map((_, policy) =>
      policy === plan.startPolicy && plan.hours === null ? this.simulator : alone(policy),
    );
    this.shadows = inPolicy.filter((simulator) => simulator !== this.simulator);
    this.tracers = inPolicy.map((simulator) => new PowerTracer(simulator));
    this.duration = duration;
  }

  addScores(chunk: ScoreChunk): void {
    for (const simulator of this.simulators) simulator.addScores(chunk);
  }

  /** Simulates up to `until`, within the horizon; what was heard, missed and imagined meanwhile. */
  advance(until: Nanoseconds): readonly Outcome[] {
    const { simulator } = this;
    while (simulator.now < until) {
      const mark = (Math.floor(simulator.now / TRACE_SPAN) + 1) * TRACE_SPAN;
      const next = Math.min(mark, until) as Nanoseconds;
      for (const each of this.simulators) each.advance(next);
      if (next === mark || next === this.duration) for (const tracer of this.tracers) tracer.mark();
    }
    for (const shadow of this.shadows) shadow.takeOutcomes();
    const { error } = balance(simulator);
    if (error > LARGEST_IMBALANCE)
      throw new Error(
        `the accounts of energy differ by ${error} at ${simulator.now} ns, which is a fault of the simulator`,
      );
    return simulator.takeOutcomes();
  }

  /** How long the battery lasts from a charge on, when the day repeats. */
  life(startSoc: number): Life {
    // Of a run that was stopped, the minute it was in.
    for (const tracer of this.tracers) tracer.mark();
    const traces = this.tracers.map((tracer) => tracer.trace(TRACE_SECONDS));
    const { supply, ...plan } = this.simulator.plan;
    if (supply.kind === 'ideal') return { hours: Number.POSITIVE_INFINITY, extrapolated: true };
    return batteryLife(supply, plan, traces, startSoc);
  }

  private get simulators(): readonly Simulator[] {
    return [this.simulator, ...this.shadows];
  }
}

const idealSupply = (supply: Plan['supply']): Plan['supply'] =>
  supply.kind === 'ideal' ? supply : { kind: 'ideal', volts: supply.battery.cutoff };
