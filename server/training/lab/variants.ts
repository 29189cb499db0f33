// Which networks the lab trains for a task: gates in several places, and a sweep of the loss's weights.
import { ARRANGEMENTS, type Arrangement } from '../tasks/task.ts';

export interface Variant {
  readonly arrangement: Arrangement;
  /** The same at every gate. */
  readonly alpha: number;
  readonly beta: number;
  readonly seed: number;
}

/** Of the table of arrangements. */
export const ALPHA = 1;
export const BETA = 0.1;
export const ALPHAS = [0.3, 1, 3] as const;
export const BETAS = [0, 0.1, 0.5] as const;
/** What the sweep of α and β is made with. */
export const SWEPT: Arrangement = 'two';

export const isSame = (a: Variant, b: Omit<Variant, 'seed'>): boolean =>
  a.arrangement === b.arrangement && (a.arrangement === 'none' || (a.alpha === b.alpha && a.beta === b.beta));

/** How many of the seeds the sweep is made with: the first third, and one at least. */
export const sweptSeeds = (seeds: number): number => Math.max(1, Math.floor(seeds / 3));

/** Each once, seeds outermost, so that a lab that is stopped has whole seeds. */
export function variantsOf(seeds: number, swept: boolean): readonly Variant[] {
  const one = (seed: number): Variant[] => {
    const arrangements = ARRANGEMENTS.map((arrangement) => ({ arrangement, alpha: ALPHA, beta: BETA, seed }));
    const sweep =
      !swept || seed >= sweptSeeds(seeds)
        ? []
        : ALPHAS.flatMap((alpha) => BETAS.map((beta) => ({ arrangement: SWEPT, alpha, beta, seed })));
    return [...arrangements, ...sweep.filter((variant) => !arrangements.some((other) => isSame(variant, other)))];
  };
  return Array.from({ length: seeds }, (_, seed) => one(seed)).flat();
}
