import { describe, expect, it } from 'vitest';
import { type RunHandlers, type RunOutcome, startRun } from '../../../server/runs/process/process-client.ts';

const program = new URL('../fixtures/run.js', import.meta.url);
const start = (scenario: string, handlers: RunHandlers = {}) =>
  startRun({ scenario, speed: 'max', baseline: false }, handlers, { program, exitGraceMilliseconds: 100 });
const problemOf = (outcome: RunOutcome) => (outcome.kind === 'failed' ? outcome.problem : outcome.kind);

describe('startRun', () => {
  it('should hand on everything in order and end with the report, digits and infinities whole', async () => {
    const heard: string[] = [];
    const outcome = await start('good', {
      layout: (layout, warnings) => heard.push(`layout ${layout.sensor} ${warnings}`),
      frame: (frame) => heard.push(`frame ${frame.simulatedSeconds}`),
      detections: (detections) => heard.push(`detections ${detections.map((one) => one.index)}`),
      reporting: () => heard.push('reporting'),
    }).done;
    const frames = Array.from({ length: 10 }, (_, i) => [`detections ${i}`, `frame ${i + 1}`]).flat();
    expect(heard).toEqual(['layout microphone estimated', ...frames, 'reporting']);
    expect(outcome).toEqual({
      kind: 'finished',
      stopped: false,
      variants: [],
      report: { scenario: 'good', simulatedSeconds: 10, lifeHours: Number.POSITIVE_INFINITY },
    });
  });

  it('should stop on request, paused or not, with the report so far', async () => {
    let frames = 0;
    const run = await new Promise<ReturnType<typeof start>>((resolve) => {
      const handle = start('endless', { frame: () => ++frames === 3 && resolve(handle) });
    });
    run.pause();
    await new Promise((resolve) => setTimeout(resolve, 100));
    const paused = frames;
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(frames).toBe(paused);
    run.resume();
    await expect.poll(() => frames).toBeGreaterThan(paused);
    run.pause();
    run.stop();
    expect(await run.done).toMatchObject({ kind: 'finished', stopped: true });
  });

  it('should kill a process that does not stop, and not call that a failure', async () => {
    const run = await new Promise<ReturnType<typeof start>>((resolve) => {
      const handle = start('hangs', { layout: () => setTimeout(() => resolve(handle), 100) });
    });
    run.stop(200);
    expect(await run.done).toEqual({ kind: 'stopped' });
  });

  it('should wait longer for the report of a run that heeded the stop, but not for ever', async () => {
    const patient = start('ponders', { layout: () => patient.stop() });
    let reporting = 0;
    const hasty = start('ponders', {
      layout: () => hasty.stop(),
      reporting: () => ++reporting === 1 && hasty.stop(200),
    });
    expect(await hasty.done).toEqual({ kind: 'stopped' });
    expect(await patient.done).toMatchObject({ kind: 'finished', stopped: true });
  });

  it('should keep the report of a process that does not leave after it', async () => {
    expect(await start('lingers').done).toMatchObject({ kind: 'finished' });
  });

  it.each([
    ['refuses', 'input', /^scenarios\/refuses\.yaml:3: no such device; take one of hub, pocket\.$/],
    ['throws', 'crash', /exit code 1 and without a report\. It last said:[\s\S]*the roof is on fire/],
    ['dies', 'crash', /died of SIGSEGV/],
    ['killed', 'crash', /killed by the system, most likely because memory ran out/],
    ['garbage', 'fault', /does not understand/],
  ])('should say why a run failed: %s', async (scenario, cause, problem) => {
    const outcome = await start(scenario).done;
    expect(outcome).toMatchObject({ kind: 'failed', cause });
    expect(problemOf(outcome)).toMatch(problem);
  });

  it('should say that memory ran out', async () => {
    process.env['NODE_OPTIONS'] = '--max-old-space-size=32';
    const { done } = start('hoards');
    delete process.env['NODE_OPTIONS'];
    expect(problemOf(await done)).toMatch(/^The run's process ran out of memory\. Take a shorter duration/);
  });

  it('should say that the program is not there', async () => {
    const outcome = await startRun(
      { scenario: 'x', speed: 1, baseline: false },
      {},
      { program: new URL('./no.js', program) },
    ).done;
    expect(problemOf(outcome)).toMatch(/Cannot find module/);
  });

  it('should pass output on line by line', async () => {
    const lines: string[] = [];
    await start('throws', { log: (line) => lines.push(line) }).done;
    expect(lines).toContain('about to fail');
    expect(lines.some((line) => line.includes('the roof is on fire'))).toBe(true);
  });
});
