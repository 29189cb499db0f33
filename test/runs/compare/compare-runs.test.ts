import { describe, expect, it } from 'vitest';
import { type AskedRun, compareRuns } from '../../../server/runs/compare/compare-runs.ts';
import type { OutcomeDifference } from '../../../server/runs/compare/comparison.ts';
import type { InputView, Verdict } from '../../../server/runs/views.ts';
import { detectionAt, type Made, madeRun, underWay } from './compared.ts';

const compare = (...runs: readonly (Made | AskedRun)[]) =>
  compareRuns(runs.map((run) => ('kind' in run ? run : madeRun(run))));
const named = (outcomes: readonly OutcomeDifference[], name: string, of: string | null = null) =>
  outcomes.find((one) => one.name === name && one.of === of);
/** One event a minute. */
const events = (...kinds: readonly Verdict['kind'][]) => kinds.map((kind, at) => detectionAt(60 * (at + 1), kind));
const [hit, miss] = ['true-positive', 'miss'] as const;

describe('what was set', () => {
  it('should be listed only where it differs, whatever hangs on it included', () => {
    const { settings } = compare(
      { id: 'a', powerProfile: 'balanced', threshold: 0.6 },
      { id: 'b', powerProfile: 'saver', threshold: 0.8, startSoc: 0.5 },
    );
    expect(settings).toEqual([
      { name: 'power profile', of: null, unit: 'text', values: ['balanced', 'saver'] },
      { name: 'start charge', of: null, unit: 'share', values: [1, 0.5] },
      { name: 'threshold', of: 'keyword', unit: 'number', values: [0.6, 0.8] },
    ]);
  });

  it('should leave out what hangs on a stage that only one has, and say that the cascades differ', () => {
    const { settings, outcomes } = compare({ id: 'a', stage: 'keyword' }, { id: 'b', stage: 'steps' });
    expect(settings).toEqual([{ name: 'cascade', of: null, unit: 'text', values: ['keyword', 'steps'] }]);
    expect(outcomes).toEqual([]);
  });

  it('should tell of a run that somebody acted on, and pair it with none that heard another stream', () => {
    const input = (act: InputView['act']) => ({ number: 0, simulatedSeconds: 60, untilSeconds: null, act });
    const louder = input({ kind: 'noise', decibels: 6 });
    const aged = input({ kind: 'age-battery', capacity: 0.8, resistance: 2 });
    const heard = { detections: events(hit, miss) };
    const comparison = compare({ id: 'a', ...heard }, { id: 'b', inputs: [louder], ...heard });
    expect(comparison.settings).toEqual([{ name: 'acts while it went on', of: null, unit: 'number', values: [0, 1] }]);
    expect(comparison.runs[1]).toMatchObject({ paired: false });
    expect(compare({ id: 'a', ...heard }, { id: 'b', inputs: [aged], ...heard }).runs[1]).toMatchObject({
      paired: true,
    });
  });

  it('should not take what is not known yet for a difference', () => {
    expect(compare({ id: 'a' }, underWay('b')).settings).toEqual([]);
  });
});

describe('what came out', () => {
  it('should be told as absolute and relative differences from the first, the largest first', () => {
    const { outcomes, alike } = compare(
      { id: 'a', joules: 36, lifeHours: 100 },
      { id: 'b', joules: 27, lifeHours: 150 },
    );
    expect(named(outcomes, 'mean power')).toMatchObject({
      unit: 'watts',
      better: 'lower',
      values: [{ value: 0.01 }, { value: 0.0075 }],
      differences: [null, { absolute: expect.closeTo(-0.0025, 12), relative: expect.closeTo(-0.25, 12) }],
    });
    expect(named(outcomes, 'battery life')?.differences[1]).toMatchObject({ absolute: 50 * 3600, relative: 0.5 });
    // A third of the longer life, a quarter of the larger power.
    expect(outcomes.filter(({ group }) => group === 'outcome').map(({ name }) => name)).toEqual([
      'battery life',
      'mean power',
    ]);
    expect(named(outcomes, 'energy', 'core')).toMatchObject({ unit: 'joules', values: [{ value: 36 }, { value: 27 }] });
    expect(alike).toContainEqual({ name: 'energy', of: 'radio' });
  });

  it('should compare mean powers where durations differ, and have no number for a life without end', () => {
    const { outcomes } = compare({ id: 'a', lifeHours: 100 }, { id: 'b', hours: 2, joules: 36, lifeHours: null });
    expect(named(outcomes, 'mean power', 'core')).toMatchObject({ values: [{ value: 0.01 }, { value: 0.005 }] });
    expect(outcomes[0]).toMatchObject({
      name: 'battery life',
      values: [{ value: 360_000 }, { value: 'for ever' }],
      differences: [null, { absolute: null, relative: null }],
    });
  });

  it('should pair runs of one stream, and say of others that chance is not known', () => {
    const { runs, outcomes } = compare({ id: 'a' }, { id: 'b', joules: 30 }, { id: 'c', joules: 30, seed: 8 });
    expect(runs).toMatchObject([{ paired: true }, { paired: true }, { paired: false }]);
    expect(named(outcomes, 'mean power')?.differences.map((one) => one?.chance.kind)).toEqual([
      undefined,
      'same stream',
      'not known',
    ]);
  });

  it('should not pair runs whose scenario came to be another between them', () => {
    const edited = madeRun({ id: 'b', eventsByLabel: { word: 3 } });
    expect(compare({ id: 'a' }, edited).runs).toMatchObject([{ paired: true }, { paired: false }]);
  });

  it('should count only what one of both found, where they heard the same', () => {
    const both = [hit, hit, miss];
    const first = events(...both, hit, hit, hit, hit, hit, hit);
    const other = events(...both, miss, miss, miss, miss, miss, miss);
    const { outcomes } = compare({ id: 'a', detections: first }, { id: 'b', detections: other });
    expect(named(outcomes, 'miss rate')).toMatchObject({
      values: [{ value: 1 / 9 }, { value: 7 / 9 }],
      differences: [null, { chance: { kind: 'tested', p: expect.closeTo(2 / 64, 12), beyond: true } }],
    });
    // Of others each is taken for itself: 1 of 9 against 7 of 9, of C(18, 8) = 43,758 tables, those with 0, 1, 7 or 8 among the first nine.
    const apart = compare({ id: 'a', detections: first }, { id: 'b', detections: other, seed: 8 });
    const ways = [0, 1, 7, 8].map((k) => choose(9, k) * choose(9, 8 - k)).reduce((sum, one) => sum + one, 0);
    expect(named(apart.outcomes, 'miss rate')?.differences[1]).toMatchObject({
      chance: { p: expect.closeTo(ways / 43_758, 10) },
    });
  });

  it('should not pair what is no longer known event by event', () => {
    const { outcomes, events: together } = compare(
      { id: 'a', detections: events(hit, hit) },
      { id: 'b', detections: events(hit, miss), forgotten: 1 },
    );
    expect(named(outcomes, 'miss rate')?.differences[1]?.chance).toMatchObject({
      how: expect.stringContaining('Fisher'),
    });
    expect(together).toBeNull();
  });
});

