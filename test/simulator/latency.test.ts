import { expect, test } from 'vitest';
import { core, events, MS, plan, policy, rows, simulate, stage, US, work, workLevel } from './sketch.ts';

test('latency is the sum of what a window met on its way over three cores, FIFO batching included', () => {
  const cores = [
    core('dsp', { work: [0] }),
    core('lp', { states: [{ power: 0, exit: [0, 3 * MS] }], work: [0] }),
    core('app', { states: [{ power: 0, exit: [0, 10 * MS] }], work: [0] }),
  ];
  const stages = [
    stage({ core: 0, work: work(workLevel(1, 0), 2 * MS) }),
    stage({ core: 1, link: 0, windowBytes: 1000, hopBytes: 200, work: work(workLevel(1, 0), 4 * MS) }),
    stage({ core: 2, link: 1, windowBytes: 500, hopBytes: 500, work: work(workLevel(1, 0), 5 * MS) }),
  ];
  const link = { rail: 0, sleepPower: 0, transferPower: 0, wakeLatency: 0, bytesPerSecond: 1e6 };
  const device = plan({
    cores,
    stages,
    links: [
      { name: 'spi 0', ...link },
      { name: 'spi 1', ...link },
    ],
    policies: [policy({ cores, stages }, { batch: 4 })],
  });
  // Four windows are delivered at 80 ms. Window 1 gets past the first gate, window 2 (which ends at 60 ms) past all.
  const passes = [[0], [1, 0], [1, 1, 1], [0], [0], [0], [0], [0]];
  const { outcomes } = simulate(device, passes, { labelled: events([30 * MS, 50 * MS]) });
  // First core: windows 0 and 1 before it, 80 to 84 ms, itself to 86. Second: woken by window 1 at 84, awake at 87, window 1 to 88 + 4;
  // then 200 bytes, as window 1 is there, and 4 ms. Third: awake at 106.2, 500 bytes, 5 ms.
  const fifo = 20 * MS;
  const first = [4 * MS, 0, 0, 2 * MS];
  const second = [5 * MS, 1 * MS, 200 * US, 4 * MS];
  const third = [0, 10 * MS, 500 * US, 5 * MS];
  expect(outcomes).toMatchObject([
    {
      kind: 'true-positive',
      time: 111_700 * US,
      algorithm: 10 * MS,
      latency: 61_700 * US,
      parts: Float64Array.from([fifo, ...first, ...second, ...third]),
    },
  ]);
});

test('a detection before the event has ended has negative latency', () => {
  const cores = [core('dsp', { work: [0] })];
  const stages = [stage({ core: 0, work: work(workLevel(1, 0), 1 * MS) })];
  const { outcomes } = simulate(
    plan({ cores, stages }),
    rows(5, (window) => [window === 1 ? 1 : 0]),
    { labelled: events([10 * MS, 90 * MS]) },
  );
  expect(outcomes).toMatchObject([{ kind: 'true-positive', latency: -49 * MS, algorithm: -50 * MS }]);
});

test('the wait for a wake that was under way already counts from the arrival on', () => {
  // Going to sleep takes 3 ms and cannot be broken off: the window that comes 1 ms into it waits for the rest, and for the way back.
  const cores = [
    core('dsp', { work: [0] }),
    core('lp', { states: [{ power: 0, entry: [0, 3 * MS], exit: [0, 5 * MS] }], work: [0] }),
  ];
  const stages = [
    stage({ core: 0, work: work(workLevel(1, 0), 7 * MS) }),
    stage({ core: 1, work: work(workLevel(1, 0), 1 * MS) }),
  ];
  const device = plan({ cores, stages, policies: [policy({ cores, stages }, { batch: 2 })] });
  // At the second core: window 0 at 47 ms, awake at 52, done at 53, on its way to sleep until 56; window 1 comes at 54.
  const { outcomes } = simulate(device, [[1, 0], [1, 1], [0], [0]], { labelled: events([0, 40 * MS]) });
  const parts = [0, 7 * MS, 0, 0, 7 * MS, 0, 2 * MS + 5 * MS, 0, 1 * MS];
  expect(outcomes).toMatchObject([{ time: 62 * MS, parts: Float64Array.from(parts) }]);
});
