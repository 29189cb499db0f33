// What breaks a limit, by how much, and said once.
import { describe, expect, it } from 'vitest';
import { lateness, Refusals } from '../../../server/runs/placements/refusals.ts';

const placed = (core: string, p95Milliseconds: number | null) => ({
  stages: [{ stage: 'verify', core }],
  p95Milliseconds,
});

describe('refusals', () => {
  it('should say of what comes too late how it stands at best', () => {
    const refusals = new Refusals();
    for (const [core, p95] of [
      ['dsp', 700],
      ['mcu', 454],
    ] as const) {
      const late = lateness(placed(core, p95), 0.4);
      if (late !== null) refusals.add(late, `verify on ${core}`);
    }
    expect(refusals.all()).toEqual([
      {
        reason:
          'the latency: at best (verify on mcu) 5 % of the detections come later than 454 ms, over the 400 ms allowed by 54 ms',
        placements: ['verify on dsp', 'verify on mcu'],
      },
    ]);
  });

  it('should let pass what is in time, what detects nothing, and all where no limit is set', () => {
    expect(lateness(placed('app', 400), 0.4)).toBeNull();
    expect(lateness(placed('app', null), 0.4)).toBeNull();
    expect(lateness(placed('app', 1e6), undefined)).toBeNull();
  });
});
