// The same job without gates: the last model on every window. Simulated without inference (every window is scored zero, so nothing triggers) on an
// ideal supply, since it would drain the battery long before the day is over.

import { breathe } from '../../breathe.ts';
import type { Plan } from '../../simulator/plan.ts';
import type { ScoreChunk } from '../../simulator/scores.ts';
import { Simulator } from '../../simulator/simulator.ts';
import type { Nanoseconds } from '../../units.ts';
import { compile } from '../compile/compile.ts';
import type { Compiled } from '../compile/request.ts';
import { Refusal } from '../files/problem.ts';
import { falseAcceptBound, type Gate, missBound, strictest } from '../placements/matching.ts';
import type { SimulatedRun } from '../simulate/engine.ts';
import { batteryLife, hoursOf } from '../simulate/life.ts';
import type { QuietDay } from '../simulate/memo.ts';
import { stageCost } from '../stage-cost.ts';
import type { BaselineReport } from './report.ts';

const CHUNK = 3000;

interface Ungated {
  readonly core: string;
  readonly stage: string;
  readonly energyJoules: number;
  readonly computeJoules: number;
}

/** Why there is none. */
export interface NoBaseline {
  readonly reason: string;
}

/**
 * @param energyJoules that the device drew with its gates
 * @param compute joules of them that inferences took
 */
export async function simulateBaseline(
  engine: SimulatedRun,
  energyJoules: number,
  compute: number,
): Promise<BaselineReport | NoBaseline> {
  const { loaded, compiled } = engine;
  const device = loaded.device.value;
  // Of a run that was stopped, what it simulated.
  const windows = Math.floor(engine.simulator.now / compiled.plan.hop);
  const duration = (windows * compiled.plan.hop) as Nanoseconds;
  const last = loaded.stages[loaded.stages.length - 1];
  const reference = await ungated(engine, last.core, last.name, duration);
  if (typeof reference === 'string') return { reason: reference };
  const gates = gatesOf(engine);
  const able: Ungated[] = [reference];
  const refused: Array<BaselineReport['refused'][number]> = [];
  for (const [number, stage] of loaded.stages.entries()) {
    const reason = number === loaded.stages.length - 1 ? null : tooPoor(gates, number, stage.name);
    if (reason !== null) {
      refused.push({ core: 'any core', stage: stage.name, reason });
      continue;
    }
    for (const core of device.cores) {
      if (stage === last && core.name === last.core) continue;
      const result = await ungated(engine, core.name, stage.name, duration);
      if (typeof result === 'string') refused.push({ core: core.name, stage: stage.name, reason: result });
      else able.push(result);
    }
  }
  const best = able.reduce((a, b) => (b.energyJoules < a.energyJoules ? b : a));
  const seconds = duration / 1e9;
  const positive = engine.targets.reduce((sum, { start, end }) => sum + (end - start), 0) / loaded.stream.sampleRate;
  const gain = (more: number, less: number) => (less > 0 ? more / less : Number.POSITIVE_INFINITY);
  return {
    stage: last.name,
    core: last.core,
    energyJoules: reference.energyJoules,
    computeJoules: reference.computeJoules,
    lifeHours: lifeAt(reference.energyJoules / seconds, engine),
    quality: matchedQuality(gates),
    gainCompute: gain(reference.computeJoules, compute),
    gainDevice: gain(reference.energyJoules, energyJoules),
    context: {
      positiveRate: positive / (engine.duration / 1e9),
      picojoulesPerMac: compiled.picojoulesPerMac,
      floorMilliwatts: await floorOf(engine),
    },
    bestSingleCore: {
      core: best.core,
      stage: best.stage,
      energyJoules: best.energyJoules,
      gainCompute: gain(best.computeJoules, compute),
      gainDevice: gain(best.energyJoules, energyJoules),
    },
    refused,
  };
}

/** The cascade's gates, as the run's power profile sets them. */
const gatesOf = ({ loaded, compiled }: SimulatedRun): readonly Gate[] =>
  compiled.plan.policies[compiled.plan.startPolicy].thresholds.map((threshold, stage) => ({
    curve: loaded.models[stage].card.operatingCurve,
    threshold,
  }));

/** The verifier alone at the strictest threshold that misses no more than the cascade, on the labelled test set. */
function matchedQuality(gates: readonly Gate[]): BaselineReport['quality'] {
  const misses = missBound(gates);
  const accepts = falseAcceptBound(gates);
  const { curve } = gates[gates.length - 1];
  if (misses === null || accepts === null || curve === null) return null;
  const point = strictest(curve, misses);
  if (point === null) return null;
  const cascade = { missRate: misses, falseAcceptsPerHour: accepts };
  return { ...point, source: curve.source, cascade };
}

