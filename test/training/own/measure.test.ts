// The choice of a verifier's threshold, and the curve that it lies on, from scores that are made up.
import { describe, expect, it } from 'vitest';
import { chooseVerify, curveOf } from '../../../server/training/own/measure.ts';
import { heardOf, hearing } from '../made-up-hearing.ts';

/** A hundred words of which so many are verified at 0.6 only, the others at 0.97. */
const words = (weak: number) =>
  Array.from({ length: 100 }, (_, index) =>
    hearing(`word ${index}`, 120, { 25: [0.9, 0.8, index < weak ? 0.6 : 0.97] }, 30),
  );
/** Half an hour, in which something false is verified at 0.93. */
const speech = [hearing('speech', 90_000, { 100: [0.95, 0.95, 0.93], 5000: [0.95, 0.95, 0.5] })];

describe('the verifier of a word of one’s own', () => {
  it('should be shut to all that is false in validation, where that costs less than a tenth of the words', () => {
    const { thresholds, isShut } = chooseVerify(heardOf(words(9), speech));
    expect(isShut).toBe(true);
    expect(thresholds.normal.verify).toBe(0.94);
  });

  it('should be opened again where it costs more, and never be stricter than the strict one', () => {
    const { thresholds, isShut } = chooseVerify(heardOf(words(20), speech));
    expect(isShut).toBe(false);
    expect(thresholds.normal.verify).toBe(0.6);
    expect(thresholds.strict.verify).toBe(0.94);
  });

  it('should lie on a curve of misses over false accepts', () => {
    const heard = heardOf(words(20), speech);
    const curve = curveOf(heard, 'verify', chooseVerify(heard).thresholds.normal);
    const at = (threshold: number) => curve.find((point) => point.threshold === threshold);
    expect(at(0.5)).toMatchObject({ misses: { value: 0 }, falseAccepts: { value: 4 } });
    expect(at(0.6)).toMatchObject({ misses: { value: 0 }, falseAccepts: { value: 2 } });
    expect(at(0.94)).toMatchObject({ misses: { value: 0.2 }, falseAccepts: { value: 0 } });
  });
});
