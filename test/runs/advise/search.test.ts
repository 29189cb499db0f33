// The search over score tables whose answers are known: in closed form, and by counting in the plainest way.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_ROOM, type Room, roomIn } from '../../../server/runs/advise/bounds.ts';
import { type Budget, choose, type Trials } from '../../../server/runs/advise/choose.ts';
import { countsOf, type Exposure } from '../../../server/runs/advise/exposure.ts';
import { finalistsOf, firstRemembering, heardChunks, reachTables } from '../../../server/runs/advise/finalists.ts';
import {
  couldBeShown,
  type GateOf,
  heardWith,
  Passage,
  type Screened,
  type SearchSpace,
  screen,
} from '../../../server/runs/advise/search.ts';
import { bounded } from '../../../server/runs/advise/trial.ts';
import type { LabelledEvent } from '../../../server/simulator/judge.ts';
import type { Plan } from '../../../server/simulator/plan.ts';
import type { ScoreChunk } from '../../../server/simulator/scores.ts';
import { Simulator } from '../../../server/simulator/simulator.ts';
import { fromSeconds, type Nanoseconds, nanoseconds, type Watts } from '../../../server/units.ts';
import { chunk, core, MS, plan, S, stage, work, workLevel } from '../../simulator/sketch.ts';

const hop = fromSeconds(0.1);

/** Windows with a score by stage, as chunks of two sizes. */
function chunksOf(windows: ReadonlyArray<readonly number[]>): readonly ScoreChunk[] {
  const cut = Math.ceil(windows.length / 3);
  return [
    [0, cut],
    [cut, windows.length],
  ].map(([from, to]) => ({
    firstWindow: from,
    first: Float32Array.from(windows.slice(from, to), ([score]) => score),
    later: windows[0].slice(1).map((_, index) => ({
      windows: Float64Array.from({ length: to - from }, (_, at) => from + at),
      scores: Float32Array.from(windows.slice(from, to), (scores) => scores[index + 1]),
    })),
  }));
}

/** One take an event, and one kind of sound with a source for each ten seconds. */
const exposureOfHours = (hours: number, events: readonly LabelledEvent[]): Exposure => ({
  strata: [
    {
      name: 'talk',
      share: 1,
      sources: new Map([
        ['a', { hours: hours / 2, playedHours: hours / 2, recordings: 1 }],
        ['b', { hours: hours / 2, playedHours: hours / 2, recordings: 1 }],
      ]),
    },
  ],
  takes: new Map(events.map((_, index) => [index, { source: `${index}`, heard: 1 }])),
  takeOf: events.map((_, index) => index),
  causeAt: (time) => ({ stratum: 0, source: (time / 1e10) % 2 < 1 ? 'a' : 'b' }),
});

const PLAIN: GateOf = { hold: nanoseconds(0) };

interface Gates {
  readonly stages?: readonly GateOf[];
  readonly activity?: Plan['sensor']['activity'];
  readonly levels?: readonly number[];
}

function spaceOf(
  windows: ReadonlyArray<readonly number[]>,
  events: readonly LabelledEvent[],
  grid: SearchSpace['grid'],
  hours: number,
  { stages = grid.map(() => PLAIN), activity, levels }: Gates = {},
): SearchSpace {
  const { sensor } = plan({ cores: [], stages: [] });
  const chunks = heardChunks(
    chunksOf(windows).map((chunk) => ({
      ...chunk,
      levels: Float32Array.from(levels?.slice(chunk.firstWindow, chunk.firstWindow + chunk.first.length) ?? []),
    })),
    { hop, sensor: activity === undefined ? sensor : { ...sensor, activity } },
  );
  const remembering = firstRemembering(stages);
  const lowest = grid.map(([threshold]) => threshold);
  return {
    finalists: finalistsOf(chunks, hop, events, lowest, remembering),
    exposure: exposureOfHours(hours, events),
    grid,
    stages,
    reach: reachTables(chunks, grid, remembering),
    joulesPerInference: grid.map((_, stage) => 10 ** stage),
  };
}

