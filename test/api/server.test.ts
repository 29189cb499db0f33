import { fileURLToPath } from 'node:url';
import type { InjectOptions } from 'fastify';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildServer } from '../../server/api/server.ts';
import { catalog, inState, managerOf } from '../runs/manager/managed.ts';

const manager = managerOf();
const app = buildServer({
  manager,
  catalog,
  logger: pino({ level: 'silent' }),
  dashboardFolder: fileURLToPath(new URL('./fixtures/dashboard', import.meta.url)),
  version: '1.2.3',
});
beforeAll(() => app.ready());
afterAll(async () => {
  await app.close();
  await manager.close(200);
});

const HOST = '127.0.0.1:8750';
const ask = (method: 'GET' | 'POST', url: string, options: Omit<InjectOptions, 'method' | 'url'> = {}) =>
  app.inject({ method, url, ...options, headers: { host: HOST, ...options.headers } });
const get = (url: string) => ask('GET', url);
const post = (url: string, payload?: object) => ask('POST', url, payload === undefined ? {} : { payload });

describe('GET /api', () => {
  it('should tell that it is up, what there is to run and on what', async () => {
    expect((await get('/api/health')).json()).toEqual({
      status: 'ok',
      version: '1.2.3',
      uptimeSeconds: expect.any(Number),
      runs: { active: expect.any(Number), total: expect.any(Number) },
    });
    const offered = (await catalog.scenarios()).map((scenario) => ({ ...scenario, pace: null }));
    expect((await get('/api/scenarios')).json()).toEqual(offered);
    expect((await get('/api/devices')).json()).toEqual(await catalog.devices());
  });

  it('should document every route', async () => {
    const { openapi, paths } = (await get('/api/openapi.json')).json();
    expect(openapi).toBe('3.1.0');
    expect(Object.keys(paths).sort()).toEqual(
      [
        'health',
        'scenarios',
        'scenarios/{name}/{*}',
        'scenarios/{name}/preview',
        'scenarios/{name}/preview/wave',
        'scenarios/{name}/preview/sound.wav',
        'scenarios/{name}/preview/picture.png',
        'devices',
        'devices/{name}',
        'runs',
        'runs/{id}',
        'runs/{id}/series',
        'runs/{id}/detections',
        'runs/{id}/acts',
        'runs/{id}/log',
        'runs/{id}/acts/{number}/{file}',
        'runs/{id}/range',
        'runs/{id}/what-if',
        'runs/{id}/pace',
        'runs/{id}/step',
        'compare',
        'models',
        'advice',
        'advice/{id}',
      ]
        .concat(['runs/{id}/pause', 'runs/{id}/resume', 'runs/{id}/stop'])
        .map((path) => `/api/${path}`)
        .sort(),
    );
    const body = paths['/api/runs'].post.requestBody.content['application/json'].schema;
    expect(body).toMatchObject({
      required: ['scenario'],
      properties: { duration: { anyOf: [{ type: 'number' }, { type: 'string' }] } },
    });
  });
});

