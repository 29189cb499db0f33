import { describe, expect, test } from 'vitest';
import {
  chunk,
  core,
  corePolicy,
  energy,
  MS,
  phase,
  plan,
  policy,
  relativeError,
  rows,
  S,
  simulate,
  spent,
  stage,
  US,
  work,
  workLevel,
} from './sketch.ts';

const LINK_TRANSFER = 1;
const ACTUATOR_ACTIVE = 1;

describe('a duty-cycled core', () => {
  const IDLE = { power: 500e-6 };
  const SLEEP = { power: 100e-6, minResidency: 8 * MS };
  const dutyCycled = (exit: readonly [number, number]) => {
    const dsp = core('dsp', { states: [IDLE, { ...SLEEP, entry: [1e-3, 2 * MS], exit }], work: [5e-3] });
    return plan({ hop: 20 * MS, cores: [dsp], stages: [stage({ core: 0, work: work(workLevel(2, 0), 3 * MS) })] });
  };

  test('draws its work, its way in and out of sleep, and its sleep, and nothing else', () => {
    const periods = 1000;
    const { simulator } = simulate(
      dutyCycled([2e-3, 1 * MS]),
      rows(periods, () => [0]),
    );
    // It falls asleep at the start; the last window arrives as the run ends.
    const cycles = periods - 1;
    const sleeping = periods * 20e-3 - periods * 2e-3 - cycles * (1e-3 + 3e-3);
    const expected = periods * 2e-3 * 1e-3 + cycles * (1e-3 * 2e-3 + 3e-3 * 5e-3) + sleeping * 100e-6;
    expect(relativeError(energy(simulator), expected)).toBeLessThan(1e-9);
    expect(simulator.cores[0].state.exits[1]).toBe(periods);
  });

  test('pays for each wake', () => {
    const periods = 500;
    const scores = rows(periods, () => [0]);
    const cheap = energy(simulate(dutyCycled([0, 1 * MS]), scores).simulator);
    const dear = energy(simulate(dutyCycled([7e-3, 1 * MS]), scores).simulator);
    expect(relativeError(dear - cheap, (periods - 1) * 7e-6)).toBeLessThan(1e-9);
  });

  test('stays in the shallow state when the next window comes before the deep one pays', () => {
    const dsp = core('dsp', { states: [IDLE, { ...SLEEP, exit: [0, 1 * MS] }], work: [5e-3] });
    // 12 ms of work leave 8 ms, and 8 ms of residency and 1 ms of exit do not fit.
    const device = plan({ cores: [dsp], stages: [stage({ core: 0, work: work(workLevel(2, 0), 12 * MS) })] });
    const { simulator } = simulate(
      device,
      rows(101, () => [0]),
    );
    // Up to the first window nothing is known to come sooner, so that the first sleep is deep, and its exit takes 1 ms.
    const expected = 20e-3 * 100e-6 + 100 * 12e-3 * 5e-3 + (100 * 8e-3 - 1e-3) * 500e-6;
    expect(relativeError(energy(simulator), expected)).toBeLessThan(1e-9);
  });
});

describe('a full queue', () => {
  test('drops exactly what does not fit under overload (D/D/1/K)', () => {
    // A window every 10 ms, 35 ms of work each, three may wait.
    const dsp = core('dsp', { queueDepth: 3, work: [1e-3] });
    const device = plan({
      hop: 10 * MS,
      cores: [dsp],
      stages: [stage({ core: 0, work: work(workLevel(1, 0), 35 * MS) })],
    });
    const { simulator } = simulate(
      device,
      rows(200, () => [0]),
    );
    const begun = Math.floor((2000 - 10) / 35) + 1;
    expect(simulator.cores[0].state.jobs[0]).toBe(begun);
    expect(simulator.state.counts[0]).toMatchObject({ windowsIn: 200, dropped: 200 - begun - 3 });
  });

  test('drops the middle of a burst that a slow second core cannot follow', () => {
    const dsp = core('dsp', { work: [1e-3] });
    const slow = core('slow', { queueDepth: 2, work: [1e-3] });
    const stages = [
      stage({ core: 0, work: work(workLevel(1, 0), 1 * MS) }),
      stage({ core: 1, work: work(workLevel(1, 0), 5500 * US) }),
    ];
    const cores = [dsp, slow];
    const device = plan({ cores, stages, policies: [policy({ cores, stages }, { batch: 8 })] });
    // They come to the second core after 1, 2, … 8 ms; it is free again after 1 + 5.5 and 1 + 11 ms.
    const { simulator } = simulate(
      device,
      rows(10, () => [1, 0]),
    );
    expect(simulator.state.counts[1]).toMatchObject({ windowsIn: 8, dropped: 4 });
    expect(simulator.cores[1].state.jobs[1]).toBe(4);
  });
});

