// What somebody does to a device while it runs.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DeviceAct } from '../../server/simulator/acts.ts';
import { agedBattery } from '../../server/simulator/aged-battery.ts';
import { balance } from '../../server/simulator/balance.ts';
import type { LabelledEvent } from '../../server/simulator/judge.ts';
import type { BatteryPlan } from '../../server/simulator/plan.ts';
import { Simulator } from '../../server/simulator/simulator.ts';
import { restoreSimulator, saveCheckpoint, saveSimulator } from '../../server/simulator/snapshot.ts';
import type { Nanoseconds } from '../../server/units.ts';
import { battery, CGR18650DA, COULOMB, THEVENIN } from './cells.ts';
import { type Case, type CellKind, randomCase } from './random-device.ts';
import {
  chunk,
  core,
  MS,
  plan,
  policy,
  quantities,
  type Rows,
  relativeError,
  rows,
  S,
  simulate,
  stage,
  work,
} from './sketch.ts';

const share = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const someAct = fc.oneof(
  fc.record({ kind: fc.constant('stall-link' as const), link: fc.nat(1), span: fc.integer({ min: 1, max: 2 * S }) }),
  fc.record({ kind: fc.constant('age-battery' as const), capacity: share(0.3, 1), resistance: share(1, 4) }),
  fc.record({ kind: fc.constant('choose-policy' as const), policy: fc.constantFrom(null, 0, 1) }),
);

interface ActedOn extends Case {
  readonly acts: readonly DeviceAct[];
}

/** Scores that come again and again, so that there is something to jump over. */
const repeat = (scores: Rows, pattern: number): Rows => scores.map((_, at) => scores[at % pattern]);

/** Acts at the ends of windows, as a person's are. */
const anyCase = fc
  .tuple(
    fc.constantFrom<CellKind>('strong', 'weak', 'charged').chain((cell) => randomCase(cell)),
    fc.array(fc.tuple(share(0, 0.95), someAct), { minLength: 1, maxLength: 6 }),
    fc.constantFrom(1, 3, 150),
  )
  .map(([one, drawn, pattern]): ActedOn => {
    const scores = repeat(one.scores, pattern);
    const acts = drawn
      .map(([at, act]) => ({ ...act, at: (Math.floor(at * scores.length) + 1) * one.device.hop }) as DeviceAct)
      .sort((a, b) => a.at - b.at);
    // Of two that begin at once, the first in the list is the first: no matter of when they were heard of.
    const labelled = one.labelled.filter(({ start }, at) => start !== one.labelled[at - 1]?.start);
    return { ...one, scores, acts, labelled };
  });

function begin({ device, scores, labelled, acts }: ActedOn, fastForward = true): Simulator {
  const simulator = new Simulator(device, labelled, { fastForward });
  simulator.addScores(chunk(scores, 0, device.stages.length));
  for (const act of acts) simulator.act(act);
  return simulator;
}

const endOf = ({ device, scores }: Case): Nanoseconds => (scores.length * device.hop) as Nanoseconds;
const check = (numRuns: number, holds: (one: ActedOn, moment: Nanoseconds) => void): void =>
  fc.assert(
    fc.property(anyCase, share(0, 1), (one, at) => holds(one, Math.floor(at * endOf(one)) as Nanoseconds)),
    { numRuns, seed: 7, endOnFailure: true },
  );

describe('a device that is acted on', () => {
  test('keeps its accounts of energy', () => {
    let aged = 0;
    check(200, (one) => {
      const simulator = begin(one);
      simulator.advance(endOf(one));
      expect(balance(simulator).error).toBeLessThan(1e-6);
      if ((simulator.supply.battery?.state.agedAway ?? 0) > 0) aged++;
    });
    expect(aged).toBeGreaterThan(50);
  });

  test('comes to the same state whether cycles are jumped over or not', () => {
    let jumped = 0;
    let changed = 0;
    check(200, (one, moment) => {
      const [plain, forward] = [begin(one, false), begin(one, true)];
      for (const until of [moment, endOf(one)]) {
        plain.advance(until);
        forward.advance(until);
        expect(saveSimulator(forward)).toEqual(saveSimulator(plain));
      }
      jumped += forward.forward?.tally.jumped ?? 0;
      changed += plain.state.policyChanges;
    });
    expect(jumped).toBeGreaterThan(400);
    expect(changed).toBeGreaterThan(100);
  });

  test('comes to the same state when acts, events and scores are made known as it goes on', () => {
    check(200, (one, moment) => {
      const { device, scores, labelled, acts } = one;
      const whole = begin(one);
      whole.advance(endOf(one));
      // What comes after the moment is heard of then; until then something else is scored ahead.
      const window = Math.floor(moment / device.hop) + 1;
      const later = <T extends LabelledEvent>(event: T) => event.start > moment;
      const live = new Simulator(
        device,
        labelled.filter((event) => !later(event)),
      );
      const guessed = scores.map((row, at) => (at < window ? row : scores[scores.length - 1 - at]));
      live.addScores(chunk(guessed, 0, device.stages.length));
      for (const act of acts) if (act.at <= moment) live.act(act);
      live.advance(moment);
      if (window < scores.length) {
        live.forgetScores(window);
        live.addScores(chunk(scores.slice(window), window, device.stages.length));
      }
      for (const act of acts) if (act.at > moment) live.act(act);
      for (const event of labelled.filter(later).reverse()) live.expect(event);
      live.advance(endOf(one));
      expect(saveSimulator(live)).toEqual(saveSimulator(whole));
      expect(live.takeOutcomes()).toEqual(whole.takeOutcomes());
    });
  });

  test('goes on from a checkpoint as if it had never stopped, with acts and events of later', () => {
    check(200, (one, moment) => {
      const { device, scores, labelled, acts } = one;
      const whole = begin(one);
      whole.advance(endOf(one));
      const early = begin({ ...one, labelled: labelled.filter(({ start }) => start <= moment) });
      early.advance(moment);
      const checkpoint = saveCheckpoint(early);
      const restored = restoreSimulator(device, labelled, {
        ...checkpoint,
        scores: { chunks: [chunk(scores, 0, device.stages.length)] },
      });
      for (const act of acts) if (act.at > moment) restored.act(act);
      restored.advance(endOf(one));
      const states = (simulator: Simulator) => saveCheckpoint(simulator);
      expect(states(restored)).toEqual(states(whole));
    });
  });

  test('refuses what lies in the past', () => {
    const { simulator } = simulate(
      sender(0),
      rows(10, () => [0]),
    );
    const late = { kind: 'choose-policy', policy: 0, at: simulator.now } as const;
    expect(() => simulator.act(late)).toThrow(/to be done at/);
    expect(() => simulator.expect({ start: simulator.now, end: simulator.now })).toThrow(/is to begin at/);
  });
});

