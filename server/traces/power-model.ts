// What a device draws as a function of the figures in its profile: a component's level is worth a constant and multiples of figures, a
// rail's load goes through its regulator. The regulator's curve is given, not fitted.

import type { RegulatorPlan } from '../simulator/plan.ts';
import { inputPower } from '../simulator/regulator.ts';
import { watts } from '../units.ts';

export type Confidence = 'measured' | 'datasheet' | 'derived' | 'estimated';

/** The same relative to a figure that gives no range: our choice. */
export const SPREAD: Readonly<Record<Confidence, number>> = {
  measured: 0.05,
  datasheet: 0.15,
  derived: 0.3,
  estimated: 0.6,
};

export interface ModelFigure {
  /** Place in the profile, items of lists by name: "cores.dsp.powerStates.idle.power". */
  readonly path: string;
  /** As it is now, in SI. */
  readonly value: number;
  readonly confidence: Confidence;
  /** How far it may well be off: one standard deviation. */
  readonly spread: number;
  readonly unit: 'W' | 'A' | 'J/B';
}

export interface Term {
  /** Number of a figure. */
  readonly figure: number;
  readonly factor: number;
}

/** What a component does in a level: a core works, rests in a power state, enters or leaves one, boots; a link moves bytes; an actuator is on. */
export type LevelKind = 'compute' | 'rest' | 'wake' | 'boot' | 'transfer' | 'actuator' | 'steady';

export interface ModelLevel {
  readonly kind: LevelKind;
  /** Watts that rest on no figure. */
  readonly base: number;
  readonly terms: readonly Term[];
}

export interface ModelComponent {
  readonly name: string;
  readonly rail: number;
  readonly levels: readonly ModelLevel[];
}

export interface PowerModel {
  readonly figures: readonly ModelFigure[];
  /** As in the ledger. */
  readonly components: readonly ModelComponent[];
  /** By rail: how its load reaches where the trace was measured; null: it does not. */
  readonly rails: ReadonlyArray<ModelRail | null>;
}

export interface ModelRail {
  /** Without its quiescent power; null: measured behind the regulator. */
  readonly regulator: RegulatorPlan | null;
  readonly quiescent: ModelLevel;
}

export const worth = ({ base, terms }: ModelLevel, figures: ArrayLike<number>): number => {
  let power = base;
  for (const { figure, factor } of terms) power += factor * figures[figure];
  return power;
};

const presentFigures = (model: PowerModel): Float64Array => Float64Array.from(model.figures, ({ value }) => value);

/** Watts where the trace was measured. */
export function powerIn(
  model: PowerModel,
  levels: readonly number[],
  figures: ArrayLike<number> = presentFigures(model),
): number {
  let power = 0;
  model.rails.forEach((rail, number) => {
    if (rail !== null) power += worth(rail.quiescent, figures) + through(rail, loadOf(model, number, levels, figures));
  });
  return power;
}

/** Watts by which that rises with each figure, by one of its unit. */
export function slopesIn(model: PowerModel, levels: readonly number[], figures: ArrayLike<number>): Float64Array {
  const slopes = new Float64Array(model.figures.length);
  model.rails.forEach((rail, number) => {
    if (rail === null) return;
    for (const { figure, factor } of rail.quiescent.terms) slopes[figure] += factor;
    const load = loadOf(model, number, levels, figures);
    const step = Math.max(1e-9, load * 1e-4);
    const slope = (through(rail, load + step) - through(rail, load)) / step;
    for (const term of model.components.flatMap(({ rail: on, levels: own }, component) =>
      on === number ? own[levels[component]].terms : [],
    ))
      slopes[term.figure] += slope * term.factor;
  });
  return slopes;
}

function loadOf(model: PowerModel, rail: number, levels: readonly number[], figures: ArrayLike<number>): number {
  let load = 0;
  model.components.forEach((component, number) => {
    if (component.rail === rail) load += worth(component.levels[levels[number]], figures);
  });
  return load;
}

const through = ({ regulator }: ModelRail, load: number): number =>
  regulator === null ? load : inputPower(regulator, watts(load));
