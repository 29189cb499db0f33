import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { laneRectangles } from '../../dashboard/draw/lane-layout.ts';

describe('a lane of intervals', () => {
  it('should be drawn where each interval lies, to the pixel', () => {
    expect(laneRectangles([0, 3, 7], 0, 10, 10)).toEqual([
      { left: 0, width: 3, interval: 0 },
      { left: 3, width: 4, interval: 1 },
      { left: 7, width: 3, interval: 2 },
    ]);
  });

  it('should show of what falls within a pixel that which fills most of it', () => {
    expect(laneRectangles([0, 1, 1.1, 1.8, 2], 0, 4, 4).map(({ interval }) => interval)).toEqual([0, 2, 4]);
  });

  it('should begin within an interval that began before', () => {
    expect(laneRectangles([0, 50, 90], 60, 100, 40)).toEqual([
      { left: 0, width: 30, interval: 1 },
      { left: 30, width: 10, interval: 2 },
    ]);
  });

  it('should cover every pixel once, in order, with the interval that has most of it, and never take more than a pixel each', () => {
    const intervals = fc
      .array(fc.double({ min: 0.001, max: 20, noNaN: true }), { minLength: 1, maxLength: 200 })
      .map((spans) => spans.map((_, index) => spans.slice(0, index).reduce((sum, span) => sum + span, 0)));
    fc.assert(
      fc.property(intervals, fc.integer({ min: 1, max: 80 }), (starts, width) => {
        const to = (starts[starts.length - 1] ?? 0) + 5;
        const rectangles = laneRectangles(starts, 0, to, width);
        expect(rectangles.length).toBeLessThanOrEqual(width);
        let left = 0;
        for (const rectangle of rectangles) {
          expect(rectangle.left).toBe(left);
          left += rectangle.width;
        }
        expect(left).toBe(width);
        const covered = (interval: number, pixel: number) =>
          Math.min(starts[interval + 1] ?? to, ((pixel + 1) * to) / width) -
          Math.max(starts[interval] ?? 0, (pixel * to) / width);
        for (const { left, width: wide, interval } of rectangles)
          for (let pixel = left; pixel < left + wide; pixel++) {
            const most = Math.max(...starts.map((_, other) => covered(other, pixel)));
            expect(covered(interval, pixel)).toBeGreaterThanOrEqual(most - 1e-6);
          }
      }),
    );
  });

  it('should draw a million intervals in as many rectangles as it has pixels', () => {
    const starts = Array.from({ length: 1_000_000 }, (_, index) => index * 0.0864);
    expect(laneRectangles(starts, 0, 86_400, 1200).length).toBe(1200);
  });
});
