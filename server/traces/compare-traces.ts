// A run beside a measured trace of the same: where they differ, and which figures would explain it. Pure.

import { type Alignment, align } from './align.ts';
import { type BinShares, binShares } from './bin-shares.ts';
import { type Fit, fitFigures } from './fit.ts';
import type { Bins } from './folding-bins.ts';
import { type PhaseKind, phasesOf } from './phases.ts';
import { type PowerModel, powerIn } from './power-model.ts';
import type { RunTrace } from './run-trace.ts';

export interface PhaseDifference {
  readonly kind: PhaseKind;
  readonly component: string | null;
  readonly seconds: number;
  /** Mean watts. */
  readonly run: number;
  readonly measured: number;
  /** Joules that the measured device took more. */
  readonly difference: number;
  /** Mean watts of the run with the proposed figures. */
  readonly proposed: number;
}

export interface Comparison {
  readonly alignment: Alignment;
  readonly bins: BinShares;
  /** By condition of the run: watts now, and with the proposed figures. */
  readonly watts: Float64Array;
  readonly seconds: number;
  /** Mean watts over what both cover. */
  readonly run: number;
  readonly measured: number;
  readonly proposed: number;
  /** By falling difference. */
  readonly phases: readonly PhaseDifference[];
  readonly fit: Fit;
}

export type ComparisonResult =
  | { readonly ok: true; readonly comparison: Comparison }
  | { readonly ok: false; readonly problem: string };

/** A trace that resembles the run less than this at its best place is of something else. */
const LEAST_CORRELATION = 0.2;
const LEAST_SECONDS = 1;

/**
 * @param measured watts
 * @param model what the run's levels are worth, where the trace was measured
 */
export function compareTraces(run: RunTrace, measured: Bins, model: PowerModel): ComparisonResult {
  const watts = Float64Array.from(run.conditions, ({ levels }) => powerIn(model, levels));
  const runSeconds = run.times[run.times.length - 1];
  const alignment = align(run, watts, measured);
  const nowhere = `the trace (${(measured.width * measured.count).toFixed(1)} s) resembles the run (${runSeconds.toFixed(1)} s) nowhere`;
  const advice = 'is it of this scenario, with this seed and duration, and does the stream play while it is recorded?';
  if (alignment === null)
    return { ok: false, problem: `${nowhere}: there is no second in which both change together; ${advice}` };
  if (alignment.correlation < LEAST_CORRELATION)
    return {
      ok: false,
      problem: `${nowhere}: their correlation is ${alignment.correlation.toFixed(2)} at best; ${advice}`,
    };
  const bins = binShares(run, measured, alignment);
  const seconds = bins.count * bins.width;
  if (seconds < LEAST_SECONDS)
    return { ok: false, problem: `the trace and the run overlap by ${seconds.toFixed(2)} s only; ${advice}` };
  const fitted = fitFigures(bins, run.conditions, model);
  const phases = differences(run, bins, model, watts, fitted.watts);
  const mean = (of: (phase: PhaseDifference) => number) =>
    phases.reduce((sum, phase) => sum + phase.seconds * of(phase), 0) / seconds;
  return {
    ok: true,
    comparison: {
      alignment,
      bins,
      watts,
      seconds,
      run: mean((phase) => phase.run),
      measured: mean((phase) => phase.measured),
      proposed: mean((phase) => phase.proposed),
      phases,
      fit: fitted,
    },
  };
}

/** A bin that several phases share is divided as the run divides its energy. */
function differences(
  run: RunTrace,
  { count, width, measured, offsets, conditions, shares }: BinShares,
  model: PowerModel,
  watts: Float64Array,
  proposed: Float64Array,
): readonly PhaseDifference[] {
  const { phases, of } = phasesOf(run, model);
  const sums = phases.map(() => ({ seconds: 0, run: 0, measured: 0, proposed: 0 }));
  for (let bin = 0; bin < count; bin++) {
    let power = 0;
    for (let entry = offsets[bin]; entry < offsets[bin + 1]; entry++) power += shares[entry] * watts[conditions[entry]];
    for (let entry = offsets[bin]; entry < offsets[bin + 1]; entry++) {
      const condition = conditions[entry];
      const sum = sums[of[condition]];
      const span = shares[entry] * width;
      sum.seconds += span;
      sum.run += span * watts[condition];
      sum.proposed += span * proposed[condition];
      sum.measured += power > 0 ? (measured[bin] * span * watts[condition]) / power : measured[bin] * span;
    }
  }
  return phases
    .flatMap((phase, at) => {
      const { seconds, ...energy } = sums[at];
      if (seconds === 0) return [];
      return [
        {
          ...phase,
          seconds,
          run: energy.run / seconds,
          measured: energy.measured / seconds,
          proposed: energy.proposed / seconds,
          difference: energy.measured - energy.run,
        },
      ];
    })
    .sort((a, b) => Math.abs(b.difference) - Math.abs(a.difference));
}
