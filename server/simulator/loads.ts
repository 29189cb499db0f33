// The combinations of levels that the device's components are in together, numbered as they are met. A change of one component's level is
// a step in a table, so that what belongs to a combination (the rails' loads, what the regulators draw) is worked out once and never per event.
// A device goes through few of them: its cores do the same things again and again.

export interface LoadsState {
  /** Number of the combination of this moment. */
  current: number;
  /** The components' levels, combination after combination. */
  levels: number[];
}

const UNKNOWN = -1;

export class Loads {
  readonly state: LoadsState;
  private readonly components: number;
  /** Where a component's levels begin among all levels, and how many those are. */
  readonly offsets: Int32Array;
  readonly width: number;
  /** By combination and level of a component: the combination that follows. */
  private next: Int32Array;
  private readonly numbers = new Map<string, number>();

  /** @param counts levels by component */
  constructor(counts: readonly number[], initial: ArrayLike<number>) {
    this.components = counts.length;
    this.offsets = new Int32Array(counts.length);
    for (let component = 1; component < counts.length; component++)
      this.offsets[component] = this.offsets[component - 1] + counts[component - 1];
    this.width = counts.reduce((sum, count) => sum + count, 0);
    this.next = new Int32Array(0);
    this.state = { current: 0, levels: [] };
    this.number(Array.from(initial));
  }

  /** From now on a component is in another level, told by its place among all components' levels. */
  change(place: number): void {
    const { state } = this;
    const to = this.next[state.current * this.width + place];
    state.current = to === UNKNOWN ? this.learn(place) : to;
  }

  /** By component. */
  levelsOf(combination: number): number[] {
    return this.state.levels.slice(combination * this.components, (combination + 1) * this.components);
  }

  /** To be called when `state` was filled from elsewhere. */
  restored(): void {
    this.numbers.clear();
    this.next = new Int32Array(0);
    const count = this.state.levels.length / this.components;
    for (let combination = 0; combination < count; combination++)
      this.enter(this.levelsOf(combination).join(), combination);
  }

  /** Where a step leads that was not made before. */
  private learn(place: number): number {
    const { current } = this.state;
    const component = this.offsets.findLastIndex((offset) => offset <= place);
    const levels = this.levelsOf(current);
    levels[component] = place - this.offsets[component];
    const to = this.number(levels);
    this.next[current * this.width + place] = to;
    return to;
  }

  private number(levels: readonly number[]): number {
    const key = levels.join();
    const known = this.numbers.get(key);
    if (known !== undefined) return known;
    const added = this.numbers.size;
    for (const level of levels) this.state.levels.push(level);
    this.enter(key, added);
    return added;
  }

  private enter(key: string, combination: number): void {
    this.numbers.set(key, combination);
    const needed = (combination + 1) * this.width;
    if (this.next.length >= needed) return;
    const grown = new Int32Array(Math.max(2 * needed, 16 * this.width)).fill(UNKNOWN);
    grown.set(this.next);
    this.next = grown;
  }
}
