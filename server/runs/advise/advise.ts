// Thresholds one can defend: chosen on some recordings, confirmed on others, with what the claim rests on.

import { breathe } from '../../breathe.ts';
import { lowestOpening } from '../../simulator/gate.ts';
import { lengthsOf } from '../../streams/sense.ts';
import { InputProblem } from '../files/problem.ts';
import { type LoadedScenario, loadScenario } from '../load.ts';
import type { RunRequest } from '../process/messages.ts';
import { ScoringPool } from '../scoring/pool.ts';
import { type PreparedRun, prepareLoaded, scoringJob } from '../simulate/engine.ts';
import { ScoreTrace } from '../what-if/trace.ts';
import { type Room, roomIn } from './bounds.ts';
import { type Budget, choose, type Standing, standingOf, type Trials } from './choose.ts';
import { dealHalves, layersOf, Undivided, withRecordings } from './divide.ts';
import { countsOf, exposureOf, falseAcceptWeights } from './exposure.ts';
import { finalistsOf, firstRemembering, heardChunks, reachTables } from './finalists.ts';
import { frontier, spread, unbeaten } from './frontier.ts';
import { thresholdGrid } from './grid.ts';
import { cascadeLines, whatIfOptions } from './paste.ts';
import { type RestsOn, restsOn } from './rests-on.ts';
import { couldBeShown, heardWith, Passage, type Screened, type SearchSpace, screen } from './search.ts';
import { readSources, type Sources } from './sources.ts';
import { bounded, changesOf, lifeWith, type ScoredStream, type Trial, tryAsIs, tryThresholds } from './trial.ts';

export interface AdviceRequest
  extends Pick<RunRequest, 'scenario' | 'seed' | 'durationSeconds' | 'powerProfile' | 'startSoc' | 'threads'> {
  readonly budget: Budget;
  /** Choose as if it went wrong so many times as often, or as many as the recordings give: room for those that confirm. One when left out. */
  readonly spare?: number;
  /** Path of another scenario, whose recordings choose; all of the first one's then confirm. */
  readonly chooseOn?: string;
}

/** What one half of the recordings, or one of two scenarios, says. */
export interface Half {
  /** Recordings that are taken for a source of their own, since nothing says otherwise. */
  readonly unnamedSources: number;
  readonly restsOn: RestsOn;
  readonly chosen: Trial;
  /** With the thresholds that the scenario has. */
  readonly asIs: Trial;
}

export interface Advice {
  readonly scenario: string;
  readonly device: string;
  readonly powerProfile: string;
  readonly seed: number;
  readonly simulatedSeconds: number;
  readonly budget: Budget;
  /** The room that was asked for, and what was left of it. */
  readonly spare: number;
  readonly room: Room;
  readonly stages: readonly string[];
  /** What the search was over. */
  readonly grid: ReadonlyArray<readonly number[]>;
  readonly vectors: number;
  readonly candidates: number;
  readonly tried: number;
  /** Not all were tried that could be the cheapest: the device did worse with many than their scores. */
  readonly gaveUp: boolean;
  /** What can be said of the budget: `shown` by what confirms, whatever little chose; else the lesser of how it stands on both. */
  readonly standing: Standing;
  readonly choosing: Half & { readonly standing: Standing };
  readonly confirming: Half & { readonly standing: Standing };
  /** Of the battery, in the confirming stream; null: for ever. */
  readonly lifeHours: { readonly chosen: number | null; readonly asIs: number | null };
  /** By rising misses, in the choosing stream. */
  readonly frontier: readonly Trial[];
  /** The chosen thresholds for a what-if, and for the scenario's file. */
  readonly set: string;
  readonly yaml: readonly string[];
  readonly scoringSeconds: number;
  readonly searchSeconds: number;
}

export type AdviceProgress = (step: 'scoring' | 'searching' | 'simulating' | 'confirming', share: number) => void;

/** A frontier is shown by so many of its vectors, or a few less. */
const FRONTIER_LINES = 14;
/** Nobody wants to see what misses more. */
const WORST_MISSES = 0.5;
/** Asked for when nothing is said: the same recordings for longer tell little more. */
const DAY = 86_400;
/** A score trace holds no more. */
const MOST_DAYS = 4;

