// A simulator's whole state as plain data that can be cloned, stored and put into a new one: it goes on as if it had never stopped.

import type { LabelledEvent } from './judge.ts';
import type { Plan } from './plan.ts';
import type { ScoreChunk } from './scores.ts';
import { Simulator, type SimulatorOptions } from './simulator.ts';

export type Snapshot = Simulator['states'];

/** A snapshot to which scores are added by who keeps them. */
export type Checkpoint = Omit<Snapshot, 'scores'>;

/** All but the scores, which are the larger part. */
export function saveCheckpoint(simulator: Simulator): Checkpoint {
  simulator.tidy();
  simulator.clearFreeWindows();
  const { scores: _, ...states } = simulator.states;
  return structuredClone(states);
}

/** Scores already used are left out; outcomes not yet taken are kept. Simulators that will go on in the same way give equal snapshots. */
export function saveSimulator(simulator: Simulator): Snapshot {
  const states = saveCheckpoint(simulator);
  const { scores } = simulator.states;
  const next = simulator.state.nextWindow;
  const chunks = scores.chunks
    .filter((chunk, index) => index === scores.chunks.length - 1 || chunk.firstWindow + chunk.first.length > next)
    .map((chunk) => structuredClone(from(chunk, next)));
  return { ...states, scores: { chunks } };
}

/** @param plan and `events`: those that the saved simulator was made with */
export function restoreSimulator(
  plan: Plan,
  events: readonly LabelledEvent[],
  snapshot: Snapshot,
  options: SimulatorOptions = {},
): Simulator {
  const simulator = new Simulator(plan, events, options);
  const saved = structuredClone(snapshot);
  for (const [name, state] of Object.entries(simulator.states)) {
    const kept: unknown = Reflect.get(saved, name);
    if (Array.isArray(state) && Array.isArray(kept))
      for (const [index, one] of state.entries()) overwrite(one, kept[index]);
    else overwrite(state, kept as object);
  }
  simulator.restored();
  return simulator;
}

/** The part of a chunk that begins with window `first`. */
function from(chunk: ScoreChunk, first: number): ScoreChunk {
  const used = Math.min(Math.max(first - chunk.firstWindow, 0), chunk.first.length);
  return {
    firstWindow: chunk.firstWindow + used,
    first: chunk.first.slice(used),
    ...(chunk.levels === undefined ? {} : { levels: chunk.levels.slice(used) }),
    later: chunk.later.map(({ windows, scores }) => {
      const index = windows.findIndex((window) => window >= first);
      const start = index < 0 ? windows.length : index;
      return { windows: windows.slice(start), scores: scores.slice(start) };
    }),
  };
}

/** Components hold on to their state objects and typed arrays, so these are filled and not replaced. */
function overwrite(target: object, source: object): void {
  for (const [key, value] of Object.entries(source)) {
    const held: unknown = Reflect.get(target, key);
    if (ArrayBuffer.isView(held)) (held as Float64Array).set(value);
    else if (typeof held === 'object' && held !== null && !isList(held)) overwrite(held, value);
    else Reflect.set(target, key, value);
  }
}

/** Lists grow and shrink; an array of components' parts does not, and a new simulator's lists are empty. */
const isList = (value: object): boolean => Array.isArray(value) && (value.length === 0 || typeof value[0] !== 'object');