describe('a regulator', () => {
  const REGULATOR = {
    quiescent: 3e-6,
    efficiency: [
      { load: 1e-4, ratio: 0.7 },
      { load: 1e-2, ratio: 0.9 },
    ],
  };
  test.each([
    { load: 1e-4, efficiency: 0.7 },
    { load: 1e-3, efficiency: 0.8 },
    { load: 1e-2, efficiency: 0.9 },
    { load: 5e-1, efficiency: 0.9 },
    { load: 1e-6, efficiency: 0.7 },
  ])('takes $load W / $efficiency and its quiescent power', ({ load, efficiency }) => {
    const device = plan({
      cores: [core('dsp', { work: [load] })],
      stages: [stage({ core: 0, work: work(workLevel(1, 0), 1) })],
      rails: [{ name: 'rail', regulator: REGULATOR, brownOut: 0 }],
      sensor: { name: 's', rail: 0, link: { rail: 0, power: 0 }, modes: [{ name: 'on', power: load }], core: 0 },
    });
    const { simulator } = simulate({ ...device, hop: (3 * S) as typeof device.hop }, [[0]], { until: 3 * S - 1 });
    const supply = simulator.supply.at(simulator.now);
    const seconds = 3 - 1e-9;
    expect(relativeError(supply.railOutput[0], load * seconds)).toBeLessThan(1e-9);
    expect(relativeError(supply.delivered, (load / efficiency + 3e-6) * seconds)).toBeLessThan(1e-9);
  });
});

describe('a link', () => {
  const LOSES = { power: 10e-6, losesState: true };
  const device = (linger: number) => {
    const cores = [core('dsp', { work: [1e-3] }), core('lp', { states: [{ power: 1e-3 }, LOSES], work: [5e-3, 2e-3] })];
    const stages = [
      stage({ core: 0, work: work(workLevel(1, 0), 1 * MS) }),
      stage({
        core: 1,
        link: 0,
        windowBytes: 2000,
        hopBytes: 40,
        work: work(workLevel(2, 0), 1 * MS),
        transferLevel: [workLevel(2, 1)],
      }),
    ];
    const links = [
      { name: 'spi', rail: 0, sleepPower: 1e-6, transferPower: 4e-3, wakeLatency: 5 * US, bytesPerSecond: 1e6 },
    ];
    const impatient = policy({ cores, stages });
    const policies = [{ ...impatient, cores: [impatient.cores[0], corePolicy(cores[1], { linger: [linger, 0] })] }];
    return plan({ cores, stages, links, policies });
  };
  // Windows 0, 1, 2, 4 and 9 go on.
  const GO_ON = new Set([0, 1, 2, 4, 9]);
  const scores = rows(12, (window) => (GO_ON.has(window) ? [1, 0] : [0]));

  test('brings the whole window first and then the new hops, however many were skipped', () => {
    const { simulator } = simulate(device(10 * S), scores);
    const bytes = 2000 + 40 + 40 + 2 * 40 + 5 * 40;
    const busy = bytes * US + 5 * 5 * US;
    expect(simulator.links[0].state.moved).toBe(bytes);
    expect(spent(simulator, simulator.entries.links, LINK_TRANSFER)).toBe(busy);
    expect(spent(simulator, 1, workLevel(2, 1))).toBe(busy);
    const expected = busy * 1e-9 * 4e-3 + (0.24 - busy * 1e-9) * 1e-6;
    expect(relativeError(simulator.ledger.energyOf(simulator.entries.links, simulator.now), expected)).toBeLessThan(
      1e-9,
    );
  });

  test('brings the whole window again after a state that loses it', () => {
    // 60 ms of patience: only the pause between windows 4 and 9 is long enough.
    const { simulator } = simulate(device(60 * MS), scores);
    expect(simulator.links[0].state.moved).toBe(2000 + 40 + 40 + 2 * 40 + 2000);
  });
});

