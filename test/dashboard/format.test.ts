import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { charge, percent, quantity, significant, times } from '../../dashboard/format/quantity.ts';
import { clock, moment, parseSpan, span } from '../../dashboard/format/time.ts';
import { routeOf, runPath } from '../../dashboard/routing/route.ts';

const plain = (text: string) => text.replaceAll('\u00a0', ' ');

describe('numbers for people', () => {
  it.each([
    [quantity(0.0053612, 'W'), '5.36 mW'],
    [quantity(0.99999, 'W'), '1.00 W'],
    [quantity(-0.213, 's'), '−213 ms'],
    [quantity(0, 'W'), '0 W'],
    [quantity(null, 'W'), '–'],
    [significant(1234.5), '1,235'],
    [percent(0.99987), '99.987 %'],
    [percent(0.5), '50.0 %'],
    [percent(1e-9), '<0.0001 %'],
    [percent(1), '100 %'],
    [charge(0.79976), '79.98 %'],
    [times(259.4), '259×'],
  ])('should have a unit and the digits that carry meaning: %s', (text, expected) => {
    expect(plain(text)).toBe(expected);
  });
});

describe('simulated time', () => {
  it('should be a time of day, with the day in runs of several', () => {
    expect(clock(204.9)).toBe('00:03:24');
    expect(moment(90_000, true)).toBe('d2 01:00:00');
    expect(moment(3600, false)).toBe('01:00:00');
    expect(moment(86_400, false)).toBe('24:00:00');
    expect(moment(7 * 86_400, true)).toBe('d7 24:00:00');
    expect(moment(0, false)).toBe('00:00:00');
  });

  it.each([
    [0.25, '0.25 s'],
    [59.96, '60.0 s'],
    [3599.9, '1 h'],
    [86_399, '1 d'],
    [1_487_400, '17 d 5 h'],
    [1e8, '3.2 years'],
  ])('should be said in at most two units: %d s', (seconds, text) => {
    expect(plain(span(seconds))).toBe(text);
  });

  it('should be read as it is written, to the smaller unit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99 * 86_400 }), (seconds) => {
        const read = parseSpan(plain(span(seconds))) ?? Number.NaN;
        const unit = seconds >= 86_400 ? 3600 : seconds >= 3600 ? 60 : 1;
        expect(Math.abs(read - seconds)).toBeLessThanOrEqual(unit / 2);
      }),
    );
  });

  it.each(['', '24', 'h', '1 parsec', '1 h and more', '-1 h', '0 s', '1h 2'])('should not be guessed: %j', (text) => {
    expect(parseSpan(text)).toBeNull();
  });
});

describe('addresses', () => {
  it('should lead to their page, whatever a run is called', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (id) => {
        fc.pre(!/^\.{1,2}$/.test(id));
        expect(routeOf(runPath(id))).toEqual({ page: 'run', id });
      }),
    );
    expect(routeOf('/')).toEqual({ page: 'home' });
    expect(routeOf('/devices/pocket-assistant')).toEqual({ page: 'devices', name: 'pocket-assistant' });
    expect(routeOf('/runs/a/b')).toEqual({ page: 'unknown', path: '/runs/a/b' });
    expect(routeOf('/runs/%E0%A4%A')).toEqual({ page: 'run', id: '%E0%A4%A' });
  });
});
