import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ColumnSeries, indexAt, meanOf } from '../../dashboard/series/columns.ts';
import { RecentSeries } from '../../dashboard/series/recent.ts';
import { Sequence } from '../../dashboard/series/sequence.ts';
import { timeTicks } from '../../dashboard/series/ticks.ts';

/** Spans between points, and a power for each. */
const points = fc.array(
  fc.tuple(fc.double({ min: 0.01, max: 100, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })),
  {
    minLength: 1,
    maxLength: 200,
  },
);

describe('a series that is thinned as it grows', () => {
  it('should keep the mean, the lowest and the latest, however often it was thinned', () => {
    fc.assert(
      fc.property(points, (given) => {
        const series = new ColumnSeries(['mean', 'lowest', 'last'], 16);
        let time = 0;
        let joules = 0;
        for (const [span, watts] of given) {
          time += span;
          joules += span * watts;
          series.append(time, [watts, watts, watts]);
        }
        expect(series.time.length).toBeLessThanOrEqual(16);
        expect(series.end).toBe(time);
        expect(meanOf(series, 0)).toBeCloseTo(joules / time, 9);
        expect(Math.min(...(series.columns[1] ?? []))).toBe(Math.min(...given.map(([, watts]) => watts)));
        expect(series.columns[2]?.at(-1)).toBe(given.at(-1)?.[1]);
      }),
    );
  });

  it('should take no point twice', () => {
    const series = new ColumnSeries(['last'], 16);
    for (const time of [1, 2, 2, 1, 3]) series.append(time, [time]);
    expect(series.time).toEqual([1, 2, 3]);
  });

  it('should find the point whose span holds a moment', () => {
    expect([0, 1, 1.5, 3, 9].map((at) => indexAt([1, 2, 3], at))).toEqual([0, 0, 1, 2, 2]);
    expect(indexAt([], 1)).toBe(-1);
  });
});

describe('the newest points of a run', () => {
  it('should be kept as they came, in bounded room', () => {
    const series = new RecentSeries(1, 100);
    for (let time = 1; time <= 1000; time++) {
      series.append(time, [2 * time]);
      expect(series.time.length).toBeLessThanOrEqual(100);
    }
    expect(series.time.length).toBeGreaterThanOrEqual(74);
    expect(series.time.at(-1)).toBe(1000);
    expect(series.columns[0]).toEqual(series.time.map((time) => 2 * time));
    series.append(1000, [0]);
    expect(series.columns[0]?.at(-1)).toBe(2000);
  });
});

describe('the numbers of updates', () => {
  it('should tell a gap from what was already in the snapshot', () => {
    const sequence = new Sequence();
    sequence.restart(5);
    expect([5, 6, 7, 9, 10].map((number) => sequence.follows(number))).toEqual([true, true, true, false, true]);
  });
});

describe('the marks of a time axis', () => {
  it.each([
    [0, 60, ['00:00:00', '00:00:10', '00:00:20', '00:00:30', '00:00:40', '00:00:50', '00:01:00']],
    [0, 3600, ['00:00', '00:10', '00:20', '00:30', '00:40', '00:50', '01:00']],
    [82_800, 93_600, ['23:00', '23:30', 'day 2', '00:30', '01:00', '01:30', '02:00']],
    [0, 17 * 86_400, ['0 d', '5 d', '10 d', '15 d']],
  ])('should be round: %d to %d s', (from, to, labels) => {
    expect(timeTicks(from, to, 7).map(({ label }) => label)).toEqual(labels);
  });
});
