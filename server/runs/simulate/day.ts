// A day simulated once, and beside it in each power profile that its rules and hours can lead to, so that the life of the battery rests on the same day in each.

import type { DeviceAct } from '../../simulator/acts.ts';
import { balance } from '../../simulator/balance.ts';
import type { LabelledEvent, Outcome } from '../../simulator/judge.ts';
import type { Plan } from '../../simulator/plan.ts';
import type { ScoreChunk } from '../../simulator/scores.ts';
import { Simulator } from '../../simulator/simulator.ts';
import type { Nanoseconds } from '../../units.ts';
import { batteryLife, type Life, type PowerTrace, PowerTracer } from './life.ts';
import { Memo } from './memo.ts';

/** Energy is kept minute by minute, for the battery's life. */
const TRACE_SECONDS = 60;
const TRACE_SPAN = TRACE_SECONDS * 1e9;
/** A run whose accounts differ by more has a fault. */
const LARGEST_IMBALANCE = 1e-6;

/** A simulation whose power is kept minute by minute. */
interface Traced {
  readonly simulator: Simulator;
  readonly tracer: PowerTracer;
}

export class DaySimulation implements Traced {
  readonly simulator: Simulator;
  private readonly duration: Nanoseconds;
  readonly tracer: PowerTracer;
  private readonly shadows: readonly Shadow[];
  /** By policy; null: that of the day itself, also where no rule and no hour leads to the policy. */
  private readonly powers: ReadonlyArray<Shadow | PowerTrace | null>;
  private readonly memo: Memo<PowerTrace>;

  /**
   * @param events to be detected, by rising start
   * @param memo of days of the same scores and duration: in which power profiles it need not be simulated again
   */
  constructor(plan: Plan, events: readonly LabelledEvent[], duration: Nanoseconds, memo = new Memo<PowerTrace>()) {
    this.simulator = new Simulator(plan, events);
    this.tracer = new PowerTracer(this.simulator);
    this.duration = duration;
    this.memo = memo;
    // Where hours are alike, the starting profile needs no second simulation: charge only falls, so once a rule has ended it, it does not
    // come back.
    const reached = policiesReached(plan);
    this.powers = plan.policies.map((policy, index) => {
      if (!reached.has(index) || (index === plan.startPolicy && plan.hours === null)) return null;
      const alone = {
        ...plan,
        supply: idealSupply(plan.supply),
        policies: [policy],
        startPolicy: 0,
        rules: [],
        hours: null,
      };
      return memo.get(alone) ?? new Shadow(alone, events);
    });
    this.shadows = this.powers.filter((power) => power instanceof Shadow);
  }

  /** See Simulator. What is done to battery and power profile does not concern the days beside it, which have neither. */
  act(act: DeviceAct): void {
    this.simulator.act(act);
    if (act.kind === 'stall-link') for (const { simulator } of this.shadows) simulator.act(act);
  }

  expect(event: LabelledEvent): void {
    for (const { simulator } of [this, ...this.shadows]) simulator.expect(event);
  }

  forgetScores(fromWindow: number): void {
    for (const { simulator } of [this, ...this.shadows]) simulator.forgetScores(fromWindow);
  }

  addScores(chunk: ScoreChunk): void {
    this.simulator.addScores(chunk);
    for (const { simulator } of this.shadows) simulator.addScores(chunk);
  }

  /** Simulates up to `until`, within the horizon; what was heard, missed and imagined meanwhile. */
  advance(until: Nanoseconds): readonly Outcome[] {
    const { simulator } = this;
    this.advanceOne(this, until);
    for (const shadow of this.shadows) {
      this.advanceOne(shadow, until);
      shadow.simulator.takeOutcomes();
    }
    const { error } = balance(simulator);
    if (error > LARGEST_IMBALANCE)
      throw new Error(
        `the accounts of energy differ by ${error} at ${simulator.now} ns, which is a fault of the simulator`,
      );
    return simulator.takeOutcomes();
  }

  /** How long the battery, as it is by now, lasts from a charge on, when the day repeats. */
  life(startSoc: number): Life {
    // Of a run that was stopped, the minute it was in.
    this.mark();
    const own = this.tracer.trace(TRACE_SECONDS);
    const traces = this.powers.map((power) =>
      power instanceof Shadow ? power.tracer.trace(TRACE_SECONDS) : (power ?? own),
    );
    if (this.simulator.now === this.duration)
      for (const { plan, tracer } of this.shadows) this.memo.set(plan, tracer.trace(TRACE_SECONDS));
    const { supply, ...plan } = this.simulator.plan;
    if (supply.kind === 'ideal') return { hours: Number.POSITIVE_INFINITY, extrapolated: true };
    const battery = this.simulator.supply.battery?.present ?? supply.battery;
    return batteryLife({ ...supply, battery }, plan, traces, startSoc);
  }

  private advanceOne({ simulator, tracer }: Traced, until: Nanoseconds): void {
    while (simulator.now < until) {
      const mark = (Math.floor(simulator.now / TRACE_SPAN) + 1) * TRACE_SPAN;
      const next = Math.min(mark, until) as Nanoseconds;
      simulator.advance(next);
      if (next === mark || next === this.duration) tracer.mark();
    }
  }

  private mark(): void {
    this.tracer.mark();
    for (const { tracer } of this.shadows) tracer.mark();
  }
}

/** Those that hours begin with and that rules lead to. */
function policiesReached({ startPolicy, rules, hours }: Plan): ReadonlySet<number> {
  const spans = hours?.spans ?? [{ policy: startPolicy, rules }];
  return new Set([startPolicy, ...spans.flatMap(({ policy, rules }) => [policy, ...rules.map((rule) => rule.policy)])]);
}

/** The day in one power profile, whatever the charge. */
class Shadow implements Traced {
  readonly plan: Plan;
  readonly simulator: Simulator;
  readonly tracer: PowerTracer;

  constructor(plan: Plan, events: readonly LabelledEvent[]) {
    this.plan = plan;
    this.simulator = new Simulator(plan, events);
    this.tracer = new PowerTracer(this.simulator);
  }
}

const idealSupply = (supply: Plan['supply']): Plan['supply'] =>
  supply.kind === 'ideal' ? supply : { kind: 'ideal', volts: supply.battery.cutoff };
