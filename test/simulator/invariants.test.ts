import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { balance } from '../../server/simulator/balance.ts';
import { Battery } from '../../server/simulator/battery.ts';
import { Mode } from '../../server/simulator/core-state.ts';
import type { JobQueueState } from '../../server/simulator/job-queue.ts';
import type { Outcome } from '../../server/simulator/judge.ts';
import type { Plan } from '../../server/simulator/plan.ts';
import { Simulator, type SimulatorOptions } from '../../server/simulator/simulator.ts';
import { saveSimulator } from '../../server/simulator/snapshot.ts';
import type { Nanoseconds } from '../../server/units.ts';
import { type Case, type CellKind, randomCase } from './random-device.ts';
import { chunk, entryLevel, exitLevel, type Rows, relativeError, S, spent, stateLevel } from './sketch.ts';

const ns = (time: number) => time as Nanoseconds;
const BOOT_LEVEL = 1;
const OFF_LEVEL = 0;
const TRANSFER = 1;
const ON = 2;

const check = (cell: CellKind, numRuns: number, holds: (one: Case, moment: number) => void): void =>
  fc.assert(
    fc.property(randomCase(cell), fc.double({ min: 0.05, max: 1, noNaN: true }), (one, share) =>
      holds(one, Math.floor(share * one.scores.length * one.device.hop)),
    ),
    { numRuns, seed: 7, endOnFailure: true },
  );

function begin({ device, scores, labelled }: Case, options: SimulatorOptions = {}): Simulator {
  const simulator = new Simulator(device, labelled, options);
  simulator.addScores(chunk(scores, 0, device.stages.length));
  return simulator;
}

function until(one: Case, moment: number): Simulator {
  const simulator = begin(one);
  simulator.advance(ns(moment));
  return simulator;
}

/** Nanoseconds that each core, memory and link should have spent in each level, from what was counted and not from what was timed. */
function expectedTimes(simulator: Simulator) {
  const { plan, states, now } = simulator;
  /** Of the span that ends with the component's alarm, what is still to come. */
  const toCome = (alarm: number) => states.alarms.due[alarm] - now;
  const { work, preRoll } = plan.trigger;
  /** What brings bytes in: stages behind the first, and the work of a trigger. */
  const receivers = [
    ...plan.stages.map(({ core, link, transferLevel }, stage) => ({ stage, core, link, transferLevel })),
    ...(work === null || preRoll === null ? [] : [{ ...preRoll, stage: plan.stages.length, core: work.core }]),
  ];
  const memories = plan.memories.map(() => ({ access: 0, on: 0, retained: 0 }));
  const cores = plan.cores.map((core, index) => {
    const state = simulator.cores[index].state;
    const times = new Float64Array(core.levels.length);
    const left = 1 <= state.mode && state.mode !== Mode.Receiving ? toCome(1 + index) : 0;
    core.states.forEach(({ entry, exit }, depth) => {
      const here = depth === state.powerState;
      times[entryLevel(depth)] =
        state.entries[depth] * entry.latency - (here && state.mode === Mode.Entering ? left : 0);
      times[exitLevel(depth)] = state.exits[depth] * exit.latency - (here && state.mode === Mode.Waking ? left : 0);
    });
    times[BOOT_LEVEL] = state.boots * core.boot.latency - (state.mode === Mode.Booting ? left : 0);
    return times;
  });
  return { cores, memories, toCome, receivers };
}

/** Where the waiting jobs are in their ring. */
const placesOf = ({ head, waiting, slot }: JobQueueState): readonly number[] =>
  Array.from({ length: waiting }, (_, place) => (head + place) % slot.length);

