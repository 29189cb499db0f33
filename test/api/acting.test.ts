// Real runs of a shipped scenario, acted on over REST.
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildServer } from '../../server/api/server.ts';
import { readLog } from '../../server/runs/acts/log.ts';
import { fileCatalog } from '../../server/runs/catalog/catalog-files.ts';
import { type ManagerEvent, RunManager } from '../../server/runs/manager/manager.ts';
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
const act = (id: string, payload: object) =>
  app.inject({ method: 'POST', url: `/api/runs/${id}/acts`, headers, payload });
const WORD = 'recordings/computer/computer-02.flac';
/** A second of a recorded word, as a page would send it. */
const wav = readFileSync(new URL('./fixtures/computer.wav', import.meta.url));

let id: string;
const told: ManagerEvent[] = [];
beforeAll(async () => {
  manager.subscribe((event) => told.push(event));
  ({ id } = await manager.launch({ scenario: 'kitchen-day', durationSeconds: 300, speed: 20, seed: 7 }));
  await inState(manager, id, 'running');
});
afterAll(async () => {
  await app.close();
  await manager.close(200);
});

describe('a run that goes on', () => {
  it('should take up what is done to it at its next window, and tell all who watch', async () => {
    await expect.poll(() => manager.get(id).simulatedSeconds, { timeout: 20_000 }).toBeGreaterThan(1);
    const before = manager.get(id).simulatedSeconds;
    const answer = await act(id, { kind: 'play', clip: WORD, snr: 20 });
    expect(answer.statusCode).toBe(201);
    const input = answer.json();
    expect(input).toMatchObject({ number: 0, act: { kind: 'play', clip: WORD, label: 'computer', snr: 20 } });
    expect(input.simulatedSeconds).toBeGreaterThan(before);
    const window = input.simulatedSeconds * 50;
    expect(window).toBeCloseTo(Math.round(window), 6);
    expect(told).toContainEqual({ kind: 'marks', id, marks: [input] });
    expect(manager.snapshot(id).marks).toEqual([input]);
    const heard = () => manager.snapshot(id).detections.find(({ clip }) => clip === WORD);
    await expect.poll(heard, { timeout: 20_000 }).toMatchObject({ label: 'computer' });
    const found = heard();
    // Whether it is found depends on what else sounds just then; that it is to be found does not.
    expect(['true-positive', 'miss']).toContain(found?.verdict.kind);
    expect(found?.simulatedSeconds).toBeLessThanOrEqual(input.untilSeconds + 1);
  });

  it('should play what was just recorded, and give it back', async () => {
    const answer = await act(id, { kind: 'sound', label: 'computer', snr: 25, wav: wav.toString('base64') });
    expect(answer.statusCode).toBe(201);
    const { number, act: done } = answer.json();
    expect(done).toEqual({ kind: 'sound', label: 'computer', snr: 25 });
    const recording = await get(`/api/runs/${id}/acts/${number}/recording.wav`);
    expect(recording.headers['content-type']).toBe('audio/wav');
    expect(recording.rawPayload).toEqual(wav);
    expect((await get(`/api/runs/${id}/acts/0/recording.wav`)).statusCode).toBe(404);
    const clip = `/acts/${number}/recording.wav`;
    const heard = () => manager.snapshot(id).detections.find((detection) => detection.clip === clip)?.verdict.kind;
    await expect.poll(heard, { timeout: 20_000 }).toMatch(/^(true-positive|miss)$/);
  });

  it('should be acted on while it is paused', async () => {
    manager.pause(id);
    for (const done of [
      { kind: 'noise', decibels: 6 },
      { kind: 'fail-sensor', seconds: 2 },
      { kind: 'stall-link', link: 'dsp-mcu', seconds: 1 },
      { kind: 'age-battery', capacity: 0.8, resistance: 2 },
      { kind: 'choose-profile', powerProfile: 'saver' },
    ])
      expect((await act(id, done)).json()).toMatchObject({ act: done });
    manager.resume(id);
    await expect.poll(() => manager.get(id).powerProfile, { timeout: 20_000 }).toBe('saver');
    expect((await act(id, { kind: 'choose-profile', powerProfile: null })).statusCode).toBe(201);
    await expect.poll(() => manager.get(id).powerProfile, { timeout: 20_000 }).toBe('balanced');
  });

  it.each([
    [{ kind: 'play', clip: '../secret.flac', snr: 3 }, 400, /no recording "\.\.\/secret.flac"/],
    [{ kind: 'stall-link', link: 'usb', seconds: 1 }, 400, /no link "usb"; there are dsp-mcu/],
    [{ kind: 'noise', decibels: 400 }, 400, /decibels: give from -40 to 40 dB/],
    [{ kind: 'age-battery', capacity: 0 }, 400, /capacity: give the share of the capacity that is left/],
    [{ kind: 'sound', label: '<b>', wav: 'AAAA' }, 400, /label: name it in at most 40 letters/],
    [{ kind: 'sound', label: 'computer', wav: 'A'.repeat(1_450_000) }, 400, /wav: send at most 10 s of sound/],
    [{ kind: 'sound', label: 'computer', wav: 'A'.repeat(1_600_000) }, 413, /1.5 MB where a recording comes along/],
    [{ kind: 'explode' }, 400, /kind/],
  ])('should refuse what cannot be done to it, and why: %#', async (payload, status, detail) => {
    const answer = await act(id, payload);
    expect(answer.statusCode).toBe(status);
    expect(answer.json().detail).toMatch(detail);
  });

  it('should say what was done in its report, and come to the same when its process is gone and it is simulated again', async () => {
    const { report, inputs } = await manager.stop(id);
    expect(inputs).toHaveLength(8);
    expect(report?.inputs).toEqual(inputs);
    expect((await get(`/api/runs/${id}/acts`)).json()).toEqual(inputs);
    // The command line makes the same run of its log.
    const log = await get(`/api/runs/${id}/log`);
    expect(log.json().map(({ act: { kind } }: { act: { kind: string } }) => kind)).toEqual(
      inputs.map((input) => input.act.kind),
    );
    const file = join(mkdtempSync(join(tmpdir(), 'acts-')), 'log.json');
    writeFileSync(file, log.payload);
    const again = startRun(
      {
        scenario: catalog.scenarioPath('kitchen-day') ?? '',
        speed: 'max',
        baseline: true,
        durationSeconds: 300,
        seed: 7,
        untilSeconds: report?.simulatedSeconds ?? 0,
        inputs: await readLog(file),
      },
      {},
      { program },
    );
    const outcome = await again.done;
    if (outcome.kind !== 'finished' || report === null) throw new Error(outcome.kind);
    const plain = ({ wallSeconds: _, cost: __, ...rest }: RunReport) => rest;
    expect(plain(outcome.report)).toEqual(plain(report));
    const questions = [`/api/runs/${id}/range?from=0&to=${report?.simulatedSeconds}&points=50`];
    const before = await Promise.all(questions.map(get));
    // Another takes its place among those that are kept for questions.
    const other = await manager.launch({ scenario: 'kitchen-day', durationSeconds: 5, speed: 'max' });
    await inState(manager, other.id, 'finished');
    const after = await Promise.all(questions.map(get));
    expect(after.map((answer) => answer.json())).toEqual(before.map((answer) => answer.json()));
    const late = await act(id, { kind: 'noise', decibels: 3 });
    expect(late.statusCode).toBe(409);
    expect(late.json().detail).toMatch(/is over \(stopped\): launch the scenario again/);
    expect((await act('kitchen-day-99', { kind: 'noise', decibels: 3 })).statusCode).toBe(404);
  });
});
