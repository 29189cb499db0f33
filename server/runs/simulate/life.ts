// How long the battery lasts when a day repeats: the power it drew, minute by minute and by power profile, put through the battery again and again.

import { Battery } from '../../simulator/battery.ts';
import { spanAt } from '../../simulator/hours.ts';
import type { HourPlan, Plan, SupplyPlan } from '../../simulator/plan.ts';
import type { Simulator } from '../../simulator/simulator.ts';
import { LONGEST_TIME, nanoseconds } from '../../units.ts';

/** Energy at the battery's terminals by stretches of equal length, in one power profile. */
export interface PowerTrace {
  readonly spanSeconds: number;
  /** Mean watts of each span. */
  readonly watts: readonly number[];
}

/** Collects a trace while a run goes on. */
export class PowerTracer {
  private readonly watts: number[] = [];
  private readonly simulator: Simulator;
  private last = 0;
  private lastTime = 0;

  constructor(simulator: Simulator) {
    this.simulator = simulator;
  }

  /** Call at the end of every span. */
  mark(): void {
    const now = this.simulator.now;
    const delivered = this.simulator.supply.delivered;
    if (now === this.lastTime) return;
    this.watts.push((delivered - this.last) / ((now - this.lastTime) / 1e9));
    this.last = delivered;
    this.lastTime = now;
  }

  trace(spanSeconds: number): PowerTrace {
    return { spanSeconds, watts: this.watts };
  }
}

export type BatterySupply = Pick<Extract<SupplyPlan, { kind: 'battery' }>, 'battery' | 'charger'>;

export interface Life {
  /** Infinity: it is charged as much as it uses, and lasts for ever. */
  readonly hours: number;
  /** Beyond the 104 days that a run can simulate. */
  readonly extrapolated: boolean;
}

/** As reports say it: null is for ever. */
export const hoursOf = ({ hours }: Life): number | null => (Number.isFinite(hours) ? hours : null);

/** A cell halves its steps where they would be too long. */
const STEP_SECONDS = 60;
/** Near its end, which is found to within a step. */
const LAST_STEP_SECONDS = 10;
const NEAR_END = 1.02;
/** Far out, one whole day after another is all that changes. */
const FAR_STEP_SECONDS = 3600;
/** A device that lasts longer than this lasts as long as its cell does. */
const LONGEST_HOURS = 50 * 365 * 24;

/**
 * @param plan its rules say below which charge another policy holds
 * @param traces by policy of the plan: what the same day draws in each power profile
 * @param from charge at the beginning
 */
export function batteryLife(
  { battery, charger }: BatterySupply,
  plan: Pick<Plan, 'startPolicy' | 'rules' | 'hours'>,
  traces: readonly PowerTrace[],
  from: number,
): Life {
  const cell = new Battery(battery, from);
  const longest = LONGEST_TIME / 1e9;
  const period = plan.hours === null ? Number.POSITIVE_INFINITY : plan.hours.period / 1e9;
  const means = traces.map(({ watts }) => watts.reduce((sum, value) => sum + value, 0) / watts.length);
  let seconds = 0;
  let hour = FIRST_HOUR;
  let charging = false;
  let periodsBegan = from;
  while (seconds < LONGEST_HOURS * 3600) {
    if (plan.hours !== null && seconds * 1e9 >= hour.until) {
      const { index, until } = spanAt(plan.hours, seconds * 1e9);
      const next = plan.hours.spans[index];
      charging = next.plugged && (charging || !hour.plugged);
      hour = { ...next, until };
      cell.setTemperature(hour.resistanceFactor, hour.lockedShare);
    }
    const { policy: base, rules } = plan.hours === null ? { policy: plan.startPolicy, rules: plan.rules } : hour;
    let policy = base;
    for (const rule of rules) if (cell.soc < rule.belowSoc) policy = rule.policy;
    const { watts, spanSeconds } = traces[policy];
    if (watts.length === 0) break;
    const isFar = seconds > longest;
    const untilChange = plan.hours === null ? FAR_STEP_SECONDS : hour.until / 1e9 - seconds;
    const power = isFar ? means[policy] : watts[Math.floor(seconds / spanSeconds) % watts.length];
    const isNearEnd =
      !(cell.voltage(power) > NEAR_END * battery.cutoff) || cell.soc < NEAR_END * cell.state.lockedShare + 0.01;
    const step = Math.min(isFar ? FAR_STEP_SECONDS : isNearEnd ? LAST_STEP_SECONDS : STEP_SECONDS, untilChange);
    if (charger !== null && hour.plugged) {
      for (let second = 0; second < step; second++)
        if (charging) charging = cell.charge(charger, 1) >= charger.termination;
        else cell.step(0, 1);
    } else {
      if (!(cell.voltage(power) >= battery.cutoff) || cell.isEmpty)
        return { hours: seconds / 3600, extrapolated: isFar };
      cell.step(power, step);
    }
    seconds += step;
    if (seconds % period === 0) {
      // A day, or a week, that leaves as much as it found can come for ever.
      if (cell.soc >= periodsBegan) return { hours: Number.POSITIVE_INFINITY, extrapolated: false };
      periodsBegan = cell.soc;
    }
  }
  return { hours: LONGEST_HOURS, extrapolated: true };
}

/** Before any; where hours are alike it never ends. */
const FIRST_HOUR: HourPlan & { readonly until: number } = {
  start: nanoseconds(0),
  until: Number.NEGATIVE_INFINITY,
  policy: 0,
  rules: [],
  plugged: false,
  resistanceFactor: 1,
  lockedShare: 0,
};