/** @throws {InputProblem} @throws the reason of `stop`, once it is asked for */
export async function advise(request: AdviceRequest, progress: AdviceProgress, stop?: AbortSignal): Promise<Advice> {
  const began = performance.now();
  const { budget, spare = 1 } = request;
  const halves = await halvesOf(request);
  const { duration } = halves.choosing.loaded.scenario.value;
  const durationSeconds = request.durationSeconds ?? Math.min(DAY, duration);
  if (durationSeconds > MOST_DAYS * DAY)
    throw new InputProblem(`scores are kept for four days; ask for no more with --duration`);
  const runRequest: RunRequest = { ...request, durationSeconds, speed: 'max', baseline: false };
  const run = await prepareLoaded(halves.choosing.loaded, runRequest);
  const { plan } = run.compiled;
  const own = plan.policies[plan.startPolicy].thresholds;
  const grid = thresholdGrid(own);
  const lowest = grid.map(([threshold]) => threshold);
  const stream = await scored(
    run,
    halves.choosing.sources,
    floorsOf(run, lowest),
    (share) => progress('scoring', share),
    stop,
  );
  const scoredAt = performance.now();

  const space = spaceOf(stream, grid, lowest);
  const screened = await screenAll(space, (share) => progress('searching', share), stop);
  const trials: Trials = {
    stop,
    grid,
    quality: qualityByScores(space, run.seed),
    simulate: async (vector) => {
      const { trial, counts } = await tryThresholds(stream, vector, stop);
      return { trial, quality: (room) => bounded(stream.exposure, counts, run.seed, room) };
    },
    // How many there will be is not known.
    progress: (tried) => progress('simulating', 1 - 1 / (1 + tried / 20)),
  };
  const could = (room: Room) => couldBeShown(space.exposure, budget, room);
  const { most } = falseAcceptWeights(space.exposure);
  const room = roomIn(space.exposure.takes.size, most, budget.missRate, budget.falseAcceptsPerHour, spare);
  const choice = await choose(screened, could, budget, trials, room);
  const lines: Trial[] = [];
  const shown = spread(frontier(screened.filter(({ missRate }) => missRate <= WORST_MISSES)), FRONTIER_LINES);
  for (const [index, { vector }] of shown.entries()) {
    progress('simulating', index / shown.length);
    lines.push((await tryThresholds(stream, vector, stop)).trial);
  }
  const choosing = { ...(await halfOf(stream, choice.trial, budget)), standing: choice.standing };
  const searchedAt = performance.now();

  // From here on nothing is chosen any more.
  const other = await prepareLoaded(halves.confirming.loaded, runRequest);
  const { thresholds } = choice.trial;
  const stages = plan.stages.map(({ name }) => name);
  const floors = floorsOf(
    other,
    thresholds.map((threshold, stage) => Math.min(threshold, own[stage])),
  );
  const fresh = await scored(other, halves.confirming.sources, floors, (share) => progress('confirming', share), stop);
  const confirmed = await halfOf(fresh, (await tryThresholds(fresh, thresholds, stop)).trial, budget);
  const confirming = { ...confirmed, standing: standingOf(confirmed.chosen, budget) };
  return {
    scenario: halves.confirming.loaded.path.replace(/^.*[\\/]/, '').replace(/\.ya?ml$/, ''),
    device: run.loaded.scenario.value.device,
    powerProfile: run.powerProfile,
    seed: run.seed,
    simulatedSeconds: run.duration / 1e9,
    budget,
    spare,
    room: choice.room,
    stages,
    grid,
    vectors: screened.length,
    candidates: choice.candidates,
    tried: choice.tried,
    gaveUp: choice.gaveUp,
    standing:
      confirming.standing === 'shown'
        ? 'shown'
        : (ORDER.find((one) => one === confirming.standing || one === choosing.standing) ?? 'unmet'),
    choosing,
    confirming,
    lifeHours: { chosen: await lifeWith(fresh, changesOf(other, thresholds)), asIs: await lifeWith(fresh, []) },
    frontier: unbeaten(lines),
    set: whatIfOptions(stages, thresholds),
    yaml: cascadeLines(halves.confirming.loaded, thresholds),
    scoringSeconds: (scoredAt - began) / 1e3,
    searchSeconds: (searchedAt - scoredAt) / 1e3,
  };
}

/** Vectors that hear the same share one answer. */
function qualityByScores(space: SearchSpace, seed: number): Trials['quality'] {
  const { exposure } = space;
  const passage = new Passage(space);
  const known = new Map<string, ReturnType<typeof bounded>>();
  return (vector) => {
    const { missed, falseAccepts } = heardWith(space, passage, vector);
    return (room) => {
      const key = `${room.misses} ${room.accepts} ${missed} ${falseAccepts}`;
      const causes = falseAccepts.map((time) => exposure.causeAt(time));
      const quality = known.get(key) ?? bounded(exposure, countsOf(exposure, missed, causes), seed, room);
      known.set(key, quality);
      return quality;
    };
  };
}

/** The lowest scores with which windows may pass gates of these thresholds, whatever came before them. */
const floorsOf = ({ compiled }: PreparedRun, thresholds: readonly number[]): readonly number[] =>
  compiled.plan.stages.map(({ gate }, stage) =>
    gate === undefined ? thresholds[stage] : lowestOpening(gate, thresholds[stage]),
  );

