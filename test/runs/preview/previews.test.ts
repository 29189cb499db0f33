// The process that mixes previews, when too much is asked of it.
import { afterEach, describe, expect, it } from 'vitest';
import { fileCatalog } from '../../../server/runs/catalog/catalog-files.ts';
import { type PreviewLimits, Previews } from '../../../server/runs/preview/previews.ts';

const scenario = fileCatalog().scenarioPath('walking-band') ?? '';
const overview = { kind: 'overview', scenario } as const;

let previews: Previews;
const open = (limits: Partial<PreviewLimits>): Previews => {
  previews = new Previews(() => {}, limits);
  return previews;
};
afterEach(() => previews.close());

describe('previews', () => {
  it('should refuse what is more than may wait, and answer the rest', async () => {
    open({ waiting: 2 });
    const answers = await Promise.all([1, 2, 3, 4].map(() => previews.ask(overview)));
    expect(answers.map((answer) => (answer.kind === 'refused' ? answer.cause : answer.kind))).toEqual([
      'overview',
      'overview',
      'overview',
      'busy',
    ]);
  });

  it('should forget a question that nobody waits for any more', async () => {
    open({});
    const leaving = new AbortController();
    const first = previews.ask(overview);
    const second = previews.ask(overview, leaving.signal);
    leaving.abort(new Error('gone'));
    await expect(second).rejects.toThrow('gone');
    expect((await first).kind).toBe('overview');
  });

  it('should give up what takes too long', async () => {
    open({ answerMilliseconds: 1 });
    const late = await previews.ask(overview);
    expect(late).toMatchObject({ kind: 'refused', cause: 'fault', problem: expect.stringContaining('took too long') });
  });

  it('should say what is wrong with a scenario, and start anew after its process ended in idleness', async () => {
    open({ idleMilliseconds: 50 });
    const refused = await previews.ask({ kind: 'overview', scenario: 'test/no-such.yaml' });
    expect(refused).toMatchObject({ kind: 'refused', cause: 'scenario' });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect((await previews.ask(overview)).kind).toBe('overview');
  });
});