describe('a run over REST', () => {
  it('should be launched, watched to its end and read', async () => {
    const launched = await post('/api/runs', {
      scenario: 'scenarios/good.yaml',
      seed: 11,
      powerProfile: 'saver',
      duration: '90 min',
      speed: 600,
      startSoc: '30 %',
    });
    expect(launched.statusCode).toBe(201);
    expect(launched.json()).toMatchObject({
      scenario: 'good',
      seed: 11,
      durationSeconds: 5400,
      speed: 600,
      report: null,
    });
    const { id } = launched.json();
    expect(launched.headers['location']).toBe(`/api/runs/${id}`);

    await inState(manager, id, 'finished');
    expect((await get(`/api/runs/${id}`)).json()).toMatchObject({
      state: 'finished',
      simulatedSeconds: 10,
      report: { scenario: '/scenarios/good.yaml', lifeHours: null },
    });
    expect((await get('/api/runs')).json()).toMatchObject([{ id, state: 'finished' }]);
    expect((await get(`/api/runs/${id}/series`)).json().simulatedSeconds).toHaveLength(10);
    expect((await get(`/api/runs/${id}/detections`)).json()).toMatchObject({ total: 10, detections: { length: 10 } });
  });

  it('should be paused, resumed and stopped, each only when it makes sense', async () => {
    const { id } = (await post('/api/runs', { scenario: 'endless', speed: 60 })).json();
    await inState(manager, id, 'running');
    expect((await post(`/api/runs/${id}/resume`)).json()).toEqual({
      type: 'about:blank',
      title: 'Conflict',
      status: 409,
      detail: `Run ${id} is running, not paused.`,
    });
    expect((await post(`/api/runs/${id}/pause`)).json()).toMatchObject({ state: 'paused' });
    expect((await post(`/api/runs/${id}/resume`)).json()).toMatchObject({ state: 'running' });
    expect((await post(`/api/runs/${id}/stop`)).json()).toMatchObject({ state: 'stopped', report: {} });
    const again = await post(`/api/runs/${id}/stop`);
    expect(again.statusCode).toBe(409);
    expect(again.json().detail).toBe(`Run ${id} is over (stopped): there is nothing to stop.`);
  });

  it('should say that it has no course before it begins', async () => {
    const first = (await post('/api/runs', { scenario: 'endless' })).json();
    const second = (await post('/api/runs', { scenario: 'endless' })).json();
    expect(second.state).toBe('queued');
    expect((await get(`/api/runs/${second.id}/series`)).statusCode).toBe(409);
    for (const { id } of [second, first]) await manager.stop(id);
  });

  it.each([
    [{}, 400, /^scenario: /],
    [{ scenario: 'no-such' }, 404, /There is: good, endless, hangs, throws, broken\.$/],
    [{ scenario: 'broken' }, 409, /broken\.yaml:3: no such device/],
    [{ scenario: '../../etc/passwd' }, 400, /give the name of a scenario/],
    [{ scenario: 'scenarios/../good.yaml' }, 400, /give the name of a scenario/],
    [{ scenario: '/scenarios/good.yaml' }, 400, /give the name of a scenario/],
    [{ scenario: 'good', duration: '90 parsecs' }, 400, /^duration: "parsecs" is not a unit of time; write it like/],
    [{ scenario: 'good', duration: 0.5 }, 400, /^duration: give a time from 1 s to 100 d, .* not 0\.5\./],
    [{ scenario: 'good', duration: '200 d' }, 400, /^duration: .*"200 d".*100 d/],
    [{ scenario: 'good', duration: 200 * 86_400 }, 400, /^duration: give a time from 1 s to 100 d, .* not 17280000\./],
    [{ scenario: 'good', speed: 'fast' }, 400, /^speed: give simulated seconds per second, from 1 to 10000, or "max"/],
    [{ scenario: 'good', speed: 0.5 }, 400, /^speed: give simulated seconds/],
    [{ scenario: 'good', startSoc: '130 %' }, 400, /^startSoc: give a state of charge above 0 and up to 1/],
    [{ scenario: 'good', seed: 1.5 }, 400, /^seed: give a whole number/],
    [{ scenario: 'good', powerProfile: 'turbo' }, 400, /Take one of: always-listening, saver\./],
    [{ scenario: 'good', sped: 3 }, 400, /"sped"/],
    [['good'], 400, /send a JSON object such as/],
  ])('should be refused in words that help: %j', async (body, status, detail) => {
    const response = await post('/api/runs', body);
    expect(response.statusCode).toBe(status);
    expect(response.headers['content-type']).toBe('application/problem+json');
    expect(response.json()).toMatchObject({ status, detail: expect.stringMatching(detail) });
  });
});

describe("a scenario's recordings", () => {
  it('should be served as files, in parts too', async () => {
    const whole = await get('/api/scenarios/good/sounds/a%20word.wav');
    expect(whole.statusCode).toBe(200);
    const part = await ask('GET', '/api/scenarios/good/sounds/a%20word.wav', { headers: { range: 'bytes=0-9' } });
    expect(part.statusCode).toBe(206);
    expect(part.rawPayload).toEqual(whole.rawPayload.subarray(0, 10));
  });

  it.each([
    'good/sounds/another.wav',
    'no-such/sounds/a%20word.wav',
    'good/good.yaml',
    'good/../../package.json',
    'good/..%2f..%2fpackage.json',
    'good/%2fetc%2fpasswd',
    'good/sounds/a%20word.wav%00',
    'good/',
  ])('should be all that is served: %s', async (path) => {
    const response = await get(`/api/scenarios/${path}`);
    expect(response.statusCode).toBe(404);
    expect(response.headers['content-type']).toBe('application/problem+json');
  });
});