describe('energy', () => {
  test('counted from jobs, bytes, loads, wakes and residency is the energy of the ledger', () => {
    let checked = 0;
    check('strong', 250, (one, moment) => {
      const simulator = until(one, moment);
      const { plan, now } = simulator;
      const { cores, toCome, receivers } = expectedTimes(simulator);
      expect(simulator.state.brownOuts).toBe(0);
      const accessed = plan.memories.map(() => 0);

      plan.cores.forEach((core, index) => {
        const state = simulator.cores[index].state;
        const times = cores[index];
        const inJob = state.mode >= Mode.Receiving;
        const left = toCome(1 + index);
        const wholes = (level: number, duration: number, running: boolean) => {
          // What is under way is counted whole here, and what is still to come taken off again.
          const begun = (spent(simulator, index, level) + (running ? left : 0)) / duration;
          expect(Number.isInteger(begun)).toBe(true);
          times[level] = begun * duration - (running ? left : 0);
          return begun;
        };
        const jobs = [...plan.stages.map(({ work }) => work), plan.trigger.work?.phases ?? []];
        jobs.forEach((points, stage) => {
          if ((plan.stages[stage]?.core ?? plan.trigger.work?.core) !== index) return;
          const here = inJob && state.stage === stage;
          const phases = points[0]?.length ?? 0;
          for (let phase = 0; phase < phases; phase++) {
            const running = here && state.mode === Mode.Working && state.phase === phase;
            const begun = points.reduce(
              (sum, point, number) =>
                sum + wholes(point[phase].level, point[phase].duration, running && state.point === number),
              0,
            );
            const notYet = here && (state.mode !== Mode.Working || state.phase < phase) ? 1 : 0;
            expect(begun).toBe(state.jobs[stage] - notYet);
            for (const { memory, level } of points.map((point) => point[phase]))
              if (memory !== null) accessed[memory] += times[level];
          }
          const load = plan.stages[stage]?.weights.load;
          if (load === null || load === undefined) return;
          times[load.level] = state.loads[stage] * load.duration - (here && state.mode === Mode.Loading ? left : 0);
          const atLoading = here && state.mode === Mode.Receiving ? 1 : 0;
          if (plan.stages[stage].weights.when === 'always')
            expect(state.loads[stage]).toBe(state.jobs[stage] - atLoading);
          if (load.memory !== null) accessed[load.memory] += times[load.level];
        });
        receivers.forEach(({ transferLevel, core: on }) => {
          if (on === index) for (const level of transferLevel) times[level] = spent(simulator, index, level);
        });
        // What is left is sleep; how it is shared among the states only the ledger knows.
        const known = times.reduce((sum, time) => sum + time, 0);
        const asleep = core.states.map((_, depth) => spent(simulator, index, stateLevel(depth)));
        expect(known + asleep.reduce((sum, time) => sum + time, 0)).toBe(now);
        asleep.forEach((time, depth) => {
          times[stateLevel(depth)] = time;
        });
        expect([...simulator.ledger.spentBy(index, now)]).toEqual([...times, 0]);
      });

      plan.links.forEach((link, index) => {
        const { moved, wakes, bytes } = simulator.links[index].state;
        const nanosecondsPerByte = 1e9 / link.bytesPerSecond;
        const underWay = bytes.length === 0 ? 0 : bytes[0] * nanosecondsPerByte - toCome(1 + plan.cores.length + index);
        const busy = moved * nanosecondsPerByte + wakes * link.wakeLatency + underWay;
        expect(spent(simulator, simulator.entries.links + index, TRANSFER)).toBe(busy);
        const users = receivers.filter((receiver) => receiver.link === index);
        const asked = users.reduce((sum, { stage, core }) => sum + simulator.cores[core].state.received[stage], 0);
        expect(asked).toBe(moved + bytes.reduce((sum, count) => sum + count, 0));
        if (users.length !== 1) return;
        // Nobody else to wait for: the core waits exactly as long as the link is busy.
        const { core, transferLevel } = users[0];
        expect(transferLevel.reduce((sum, level) => sum + spent(simulator, core, level), 0)).toBe(busy);
      });

      plan.memories.forEach(({ owner }, index) => {
        const times = simulator.ledger.spentBy(simulator.entries.memories + index, now);
        const users = [...times].slice(ON).reduce((sum, time, count) => sum + time * count, 0);
        // The last level is off, and spent by nobody here.
        expect(users).toBe(accessed[index]);
        if (owner === null) return;
        const inStates = (mode: string) =>
          plan.cores[owner].states.reduce(
            (sum, state, depth) => sum + (state.memories[index] === mode ? cores[owner][stateLevel(depth)] : 0),
            0,
          );
        // On the way from a sleep to a deeper one it stays as it was in the first.
        const entering = plan.cores[owner].states.reduce((sum, _, depth) => sum + cores[owner][entryLevel(depth)], 0);
        const [off, retained] = [times[0] - inStates('off'), times[1] - inStates('retained')];
        expect(Math.min(off, retained)).toBeGreaterThanOrEqual(0);
        expect(off + retained).toBeLessThanOrEqual(entering);
      });

      // The same times, multiplied here: rail by rail against the ledger, and against what the regulators gave.
      const supply = simulator.supply.at(now);
      plan.rails.forEach((_, rail) => {
        let joules = 0;
        plan.cores.forEach((core, index) => {
          if (core.rail !== rail) return;
          joules += core.levels.reduce((sum, { power }, level) => sum + (power * cores[index][level]) / S, 0);
        });
        simulator.ledger.entries.forEach((entry, component) => {
          if (component < plan.cores.length || entry.rail !== rail) return;
          joules += entry.levels.reduce(
            (sum, power, level) => sum + (power * spent(simulator, component, level)) / S,
            0,
          );
        });
        expect(relativeError(simulator.ledger.railEnergy(rail, now), joules)).toBeLessThan(1e-9);
        expect(relativeError(supply.railOutput[rail], joules)).toBeLessThan(1e-9);
      });
      checked++;
    });
    expect(checked).toBe(250);
  });

  test.each(['strong', 'weak', 'charged'] as const)(
    'of rails, regulators and a %s cell balances, and all time is spent once',
    (cell) => {
      check(cell, 250, (one, moment) => {
        const simulator = until(one, moment);
        const supply = simulator.supply.at(simulator.now);
        const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);
        one.device.rails.forEach((_, rail) => {
          const components = simulator.ledger.railEnergy(rail, simulator.now);
          expect(relativeError(supply.railOutput[rail], components)).toBeLessThan(1e-9);
        });
        const { charged, fromCharger } = supply.state;
        const given = fromCharger + (supply.battery?.state.delivered ?? 0);
        expect(relativeError(sum(supply.railInput) + charged, given + charged)).toBeLessThan(1e-9);
        expect(Math.abs(supply.battery?.imbalance() ?? 1)).toBeLessThan(1e-6);
        expect(balance(simulator).error).toBeLessThan(1e-6);
        simulator.ledger.entries.forEach((_, component) => {
          expect(sum(simulator.ledger.spentBy(component, simulator.now))).toBe(moment);
        });
      });
    },
  );

  test.each(['strong', 'weak'] as const)('leaves the charge that a hundredfold finer step leaves (%s cell)', (cell) => {
    let gathered = 0;
    check(cell, 40, (one, moment) => {
      if (one.device.supply.kind !== 'battery') return;
      const { battery, startSoc } = one.device.supply;
      // Jumping takes steps back that a battery does not bear; these would be counted twice.
      const simulator = begin(one, { fastForward: false });
      const { supply } = simulator;
      const fine = new Battery(battery, startSoc);
      // Powers as they follow each other, and never two in one step.
      const advance = supply.advance.bind(supply);
      supply.advance = (to) => {
        const seconds = (to - supply.state.since) / 1e9;
        if (seconds > 0) for (let part = 0; part < 100; part++) fine.step(supply.state.power, seconds / 100);
        advance(to);
        if (supply.state.owing.length > 1) gathered++;
      };
      simulator.advance(ns(moment));
      supply.advance(simulator.now);
      supply.settle();
      const taken = battery.capacity * startSoc - fine.state.charge + fine.state.chargeError;
      expect(Math.abs((supply.battery?.state.charge ?? 0) - fine.state.charge) / taken).toBeLessThan(1e-6);
    });
    if (cell === 'strong') expect(gathered).toBeGreaterThan(500);
  });
});