describe('events side by side', () => {
  it('should show what one found and the other missed, with what was heard', () => {
    const { events: together } = compare(
      { id: 'a', detections: events(hit, hit, miss, miss) },
      { id: 'b', detections: events(hit, miss, hit, miss) },
      underWay('c'),
    );
    expect(together).toMatchObject({
      shares: [true, true, false],
      events: 4,
      foundByAll: 1,
      foundByNone: 1,
      apartTotal: 2,
      apart: [
        { simulatedSeconds: 120, clip: 'word.flac', verdicts: [{ kind: hit }, { kind: miss }, null] },
        { simulatedSeconds: 180, clip: 'word.flac', verdicts: [{ kind: miss }, { kind: hit }, null] },
      ],
    });
  });

  it('should take false accepts of one sound for one, though gates decide at different speeds', () => {
    const falseAt = (at: number, clip: string) => detectionAt(at, 'false-accept', clip);
    const { events: together } = compare(
      { id: 'a', detections: [falseAt(10, 'dog.flac'), falseAt(50, 'cat.flac')] },
      { id: 'b', detections: [falseAt(10.8, 'dog.flac'), falseAt(90, 'cat.flac')] },
    );
    expect(together).toMatchObject({
      falseAcceptsOfAll: 1,
      apart: [{ simulatedSeconds: 50 }, { simulatedSeconds: 90, verdicts: [null, { kind: 'false-accept' }] }],
    });
  });

  it('should compare the stretch that both have, and nothing where the streams differ', () => {
    const long = { id: 'b', hours: 2, detections: [...events(hit, miss), detectionAt(5000, miss)] };
    expect(compare({ id: 'a', detections: events(hit, hit) }, long).events).toMatchObject({ events: 2, seconds: 3600 });
    const shifted = { id: 'c', detections: [detectionAt(61, hit), detectionAt(120, hit)] };
    expect(compare({ id: 'a', detections: events(hit, hit) }, shifted).events).toBeNull();
  });
});

describe('runs without figures', () => {
  it('should be named with the reason, and leave the comparison to the others', () => {
    const gone: AskedRun = { kind: 'gone', id: 'x', reason: 'There is no run x.' };
    const { runs, reference, outcomes } = compare(
      gone,
      underWay('a'),
      { id: 'b', joules: 36 },
      { id: 'c', joules: 18 },
    );
    expect(runs.map(({ kind }) => kind)).toEqual(['gone', 'unreported', 'reported', 'reported']);
    expect(runs[1]).toMatchObject({ reason: expect.stringContaining('still goes on') });
    expect(reference).toBe(2);
    expect(named(outcomes, 'mean power')?.differences).toMatchObject([null, null, null, { relative: -0.5 }]);
    expect(compare(gone, underWay('a'))).toMatchObject({ reference: null, outcomes: [], events: null });
    const failed = underWay('d');
    const run = { ...failed.run, state: 'failed' as const, problem: 'Its battery was empty.' };
    expect(compare({ id: 'b' }, { ...failed, run }).runs[1]).toMatchObject({
      kind: 'unreported',
      reason: 'It failed. Its battery was empty.',
    });
  });
});

function choose(n: number, k: number): number {
  let ways = 1;
  for (let at = 1; at <= k; at++) ways = (ways * (n - k + at)) / at;
  return ways;
}
