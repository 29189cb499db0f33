import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SERIES_CAPACITY, SeriesRecorder } from '../../../server/runs/manager/series.ts';
import type { Series } from '../../../server/runs/views.ts';
import { frameAt, layout } from './frames.ts';

const spans = (series: Series) => series.simulatedSeconds.map((end, i) => end - (series.simulatedSeconds[i - 1] ?? 0));
const integral = (series: Series, column: readonly number[]) =>
  spans(series).reduce((sum, span, i) => sum + span * (column[i] ?? 0), 0);

describe('SeriesRecorder', () => {
  it('should give each frame as it came while there is room', () => {
    const recorder = new SeriesRecorder(layout);
    recorder.add(frameAt(0));
    recorder.add(frameAt(1, { watts: 0.5, active: 0.75, soc: 0.9 }));
    expect(recorder.snapshot()).toEqual({
      simulatedSeconds: [0, 1],
      soc: [1, 0.9],
      volts: [3.7, 3.7],
      forecastHours: [null, 100],
      railWatts: [
        [0.01, 0.5],
        [0, 0],
        [0, 0],
      ],
      residency: [
        [
          [0.25, 0.75],
          [0, 0],
          [0.75, 0.25],
          [0, 0],
          [0, 0],
        ],
      ],
    });
  });

  it('should stay bounded, keep energy and time, and keep one resolution over the whole run', () => {
    const frame = fc.record({
      span: fc.double({ min: 0.001, max: 100, noNaN: true }),
      watts: fc.double({ min: 0, max: 2, noNaN: true }),
    });
    fc.assert(
      fc.property(
        fc.array(frame, { minLength: 1, maxLength: 400 }),
        fc.integer({ min: 4, max: 40 }),
        (frames, capacity) => {
          const recorder = new SeriesRecorder(layout, capacity);
          let time = 0;
          let joules = 0;
          for (const { span, watts } of frames) {
            time += span;
            joules += span * watts;
            recorder.add(frameAt(time, { watts, active: Math.min(1, watts / 2), soc: 1 / (1 + time) }));
            expect(recorder.length).toBeLessThanOrEqual(capacity);
          }
          const series = recorder.snapshot();
          expect(series.simulatedSeconds.at(-1)).toBeCloseTo(time, 2);
          expect(series.soc.at(-1)).toBeCloseTo(1 / (1 + time), 4);
          // Times are rounded to milliseconds.
          expect(Math.abs(integral(series, series.railWatts[0] ?? []) - joules)).toBeLessThan(
            0.01 * series.soc.length + joules * 1e-4,
          );
          for (let i = 0; i < series.soc.length; i++) {
            const shares = series.residency[0]?.reduce((sum, activity) => sum + (activity[i] ?? 0), 0);
            expect(shares).toBeCloseTo(1, 3);
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  it('should use its room evenly: a long run of equal frames is a row of equal points', () => {
    const recorder = new SeriesRecorder(layout);
    const frames = 100_000;
    for (let i = 1; i <= frames; i++) recorder.add(frameAt(i * 0.1));
    const series = recorder.snapshot();
    expect(series.soc.length).toBeGreaterThan(SERIES_CAPACITY / 4);
    const widths = spans(series).slice(0, -1);
    expect(Math.max(...widths) / Math.min(...widths)).toBeLessThan(1.5);
  });

  it('should take the later of two frames at one instant and ignore one from the past', () => {
    const recorder = new SeriesRecorder(layout);
    recorder.add(frameAt(5, { soc: 0.9 }));
    recorder.add(frameAt(5, { soc: 0.8 }));
    recorder.add(frameAt(4, { soc: 0.7 }));
    expect(recorder.snapshot()).toMatchObject({ simulatedSeconds: [5], soc: [0.8] });
  });
});
