import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { breakEven, Governor, Hindrance } from '../../server/simulator/governor.ts';
import type { CorePolicy, PowerStatePlan } from '../../server/simulator/plan.ts';
import { nanoseconds } from '../../server/units.ts';
import { core, corePolicy, MS, quantities, S, type StateSketch } from './sketch.ts';

const QUIET = { untilKnownWork: 1 * S, linkBusy: false, sensorFeeds: false, domainAsleep: true };
const UNKNOWN = { ...QUIET, untilKnownWork: Number.POSITIVE_INFINITY };

function choose(
  deep: Partial<StateSketch>,
  now: Partial<typeof QUIET>,
  policy: { permitted?: readonly boolean[]; latencyAllowed?: number } = {},
): number {
  const dsp = core('dsp', {
    states: [{ power: 3e-3 }, { power: 2e-3 }, { power: 1e-3, minResidency: 10 * MS, exit: [0, 2 * MS], ...deep }],
    work: [],
  });
  const states = quantities<readonly PowerStatePlan[]>(dsp.states);
  const governor = new Governor(states, quantities<CorePolicy>(corePolicy(dsp, policy)));
  const { untilKnownWork, linkBusy, sensorFeeds, domainAsleep } = { ...QUIET, ...now };
  const hindrances =
    (linkBusy ? Hindrance.LinkBusy : 0) |
    (sensorFeeds ? Hindrance.SensorFeeds : 0) |
    (domainAsleep ? 0 : Hindrance.DomainAwake);
  return governor.choose(-1, untilKnownWork, hindrances);
}

describe('the governor', () => {
  test.each([
    ['takes the deepest state that pays', choose({}, {}), 2],
    ['takes the deepest state that just fits', choose({}, { untilKnownWork: 12 * MS }), 2],
    ['stays above a state that does not fit', choose({}, { untilKnownWork: 12 * MS - 1 }), 1],
    ['stays above a state without links while one is busy', choose({ linksLive: false }, { linkBusy: true }), 1],
    ['takes a state without links while none is busy', choose({ linksLive: false }, {}), 2],
    ['stays above a state deaf to the sensor that feeds it', choose({ sensorLive: false }, { sensorFeeds: true }), 1],
    ['takes a deaf state where no sensor feeds it', choose({ sensorLive: false }, {}), 2],
    ['keeps to the latency allowed', choose({}, {}, { latencyAllowed: 2 * MS - 1 }), 1],
    ['uses all of the latency allowed', choose({}, {}, { latencyAllowed: 2 * MS }), 2],
    ['keeps to the permitted states', choose({}, {}, { permitted: [true, true, false] }), 1],
    ['passes over a state that is not permitted', choose({}, {}, { permitted: [true, false, true] }), 2],
    ['waits for the whole domain', choose({ wholeDomain: true }, { domainAsleep: false }), 1],
    ['goes with the whole domain', choose({ wholeDomain: true }, {}), 2],
    [
      'falls back to the first state, which always may be',
      choose({}, { untilKnownWork: 0 }, { permitted: [false, false, false] }),
      0,
    ],
    ['begins with the shallowest when nothing is known', choose({}, UNKNOWN), 0],
  ])('%s', (_, choice, expected) => expect(choice).toBe(expected));

  test('goes a step deeper each time that nothing has come, past what may not be', () => {
    const dsp = core('dsp', { states: [{ power: 4 }, { power: 3 }, { power: 2 }, { power: 1 }], work: [] });
    const states = quantities<readonly PowerStatePlan[]>(dsp.states);
    const policy = quantities<CorePolicy>(corePolicy(dsp, { permitted: [true, true, false, true] }));
    const ladder = [-1];
    const governor = new Governor(states, policy);
    for (let step = 0; step < 5; step++)
      ladder.push(governor.choose(ladder[step], UNKNOWN.untilKnownWork, Hindrance.None));
    expect(ladder).toEqual([-1, 0, 1, 3, 3, 3]);
  });
});

test('break-even is the shortest stay whose energy is not above that of the shallow state', () => {
  const power = fc.integer({ min: 1, max: 1000 });
  const latency = fc.integer({ min: 0, max: 500 });
  fc.assert(
    fc.property(power, power, power, latency, power, latency, (shallow, deep, entryPower, entry, exitPower, exit) => {
      const value = breakEven(
        shallow,
        deep,
        { watts: entryPower, latency: nanoseconds(entry) },
        { watts: exitPower, latency: nanoseconds(exit) },
      );
      // Walks through the stay nanosecond by nanosecond.
      let inDeep = exitPower * exit;
      let inShallow = 0;
      let pays: number | null = null;
      for (let stay = 0; stay <= 20_000 && pays === null; stay++) {
        if (stay >= entry && inDeep <= inShallow) pays = stay;
        inDeep += stay < entry ? entryPower : deep;
        inShallow += shallow;
      }
      if (deep >= shallow) expect(value).toBe(Number.POSITIVE_INFINITY);
      else if (pays === null) expect(value).toBeGreaterThan(20_000);
      else expect(Math.ceil(value - 1e-9)).toBe(pays);
    }),
    { numRuns: 300, seed: 1 },
  );
});
