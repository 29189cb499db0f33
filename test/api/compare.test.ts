// Comparisons of real runs of a shipped scenario, over REST.
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildServer } from '../../server/api/server.ts';
import { fileCatalog } from '../../server/runs/catalog/catalog-files.ts';
import type { RunComparison } from '../../server/runs/compare/comparison.ts';
import { RunManager } from '../../server/runs/manager/manager.ts';
import { startRun } from '../../server/runs/process/process-client.ts';
import { inState } from '../runs/manager/managed.ts';

const program = new URL('../../dist/server/runs/process/process.js', import.meta.url);
const catalog = fileCatalog();
const manager = new RunManager({
  catalog,
  startRun: (request, handlers) => startRun({ ...request, threads: 1 }, handlers, { program }),
});
const app = buildServer({
  manager,
  catalog,
  logger: pino({ level: 'silent' }),
  dashboardFolder: fileURLToPath(new URL('./fixtures/dashboard', import.meta.url)),
  version: '1.2.3',
});
const get = (url: string) => app.inject({ method: 'GET', url, headers: { host: '127.0.0.1:8750' } });
const launch = async (powerProfile: string): Promise<string> => {
  const { id } = await manager.launch({ scenario: 'kitchen-day', durationSeconds: 1200, speed: 'max', powerProfile });
  return id;
};

let ids: readonly string[];
beforeAll(async () => {
  ids = [await launch('balanced'), await launch('saver')];
  await Promise.all(ids.map((id) => inState(manager, id, 'finished')));
});
afterAll(async () => {
  await app.close();
  await manager.close(200);
});

describe('GET /api/compare', () => {
  it('should say what two power profiles make of the same stream', async () => {
    const answer = await get(`/api/compare?runs=${ids.join(',')},nothing-1`);
    expect(answer.statusCode).toBe(200);
    const comparison: RunComparison = answer.json();
    expect(comparison.runs).toMatchObject([
      { kind: 'reported', paired: true },
      { kind: 'reported', paired: true },
      { kind: 'gone', reason: expect.stringContaining('no run nothing-1') },
    ]);
    expect(comparison.settings[0]).toMatchObject({ name: 'power profile', values: ['balanced', 'saver', null] });
    const reports = ids.map((id) => manager.get(id).report);
    const power = comparison.outcomes.find(({ name, of }) => name === 'mean power' && of === null);
    const [balanced, saver] = reports.map((report) => (report?.battery.averageMilliwatts ?? 0) / 1e3);
    expect(power?.values.slice(0, 2)).toMatchObject([{ value: balanced }, { value: saver }]);
    expect(power?.differences[1]).toMatchObject({
      relative: expect.closeTo(saver / balanced - 1, 9),
      chance: { kind: 'same stream' },
    });
    // Both heard the same words, and each is accounted for.
    const events = reports[0]?.detections.events;
    expect(events).toBeGreaterThan(0);
    expect(comparison.events?.events).toBe(events);
  });

  it('should ask for two to six runs, in words', async () => {
    for (const runs of ['', 'a', 'a,a', 'a,b,c,d,e,f,g']) {
      const answer = await get(`/api/compare?runs=${runs}`);
      expect(answer.statusCode).toBe(400);
      expect(answer.json().detail).toContain('from 2 to 6 ids of runs');
    }
    expect((await get('/api/compare')).json().detail).toContain('from 2 to 6 ids of runs');
  });
});