describe('requests that are not as they should be', () => {
  const launch = (options: Omit<InjectOptions, 'method' | 'url'>) => ask('POST', '/api/runs', options);
  const json = { 'content-type': 'application/json' };

  it.each([
    ['not JSON', { payload: '{', headers: json }, 400, /The body is not JSON/],
    ['nothing', { payload: '', headers: json }, 400, /The body is not JSON/],
    ['no body', {}, 400, /send a JSON object such as/],
    [
      'a form',
      { payload: 'scenario=good', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
      415,
      /Send JSON/,
    ],
    ['too much', { payload: { scenario: 'x'.repeat(65_536) } }, 413, /larger than 64 kB/],
  ])('should be told what to send: %s', async (_, options, status, detail) => {
    const response = await launch(options);
    expect(response.json()).toMatchObject({ status, detail: expect.stringMatching(detail) });
  });

  it.each([
    'GET /api/runs/none-1',
    'POST /api/runs/none-1/stop',
    'GET /api/nothing',
    'POST /runs/1',
    'GET /assets/no.js',
  ])('should get a 404: %s', async (line) => {
    const [method = '', url = ''] = line.split(' ');
    const response = await ask(method === 'GET' ? 'GET' : 'POST', url);
    expect(response.json()).toMatchObject({ status: 404, title: 'Not Found' });
  });

  it.each([
    'evil.example',
    'evil.example:8750',
    'localhost.evil.example',
    '192.168.1.7:8750',
    '127.0.0.1.evil.example',
    'a@localhost',
  ])('should be refused under a foreign name: %j', async (host) => {
    const response = await ask('GET', '/api/health', { headers: { host } });
    expect(response.json()).toMatchObject({ status: 403, detail: expect.stringContaining('--host') });
    expect((await ask('GET', '/', { headers: { host } })).statusCode).toBe(403);
  });

  it.each(['localhost', 'localhost:8750', 'LOCALHOST:9000', '[::1]:8750', '127.0.0.1'])(
    'should be answered under a name of this machine: %s',
    async (host) => {
      expect((await ask('GET', '/api/health', { headers: { host } })).statusCode).toBe(200);
    },
  );

  it.each([
    [{ origin: 'https://evil.example' }, 403],
    [{ origin: 'null' }, 403],
    [{ origin: 'http://127.0.0.1:3000' }, 403],
    [{ 'sec-fetch-site': 'cross-site' }, 403],
    [{ 'sec-fetch-site': 'same-site', origin: `http://${HOST}` }, 403],
    [{ origin: `http://${HOST}`, 'sec-fetch-site': 'same-origin' }, 409],
    [{}, 409],
  ])('should change something only for the own page or a program: %j', async (headers, status) => {
    expect((await launch({ payload: { scenario: 'broken' }, headers })).statusCode).toBe(status);
  });
});

describe('the page', () => {
  it('should be served at its own addresses, deep ones too, and with a policy against foreign scripts', async () => {
    const headers = { accept: 'text/html,*/*' };
    for (const url of ['/', '/runs/kitchen-day-1', '/devices/pocket.v2?tab=figures']) {
      const response = await ask('GET', url, { headers });
      expect(response.statusCode).toBe(200);
      expect(response.body).toContain('<title>Lightsleeper</title>');
      expect(response.headers['cache-control']).toBe('no-cache');
      expect(response.headers['content-security-policy']).toContain("default-src 'self'");
    }
  });

  it('should have its assets kept by the browser', async () => {
    const response = await get('/assets/index-abc123.js');
    expect(response.headers['content-type']).toContain('javascript');
    expect(response.headers['cache-control']).toContain('immutable');
    expect((await get('/../../../package.json')).statusCode).toBe(404);
  });
});