/** Two cores: what the first lets through goes over a link that needs 4 ms for it. */
const sender = (powerOfSecond: number) => {
  const device = {
    cores: [core('first', { work: [0] }), core('second', { work: [powerOfSecond] })],
    stages: [
      stage({ core: 0, work: work(5, 1 * MS) }),
      stage({ core: 1, work: work(5, 1 * MS), link: 0, windowBytes: 4, hopBytes: 4 }),
    ],
  };
  return plan({
    ...device,
    links: [{ name: 'link', rail: 0, sleepPower: 0, transferPower: 0, wakeLatency: 0, bytesPerSecond: 1000 }],
    policies: [policy(device), policy(device, { name: 'deaf', thresholds: [2, 2] })],
    rules: [{ belowSoc: 2, policy: 0 }],
  });
};

describe('a link that stalls', () => {
  // The window ends at 20 ms, its first stage at 21 ms, and the link has brought it by 25 ms.
  const detectedAt = (act: { at: number; span: number } | null): number => {
    const simulator = new Simulator(sender(0), []);
    simulator.addScores(
      chunk(
        rows(20, (window) => (window === 0 ? [0.9, 0.9] : [0])),
        0,
        2,
      ),
    );
    if (act !== null) simulator.act({ kind: 'stall-link', link: 0, ...act } as DeviceAct);
    simulator.advance((400 * MS) as Nanoseconds);
    const [outcome] = simulator.takeOutcomes();
    return outcome.time / MS;
  };
  test.each([
    ['never', null, 26],
    ['before anything is sent', { at: 10 * MS, span: 5 * MS }, 26],
    ['when something is to be sent', { at: 20 * MS, span: 10 * MS }, 35],
    ['in the middle of a transfer', { at: 22 * MS, span: 10 * MS }, 36],
  ])('delays what it carries by as much: %s', (_, act, at) => {
    expect(detectedAt(act)).toBe(at);
  });
});

describe('a power profile that somebody chose', () => {
  test('holds whatever the rules say, until it is given back to them', () => {
    const simulator = new Simulator(sender(0), []);
    simulator.addScores(
      chunk(
        rows(30, () => [0]),
        0,
        2,
      ),
    );
    simulator.act({ kind: 'choose-policy', policy: 1, at: (100 * MS) as Nanoseconds });
    simulator.act({ kind: 'choose-policy', policy: null, at: (300 * MS) as Nanoseconds });
    const names = [80, 120, 280, 320].map((time) => {
      simulator.advance((time * MS) as Nanoseconds);
      return simulator.policy.name;
    });
    expect(names).toEqual(['policy', 'deaf', 'deaf', 'policy']);
  });
});

describe('a battery that ages', () => {
  test.each([
    ['thevenin', THEVENIN],
    ['coulomb', COULOMB],
    ['tremblay', CGR18650DA],
  ])('is from then on what a cell made so would be: %s', (_, made) => {
    const fresh = battery(made, 0.8);
    const ageing = { capacity: 0.7, resistance: 2 };
    const open = fresh.openCircuit();
    fresh.age(ageing);
    expect(fresh.soc).toBeCloseTo(0.8, 12);
    expect(fresh.openCircuit()).toBeCloseTo(open, 9);
    const old = battery(agedBattery(quantities<BatteryPlan>(made), ageing), 0.8);
    for (const cell of [fresh, old]) for (let second = 0; second < 600; second++) cell.step(0.3, 1);
    expect(relativeError(fresh.soc, old.soc)).toBeLessThan(1e-12);
    expect(relativeError(fresh.voltage(0.3), old.voltage(0.3))).toBeLessThan(1e-12);
    expect(Math.abs(fresh.imbalance())).toBeLessThan(1e-6);
    expect(fresh.state.agedAway).toBeCloseTo(made.capacity * 0.8 * 0.3, 6);
  });
});
