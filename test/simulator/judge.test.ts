import { describe, expect, test } from 'vitest';
import type { Ending } from '../../server/simulator/judge.ts';
import { Judge, type LabelledEvent, type Outcome } from '../../server/simulator/judge.ts';
import type { Nanoseconds } from '../../server/units.ts';
import { core, events, MS, plan, policy, rows, S, simulate, stage, work, workLevel } from './sketch.ts';

const ns = (time: number) => time as Nanoseconds;
const NO_PARTS = new Float64Array();

function judged(
  labelled: readonly LabelledEvent[],
  script: ReadonlyArray<{ at: number; end?: number; stage?: number; ending?: Ending }>,
  inFlight: (from: number, to: number) => number = () => -1,
): readonly Outcome[] {
  const outcomes: Outcome[] = [];
  const judge = new Judge(labelled, 3, (outcome) => outcomes.push(outcome), inFlight);
  for (const { at, end = at, stage = 0, ending } of script) {
    judge.moveTo(ns(at));
    if (ending === undefined) judge.detected(ns(at), ns(end), NO_PARTS, () => 1);
    else judge.ended(ns(end), stage, ending, () => 0.5);
  }
  judge.moveTo(ns(100 * S));
  return outcomes;
}

describe('a detection', () => {
  const LABELLED = events([10 * S, 11 * S]);

  test('counts from the event on until exactly one second after it', () => {
    expect(judged(LABELLED, [{ at: 10 * S }])).toMatchObject([{ kind: 'true-positive', latency: -1 * S }]);
    expect(judged(LABELLED, [{ at: 12 * S }])).toMatchObject([{ kind: 'true-positive', latency: 1 * S }]);
  });

  test('is a false accept a nanosecond before the event or a nanosecond too late, and the event is missed', () => {
    for (const at of [10 * S - 1, 12 * S + 1]) {
      const outcomes = judged(LABELLED, [{ at, end: at - 1 }]);
      expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['false-accept', 'miss']);
    }
  });

  test('counts once an event, and again is no false accept', () => {
    expect(judged(LABELLED, [{ at: 10 * S }, { at: 11.9 * S }])).toHaveLength(1);
  });

  test('counts for each of two events that overlap', () => {
    const outcomes = judged(events([10 * S, 11 * S], [10.5 * S, 10.6 * S]), [{ at: 10.7 * S }]);
    expect(outcomes).toMatchObject([
      { kind: 'true-positive', event: 0, latency: -0.3 * S },
      { kind: 'true-positive', event: 1, latency: 0.1 * S },
    ]);
  });

  test('outside any event is one false accept a second', () => {
    const times = [20 * S, 20.5 * S, 21 * S - 1, 21 * S, 21.5 * S, 40 * S];
    const outcomes = judged(
      [],
      times.map((at) => ({ at })),
    );
    expect(outcomes.map(({ time }) => time)).toEqual([20 * S, 21 * S, 40 * S]);
  });
});

describe('a miss', () => {
  const LABELLED = events([10 * S, 11 * S]);
  const at = 10.5 * S;

  test.each<[string, Parameters<typeof judged>[1], number, { stage: number; ending: Ending }]>([
    [
      'the furthest stage that one of its windows reached',
      [
        { at, stage: 1, ending: 'gate' },
        { at, ending: 'dropped' },
      ],
      -1,
      { stage: 1, ending: 'gate' },
    ],
    [
      'what the device did wrong there, before what the gate said',
      [
        { at, stage: 1, ending: 'dropped' },
        { at, stage: 1, ending: 'gate' },
      ],
      -1,
      { stage: 1, ending: 'dropped' },
    ],
    [
      'a brown-out',
      [
        { at, stage: 1, ending: 'gate' },
        { at, stage: 1, ending: 'brown-out' },
      ],
      -1,
      { stage: 1, ending: 'brown-out' },
    ],
    [
      'being late, when a window is under way further on',
      [{ at, stage: 0, ending: 'gate' }],
      2,
      { stage: 2, ending: 'late' },
    ],
    [
      'windows that belong to it only',
      [
        { at: 9.9 * S, stage: 2, ending: 'gate' },
        { at, stage: 0, ending: 'gate' },
        { at: 12.5 * S, stage: 2, ending: 'gate' },
      ],
      -1,
      { stage: 0, ending: 'gate' },
    ],
    ['the device that was off', [], -1, { stage: 0, ending: 'off' }],
  ])('is put down to %s', (_, script, underWay, expected) => {
    const outcomes = judged(LABELLED, script, () => underWay);
    expect(outcomes).toMatchObject([{ kind: 'miss', event: 0, time: 12 * S, ...expected }]);
  });

  test('keeps the best score that each stage gave', () => {
    const outcomes: Outcome[] = [];
    const judge = new Judge(
      LABELLED,
      2,
      (outcome) => outcomes.push(outcome),
      () => -1,
    );
    judge.moveTo(ns(at));
    judge.ended(ns(at), 1, 'gate', (stage) => [0.6, 0.3][stage]);
    judge.ended(ns(at), 0, 'gate', (stage) => [0.7, 0.9][stage]);
    judge.moveTo(ns(20 * S));
    expect(outcomes).toMatchObject([{ scores: [0.7, 0.3] }]);
  });

  test('of a short event within a long one is told at its own time', () => {
    const outcomes = judged(events([10 * S, 50 * S], [11 * S, 12 * S]), []);
    expect(outcomes.map(({ time }) => time)).toEqual([13 * S, 51 * S]);
  });
});

