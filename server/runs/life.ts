// How long the battery lasts when a day repeats: the power it drew, minute by minute and by power profile, put through the battery again and again.

import { Battery } from '../simulator/battery.ts';
import type { BatteryPlan, Plan } from '../simulator/plan.ts';
import type { Simulator } from '../simulator/simulator.ts';
import { LONGEST_TIME } from '../units.ts';

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

export interface Life {
  readonly hours: number;
  /** Beyond the 104 days that a run can simulate. */
  readonly extrapolated: boolean;
}

const STEP_SECONDS = 10;
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
  battery: BatteryPlan,
  plan: Pick<Plan, 'startPolicy' | 'rules'>,
  traces: readonly PowerTrace[],
  from: number,
): Life {
  const cell = new Battery(battery, from);
  const longest = LONGEST_TIME / 1e9;
  const means = traces.map(({ watts }) => watts.reduce((sum, value) => sum + value, 0) / watts.length);
  let seconds = 0;
  while (seconds < LONGEST_HOURS * 3600) {
    let policy = plan.startPolicy;
    for (const rule of plan.rules) if (cell.soc < rule.belowSoc) policy = rule.policy;
    const { watts, spanSeconds } = traces[policy];
    if (watts.length === 0) break;
    const isFar = seconds > longest;
    const power = isFar ? means[policy] : watts[Math.floor(seconds / spanSeconds) % watts.length];
    const step = isFar ? FAR_STEP_SECONDS : STEP_SECONDS;
    if (!(cell.voltage(power) >= battery.cutoff)) return { hours: seconds / 3600, extrapolated: isFar };
    cell.step(power, step);
    seconds += step;
  }
  return { hours: LONGEST_HOURS, extrapolated: true };
}