/** Why a model alone cannot do the cascade's job, null where it can: no threshold misses and accepts as little. */
function tooPoor(gates: readonly Gate[], number: number, name: string): string | null {
  const misses = missBound(gates);
  const accepts = falseAcceptBound(gates);
  const { curve } = gates[number];
  if (misses === null || accepts === null || curve === null)
    return `${name} has no operating curve in its card, so it is not known to be good enough alone`;
  const point = strictest(curve, misses);
  if (point !== null && point.falseAcceptsPerHour <= accepts) return null;
  const most = `the cascade at most ${percent(misses)} and ${accepts.toPrecision(3)} an hour`;
  return point === null
    ? `${name} alone misses more at any threshold: ${most}`
    : `${name} alone accepts ${point.falseAcceptsPerHour.toPrecision(3)} an hour where it misses ${percent(point.missRate)} (threshold ${point.threshold}), ${most}`;
}

const percent = (share: number): string => `${(share * 100).toPrecision(2)} %`;

/** Hours that the cell lasts, charged as the hours say, at constant power; null: for ever. */
function lifeAt(watts: number, { compiled, startSoc }: SimulatedRun): number | null {
  const { policies, supply, ...plan } = compiled.plan;
  if (supply.kind === 'ideal') return null;
  const trace = { spanSeconds: 60, watts: [watts] };
  return hoursOf(
    batteryLife(
      supply,
      plan,
      policies.map(() => trace),
      startSoc,
    ),
  );
}

/** A model alone on a core, on every window; or why it cannot be. */
async function ungated(
  engine: SimulatedRun,
  core: string,
  name: string,
  duration: Nanoseconds,
): Promise<Ungated | string> {
  const stage = engine.loaded.stages.find((candidate) => candidate.name === name);
  if (stage === undefined) throw new Error(`there is no stage ${name}`);
  let compiled: Compiled;
  try {
    compiled = compile({
      ...engine.compileRequest,
      // Of a network that is cut into parts, all up to this one: without the gates between.
      stages: [
        {
          ...stage,
          model: stageCost(engine.loaded.models, stage.number, -1),
          core,
          thresholds: { normal: 1, strict: 1 },
        },
      ],
      supply: { kind: 'ideal' },
    });
  } catch (error) {
    if (error instanceof Refusal) return error.reasons.map(({ reason }) => reason).join('; ');
    throw error;
  }
  const { joules, jobs } = await quietDay(engine, compiled.plan, duration, 0);
  return { core, stage: name, energyJoules: joules, computeJoules: joulesOf(compiled, jobs) };
}

/** Joules of all inferences: of their work, front end included, not of waiting. */
export const computeJoules = (compiled: Compiled, simulator: Simulator): number =>
  joulesOf(compiled, jobsOf(simulator));

const joulesOf = ({ joulesPerInference }: Compiled, jobs: readonly number[]): number =>
  jobs.reduce((sum, count, stage) => sum + count * joulesPerInference[stage], 0);

const jobsOf = ({ plan, cores }: Simulator): readonly number[] =>
  plan.stages.map(({ core }, stage) => cores[core].state.jobs[stage]);

/** The device's power while it hears nothing: the cascade at rest, in milliwatts, over ten minutes. */
async function floorOf(engine: SimulatedRun): Promise<number> {
  const { plan } = engine.compiled;
  const volts = plan.supply.kind === 'battery' ? plan.supply.battery.cutoff : plan.supply.volts;
  const seconds = 600;
  const ideal = { ...plan, supply: { kind: 'ideal', volts } as const, rules: [], hours: null };
  const { joules } = await quietDay(engine, ideal, (seconds * 1e9) as Nanoseconds, -1);
  return (joules / seconds) * 1e3;
}

/** A stream in which no gate opens. */
async function quietDay({ memo }: SimulatedRun, plan: Plan, duration: Nanoseconds, score: number): Promise<QuietDay> {
  const inputs = { plan, duration, score };
  const known = memo.quiet.get(inputs);
  if (known !== undefined) return known;
  const simulator = new Simulator(plan, []);
  const windows = Math.floor(duration / plan.hop);
  for (let firstWindow = 0; firstWindow < windows; firstWindow += CHUNK) {
    const count = Math.min(CHUNK, windows - firstWindow);
    const none = { windows: new Float64Array(0), scores: new Float32Array(0) };
    const chunk: ScoreChunk = {
      firstWindow,
      first: new Float32Array(count).fill(score),
      // A stream without a score is one without a sound.
      levels: new Float32Array(count).fill(score < 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY),
      later: plan.stages.slice(1).map(() => none),
    };
    simulator.addScores(chunk);
    simulator.advance(((firstWindow + count) * plan.hop) as Nanoseconds);
    // Messages (a stop) get their turn.
    if ((firstWindow / CHUNK) % 50 === 0) await breathe();
  }
  const day = { joules: simulator.supply.delivered, jobs: jobsOf(simulator) };
  memo.quiet.set(inputs, day);
  return day;
}
