// The same job without gates: the last model on every window. Simulated without inference (every window is scored zero, so nothing triggers) on an
// ideal supply, since it would drain the battery long before the day is over.

import type { ScoreChunk } from '../simulator/scores.ts';
import { Simulator } from '../simulator/simulator.ts';
import type { Nanoseconds } from '../units.ts';
import { type Compiled, compile } from './compile.ts';
import type { RunEngine } from './engine.ts';
import { InputProblem, Refusal } from './files/problem.ts';
import { batteryLife } from './life.ts';
import type { BaselineReport } from './report.ts';

const CHUNK = 3000;

interface Ungated {
  readonly core: string;
  readonly stage: string;
  readonly energyJoules: number;
  readonly computeJoules: number;
}

/** @param compute joules that the cascade's inferences took */
export async function simulateBaseline(
  engine: RunEngine,
  energyJoules: number,
  compute: number,
  missRate: number,
): Promise<BaselineReport> {
  const { loaded, compiled, duration } = engine;
  const device = loaded.device.value;
  const last = loaded.stages[loaded.stages.length - 1];
  const reference = await ungated(engine, last.core, last.name);
  if (typeof reference === 'string') throw new InputProblem(reference);
  const others: Ungated[] = [];
  const refused: Array<{ core: string; stage: string; reason: string }> = [];
  for (const core of device.cores) {
    if (core.name === last.core) continue;
    const result = await ungated(engine, core.name, last.name);
    if (typeof result === 'string') refused.push({ core: core.name, stage: last.name, reason: result });
    else others.push(result);
  }
  const best = [reference, ...others].reduce((a, b) => (b.energyJoules < a.energyJoules ? b : a));
  const windows = duration / compiled.plan.hop;
  const positive = engine.targets.reduce((sum, { start, end }) => sum + (end - start), 0) / loaded.stream.sampleRate;
  return {
    stage: last.name,
    core: last.core,
    energyJoules: reference.energyJoules,
    computeJoules: reference.computeJoules,
    lifeHours: lifeAt(reference.energyJoules / (duration / 1e9), engine),
    quality: matched(engine, missRate),
    gainCompute: compute > 0 ? reference.computeJoules / compute : Number.POSITIVE_INFINITY,
    gainDevice: energyJoules > 0 ? reference.energyJoules / energyJoules : Number.POSITIVE_INFINITY,
    context: {
      positiveRate: windows > 0 ? positive / (duration / 1e9) : 0,
      picojoulesPerMac: compiled.picojoulesPerMac,
      floorMilliwatts: await floorOf(engine),
    },
    bestSingleCore: {
      core: best.core,
      stage: best.stage,
      energyJoules: best.energyJoules,
      gainDevice: best.energyJoules / energyJoules,
    },
    refused,
  };
}

/** Hours that the cell lasts at constant power. */
function lifeAt(watts: number, engine: RunEngine): number {
  const { plan } = engine.compiled;
  if (plan.supply.kind === 'ideal') return Number.POSITIVE_INFINITY;
  const steady = { ...plan, rules: [] };
  return batteryLife(plan.supply.battery, steady, [{ spanSeconds: 60, watts: [watts] }], engine.startSoc).hours;
}

/** The verifier alone at the threshold that misses as much as the cascade did. */
function matched(engine: RunEngine, missRate: number): BaselineReport['quality'] {
  const card = engine.loaded.models[engine.loaded.models.length - 1].card;
  if (card.operatingCurve === null) return null;
  const points = [...card.operatingCurve.points].sort((a, b) => a.threshold - b.threshold);
  const point = points.filter((candidate) => candidate.missRate <= missRate).at(-1) ?? points[0];
  return point === undefined ? null : { ...point, source: card.operatingCurve.source };
}

async function ungated(engine: RunEngine, core: string, name: string): Promise<Ungated | string> {
  const stage = engine.loaded.stages.find((candidate) => candidate.name === name);
  if (stage === undefined) throw new Error(`there is no stage ${name}`);
  let compiled: Compiled;
  try {
    compiled = compile({
      device: engine.loaded.device.value,
      at: { scenario: engine.loaded.scenario.at, device: engine.loaded.device.at },
      stages: [{ ...stage, core, thresholds: { normal: 1, strict: 1 } }],
      frontEnd: engine.loaded.frontEnd,
      powerProfile: engine.powerProfile,
      supply: { kind: 'ideal' },
    });
  } catch (error) {
    if (error instanceof Refusal) return error.reasons.join('; ');
    throw error;
  }
  const simulator = await quietDay(compiled, engine.duration, 0);
  return {
    core,
    stage: name,
    energyJoules: simulator.supply.delivered,
    computeJoules: computeJoules(compiled, simulator),
  };
}

/** Joules of all inferences: of their work, front end included, not of waiting. */
export function computeJoules(compiled: Compiled, simulator: Simulator): number {
  return compiled.plan.stages.reduce(
    (sum, stage, index) => sum + simulator.cores[stage.core].state.jobs[index] * compiled.joulesPerInference[index],
    0,
  );
}

/** The device's power while it hears nothing: the cascade at rest, in milliwatts, over ten minutes. */
async function floorOf(engine: RunEngine): Promise<number> {
  const { plan } = engine.compiled;
  const volts = plan.supply.kind === 'battery' ? plan.supply.battery.cutoff : plan.supply.volts;
  const seconds = 600;
  const compiled = { ...engine.compiled, plan: { ...plan, supply: { kind: 'ideal', volts } as const, rules: [] } };
  const simulator = await quietDay(compiled, (seconds * 1e9) as Nanoseconds, -1);
  return (simulator.supply.delivered / seconds) * 1e3;
}

/** A stream in which no gate opens. */
async function quietDay(compiled: Compiled, duration: Nanoseconds, score: number): Promise<Simulator> {
  const { plan } = compiled;
  const simulator = new Simulator(plan, []);
  const windows = Math.floor(duration / plan.hop);
  for (let firstWindow = 0; firstWindow < windows; firstWindow += CHUNK) {
    const count = Math.min(CHUNK, windows - firstWindow);
    const none = { windows: new Float64Array(0), scores: new Float32Array(0) };
    const chunk: ScoreChunk = {
      firstWindow,
      first: new Float32Array(count).fill(score),
      later: plan.stages.slice(1).map(() => none),
    };
    simulator.addScores(chunk);
    simulator.advance(((firstWindow + count) * plan.hop) as Nanoseconds);
    // Messages (a stop) get their turn.
    if ((firstWindow / CHUNK) % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  return simulator;
}