describe('a device', () => {
  const cascade = ({ duration = 5 * MS, batch = 1, depth = 16, hold = 0 }) => {
    const cores = [core('dsp', { work: [0] }), core('lp', { queueDepth: depth, work: [0] })];
    const stages = [
      stage({ core: 0, work: work(workLevel(1, 0), 1 * MS), hold }),
      stage({ core: 1, work: work(workLevel(1, 0), duration) }),
    ];
    return plan({ cores, stages, policies: [policy({ cores, stages }, { batch })] });
  };
  const labelled = events([1 * S, 1.5 * S]);
  const length = 200;
  const inside = (window: number) => (window + 1) * 20 * MS >= 1 * S && (window + 1) * 20 * MS <= 1.5 * S;

  test('whose second stage is still at work at the last moment is late, even when that detects', () => {
    // Only the window that ends at 1.5 s goes on: a second later its stage has 1 ms left.
    const device = cascade({ duration: 1 * S });
    const scores = rows(length, (window) => ((window + 1) * 20 * MS === 1.5 * S ? [1, 1] : [0]));
    const { outcomes } = simulate(device, scores, { labelled });
    expect(outcomes).toMatchObject([
      { kind: 'miss', stage: 1, ending: 'late', time: 2.5 * S },
      { kind: 'false-accept', time: 2.501 * S },
    ]);
    const justInTime = simulate(cascade({ duration: 999 * MS }), scores, { labelled });
    expect(justInTime.outcomes).toMatchObject([{ kind: 'true-positive', time: 2.5 * S }]);
  });

  test('whose sensor still holds the windows back is late, and they are no negatives', () => {
    const { simulator, outcomes } = simulate(
      cascade({ batch: 190 }),
      rows(length, () => [0]),
      { labelled },
    );
    expect(outcomes).toMatchObject([{ kind: 'miss', stage: 0, ending: 'late' }]);
    // Windows that end from 1 to 2.5 s.
    expect(simulator.state.counts[0]).toMatchObject({ windowsIn: 190, negativesIn: 190 - 76 });
  });

  test('whose second queue is full when the word comes has dropped it', () => {
    const scores = rows(length, (window) => (inside(window) ? [1, 1] : window >= 40 ? [1, 0] : [0]));
    const { outcomes } = simulate(cascade({ duration: 3 * S, depth: 1 }), scores, { labelled });
    expect(outcomes).toMatchObject([{ kind: 'miss', stage: 1, ending: 'dropped' }]);
  });

  test('that holds off after a false accept misses the event that follows', () => {
    const scores = rows(length, (window) => ((window + 1) * 20 * MS === 0.9 * S || inside(window) ? [1, 1] : [0]));
    const { outcomes } = simulate(cascade({ hold: 2 * S }), scores, { labelled });
    expect(outcomes).toMatchObject([
      { kind: 'false-accept', time: 906 * MS },
      { kind: 'miss', stage: 0, ending: 'hold' },
    ]);
  });

  test('that hears nothing is missed at its first gate', () => {
    const { outcomes } = simulate(
      cascade({}),
      rows(length, () => [0]),
      { labelled },
    );
    expect(outcomes).toMatchObject([{ kind: 'miss', stage: 0, ending: 'gate' }]);
  });
});
