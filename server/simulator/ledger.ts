// Who drew how much, exactly: power is constant between events, so nanoseconds are counted per component and level (as integers) and
// multiplied by the level's power only when somebody asks. Sums do not depend on the order of events.

import { type Joules, joules, NANOSECONDS_PER_SECOND, type Nanoseconds, type Watts } from '../units.ts';
import type { Alarms } from './alarms.ts';
import { Loads, type LoadsState } from './loads.ts';

export interface LedgerState {
  readonly level: Int32Array;
  readonly since: Float64Array;
  /** Nanoseconds spent, component after component, by level. */
  readonly spent: Float64Array;
  readonly loads: LoadsState;
}

export interface LedgerEntry {
  readonly name: string;
  readonly rail: number;
  readonly levels: readonly Watts[];
  readonly initial: number;
}

export class Ledger {
  readonly state: LedgerState;
  readonly entries: readonly LedgerEntry[];
  readonly loads: Loads;
  private readonly alarms: Alarms;
  private readonly level: Int32Array;
  private readonly since: Float64Array;
  private readonly spent: Float64Array;
  /** Where a component's levels begin among all levels. */
  private readonly offsets: Int32Array;
  private readonly powers: readonly Float64Array[];
  private readonly onRail: ReadonlyArray<readonly number[]>;

  constructor(entries: readonly LedgerEntry[], rails: number, alarms: Alarms) {
    this.entries = entries;
    this.alarms = alarms;
    this.powers = entries.map((entry) => Float64Array.from(entry.levels));
    this.onRail = Array.from({ length: rails }, (_, rail) =>
      entries.flatMap((entry, component) => (entry.rail === rail ? [component] : [])),
    );
    this.loads = new Loads(
      entries.map(({ levels }) => levels.length),
      entries.map(({ initial }) => initial),
    );
    this.offsets = this.loads.offsets;
    this.level = Int32Array.from(entries, (entry) => entry.initial);
    this.since = new Float64Array(entries.length);
    this.spent = new Float64Array(this.loads.width);
    this.state = { level: this.level, since: this.since, spent: this.spent, loads: this.loads.state };
  }

  /** From now on the component draws the power of `level`. */
  set(component: number, level: number): void {
    const before = this.level[component];
    if (before !== level) this.change(component, before, level);
  }

  private change(component: number, before: number, level: number): void {
    const { now } = this.alarms;
    const offset = this.offsets[component];
    this.spent[offset + before] += now - this.since[component];
    this.since[component] = now;
    this.level[component] = level;
    this.loads.change(offset + level);
  }

  /** Counts the time of the levels that still last up to now. */
  book(): void {
    const { level, since, spent, offsets } = this;
    const { now } = this.alarms;
    for (let component = 0; component < level.length; component++) {
      spent[offsets[component] + level[component]] += now - since[component];
      since[component] = now;
    }
  }

  levelOf(component: number): number {
    return this.level[component];
  }

  /** What the rail's components draw together, each in its level. */
  railPower(rail: number, levels: ArrayLike<number>): number {
    let sum = 0;
    for (const component of this.onRail[rail]) sum += this.powers[component][levels[component]];
    return sum;
  }

  /** Nanoseconds in each level up to `now`. */
  spentBy(component: number, now: Nanoseconds): Float64Array {
    const begin = this.offsets[component];
    const spent = this.spent.slice(begin, begin + this.powers[component].length);
    spent[this.level[component]] += now - this.since[component];
    return spent;
  }

  energyOf(component: number, now: Nanoseconds): Joules {
    const spent = this.spentBy(component, now);
    let sum = 0;
    for (let level = 0; level < spent.length; level++) sum += spent[level] * this.powers[component][level];
    return joules(sum / NANOSECONDS_PER_SECOND);
  }

  railEnergy(rail: number, now: Nanoseconds): Joules {
    let sum = 0;
    for (const component of this.onRail[rail]) sum += this.energyOf(component, now);
    return joules(sum);
  }
}