/** From the least that can be said on. */
const ORDER: readonly Standing[] = ['unmet', 'measured'];

interface Part {
  readonly loaded: LoadedScenario;
  readonly sources: Sources;
}

/** What chooses and what confirms. @throws {InputProblem} */
async function halvesOf({ scenario, chooseOn, seed }: AdviceRequest): Promise<{ choosing: Part; confirming: Part }> {
  const loaded = await loadScenario(scenario);
  const sources = readSources(loaded);
  if (chooseOn !== undefined) {
    const other = await loadScenario(chooseOn);
    const part = {
      loaded: { ...loaded, path: other.path, recordings: other.recordings, stream: other.stream },
      sources: readSources(other),
    };
    const { detect } = loaded.scenario.value;
    if (!other.stream.events.some(({ label }) => label === detect))
      throw new InputProblem(
        `${chooseOn}: no event of its stream has the label "${detect}", which ${scenario} detects`,
      );
    if (other.stream.sampleRate !== loaded.stream.sampleRate)
      throw new InputProblem(
        `${chooseOn}: its device hears ${other.stream.sampleRate} Hz, that of ${scenario} ${loaded.stream.sampleRate} Hz`,
      );
    const known = new Set(sources.of);
    const shared = [...new Set(part.sources.of)].filter((source) => known.has(source));
    if (shared.length > 0)
      throw new InputProblem(
        `${chooseOn} and ${scenario} share ${shared.slice(0, 5).join(', ')}${shared.length > 5 ? ` and ${shared.length - 5} more` : ''}: what chooses cannot confirm; take them out of one`,
      );
    return { choosing: part, confirming: { loaded, sources } };
  }
  try {
    const confirms = dealHalves(layersOf(loaded), sources.of, seed ?? loaded.scenario.value.seed);
    const half = (wanted: boolean): Part => {
      const keep = (recording: number) => confirms[recording] === wanted;
      const unnamed = loaded.recordings.filter(({ path }, index) => keep(index) && sources.of[index] === path).length;
      return {
        loaded: withRecordings(loaded, keep),
        sources: { of: sources.of.filter((_, index) => keep(index)), unnamed },
      };
    };
    return { choosing: half(false), confirming: half(true) };
  } catch (error) {
    if (!(error instanceof Undivided)) throw error;
    throw new InputProblem(
      `${scenario}: ${error.message}; add recordings, or name a scenario of others with --choose-on`,
    );
  }
}

/** @param floors by stage: windows that score lower go no further */
async function scored(
  run: PreparedRun,
  sources: Sources,
  floors: readonly number[],
  progress: (share: number) => void,
  stop?: AbortSignal,
): Promise<ScoredStream> {
  const trace = new ScoreTrace(floors);
  const pool = new ScoringPool(scoringJob(run, floors), run.windows, run.threads, stop);
  try {
    for (let chunk = await pool.next(); chunk !== null; chunk = await pool.next()) {
      trace.add(chunk);
      progress(trace.windows / run.windows);
    }
  } finally {
    pool.close();
  }
  const { schedule, sense, duration, loaded } = run;
  const { detect } = loaded.scenario.value;
  const exposure = exposureOf(
    { plan: loaded.stream, schedule, lengths: lengthsOf(sense), duration, detect, sense: sense.kind },
    sources.of,
  );
  if (exposure.takes.size === 0)
    throw new InputProblem(`"${detect}" does not sound in ${duration / 1e9} s; ask for more with --duration`);
  return { run, trace, exposure, unnamedSources: sources.unnamed };
}

function spaceOf(
  { run, trace, exposure }: ScoredStream,
  grid: SearchSpace['grid'],
  lowest: readonly number[],
): SearchSpace {
  const { plan, joulesPerInference } = run.compiled;
  const remembering = firstRemembering(plan.stages);
  const chunks = heardChunks(trace.chunks, plan);
  return {
    finalists: finalistsOf(chunks, plan.hop, run.events, lowest, remembering),
    exposure,
    grid,
    stages: plan.stages,
    reach: reachTables(chunks, grid, remembering),
    joulesPerInference,
  };
}

async function screenAll(
  space: SearchSpace,
  progress: (share: number) => void,
  stop?: AbortSignal,
): Promise<readonly Screened[]> {
  const steps = screen(space);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    progress(step.value);
    await breathe({ stop });
  }
}

async function halfOf(stream: ScoredStream, chosen: Trial, budget: Budget): Promise<Half> {
  const { exposure, unnamedSources } = stream;
  return { unnamedSources, restsOn: restsOn(exposure, budget), chosen, asIs: (await tryAsIs(stream)).trial };
}
