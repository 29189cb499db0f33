// Slow and steady, or race to idle: one stage's core at each of its operating points and with each set of power states, over the same scores.

import type { LabelledEvent } from '../../simulator/judge.ts';
import type { Plan } from '../../simulator/plan.ts';
import { compile } from '../compile/compile.ts';
import type { Compiled } from '../compile/request.ts';
import { type Parts, partsOf } from '../core-parts.ts';
import type { DeviceProfile } from '../files/device-profile.ts';
import { InputProblem, Refusal } from '../files/problem.ts';
import type { RunRequest } from '../process/messages.ts';
import { openRun, type RunEngine } from '../simulate/engine.ts';
import { replay } from '../simulate/replay.ts';
import { periodicEnergy } from './periodic.ts';

export interface Contender {
  readonly operatingPoint: string;
  /** Those it may enter, the shallowest first. */
  readonly powerStates: readonly string[];
  /** As the power profile has it. */
  readonly isPresent: boolean;
}

export interface Result extends Contender {
  /** Milliseconds of work on one window. */
  readonly busy: number;
  /** Windows that the stage worked on in the run. */
  readonly windows: number;
  /** Joules of the core in the run, at its rail. */
  readonly joules: Parts;
  /** Mean watts of the device, at the battery. */
  readonly device: number;
  readonly lifeHours: number;
  readonly dropped: number;
  readonly missed: number;
  readonly falseAccepts: number;
  readonly p95Milliseconds: number | null;
}

export interface Periodic extends Contender {
  /** Joules a window, for each of the study's periods; null where it cannot keep up. */
  readonly perWindow: ReadonlyArray<Parts | null>;
}

export interface RaceStudy {
  readonly scenario: string;
  readonly device: string;
  readonly powerProfile: string;
  readonly seed: number;
  readonly simulatedSeconds: number;
  readonly stage: string;
  readonly core: string;
  /** Other stages, and the work after a detection, that the same core does. */
  readonly sharedWith: readonly string[];
  readonly results: readonly Result[];
  readonly refused: ReadonlyArray<{ readonly contender: Contender; readonly reason: string }>;
  /** Seconds from window to window. */
  readonly periods: readonly number[];
  readonly periodic: readonly Periodic[];
}

/** More sets of power states than these are not tried one by one: with more states, each depth alone. */
const MOST_DEEPER_STATES = 3;
const PERIODS = [0.1, 1, 10, 60];

/** @param progress told what is done @throws {InputProblem} @throws the reason of `stop`, once it is asked for */
export async function race(
  request: RunRequest,
  stage: string,
  progress: (text: string) => void = () => {},
  stop?: AbortSignal,
): Promise<RaceStudy> {
  const engine = await openRun(request, stop);
  try {
    return await study(engine, stage, progress, stop);
  } finally {
    engine.close();
  }
}

async function study(
  engine: RunEngine,
  name: string,
  progress: (text: string) => void,
  stop?: AbortSignal,
): Promise<RaceStudy> {
  const { loaded, compiled, powerProfile, windows } = engine;
  const { plan } = compiled;
  const number = plan.stages.findIndex((candidate) => candidate.name === name);
  if (number < 0)
    throw new InputProblem(
      `${loaded.scenario.at('cascade')}: there is no stage "${name}"; there are ${plan.stages.map((each) => each.name).join(', ')}`,
    );
  const { core } = plan.stages[number];
  const device = loaded.device.value;
  const profile = device.cores[core];
  if (profile.operatingPoints.length < 2)
    throw new InputProblem(
      `${loaded.device.at('cores', core, 'operatingPoints')}: core ${profile.name}, where stage ${name} runs, has one operating point, ${profile.operatingPoints[0].name}, so there is nothing to race; add another with its clock, activePower, idlePower (its clock gated) and throughput, each from the same table as this one's, or put the stage on another core`,
    );
  const contenders = contendersOf(device, powerProfile, core, plan);
  const variants = contenders.map((contender) => ({
    contender,
    compiled: compileFor(engine, contender, profile.name),
  }));

  let horizon = 0;
  while (await engine.score()) {
    horizon = engine.trace.chunks.length;
    progress(`scored ${horizon} stretches of about ${Math.ceil(windows / 3000)}`);
  }
  const results: Result[] = [];
  for (const { contender, compiled } of variants) {
    if (compiled instanceof Refusal) continue;
    progress(`simulating ${contender.operatingPoint} with ${contender.powerStates.join(', ')}`);
    results.push(await resultOf(engine, engine.events, contender, compiled, number, stop));
  }
  const hop = plan.hop / 1e9;
  const mean = results.length === 0 ? 0 : engine.duration / 1e9 / Math.max(1, results[0].windows);
  const periods = [...new Set([hop, ...PERIODS, ...(mean > hop ? [Number(mean.toPrecision(3))] : [])])].sort(
    (a, b) => a - b,
  );
  const triggered = plan.trigger.work?.core === core ? ['the work after a detection'] : [];
  return {
    scenario: loaded.path.replace(/^.*[\\/]/, '').replace(/\.ya?ml$/, ''),
    device: loaded.scenario.value.device,
    powerProfile,
    seed: engine.seed,
    simulatedSeconds: engine.duration / 1e9,
    stage: name,
    core: profile.name,
    sharedWith: [
      ...plan.stages.flatMap((each, at) => (each.core === core && at !== number ? [each.name] : [])),
      ...triggered,
    ],
    results,
    refused: variants.flatMap(({ contender, compiled }) =>
      compiled instanceof Refusal
        ? [{ contender, reason: compiled.reasons.map(({ reason }) => reason).join('; ') }]
        : [],
    ),
    periods,
    periodic: variants.flatMap(({ contender, compiled }) =>
      compiled instanceof Refusal ? [] : [{ ...contender, perWindow: periodicOf(compiled.plan, number, periods) }],
    ),
  };
}