function all(space: SearchSpace): readonly Screened[] {
  const steps = screen(space);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

const someGate = fc.record({
  smooth: fc.integer({ min: 1, max: 3 }),
  hysteresis: fc.constantFrom(0, 0.15),
  secondChance: fc.option(
    fc.record({
      within: fc.constantFrom(0.1, 0.25),
      by: fc.constantFrom(0.1, 0.3),
      after: fc.constantFrom(0, 200 * MS).map(nanoseconds),
      until: fc.constantFrom(300 * MS, 2 * S).map(nanoseconds),
    }),
    { nil: null },
  ),
});
const someStage: fc.Arbitrary<GateOf> = fc
  .record({ gate: fc.option(someGate), hold: fc.constantFrom(0, 0, 250 * MS, 350 * MS).map(nanoseconds) })
  .map(({ gate, hold }) => (gate === null ? { hold } : { gate, hold }));

/** A device that takes no time. */
const swift = (gates: readonly GateOf[], activity: Plan['sensor']['activity'], thresholds: readonly number[]) => {
  const { sensor, ...rest } = plan({
    hop,
    cores: gates.map((_, at) => core(`core ${at}`, { work: [0] })),
    stages: gates.map((gate, at) => stage({ core: at, work: work(workLevel(1, 0), 0), ...gate })),
  });
  const policies = rest.policies.map((policy) => ({ ...policy, thresholds }));
  return { ...rest, policies, sensor: activity === undefined ? sensor : { ...sensor, activity } };
};

describe('screening', () => {
  it('should judge every vector as a device that takes no time does, whatever its gates and its sensor remember', () => {
    const score = fc.constantFrom(0.05, 0.2, 0.3, 0.5, 0.7, 0.8, 0.95).map(Math.fround);
    const windows = fc.array(fc.tuple(score, score, score, fc.constantFrom(-60, -20)), { minLength: 6, maxLength: 80 });
    const starts = fc.array(fc.integer({ min: 0, max: 70 }), { maxLength: 3 });
    const activity = fc.option(fc.constant({ decibels: -40, hold: nanoseconds(300 * MS), power: 0 as Watts }), {
      nil: undefined,
    });
    fc.assert(
      fc.property(
        windows,
        starts,
        fc.array(someStage, { minLength: 3, maxLength: 3 }),
        activity,
        (rows, starts, stages, activity) => {
          const labelled = [...new Set(starts)]
            .sort((a, b) => a - b)
            .map((at) => ({ start: fromSeconds(at / 10), end: fromSeconds(at / 10 + 0.25) }));
          const grid = [
            [0.2, 0.6],
            [0.1, 0.3, 0.9],
            [0.25, 0.75],
          ].map((thresholds) => thresholds.map(Math.fround));
          const scores = rows.map((row) => row.slice(0, 3));
          const levels = rows.map((row) => row[3]);
          const space = spaceOf(scores, labelled, grid, 1, { stages, activity, levels });
          const passage = new Passage(space);
          for (const { vector, joules } of all(space)) {
            const device = swift(stages, activity, vector);
            const simulator = new Simulator(device, labelled);
            simulator.addScores({ ...chunk(scores, 0, 3), levels: Float32Array.from(levels) });
            simulator.advance((rows.length * hop) as Nanoseconds);
            const outcomes = simulator.takeOutcomes();
            const { missed, falseAccepts } = heardWith(space, passage, vector);
            expect(falseAccepts).toEqual(outcomes.flatMap((one) => (one.kind === 'false-accept' ? [one.time] : [])));
            const found = outcomes.flatMap((one) => (one.kind === 'true-positive' ? [one.event] : []));
            expect([...labelled.keys()].filter((event) => !found.includes(event))).toEqual(missed);
            const { counts } = simulator.state;
            expect(joules).toBe(counts[1].windowsIn * 10 + counts[2].windowsIn * 100);
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it('should find the box of vectors that neither miss nor accept, known beforehand', () => {
    const events = [1, 4, 7].map((at) => ({ start: fromSeconds(at), end: fromSeconds(at + 0.5) }));
    const windows = Array.from({ length: 300 }, () => [0.1, 0.1]);
    for (const at of [12, 43, 72]) windows[at] = [0.9, 0.8];
    windows[200] = [0.5, 0.95];
    windows[250] = [0.95, 0.55];
    const grid = [
      [0.2, 0.5, 0.51, 0.9, 0.91],
      [0.2, 0.55, 0.56, 0.8, 0.81],
    ].map((thresholds) => thresholds.map(Math.fround));
    const space = spaceOf(
      windows.map((window) => window.map(Math.fround)),
      events,
      grid,
      1,
    );
    const clean = all(space).filter(({ missRate, falseAcceptsPerHour }) => missRate === 0 && falseAcceptsPerHour === 0);
    expect(clean.map(({ vector }) => vector)).toEqual(
      [0.51, 0.9].flatMap((first) => [0.56, 0.8].map((second) => [Math.fround(first), Math.fround(second)])),
    );
    // Three takes and an hour bear as much, and no more.
    const could = (missRate: number, falseAcceptsPerHour: number, room = NO_ROOM) =>
      clean.filter(couldBeShown(space.exposure, { missRate, falseAcceptsPerHour }, room)).length;
    const [misses, accepts] = [1 - 0.05 ** (1 / 3), -Math.log(0.05)];
    expect(could(misses + 1e-6, accepts + 1e-6)).toBe(4);
    expect(could(misses - 1e-6, accepts + 1e-6)).toBe(0);
    expect(could(misses + 1e-6, accepts - 1e-6)).toBe(0);
    expect(could(misses + 1e-6, accepts + 1e-6, { misses: 1, accepts: 1.01 })).toBe(0);
  });
});

describe('choosing', () => {
  const grid = [
    [0.2, 0.4, 0.6, 0.8],
    [0.2, 0.4, 0.6, 0.8],
  ];
  const events = Array.from({ length: 40 }, (_, at) => ({
    start: fromSeconds(3 * at),
    end: fromSeconds(3 * at + 0.5),
  }));
  /** Every take scores 0.7 at both; between them, talk that scores 0.5 and 0.7, or 0.7 and 0.3. */
  const windows = Array.from({ length: 1200 }, (_, window) => {
    if (window % 30 === 2) return [0.7, 0.7];
    if (window === 120 + 20) return [0.5, 0.7];
    return window % 30 === 20 ? [0.7, 0.3] : [0.1, 0.1];
  });
  const trialsOf = (space: SearchSpace, milliwatts: (vector: readonly number[]) => number): Trials => {
    const passage = new Passage(space);
    const quality = (vector: readonly number[]) => {
      const { missed, falseAccepts } = heardWith(space, passage, vector);
      const counts = countsOf(space.exposure, missed, falseAccepts.map(space.exposure.causeAt));
      return (room: Room) => bounded(space.exposure, counts, 1, room);
    };
    const simulate = async (thresholds: readonly number[]) => ({
      quality: quality(thresholds),
      trial: {
        thresholds,
        ...quality(thresholds)(NO_ROOM),
        counted: { events: 40, misses: 0, falseAccepts: 0 },
        milliwatts: milliwatts(thresholds),
        p50Milliseconds: 0,
        p95Milliseconds: 0,
      },
    });
    return { grid, quality, simulate, progress: () => undefined };
  };
  const couldIn = (space: SearchSpace, budget: Budget) => (room: Room) => couldBeShown(space.exposure, budget, room);
  const chooseOf = (
    space: SearchSpace,
    budget: Budget,
    milliwatts: (vector: readonly number[]) => number,
    room?: Room,
  ) => choose(all(space), couldIn(space, budget), budget, trialsOf(space, milliwatts), room);
  const falling = ([first, second]: readonly number[]) => 10 - 3 * first - second;
  const hours = 10;
  const space = spaceOf(windows, events, grid, hours);

  it('should take the cheapest of those that can be shown', async () => {
    const choice = await chooseOf(space, { missRate: 0.08, falseAcceptsPerHour: 0.3 }, falling);
    expect(choice.standing).toBe('shown');
    expect(choice.trial.thresholds).toEqual([0.6, 0.6]);
    expect(choice.trial.falseAcceptsPerHour).toEqual({ value: 0, upper: expect.closeTo(2.9957 / hours, 4) });
    // Of all 16 vectors only those that nothing outdoes, and their neighbours below, had to be simulated.
    expect(choice.tried).toBeLessThan(6);
  });

  it('should leave the room that is asked for, or what the recordings give of it', async () => {
    // 39 false accepts in ten hours are within the budget, three times as many are not.
    const budget = { missRate: 0.08, falseAcceptsPerHour: 8 };
    const upwards = ([first, second]: readonly number[]) => 10 - 3 * first + second;
    const chosen = (room?: Room) => chooseOf(space, budget, upwards, room);
    expect(await chosen()).toMatchObject({ room: NO_ROOM, trial: { thresholds: [0.6, 0.2] } });
    // 40 takes of which none is missed bear 8 %, and little room for one that was not seen; false accepts have theirs all the same.
    const room = roomIn(40, 0.1, budget.missRate, budget.falseAcceptsPerHour, 3);
    expect(room).toEqual({ misses: 1.17, accepts: 3 });
    expect(await chosen(room)).toMatchObject({ standing: 'shown', room, trial: { thresholds: [0.6, 0.4] } });
    // More than any vector has is let go of.
    const least = await chosen({ misses: 9, accepts: 1 });
    expect(least).toMatchObject({ standing: 'shown', room: NO_ROOM, trial: { thresholds: [0.6, 0.2] } });
  });

  it('should find a lower neighbour that costs less', async () => {
    const bumped = (vector: readonly number[]) => falling(vector) + (vector[1] === 0.6 ? 5 : 0);
    const choice = await chooseOf(space, { missRate: 0.08, falseAcceptsPerHour: 0.3 }, bumped);
    expect(choice.trial.thresholds).toEqual([0.6, 0.4]);
  });

  it('should say that a budget is met as counted where the hours do not carry it', async () => {
    const choice = await chooseOf(space, { missRate: 0.08, falseAcceptsPerHour: 0.29 }, falling);
    expect(choice).toMatchObject({ standing: 'measured', trial: { thresholds: [0.6, 0.6] } });
    const few = await chooseOf(space, { missRate: 0.05, falseAcceptsPerHour: 0.3 }, falling);
    expect(few.standing).toBe('measured');
  });

  it('should say that no vector meets a budget, with the one that comes nearest', async () => {
    const deaf = spaceOf(
      windows.map(([first], at) => [first, at % 60 === 2 ? 0.7 : 0.1]),
      events,
      grid,
      hours,
    );
    const choice = await chooseOf(deaf, { missRate: 0.08, falseAcceptsPerHour: 0.3 }, falling);
    expect(choice.standing).toBe('unmet');
    expect(choice.trial.missRate.value).toBe(0.5);
  });

  it('should come to those below where the device makes less of a vector than its scores do', async () => {
    const trials = trialsOf(space, falling);
    const slow: Trials = {
      ...trials,
      simulate: async (vector) => {
        const tried = await trials.simulate(vector);
        return vector[0] === 0.6 && vector[1] >= 0.4
          ? { ...tried, quality: (room) => ({ ...tried.quality(room), missRate: { value: 1, upper: 1 } }) }
          : tried;
      },
    };
    const budget = { missRate: 0.08, falseAcceptsPerHour: 50 };
    const choice = await choose(all(space), couldIn(space, budget), budget, slow);
    expect(choice.standing).toBe('shown');
    // Of what is left, [0.6, 0.2] and [0.4, 0.6], the one that takes less.
    expect(choice.trial.thresholds).toEqual([0.6, 0.2]);
  });
});
