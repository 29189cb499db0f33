import { describe, expect, it } from 'vitest';
import { change, measured, relativeChange } from '../../dashboard/format/measure.ts';
import { comparePath, routeOf } from '../../dashboard/routing/route.ts';
import { thinned } from '../../dashboard/series/thinned.ts';

describe('the address of a comparison', () => {
  it('should name its runs in order, each once', () => {
    expect(comparePath(['a-1', 'b-2'])).toBe('/compare?runs=a-1,b-2');
    expect(routeOf('/compare?runs=b-2,a-1,,b-2')).toEqual({ page: 'compare', runs: ['b-2', 'a-1'] });
    expect(routeOf('/compare')).toEqual({ page: 'compare', runs: [] });
  });
});

describe('differences', () => {
  it('should have a sign, a unit and no more digits than they mean', () => {
    expect(change(-0.00138, 'watts')).toBe('−1.38\u00a0mW');
    expect(change(0.045, 'share')).toBe('+4.50\u00a0points');
    expect(relativeChange(-0.147)).toBe('−14.7\u00a0%');
    expect(relativeChange(11)).toBe('×12.0');
    expect(measured({ value: 'for ever', interval: null }, 'life')).toBe('for ever');
  });
});

describe('a course drawn with fewer points', () => {
  it('should have the exact mean of every span, however points fall into it', () => {
    // 1 W for 3 s, then 5 W for 3 s, in spans of 2 s: 1, (1 + 5) / 2, 5.
    expect(thinned([3, 6], [1, 5], 2)).toEqual([
      { x: 0, y: 1 },
      { x: 2, y: 1 },
      { x: 2, y: 3 },
      { x: 4, y: 3 },
      { x: 4, y: 5 },
      { x: 6, y: 5 },
    ]);
  });
});
