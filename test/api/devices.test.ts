// The library of devices over REST: the shipped profiles, and a folder with one that is wrong.
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildServer } from '../../server/api/server.ts';
import type { DevicePortrait } from '../../server/profiles/views.ts';
import { fileCatalog } from '../../server/runs/catalog/catalog-files.ts';
import type { DeviceView } from '../../server/runs/views.ts';
import { managerOf } from '../runs/manager/managed.ts';

const shipped = fileURLToPath(new URL('../../device-profiles', import.meta.url));
let root: string;
let app: ReturnType<typeof buildServer>;
const manager = managerOf();
const get = (url: string) => app.inject({ method: 'GET', url, headers: { host: '127.0.0.1:8750' } });

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'devices-'));
  await mkdir(join(root, 'scenarios'));
  await cp(shipped, join(root, 'device-profiles'), { recursive: true });
  const pocket = await readFile(join(shipped, 'pocket-assistant.yaml'), 'utf8');
  await writeFile(join(root, 'device-profiles', 'wrong.yaml'), pocket.replace('kind: dsp', 'kind: toaster'));
  app = buildServer({
    manager,
    catalog: fileCatalog(root),
    logger: pino({ level: 'silent' }),
    dashboardFolder: fileURLToPath(new URL('./fixtures/dashboard', import.meta.url)),
    version: '1.2.3',
  });
});
afterAll(async () => {
  await app.close();
  await manager.close(200);
  await rm(root, { recursive: true });
});

describe('GET /api/devices', () => {
  it('should list every figure and every curve with its source, one that is wrong with file and line', async () => {
    const devices: readonly DeviceView[] = (await get('/api/devices')).json();
    const pocket = devices.find(({ name }) => name === 'pocket-assistant');
    const figure = (path: string) => pocket?.figures.find((one) => one.path === path);
    expect(figure('cores.dsp.operatingPoints.30MHz.activePower')).toMatchObject({
      value: expect.stringMatching(/ [mu]W$/),
      source: expect.any(String),
    });
    expect(figure('battery.openCircuit')).toMatchObject({ value: expect.stringMatching(/^\d+ points$/) });
    expect(devices.find(({ name }) => name === 'wrong')?.problem).toMatch(/wrong\.yaml:\d+: cores\[0\]\.kind/);
  });
});

describe('GET /api/devices/:name', () => {
  it('should say how the parts hang together and what states and points are worth', async () => {
    const answer = await get('/api/devices/pocket-assistant');
    expect(answer.statusCode).toBe(200);
    const { parts, states, points, battery, warnings }: DevicePortrait = answer.json();
    expect(parts.cores.map(({ name }) => name)).toEqual(['dsp', 'mcu', 'app']);
    expect(parts.links.map(({ from, to }) => `${from} ${to}`)).toEqual(['dsp mcu', 'mcu app', 'dsp app']);
    const stop2 = states.find(({ state }) => state === 'stop2');
    // As the check of profiles computes it, by hand in its own test.
    expect(stop2).toMatchObject({ worth: 'pays', breakEvenSeconds: { shallowest: expect.closeTo(1.194e-3, 6) } });
    for (const { watts, macsPerSecond, joulesPerMac } of points)
      expect(joulesPerMac).toBeCloseTo(watts / macsPerSecond, 18);
    expect(warnings).toEqual([]);
    expect(battery.curves.map(({ name }) => name).slice(0, 3)).toEqual(['0.2 C', '1 C', '2 C']);
    for (const { points: curve } of battery.curves) {
      expect(curve.length).toBeGreaterThan(50);
      expect(curve.length).toBeLessThanOrEqual(2000);
      expect(curve[0][1]).toBeGreaterThan(battery.cutoffVolts);
    }
  });

  it('should say that there is none of that name, or what is wrong with it', async () => {
    expect((await get('/api/devices/toaster')).statusCode).toBe(404);
    expect((await get('/api/devices/..%2Fscenarios%2Fkitchen-day')).statusCode).toBe(404);
    const wrong = await get('/api/devices/wrong');
    expect(wrong.statusCode).toBe(409);
    expect(wrong.json().detail).toMatch(/wrong\.yaml:\d+: cores\[0\]\.kind/);
  });
});