describe('weights', () => {
  const loads = (when: 'always' | 'lost' | 'never', linger: number) => {
    const cores = [
      core('dsp', { work: [1e-3] }),
      core('lp', { states: [{ power: 1e-3 }, { power: 1e-5, losesState: true }], work: [5e-3, 7e-3] }),
    ];
    const load = phase(workLevel(2, 1), 2 * MS, 0);
    const stages = [
      stage({ core: 0, work: work(workLevel(1, 0), 1 * MS) }),
      stage({ core: 1, work: work(workLevel(2, 0), 1 * MS), weights: { when, load } }),
    ];
    const memories = [
      { name: 'flash', rail: 0, owner: null, onPower: 0.2e-3, retentionPower: 1e-6, accessPower: 3e-3 },
    ];
    const base = policy({ cores, stages });
    const policies = [{ ...base, cores: [base.cores[0], corePolicy(cores[1], { linger: [linger, 0] })] }];
    const { simulator } = simulate(
      plan({ cores, stages, memories, policies }),
      rows(20, (window) => [window % 4 === 0 ? 1 : 0, 0]),
    );
    expect(spent(simulator, 1, workLevel(2, 1))).toBe(simulator.cores[1].state.loads[1] * 2 * MS);
    const seconds = simulator.cores[1].state.loads[1] * 2e-3;
    const expected = seconds * (0.2e-3 + 3e-3) + (0.4 - seconds) * 1e-6;
    expect(relativeError(simulator.ledger.energyOf(simulator.entries.memories, simulator.now), expected)).toBeLessThan(
      1e-9,
    );
    return simulator.cores[1].state.loads[1];
  };

  test('that have no room are brought in for every window', () => expect(loads('always', 10 * S)).toBe(5));
  test('that were kept are not brought in again', () => expect(loads('lost', 10 * S)).toBe(0));
  // The first window comes after 21 ms, before they are lost.
  test('that were lost are brought in again', () => expect(loads('lost', 30 * MS)).toBe(4));
  test('that live where they run are never brought in', () => expect(loads('never', 30 * MS)).toBe(0));
});

describe('an actuator', () => {
  test('is on for its time, and longer when it is triggered again meanwhile', () => {
    const cores = [core('dsp', { work: [0] })];
    const stages = [stage({ core: 0, work: work(workLevel(1, 0), 1 * MS) })];
    const actuators = [{ name: 'radio', rail: 0, idlePower: 2e-6, activePower: 50e-3, duration: 100 * MS }];
    // Detections 1 ms after windows 0, 3 (60 ms later, still on) and 20.
    const { simulator } = simulate(
      plan({ cores, stages, actuators }),
      rows(40, (window) => [window === 0 || window === 3 || window === 20 ? 1 : 0]),
    );
    expect(spent(simulator, simulator.entries.actuators, ACTUATOR_ACTIVE)).toBe((60 + 100 + 100) * MS);
    const expected = 0.26 * 50e-3 + (0.8 - 0.26) * 2e-6;
    expect(relativeError(energy(simulator), expected)).toBeLessThan(1e-9);
  });

  test('is followed by the work that a detection asks for', () => {
    const cores = [core('dsp', { work: [0] }), core('app', { queueDepth: 1, work: [80e-3] })];
    const stages = [stage({ core: 0, work: work(workLevel(1, 0), 1 * MS) })];
    const trigger = { work: { core: 1, phases: work(workLevel(1, 0), 50 * MS) }, preRoll: null };
    // Three detections in a row: one runs, one waits, one is dropped.
    const { simulator } = simulate(
      plan({ cores, stages, trigger }),
      rows(20, (window) => [window < 3 ? 1 : 0]),
    );
    expect(spent(simulator, 1, workLevel(1, 0))).toBe(100 * MS);
    expect(simulator.state.triggersDropped).toBe(1);
  });

  test('gets the last seconds of signal over a link before that work begins', () => {
    const cores = [core('dsp', { work: [0] }), core('app', { work: [80e-3, 1e-3] })];
    const stages = [stage({ core: 0, work: work(workLevel(1, 0), 1 * MS) })];
    const link = {
      name: 'link',
      rail: 0,
      sleepPower: 0,
      transferPower: 5e-3,
      wakeLatency: 100_000,
      bytesPerSecond: 1e6,
    };
    const trigger = {
      work: { core: 1, phases: work(workLevel(1, 0), 50 * MS) },
      preRoll: { from: 0, link: 0, bytes: 12_000, transferLevel: [workLevel(1, 1)] },
    };
    const { simulator } = simulate(
      plan({ cores, stages, links: [link], trigger }),
      rows(20, (window) => [window === 0 ? 1 : 0]),
    );
    expect(spent(simulator, 1, workLevel(1, 1))).toBe(12 * MS + 100_000);
    expect(spent(simulator, simulator.entries.links, 1)).toBe(12 * MS + 100_000);
    expect(spent(simulator, 1, workLevel(1, 0))).toBe(50 * MS);
    expect(simulator.cores[0].state.linksBusy).toBe(0);
  });
});

describe('scores', () => {
  test('are asked for no further than they are known', () => {
    const device = plan({
      cores: [core('dsp', { work: [0] })],
      stages: [stage({ core: 0, work: work(workLevel(1, 0), 1) })],
    });
    const { simulator } = simulate(device, [[0], [0]]);
    expect(() => simulator.advance((simulator.now + 1) as typeof simulator.now)).toThrow(RangeError);
    expect(() => simulator.addScores(chunk([[0]], 3, 1))).toThrow(RangeError);
  });
});