describe('the future', () => {
  test.each(['strong', 'weak', 'charged'] as const)(
    'of the scores changes nothing that happened before it (%s cell)',
    (cell) => {
      check(cell, 150, (one, moment) => {
        const heard = Math.floor(moment / one.device.hop);
        const scores: Rows = one.scores.map((row, window) =>
          window < heard ? row : one.device.stages.map((_, stage) => ((window * 7 + stage * 3) % 10) / 10),
        );
        const { scores: ignored, ...expected } = until(one, moment).states;
        const { scores: other, ...actual } = until({ ...one, scores }, moment).states;
        expect(ignored).not.toBe(other);
        expect(actual).toEqual(expected);
      });
    },
  );

  test('may come in pieces of any size, and time in steps of any length', () => {
    fc.assert(
      fc.property(
        fc.constantFrom<CellKind>('strong', 'weak', 'charged').chain((cell) => randomCase(cell)),
        fc.constantFrom(1, 7, 1000),
        fc.array(fc.double({ min: 0.1, max: 3, noNaN: true }), { minLength: 1, maxLength: 9 }),
        (one, size, strides) => {
          const { device, scores, labelled } = one;
          const whole = until(one, scores.length * device.hop);
          const outcomes: Outcome[] = [];
          const simulator = new Simulator(device, labelled);
          let step = 0;
          for (let window = 0; window < scores.length; window += size) {
            simulator.addScores(chunk(scores.slice(window, window + size), window, device.stages.length));
            for (;;) {
              const stride = Math.round(strides[step++ % strides.length] * device.hop) + 1;
              if (simulator.now + stride > simulator.horizon) break;
              simulator.advance(ns(simulator.now + stride));
              outcomes.push(...simulator.takeOutcomes());
            }
          }
          simulator.advance(simulator.horizon);
          outcomes.push(...simulator.takeOutcomes());
          expect(outcomes).toEqual(whole.takeOutcomes());
          const { scores: _, ...expected } = saveSimulator(whole);
          expect(saveSimulator(simulator)).toMatchObject(expected);
          expect(simulator.supply.at(simulator.now).state).toEqual(whole.supply.at(whole.now).state);
        },
      ),
      { numRuns: 150, seed: 7, endOnFailure: true },
    );
  });
});