/** Every operating point with every set of the power states that the profile permits. */
function contendersOf(device: DeviceProfile, powerProfile: string, core: number, plan: Plan): readonly Contender[] {
  const { name, operatingPoints, powerStates } = device.cores[core];
  const policy = device.powerProfiles.find((candidate) => candidate.name === powerProfile)?.cores[name];
  const { permitted } = plan.policies[plan.startPolicy].cores[core];
  const [shallow, ...deeper] = powerStates.flatMap((state, index) =>
    index === 0 || permitted[index] ? [state.name] : [],
  );
  const sets = deeper.length <= MOST_DEEPER_STATES ? subsets(deeper) : [[], ...deeper.map((state) => [state])];
  return sets.flatMap((set) =>
    operatingPoints.map((point) => ({
      operatingPoint: point.name,
      powerStates: [shallow, ...set],
      isPresent: point.name === policy?.operatingPoint && set.length === deeper.length,
    })),
  );
}

const subsets = ([first, ...rest]: readonly string[]): readonly (readonly string[])[] =>
  first === undefined ? [[]] : subsets(rest).flatMap((set) => [set, [first, ...set]]);

/** The power profile with this core so, and without rules that would leave it. */
function compileFor(engine: RunEngine, contender: Contender, core: string): Compiled | Refusal {
  const { compileRequest, powerProfile } = engine;
  const { device } = compileRequest;
  const powerProfiles = device.powerProfiles.map((profile) => {
    const policy = profile.cores[core];
    if (profile.name !== powerProfile || policy === undefined) return profile;
    const { operatingPoint, powerStates } = contender;
    return {
      ...profile,
      rules: [],
      cores: { ...profile.cores, [core]: { ...policy, operatingPoint, powerStates: [...powerStates] } },
    };
  });
  try {
    return compile({ ...compileRequest, device: { ...device, powerProfiles } });
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

async function resultOf(
  engine: RunEngine,
  events: readonly LabelledEvent[],
  contender: Contender,
  { plan }: Compiled,
  stage: number,
  stop?: AbortSignal,
): Promise<Result> {
  const { day, tally } = await replay(plan, events, engine.duration, engine.trace.chunks, undefined, stop);
  const { simulator } = day;
  const { core, work } = plan.stages[stage];
  const { operatingPoint } = plan.policies[plan.startPolicy].cores[core];
  const judged = simulator.judge.state;
  return {
    ...contender,
    busy: work[operatingPoint].reduce((sum, phase) => sum + phase.duration, 0) / 1e6,
    windows: simulator.cores[core].state.jobs[stage],
    joules: partsOf(simulator, core, plan.cores[core]),
    device: simulator.supply.at(simulator.now).delivered / (simulator.now / 1e9),
    lifeHours: day.life(engine.startSoc).hours,
    dropped: simulator.state.counts.reduce((sum, count) => sum + count.dropped, 0),
    missed: judged.events - judged.truePositives,
    falseAccepts: judged.falseAccepts,
    p95Milliseconds: tally.latency.summary().p95,
  };
}

function periodicOf(plan: Plan, stage: number, periods: readonly number[]): ReadonlyArray<Parts | null> {
  const { core, work } = plan.stages[stage];
  const policy = plan.policies[plan.startPolicy].cores[core];
  const phases = work[policy.operatingPoint];
  const whole = { level: phases[0].level, duration: phases.reduce((sum, { duration }) => sum + duration, 0) };
  const known = core === plan.sensor.core;
  return periods.map((period) => periodicEnergy(plan.cores[core], policy, whole, Math.round(period * 1e9), known));
}
