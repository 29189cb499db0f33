// Questions about real runs of a shipped scenario, over REST.
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildServer } from '../../server/api/server.ts';
import { fileCatalog } from '../../server/runs/catalog/catalog-files.ts';
import { RunManager } from '../../server/runs/manager/manager.ts';
import { startRun } from '../../server/runs/process/process-client.ts';
import type { RunReport } from '../../server/runs/report/report.ts';
import { inState } from '../runs/manager/managed.ts';

const program = new URL('../../dist/server/runs/process/process.js', import.meta.url);
const catalog = fileCatalog();
const manager = new RunManager({
  catalog,
  startRun: (request, handlers) => startRun({ ...request, threads: 1 }, handlers, { program }),
  limits: { answering: 1 },
});
const app = buildServer({
  manager,
  catalog,
  logger: pino({ level: 'silent' }),
  dashboardFolder: fileURLToPath(new URL('./fixtures/dashboard', import.meta.url)),
  version: '1.2.3',
});
const headers = { host: '127.0.0.1:8750' };
const get = (url: string) => app.inject({ method: 'GET', url, headers });
const post = (url: string, payload: object) => app.inject({ method: 'POST', url, headers, payload });
const launch = (seed: number) => manager.launch({ scenario: 'kitchen-day', durationSeconds: 120, speed: 'max', seed });
const withoutWall = ({ wallSeconds: _, cost: __, ...report }: RunReport) => report;

let id: string;
beforeAll(async () => {
  ({ id } = await launch(7));
  await inState(manager, id, 'finished');
});
afterAll(async () => {
  await app.close();
  await manager.close(200);
});

describe('a run that is over', () => {
  it('should say what other devices would have done', async () => {
    const answer = await post(`/api/runs/${id}/what-if`, {
      variants: [['cascade.activity.threshold=0.99'], ['powerProfile=saver', 'startCharge=30 %']],
    });
    expect(answer.statusCode).toBe(200);
    const { original, variants } = answer.json();
    expect(original).toEqual(JSON.parse(JSON.stringify(manager.get(id).report)));
    const reach = (report: RunReport) => report.stages[1].reach;
    expect(reach(variants[0])).toBeLessThan(reach(original));
    expect(variants[1]).toMatchObject({ powerProfile: 'saver', battery: { startSoc: 0.3 } });
  });

  it('should give figures of a stretch, in as many points as asked for', async () => {
    const answer = await get(`/api/runs/${id}/range?from=30&to=1%20min&points=60`);
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({ fromSeconds: 30, toSeconds: 60, lanes: expect.any(Array) });
    expect(answer.json().columns.endSeconds).toHaveLength(60);
  });

  it('should answer the same when its process is gone and it has to be simulated again', async () => {
    const question = `/api/runs/${id}/range?from=30&to=90&points=3`;
    const before = (await get(question)).json();
    const variants = [['battery.capacity=60 mAh']];
    const [variant] = (await post(`/api/runs/${id}/what-if`, { variants })).json().variants;
    const other = await launch(8);
    await inState(manager, other.id, 'finished');
    expect((await get(question)).json()).toEqual(before);
    const [again] = (await post(`/api/runs/${id}/what-if`, { variants })).json().variants;
    expect(withoutWall(again)).toEqual(withoutWall(variant));
  });

  it.each([
    ['range?from=30&to=20', 400, /ends after it begins/],
    ['range?from=200&to=300', 400, /has only come to 120 s/],
    ['range?from=-1&to=20', 400, /from: give a simulated time from 0 on/],
    ['range?from=0&to=20&points=5000', 400, /points: give from 1 to 2000 points/],
    ['range?from=soon&to=20', 400, /from: .*"soon"/],
  ])('should refuse %s', async (question, status, detail) => {
    const answer = await get(`/api/runs/${id}/${question}`);
    expect(answer.statusCode).toBe(status);
    expect(answer.json().detail).toMatch(detail);
  });

  it.each([
    ['cascade.keywrd.threshold=0.5', /no "keywrd"; there are activity, keyword, verify/],
    ['cascade.keyword.threshold', /says neither what nor how/],
    ['seed=3', /needs a run of its own/],
    ['cascade.keyword.core=gpu', /gpu/],
  ])('should refuse to be another by %s', async (change, detail) => {
    const answer = await post(`/api/runs/${id}/what-if`, { variants: [[change]] });
    expect(answer.statusCode).toBe(400);
    expect(answer.json().detail).toMatch(detail);
  });
});

