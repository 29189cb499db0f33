import { describe, expect, it } from 'vitest';
import {
  falseAcceptBound,
  type Gate,
  matchedThresholds,
  missBound,
  missesAt,
  type OperatingCurve,
  strictest,
} from '../../../server/runs/placements/matching.ts';

const curve = (
  ...points: ReadonlyArray<readonly [threshold: number, missRate: number, falseAccepts: number]>
): OperatingCurve => ({
  source: 'made for this test',
  points: points.map(([threshold, missRate, falseAcceptsPerHour]) => ({ threshold, missRate, falseAcceptsPerHour })),
});
const wide: Gate = { curve: curve([0.2, 0, 900], [0.5, 0.01, 400], [0.9, 0.2, 50]), threshold: 0.5 };
const keen: Gate = { curve: curve([0.3, 0.01, 40], [0.6, 0.02, 9], [0.8, 0.03, 4], [0.9, 0.08, 1]), threshold: 0.6 };
const sure: Gate = { curve: curve([0.4, 0.01, 8], [0.6, 0.02, 2], [0.7, 0.04, 1], [0.95, 0.5, 0]), threshold: 0.6 };

describe('matched thresholds', () => {
  it('should add up what gates miss, and accept no more than the least permissive of them', () => {
    expect(missBound([wide, keen, sure])).toBeCloseTo(0.05, 12);
    expect(falseAcceptBound([wide, keen, sure])).toBe(2);
  });

  it('should keep all thresholds while no stage is left out', () => {
    expect(matchedThresholds([wide, keen, sure], [0, 1, 2])).toEqual([0.5, 0.6, 0.6]);
  });

  it('should give the last stage what the missing one leaves, never more', () => {
    // 5 % in all: without the first 2 % are taken and 3 % left, without the last 1 % is taken and 4 % left, alone all 5 % are.
    expect(matchedThresholds([wide, keen, sure], [1, 2])).toEqual([0.6, 0.6]);
    expect(matchedThresholds([wide, keen, sure], [0, 1])).toEqual([0.5, 0.8]);
    expect(matchedThresholds([wide, keen, sure], [2])).toEqual([0.7]);
  });

  it('should read a curve to the safe side between its points, and know nothing beyond its end', () => {
    expect(missesAt(sure.curve as OperatingCurve, 0.65)).toBe(0.04);
    expect(missesAt(sure.curve as OperatingCurve, 0.99)).toBe(1);
    expect(strictest(sure.curve as OperatingCurve, 0.001)).toBeNull();
  });

  it('should not guess without a curve', () => {
    expect(matchedThresholds([{ ...wide, curve: null }, keen, sure], [1, 2])).toBeNull();
  });
});
