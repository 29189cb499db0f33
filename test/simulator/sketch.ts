// Small devices for tests: what a test does not mention is free of cost and of effect.

import type { LabelledEvent, Outcome } from '../../server/simulator/judge.ts';
import type {
  CorePlan,
  CorePolicy,
  JobPhase,
  MemoryMode,
  Plan,
  PolicyPlan,
  StagePlan,
} from '../../server/simulator/plan.ts';
import type { ScoreChunk } from '../../server/simulator/scores.ts';
import { Simulator } from '../../server/simulator/simulator.ts';
import type { Nanoseconds } from '../../server/units.ts';

export const US = 1_000;
export const MS = 1_000_000;
export const S = 1_000_000_000;

/** The same shape with plain numbers, for writing by hand. */
export type Plain<T> = T extends number ? number : T extends object ? { readonly [Key in keyof T]: Plain<T[Key]> } : T;

/** Plain numbers taken for quantities of the units that they are written in. */
export const quantities = <T>(written: Plain<T>): T => written as unknown as T;

export interface StateSketch {
  readonly power: number;
  /** Watts and nanoseconds. */
  readonly entry?: readonly [number, number];
  readonly exit?: readonly [number, number];
  readonly minResidency?: number;
  readonly linksLive?: boolean;
  readonly sensorLive?: boolean;
  readonly wholeDomain?: boolean;
  readonly memories?: readonly MemoryMode[];
  readonly losesState?: boolean;
}

export interface CoreSketch {
  readonly rail?: number;
  readonly queueDepth?: number;
  readonly states?: readonly StateSketch[];
  readonly boot?: readonly [number, number];
  readonly domain?: number | null;
  /** Watts of the levels that its stages refer to by `workLevel`. */
  readonly work: readonly number[];
}

const OFF_LEVEL = 0;
const BOOT_LEVEL = 1;
export const stateLevel = (state: number) => 2 + 3 * state;
export const entryLevel = (state: number) => 3 + 3 * state;
export const exitLevel = (state: number) => 4 + 3 * state;
export const workLevel = (states: number, work: number) => 2 + 3 * states + work;

export function core(name: string, sketch: CoreSketch): Plain<CorePlan> {
  const states = sketch.states ?? [{ power: 0 }];
  return {
    name,
    rail: sketch.rail ?? 0,
    queueDepth: sketch.queueDepth ?? 16,
    activities: ['active'],
    levels: [
      0,
      sketch.boot?.[0] ?? 0,
      ...states.flatMap(({ power, entry, exit }) => [power, entry?.[0] ?? 0, exit?.[0] ?? 0]),
      ...sketch.work,
    ].map((power) => ({ power, activity: 0 })),
    offLevel: OFF_LEVEL,
    boot: { level: BOOT_LEVEL, latency: sketch.boot?.[1] ?? 0 },
    states: states.map((state, index) => ({
      name: `state ${index}`,
      level: stateLevel(index),
      entry: { level: entryLevel(index), latency: state.entry?.[1] ?? 0 },
      exit: { level: exitLevel(index), latency: state.exit?.[1] ?? 0 },
      minResidency: state.minResidency ?? 0,
      linksLive: state.linksLive ?? true,
      sensorLive: state.sensorLive ?? true,
      wholeDomain: state.wholeDomain ?? false,
      memories: state.memories ?? [],
      losesState: state.losesState ?? false,
    })),
    idleLevels: [],
    domain: sketch.domain ?? null,
  };
}

/** One phase of work, at one operating point. */
export const work = (level: number, duration: number, memory: number | null = null): Plain<StagePlan['work']> => [
  [phase(level, duration, memory)],
];
export const phase = (level: number, duration: number, memory: number | null = null): Plain<JobPhase> => ({
  level,
  duration,
  memory,
});

