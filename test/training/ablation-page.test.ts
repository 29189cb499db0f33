// The page of an ablation, from trials that are made up.
import { describe, expect, it } from 'vitest';
import type { Trial } from '../../server/training/ablation.ts';
import { ablationPage } from '../../server/training/ablation-page.ts';
import { SNRS } from '../../server/training/hearing.ts';

/** Ten takes of five voices; the first `missed` of them are missed at every ratio and budget. */
const trial = (seed: number, missed: number, sceneMisses: number): Trial => ({
  seed,
  hours: 1.25,
  sceneMisses,
  hearings: SNRS.flatMap((snr) =>
    Array.from({ length: 10 }, (_, n) => {
      const isMissed = n < missed;
      return { path: `take ${n}`, group: `voice ${n % 5}`, snr, missed: [isMissed, isMissed, isMissed] };
    }),
  ),
});

describe('the page of an ablation', () => {
  const page = ablationPage({
    steps: 600,
    variants: [
      { without: null, trials: [trial(1, 1, 0.05), trial(2, 2, 0.06)] },
      { without: 'noise', trials: [trial(1, 1, 0.05), trial(2, 1, 0.05)] },
      { without: 'rooms', trials: [trial(1, 6, 0.1), trial(2, 7, 0.11)] },
    ],
  });

  it('should give misses by ratio with intervals as wide as if each take had been heard once', () => {
    // 3 of 20 hearings, as of 10 takes: between the exact intervals of 1 and 2 of them.
    expect(page).toMatch(/\| nothing \| 15\.0 % \(\d+\.\d to \d+\.\d\) \|/);
    expect(page).toMatch(/\| rooms \| 65\.0 % \(/);
  });

  it('should put first what costs most to leave out, paired by seed, and say what seeds differ by', () => {
    const rows = page.split('\n').filter((line) => /^\| (rooms|noise) \|.*\+|^\| (rooms|noise) \|.*-\d/.test(line));
    expect(rows.at(-2)).toMatch(
      /^\| rooms \| rooms \| \+50\.0 \| \+\d+\.\d to \+\d+\.\d \| \+50\.0 \| \+50\.0 \| \+5\.0 \|/,
    );
    expect(rows.at(-1)).toMatch(/^\| noise \| .* \| -5\.0 \| .* \| \+0\.0 \| -10\.0 \| -0\.5 \|/);
    expect(page).toMatch(/the seeds miss 10\.0 % and 20\.0 % on average/);
  });

  it('should leave open what is not trained yet', () => {
    const early = ablationPage({
      steps: 600,
      variants: [
        { without: null, trials: [trial(1, 1, 0.05), trial(2, 2, 0.06)] },
        { without: 'rooms', trials: [trial(1, 6, 0.1)] },
      ],
    });
    expect(early).toMatch(
      /^\| rooms \| rooms \| \+50\.0 \| \+\d+\.\d to \+\d+\.\d \| \+50\.0 \| not yet \| \+5\.0 \|/m,
    );
    expect(early).toMatch(/twice with all\n.*as often or once less/);
  });
});
