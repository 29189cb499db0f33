// What a device was doing in each condition, in one word: what the component that draws most above its rest is about.

import { type PowerModel, worth } from './power-model.ts';
import type { Condition, RunTrace } from './run-trace.ts';

export const PHASE_KINDS = ['sleep', 'wake', 'idle', 'compute', 'transfer', 'actuator', 'boot'] as const;
export type PhaseKind = (typeof PHASE_KINDS)[number];

export interface Phase {
  readonly kind: PhaseKind;
  /** The component; null: all of them sleep as deep as they do in this run. */
  readonly component: string | null;
}

/** The phases of a run, and by condition which of them it belongs to. */
export function phasesOf(
  run: RunTrace,
  model: PowerModel,
): { readonly phases: readonly Phase[]; readonly of: Int32Array } {
  const figures = Float64Array.from(model.figures, ({ value }) => value);
  const powers = model.components.map(({ levels }) => levels.map((level) => worth(level, figures)));
  const met = model.components.map(() => new Set<number>());
  for (const number of new Set(run.stretches))
    run.conditions[number].levels.forEach((level, component) => {
      met[component].add(level);
    });
  const resting = model.components.map(({ levels }, component) =>
    Math.min(
      ...[...met[component]].flatMap((level) => (levels[level].kind === 'rest' ? [powers[component][level]] : [])),
    ),
  );
  const phases: Phase[] = [];
  const of = Int32Array.from(run.conditions, (condition) => {
    const phase = phaseOf(condition, model, powers, resting);
    const known = phases.findIndex(({ kind, component }) => kind === phase.kind && component === phase.component);
    return known >= 0 ? known : phases.push(phase) - 1;
  });
  return { phases, of };
}

function phaseOf(
  condition: Condition,
  model: PowerModel,
  powers: ReadonlyArray<readonly number[]>,
  resting: readonly number[],
): Phase {
  let most = 0;
  let phase: Phase = { kind: 'sleep', component: null };
  let transfer: Phase | null = null;
  model.components.forEach(({ name, levels }, component) => {
    const level = condition.levels[component];
    const { kind } = levels[level];
    if (kind === 'steady') return;
    const rest = Number.isFinite(resting[component]) ? resting[component] : 0;
    const excess = powers[component][level] - rest;
    if (kind === 'transfer') transfer = { kind, component: name };
    if (!(excess > most)) return;
    most = excess;
    phase = { kind: kind === 'rest' ? 'idle' : kind, component: name };
  });
  // A core that waits for bytes is not idle.
  return phase.kind === 'idle' && transfer !== null ? transfer : phase;
}
