// How long a run at full speed will take, told from runs that were measured: of the same scenario, of the same sense, or on another machine.

import type { Pace, ScenarioView, SenseName } from '../views.ts';

/** A run that went through at full speed. */
export interface MeasuredRun {
  readonly id: string;
  readonly scenario: string;
  readonly simulatedSeconds: number;
  /** Before its first window, and in all. */
  readonly startSeconds: number;
  readonly wallSeconds: number;
}

/** Where nothing has run yet: days and a minute that were measured, see docs/performance.md ("On the clock"). */
const ELSEWHERE = {
  machine: 'two cores of an AMD EPYC',
  startSeconds: 1.8,
  windowsPerSecond: { sound: 635_000, motion: 32_000, pictures: 6100 },
} as const satisfies {
  readonly machine: string;
  readonly startSeconds: number;
  readonly windowsPerSecond: Readonly<Record<SenseName, number>>;
};

/** Shorter than this, a run's time says more of its start than of its pace. */
const SHORTEST_WALL_SECONDS = 0.5;

/**
 * What to expect of a scenario; null when it cannot run.
 * @param measured the newest first
 * @param all scenarios by name, for their senses
 */
export function paceOf(
  { name, stream }: ScenarioView,
  measured: readonly MeasuredRun[],
  all: ReadonlyMap<string, ScenarioView>,
): Pace | null {
  if (stream === null) return null;
  const { sense, hopSeconds } = stream;
  const ran = measured.filter(({ wallSeconds, startSeconds }) => wallSeconds - startSeconds >= SHORTEST_WALL_SECONDS);
  const same = longest(ran.filter(({ scenario }) => scenario === name));
  const alike = longest(ran.filter(({ scenario }) => all.get(scenario)?.stream?.sense === sense));
  const run = same ?? alike;
  if (run === null) {
    const { machine, startSeconds, windowsPerSecond } = ELSEWHERE;
    return {
      startSeconds,
      speed: windowsPerSecond[sense] * hopSeconds,
      measuredOn: { kind: 'elsewhere', windowsPerSecond: windowsPerSecond[sense], machine },
    };
  }
  const { id, scenario, simulatedSeconds, startSeconds, wallSeconds } = run;
  // Windows a second count: another scenario may take them at another rate.
  const windowSeconds = all.get(scenario)?.stream?.hopSeconds ?? hopSeconds;
  return {
    startSeconds,
    speed: (simulatedSeconds / (wallSeconds - startSeconds)) * (hopSeconds / windowSeconds),
    measuredOn: { kind: 'run', id, sameScenario: scenario === name, durationSeconds: simulatedSeconds, wallSeconds },
  };
}

/** The longest run says most; of equally long ones the newest. */
const longest = (runs: readonly MeasuredRun[]): MeasuredRun | null =>
  runs.reduce<MeasuredRun | null>(
    (best, run) => (best === null || run.simulatedSeconds > best.simulatedSeconds ? run : best),
    null,
  );
