// How long it will take, by a clock that is set by hand.
import { describe, expect, it } from 'vitest';
import { settingsFor, TimeLeft } from '../../../server/training/own/settings.ts';

const minutes = (text: string): number => {
  const [, count, unit] = /about (\d+) (s|min) left/.exec(text) ?? [];
  return Number(count) / (unit === 's' ? 60 : 1);
};
const share = (text: string): number => Number(/^(\d+) %/.exec(text)?.[1]);

describe('the time that is left', () => {
  it('should shrink as steps are done, by what they took so far', () => {
    let now = 0;
    const time = new TimeLeft(settingsFor(1000), () => now);
    time.at('activity', 0);
    expect(time.inWords()).toBe('0 %');
    now = 60_000;
    time.at('activity', 1000);
    const early = time.inWords();
    // As fast as so far: a minute for what is done, and as much again for each such share.
    expect(minutes(early)).toBeCloseTo((100 - share(early)) / share(early), -1);
    now = 600_000;
    time.at('verify', 500);
    expect(share(time.inWords())).toBeGreaterThan(share(early));
    expect(minutes(time.inWords())).toBeLessThan(10);
  });

  it('should not count what another process did as quick', () => {
    let now = 0;
    const time = new TimeLeft(settingsFor(1000), () => now);
    time.at('verify', 500);
    now = 60_000;
    time.at('verify', 600);
    // A tenth of the verifier took a minute: four more, and measuring.
    expect(minutes(time.inWords())).toBeGreaterThanOrEqual(4);
    expect(minutes(time.inWords())).toBeLessThan(7);
  });
});
