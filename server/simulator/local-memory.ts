// What a core finds in the memories of its own: weights, and bytes of the windows before. Its power states keep it or lose it.

import type { CoreState } from './core-state.ts';
import { MEMORY_LEVELS, type Memory, type MemoryLevel } from './memory.ts';
import type { Plan } from './plan.ts';

/** What a power state does to it. */
interface Rest {
  /** By memory of its own. */
  readonly levels: readonly MemoryLevel[];
  readonly losesAll: boolean;
  /** Stages whose weights are in a memory that it turns off. */
  readonly loses: readonly number[];
}

export class LocalMemory {
  private readonly state: Pick<CoreState, 'loaded' | 'held'>;
  private readonly memories: readonly Memory[];
  private readonly rests: readonly Rest[];
  /** By power state, 1: neither it nor a shallower one changes anything, so that there is nothing to do on the way there and back. */
  readonly untouched: Uint8Array;

  /** @param core its index */
  constructor(plan: Plan, core: number, state: Pick<CoreState, 'loaded' | 'held'>, memories: readonly Memory[]) {
    this.state = state;
    const own = plan.memories.flatMap(({ owner }, memory) => (owner === core ? [memory] : []));
    this.memories = own.map((memory) => memories[memory]);
    this.rests = plan.cores[core].states.map(({ memories: modes, losesState }) => ({
      levels: own.map((memory) => MEMORY_LEVELS[modes[memory]]),
      losesAll: losesState,
      loses: plan.stages.flatMap(({ weights: { home } }, stage) =>
        home !== undefined && modes[home] === 'off' ? [stage] : [],
      ),
    }));
    const touches = this.rests.map(
      ({ levels, losesAll, loses }) =>
        losesAll || loses.length > 0 || levels.some((level) => level !== MEMORY_LEVELS.on),
    );
    this.untouched = Uint8Array.from(touches, (_, state) => (touches.slice(0, state + 1).includes(true) ? 0 : 1));
  }

  turnOn(): void {
    this.turn(MEMORY_LEVELS.on);
  }

  turnOff(): void {
    this.forget();
    this.turn(MEMORY_LEVELS.off);
  }

  /** As the power state says. */
  rest(powerState: number): void {
    const { memories } = this;
    const { levels, losesAll, loses } = this.rests[powerState];
    for (let own = 0; own < memories.length; own++) memories[own].setMode(levels[own]);
    if (losesAll) this.forget();
    else for (let lost = 0; lost < loses.length; lost++) this.state.loaded[loses[lost]] = 0;
  }

  private turn(level: MemoryLevel): void {
    const { memories } = this;
    for (let own = 0; own < memories.length; own++) memories[own].setMode(level);
  }

  private forget(): void {
    this.state.loaded.fill(0);
    this.state.held.fill(-1);
  }
}
