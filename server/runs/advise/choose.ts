// The cheapest thresholds that meet a budget. Quality comes from the scores, for every vector; energy from the simulated device, for those that could be cheapest:
// a gate that lets less through costs less, so that a vector that could be raised somewhere and still meet the budget need not be tried. (A higher gate could
// also cut one stretch of windows in two, with a wake more: so the neighbours below the one that is found are tried in the end.)

import { breathe, type Stoppable } from '../../breathe.ts';
import { type Screened, undominated } from './search.ts';
import type { Trial } from './trial.ts';

export interface Budget {
  readonly missRate: number;
  readonly falseAcceptsPerHour: number;
}

/** `shown`: both bounds are within the budget. `measured`: only the figures are. `unmet`: not even they, of any vector; this one comes nearest. */
export type Standing = 'shown' | 'measured' | 'unmet';

/** Vectors that are simulated at most for a standing, those that ask for least inference first: more come up where the device does worse than their scores. */
const MOST_TRIES = 200;

export interface Choice {
  readonly standing: Standing;
  readonly trial: Trial;
  /** Vectors that the scores alone put within the budget, at this standing. */
  readonly candidates: number;
  /** Vectors whose energy was simulated. */
  readonly tried: number;
  /** Not all were tried that could be the cheapest: the device did worse with many than their scores. */
  readonly gaveUp: boolean;
}

type Quality = Pick<Trial, 'missRate' | 'falseAcceptsPerHour'>;

export const isShown = ({ missRate, falseAcceptsPerHour }: Quality, budget: Budget): boolean =>
  missRate.upper <= budget.missRate && falseAcceptsPerHour.upper <= budget.falseAcceptsPerHour;

export const isMeasured = ({ missRate, falseAcceptsPerHour }: Quality, budget: Budget): boolean =>
  missRate.value <= budget.missRate && falseAcceptsPerHour.value <= budget.falseAcceptsPerHour;

export const standingOf = (quality: Quality, budget: Budget): Standing =>
  isShown(quality, budget) ? 'shown' : isMeasured(quality, budget) ? 'measured' : 'unmet';

/** A vector as the device has it; its bounds, if some are to be spared, those that it is chosen by. */
export interface Tried {
  readonly trial: Trial;
  readonly quality: Quality;
}

export interface Trials extends Stoppable {
  /** By the scores alone, bounds by sources included: quick. */
  readonly quality: (vector: readonly number[]) => Quality;
  /** On the device: slow. */
  readonly simulate: (vector: readonly number[]) => Promise<Tried>;
  readonly grid: ReadonlyArray<readonly number[]>;
  readonly progress: (tried: number) => void;
}

/**
 * @param screened every vector, its bounds no higher than they are
 * @param spare where nothing can be shown, what meets the budget with so many times the errors goes first
 */
export async function choose(
  screened: readonly Screened[],
  budget: Budget,
  trials: Trials,
  spare = 1,
): Promise<Choice> {
  const known = new Map<string, Promise<Tried>>();
  const simulate = (vector: readonly number[]): Promise<Tried> => {
    const key = vector.join();
    const trial = known.get(key) ?? trials.simulate(vector);
    if (!known.has(key)) trials.progress(known.set(key, trial).size);
    return trial;
  };
  const couldBeShown = screened.filter(
    ({ missUpper, falseAcceptsUpper }) =>
      missUpper <= budget.missRate && falseAcceptsUpper <= budget.falseAcceptsPerHour,
  );
  const couldBeMeasured = screened.filter(
    ({ missRate, falseAcceptsPerHour }) =>
      missRate <= budget.missRate && falseAcceptsPerHour <= budget.falseAcceptsPerHour,
  );
  const spared = { missRate: budget.missRate / spare, falseAcceptsPerHour: budget.falseAcceptsPerHour / spare };
  let gaveUp = false;
  for (const [standing, candidates, fits] of [
    ['shown', couldBeShown, (quality: Quality) => isShown(quality, budget)],
    ['measured', couldBeMeasured, (quality: Quality) => isMeasured(quality, spared)],
    ['measured', couldBeMeasured, (quality: Quality) => isMeasured(quality, budget)],
  ] as const) {
    const { trial, gaveUp: isCut } = await cheapest(candidates, fits, { ...trials, simulate });
    gaveUp ||= isCut;
    if (trial !== null) return { standing, trial, candidates: candidates.length, tried: known.size, gaveUp };
  }
  const excess = ({ missRate, falseAcceptsPerHour }: Screened) =>
    Math.max(missRate / budget.missRate, falseAcceptsPerHour / budget.falseAcceptsPerHour);
  const nearest = screened.reduce((a, b) => (excess(b) < excess(a) ? b : a));
  return { standing: 'unmet', trial: (await simulate(nearest.vector)).trial, candidates: 0, tried: known.size, gaveUp };
}

async function cheapest(
  candidates: readonly Screened[],
  fits: (quality: Quality) => boolean,
  trials: Pick<Trials, 'quality' | 'simulate' | 'grid' | 'stop'>,
): Promise<{ readonly trial: Trial | null; readonly gaveUp: boolean }> {
  let left: readonly Screened[] = await fitting(candidates, ({ vector }) => fits(trials.quality(vector)), trials);
  const found = new Map<Screened, Trial>();
  // What the device makes of a vector may be worse than its scores: then those below it come up.
  for (let tries = 0; tries < MOST_TRIES; ) {
    const untried = undominated(left)
      .filter((one) => !found.has(one))
      .sort((a, b) => a.joules - b.joules)
      .slice(0, MOST_TRIES - tries);
    if (untried.length === 0) break;
    tries += untried.length;
    for (const one of untried) {
      const { trial, quality } = await trials.simulate(one.vector);
      if (fits(quality)) found.set(one, trial);
      else left = left.filter((other) => other !== one);
    }
  }
  const gaveUp = undominated(left).some((one) => !found.has(one));
  const [first, ...others] = found.values();
  if (first === undefined) return { trial: null, gaveUp };
  const best = others.reduce((best, trial) => (isCheaper(trial, best) ? trial : best), first);
  return { trial: await descend(best, fits, trials), gaveUp };
}

/** Filters many, and lets others have their turn. */
async function fitting<T>(of: readonly T[], fits: (one: T) => boolean, stoppable: Stoppable): Promise<readonly T[]> {
  const found: T[] = [];
  for (const [index, one] of of.entries()) {
    if (index % 100 === 99) await breathe(stoppable);
    if (fits(one)) found.push(one);
  }
  return found;
}

/** From neighbour to neighbour, one step lower at one gate, as long as it gets cheaper. */
async function descend(
  from: Trial,
  fits: (quality: Quality) => boolean,
  trials: Pick<Trials, 'quality' | 'simulate' | 'grid'>,
): Promise<Trial> {
  const { quality, simulate, grid } = trials;
  let best = from;
  for (const stage of grid.keys()) {
    const lower = grid[stage].findLast((threshold) => threshold < from.thresholds[stage]);
    if (lower === undefined) continue;
    const vector = from.thresholds.with(stage, lower);
    if (!fits(quality(vector))) continue;
    const { trial, quality: tried } = await simulate(vector);
    if (fits(tried) && isCheaper(trial, best)) best = trial;
  }
  return best === from ? best : descend(best, fits, trials);
}

const isCheaper = (one: Trial, other: Trial): boolean =>
  one.milliwatts < other.milliwatts ||
  (one.milliwatts === other.milliwatts && one.missRate.value < other.missRate.value);