describe('a run that goes on', () => {
  it('should be asked about what it has heard, and go on to the same end', async () => {
    const paced = await manager.launch({ scenario: 'kitchen-day', durationSeconds: 120, speed: 60, seed: 7 });
    await inState(manager, paced.id, 'running');
    await expect.poll(() => manager.get(paced.id).simulatedSeconds, { timeout: 20_000 }).toBeGreaterThan(5);
    const stretch = (await get(`/api/runs/${paced.id}/range?from=1&to=4&points=3`)).json();
    expect(stretch).toEqual((await get(`/api/runs/${id}/range?from=1&to=4&points=3`)).json());
    const { original, variants } = (
      await post(`/api/runs/${paced.id}/what-if`, { variants: [['cascade.activity.threshold=0.5']] })
    ).json();
    expect(original.simulatedSeconds).toBe(variants[0].simulatedSeconds);
    await inState(manager, paced.id, 'finished');
    const reports = [paced.id, id].map((one) => manager.get(one).report);
    const [own, reference] = reports.map((report) => report && withoutWall(report));
    expect(own).toEqual(reference);
  });

  it('should go on window by window, to the next detection, and at another speed, to the same end', async () => {
    const paced = await manager.launch({ scenario: 'kitchen-day', durationSeconds: 400, speed: 1, seed: 7 });
    await inState(manager, paced.id, 'running');
    const seconds = () => manager.snapshot(paced.id).frame?.simulatedSeconds ?? 0;
    await expect.poll(seconds, { timeout: 20_000 }).toBeGreaterThan(0);
    await post(`/api/runs/${paced.id}/pause`, {});
    await post(`/api/runs/${paced.id}/step`, { to: 'window' });
    // To the end of a window, wherever it was paused.
    await expect.poll(() => Math.abs(((seconds() / 0.02) % 1) - Math.round((seconds() / 0.02) % 1))).toBeLessThan(1e-6);
    const before = seconds();
    await post(`/api/runs/${paced.id}/step`, { to: 'window' });
    await expect.poll(() => seconds() - before).toBeCloseTo(0.02, 9);
    expect((await post(`/api/runs/${paced.id}/step`, { to: 'detection' })).json()).toMatchObject({ state: 'paused' });
    await expect.poll(() => manager.snapshot(paced.id).detectionsTotal, { timeout: 20_000 }).toBe(1);
    const [found] = manager.snapshot(paced.id).detections;
    await expect.poll(() => seconds() - (found?.simulatedSeconds ?? 0)).toBeLessThan(0.021);
    expect(manager.get(paced.id).state).toBe('paused');
    expect((await post(`/api/runs/${paced.id}/pace`, { speed: 'max' })).json()).toMatchObject({ speed: 'max' });
    await post(`/api/runs/${paced.id}/resume`, {});
    await inState(manager, paced.id, 'finished');
    const whole = await manager.launch({ scenario: 'kitchen-day', durationSeconds: 400, speed: 'max', seed: 7 });
    await inState(manager, whole.id, 'finished');
    const reports = [paced.id, whole.id].map((one) => manager.get(one).report);
    const [own, reference] = reports.map((report) => report && withoutWall(report));
    expect(own).toEqual(reference);
    expect((await post(`/api/runs/${paced.id}/step`, { to: 'window' })).statusCode).toBe(409);
    expect((await post(`/api/runs/${paced.id}/pace`, { speed: 10 })).statusCode).toBe(409);
  });

  it('should answer after it was stopped for what it had heard by then', async () => {
    const paced = await manager.launch({ scenario: 'kitchen-day', durationSeconds: 120, speed: 60, seed: 7 });
    await expect.poll(() => manager.get(paced.id).simulatedSeconds, { timeout: 20_000 }).toBeGreaterThan(5);
    const { report } = await manager.stop(paced.id);
    const seconds = report?.simulatedSeconds ?? 0;
    expect(seconds).toBeGreaterThan(5);
    const { original, variants } = (
      await post(`/api/runs/${paced.id}/what-if`, { variants: [['cascade.verify.hold=1 s']] })
    ).json();
    expect(variants[0].simulatedSeconds).toBe(original.simulatedSeconds);
    expect((await get(`/api/runs/${paced.id}/range?from=0&to=5`)).statusCode).toBe(200);
  });
});