export const stage = (
  sketch: Partial<Plain<StagePlan>> & Pick<Plain<StagePlan>, 'core' | 'work'>,
): Plain<StagePlan> => ({
  name: `on core ${sketch.core}`,
  link: null,
  windowBytes: 0,
  hopBytes: 0,
  weights: { when: 'never', load: null },
  transferLevel: sketch.work.map(() => 0),
  hold: 0,
  ...sketch,
});

/** All states permitted, no patience. */
export const policy = (plan: Pick<Plain<Plan>, 'cores' | 'stages'>, sketch: Partial<Plain<PolicyPlan>> = {}) => ({
  name: 'policy',
  cores: plan.cores.map((core) => corePolicy(core)),
  sensorMode: 0,
  batch: 1,
  thresholds: plan.stages.map(() => 0.5),
  ...sketch,
});

export const corePolicy = (core: Plain<CorePlan>, sketch: Partial<Plain<CorePolicy>> = {}): Plain<CorePolicy> => ({
  operatingPoint: 0,
  permitted: core.states.map(() => true),
  latencyAllowed: Number.MAX_SAFE_INTEGER,
  linger: core.states.map(() => 0),
  ...sketch,
});

export function plan(sketch: Partial<Plain<Plan>> & Pick<Plain<Plan>, 'cores' | 'stages'>): Plan {
  const whole: Plain<Plan> = {
    hop: 20 * MS,
    rails: [{ name: 'rail', regulator: { quiescent: 0, efficiency: [] }, brownOut: 0 }],
    supply: { kind: 'ideal', volts: 3 },
    memories: [],
    links: [],
    sensor: { name: 'sensor', rail: 0, link: { rail: 0, power: 0 }, modes: [{ name: 'on', power: 0 }], core: 0 },
    actuators: [],
    trigger: { work: null, preRoll: null },
    policies: [policy(sketch)],
    startPolicy: 0,
    rules: [],
    hours: null,
    ...sketch,
  };
  return quantities<Plan>(whole);
}

/** A row a window, a column a stage. */
export type Rows = ReadonlyArray<readonly number[]>;

/** Later stages are left out where the row holds no number for them. */
export function chunk(rows: Rows, firstWindow: number, stages: number): ScoreChunk {
  return {
    firstWindow,
    first: Float32Array.from(rows, ([first]) => first),
    later: Array.from({ length: stages - 1 }, (_, index) => {
      const scored = rows.flatMap((row, window) => (row[index + 1] === undefined ? [] : [window]));
      return {
        windows: Float64Array.from(scored, (window) => firstWindow + window),
        scores: Float32Array.from(scored, (window) => rows[window][index + 1]),
      };
    }),
  };
}

export const rows = (count: number, row: (window: number) => readonly number[]): Rows =>
  Array.from({ length: count }, (_, window) => row(window));

export const events = (...spans: ReadonlyArray<readonly [number, number]>): readonly LabelledEvent[] =>
  quantities<readonly LabelledEvent[]>(spans.map(([start, end]) => ({ start, end })));

/** Simulates until the last window's end, or `until`. */
export function simulate(
  device: Plan,
  scores: Rows,
  { labelled = [], until = scores.length * device.hop }: { labelled?: readonly LabelledEvent[]; until?: number } = {},
): { simulator: Simulator; outcomes: readonly Outcome[] } {
  const simulator = new Simulator(device, labelled);
  simulator.addScores(chunk(scores, 0, device.stages.length));
  simulator.advance(until as Nanoseconds);
  return { simulator, outcomes: simulator.takeOutcomes() };
}

/** Joules of everything. */
export const energy = (simulator: Simulator): number =>
  simulator.plan.rails.reduce((sum, _, rail) => sum + simulator.ledger.railEnergy(rail, simulator.now), 0);

/** Nanoseconds that a component spent in a level. */
export const spent = (simulator: Simulator, component: number, level: number): number =>
  simulator.ledger.spentBy(component, simulator.now)[level];

export const relativeError = (actual: number, expected: number): number =>
  actual === expected ? 0 : Math.abs(actual - expected) / Math.max(Math.abs(actual), Math.abs(expected));
