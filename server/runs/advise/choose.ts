// The cheapest thresholds that meet a budget. Quality comes from the scores, for every vector; energy from the simulated device, for those that could be cheapest:
// a gate that lets less through costs less, so that a vector that could be raised somewhere and still meet the budget need not be tried. (A higher gate could
// also cut one stretch of windows in two, with a wake more: so the neighbours below the one that is found are tried in the end.)

import { breathe, type Stoppable } from '../../breathe.ts';
import { NO_ROOM, type Room } from './bounds.ts';
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
/** From all the room down to none, in so many steps. */
const STEPS = 8;

export interface Choice {
  readonly standing: Standing;
  readonly trial: Trial;
  /** What was left. */
  readonly room: Room;
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

/** What would be said of a vector if it went wrong so many times as often. */
export type QualityWith = (room: Room) => Quality;

export interface Trials extends Stoppable {
  /** By the scores alone, bounds by sources included: quick. */
  readonly quality: (vector: readonly number[]) => QualityWith;
  /** On the device: slow. */
  readonly simulate: (vector: readonly number[]) => Promise<{ readonly trial: Trial; readonly quality: QualityWith }>;
  readonly grid: ReadonlyArray<readonly number[]>;
  readonly progress: (tried: number) => void;
}

/**
 * @param screened every vector
 * @param could which of them may be shown to meet the budget with so much room
 * @param most the room to leave; where no vector has it, less and less
 */
export async function choose(
  screened: readonly Screened[],
  could: (room: Room) => (one: Screened) => boolean,
  budget: Budget,
  trials: Trials,
  most: Room = NO_ROOM,
): Promise<Choice> {
  const known = new Map<string, ReturnType<Trials['simulate']>>();
  const simulate: Trials['simulate'] = (vector) => {
    const key = vector.join();
    const trial = known.get(key) ?? trials.simulate(vector);
    if (!known.has(key)) trials.progress(known.set(key, trial).size);
    return trial;
  };
  let gaveUp = false;
  for (const standing of ['shown', 'measured'] as const) {
    let tries = MOST_TRIES;
    for (const room of lessAndLess(most)) {
      const least = {
        missRate: budget.missRate / room.misses,
        falseAcceptsPerHour: budget.falseAcceptsPerHour / room.accepts,
      };
      const candidates = screened.filter(
        standing === 'shown'
          ? could(room)
          : ({ missRate, falseAcceptsPerHour }) =>
              missRate <= least.missRate && falseAcceptsPerHour <= least.falseAcceptsPerHour,
      );
      if (candidates.length === 0) continue;
      const fits = (quality: QualityWith) =>
        standing === 'shown' ? isShown(quality(room), budget) : isMeasured(quality(room), least);
      const found = await cheapest(candidates, fits, { ...trials, simulate }, tries);
      gaveUp ||= found.gaveUp;
      tries -= found.tries;
      if (found.trial !== null)
        return { standing, trial: found.trial, room, candidates: candidates.length, tried: known.size, gaveUp };
    }
  }
  const excess = ({ missRate, falseAcceptsPerHour }: Screened) =>
    Math.max(missRate / budget.missRate, falseAcceptsPerHour / budget.falseAcceptsPerHour);
  const nearest = screened.reduce((a, b) => (excess(b) < excess(a) ? b : a));
  const { trial } = await simulate(nearest.vector);
  return { standing: 'unmet', trial, room: NO_ROOM, candidates: 0, tried: known.size, gaveUp };
}

function lessAndLess({ misses, accepts }: Room): readonly Room[] {
  if (misses === 1 && accepts === 1) return [NO_ROOM];
  return Array.from({ length: STEPS + 1 }, (_, step) => {
    const share = 1 - step / STEPS;
    return { misses: 1 + (misses - 1) * share, accepts: 1 + (accepts - 1) * share };
  });
}

interface Found {
  readonly trial: Trial | null;
  readonly tries: number;
  readonly gaveUp: boolean;
}

async function cheapest(
  candidates: readonly Screened[],
  fits: (quality: QualityWith) => boolean,
  trials: Pick<Trials, 'quality' | 'simulate' | 'grid' | 'stop'>,
  most: number,
): Promise<Found> {
  let left: readonly Screened[] = await fitting(candidates, ({ vector }) => fits(trials.quality(vector)), trials);
  const found = new Map<Screened, Trial>();
  // What the device makes of a vector may be worse than its scores: then those below it come up.
  let tries = 0;
  while (tries < most) {
    const untried = undominated(left)
      .filter((one) => !found.has(one))
      .sort((a, b) => a.joules - b.joules)
      .slice(0, most - tries);
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
  if (first === undefined) return { trial: null, tries, gaveUp };
  const best = others.reduce((best, trial) => (isCheaper(trial, best) ? trial : best), first);
  return { trial: await descend(best, fits, trials), tries, gaveUp };
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
  fits: (quality: QualityWith) => boolean,
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
