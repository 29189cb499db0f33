// The cascades that a device may run: every stage on every core or left out, with thresholds that make them comparable, as far as they fit.

import { compile } from '../compile/compile.ts';
import type { Compiled, PlacedStage } from '../compile/request.ts';
import { Refusal } from '../files/problem.ts';
import type { PreparedRun } from '../simulate/engine.ts';
import { stageCost } from '../stage-cost.ts';
import { type Gate, matchedThresholds } from './matching.ts';
import type { Refusals } from './refusals.ts';
import { allVariants, placementName, type Variant } from './variants.ts';

export interface Candidate {
  readonly variant: Variant;
  readonly stages: readonly PlacedStage[];
  readonly compiled: Compiled;
}

export const gatesOf = ({ loaded }: PreparedRun, gates: 'normal' | 'strict'): readonly Gate[] =>
  loaded.stages.map((stage, index) => ({
    curve: loaded.models[index].card.operatingCurve,
    threshold: stage.thresholds[gates],
  }));

/** @param refusals told of those that do not fit */
export function candidatesOf(run: PreparedRun, refusals: Refusals): readonly Candidate[] {
  const { loaded } = run;
  const gates = { normal: gatesOf(run, 'normal'), strict: gatesOf(run, 'strict') };
  const isMatched = gates.normal.every(({ curve }) => curve !== null);
  const cores = loaded.device.value.cores.map(({ name }) => name);
  const candidates: Candidate[] = [];
  for (const variant of allVariants(loaded.stages.length, cores)) {
    const kept = variant.map(({ number }) => number);
    const name = placementName(variant.map(({ number, core }) => ({ stage: loaded.stages[number].name, core })));
    const asShipped = (which: 'normal' | 'strict') => kept.map((number) => gates[which][number].threshold);
    const normal = isMatched ? matchedThresholds(gates.normal, kept) : asShipped('normal');
    const strict = isMatched ? matchedThresholds(gates.strict, kept) : asShipped('strict');
    if (normal === null || strict === null) {
      const last = loaded.stages[kept[kept.length - 1]];
      const reason = `no threshold of ${last.name}'s curve misses as little as the shipped cascade`;
      refusals.add({ subject: reason, reason, short: 0 }, name);
      continue;
    }
    const stages = variant.map(({ number, core }, index) => ({
      ...loaded.stages[number],
      model: stageCost(loaded.models, number, kept[index - 1] ?? -1),
      core,
      thresholds: { normal: normal[index], strict: strict[index] },
      // Who decides last pauses after it.
      holdSeconds:
        index === variant.length - 1
          ? loaded.stages[loaded.stages.length - 1].holdSeconds
          : loaded.stages[number].holdSeconds,
    }));
    try {
      candidates.push({ variant, stages, compiled: compile({ ...run.compileRequest, stages }) });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      for (const reason of error.reasons) refusals.add(reason, name);
    }
  }
  return candidates;
}