describe('every window', () => {
  test.each(['strong', 'weak', 'charged'] as const)(
    'is passed, stopped, dropped, held, lost or under way, at every stage (%s cell)',
    (cell) => {
      check(cell, 200, (one, moment) => {
        // Those jumped over are not told one by one.
        const simulator = begin(one, { fastForward: false });
        const { stages, cores, trigger } = one.device;
        const endings = stages.map(() => ({
          gate: 0,
          dropped: 0,
          'brown-out': 0,
          hold: 0,
          late: 0,
          off: 0,
          unheard: 0,
        }));
        const { judge } = simulator;
        const ended = judge.ended.bind(judge);
        judge.ended = (end, stage, ending, score) => {
          endings[stage][ending]++;
          ended(end, stage, ending, score);
        };
        let decided = 0;
        const detected = judge.detected.bind(judge);
        judge.detected = (now, end, parts, score) => {
          decided++;
          // From the window's end to the decision there is no time that no part accounts for.
          expect(parts.reduce((sum, part) => sum + part, 0)).toBe(now - end);
          expect(parts.every((part) => part >= 0)).toBe(true);
          detected(now, end, parts, score);
        };
        simulator.advance(ns(moment));
        const { windows } = simulator.states;
        stages.forEach((_, stage) => {
          const counts = simulator.state.counts[stage];
          const { gate, dropped, hold, off, 'brown-out': lost, late } = endings[stage];
          const underWay = windows.stage.filter((at) => at === stage).length;
          expect(counts.windowsIn).toBe(counts.windowsPassed + gate + dropped + hold + lost + off + underWay);
          expect([counts.dropped, late]).toEqual([dropped, 0]);
          expect(counts.windowsPassed).toBe(
            stage + 1 < stages.length ? simulator.state.counts[stage + 1].windowsIn : decided,
          );
        });
        // What it could have heard while it was off, before a charger came, went by.
        const { windowsIn } = simulator.state.counts[0];
        if (cell === 'charged') expect(windowsIn).toBeLessThanOrEqual(simulator.state.nextWindow);
        else expect(windowsIn).toBe(simulator.state.nextWindow);
        // Under way means in a queue or on a core.
        cores.forEach((_, index) => {
          const { mode, slot, queue } = simulator.cores[index].state;
          let held = mode >= Mode.Receiving && slot >= 0 ? 1 : 0;
          for (const at of placesOf(queue)) if (queue.slot[at] >= 0) held++;
          expect(windows.stage.filter((at) => at >= 0 && stages[at].core === index).length).toBe(held);
        });
        // A link is kept awake by those who still wait for its bytes.
        cores.forEach((_, index) => {
          const waitsFor = (stage: number) =>
            stage === stages.length
              ? trigger.preRoll?.from === index
              : stage > 0 && stages[stage].link !== null && stages[stage - 1].core === index;
          let waiting = 0;
          for (const { state } of simulator.cores) {
            if (state.mode === Mode.Receiving && waitsFor(state.stage)) waiting++;
            for (const at of placesOf(state.queue)) if (waitsFor(state.queue.stage[at])) waiting++;
          }
          expect(simulator.cores[index].state.linksBusy).toBe(waiting);
        });
      });
    },
  );

  test.each(['strong', 'weak', 'charged'] as const)(
    'and every event is judged once, when its time is over (%s cell)',
    (cell) => {
      check(cell, 150, (one, moment) => {
        const simulator = until(one, moment);
        const outcomes = simulator.takeOutcomes();
        const judged = outcomes.flatMap((outcome) => (outcome.kind === 'false-accept' ? [] : [outcome.event]));
        expect(new Set(judged).size).toBe(judged.length);
        one.labelled.forEach(({ end, start }, event) => {
          if (end + 1 * S < moment) expect(judged).toContain(event);
          if (start > moment) expect(judged).not.toContain(event);
        });
        expect(simulator.judge.state.events).toBe(judged.length);
      });
    },
  );
});

describe('a core that has no power', () => {
  test('is off for a second at least and boots for its time, however often', () => {
    let brownOuts = 0;
    check('weak', 150, (one, moment) => {
      const simulator = until(one, moment);
      const { cores } = expectedTimes(simulator);
      brownOuts += simulator.state.brownOuts;
      if (simulator.isOff) return;
      (one.device as Plan).cores.forEach((_, index) => {
        const { boots } = simulator.cores[index].state;
        const off = spent(simulator, index, OFF_LEVEL);
        expect(off).toBeGreaterThanOrEqual(boots * S);
        // Boots that the supply broke off take less.
        expect(spent(simulator, index, BOOT_LEVEL)).toBeLessThanOrEqual(cores[index][BOOT_LEVEL]);
      });
    });
    expect(brownOuts).toBeGreaterThan(20);
  });
});
