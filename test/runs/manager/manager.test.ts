import { afterEach, describe, expect, it } from 'vitest';
import { MOST_INPUTS, MOST_RECORDINGS } from '../../../server/runs/acts/act.ts';
import type { ManagerEvent, RunManager } from '../../../server/runs/manager/manager.ts';
import { DETECTIONS_KEPT, Run } from '../../../server/runs/manager/run.ts';
import { frameAt, layout } from './frames.ts';
import { catalog, inState, managerOf } from './managed.ts';

let manager: RunManager;
afterEach(() => manager.close(200));

const paced = (scenario: string) => manager.launch({ scenario, speed: 60 });
const fast = (scenario: string) => manager.launch({ scenario, speed: 'max' });
const states = () => Object.fromEntries(manager.list().map(({ id, state }) => [id, state]));

describe('RunManager', () => {
  it('should see a run through and keep all that it told', async () => {
    manager = managerOf();
    const heard: ManagerEvent[] = [];
    manager.subscribe((event) => heard.push(event));
    const launched = await manager.launch({ scenario: 'good', speed: 'max', powerProfile: 'saver', seed: 3 });
    expect(launched).toMatchObject({
      id: 'good-1',
      state: 'starting',
      title: 'A good day',
      powerProfile: 'saver',
      seed: 3,
      durationSeconds: 100,
      simulatedSeconds: 0,
      report: null,
    });
    await inState(manager, 'good-1', 'finished');
    expect(manager.snapshot('good-1')).toMatchObject({
      run: { state: 'finished', simulatedSeconds: 10, report: { scenario: '/scenarios/good.yaml' } },
      layout: { sensor: 'microphone' },
      frame: { simulatedSeconds: 10 },
      sequence: 10,
      detectionsTotal: 10,
      series: { simulatedSeconds: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] },
    });
    expect(heard.flatMap((event) => (event.kind === 'run' ? [event.run.state] : []))).toEqual([
      'queued',
      'starting',
      'running',
      'finished',
    ]);
    expect(heard.flatMap((event) => (event.kind === 'frame' ? [event.sequence] : []))).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
    ]);
  });

  it('should say what became of a run whose process died, and start the next one', async () => {
    manager = managerOf();
    await fast('throws');
    await fast('good');
    expect(states()).toEqual({ 'throws-1': 'starting', 'good-1': 'queued' });
    await inState(manager, 'good-1', 'finished');
    expect(manager.get('throws-1')).toMatchObject({
      state: 'failed',
      problem: expect.stringContaining('the roof is on fire'),
      report: null,
    });
  });

  it('should let one run have the processor, let paced runs by, and hand on the turn at pause and stop', async () => {
    manager = managerOf();
    await fast('endless');
    await fast('endless');
    await fast('endless');
    await paced('endless');
    await Promise.all(['endless-1', 'endless-4'].map((id) => inState(manager, id, 'running')));
    expect(states()).toMatchObject({ 'endless-2': 'queued', 'endless-3': 'queued' });

    expect(manager.pause('endless-1')).toMatchObject({ state: 'paused' });
    await inState(manager, 'endless-2', 'running');
    expect(await manager.stop('endless-3')).toMatchObject({ state: 'stopped', report: null });
    expect(manager.resume('endless-1')).toMatchObject({ state: 'running' });
    expect(await manager.stop('endless-2')).toMatchObject({
      state: 'stopped',
      report: { scenario: '/scenarios/endless.yaml' },
    });
  });

  it('should refuse what does not fit the state of a run, and say why', async () => {
    manager = managerOf();
    await paced('endless');
    expect(() => manager.pause('endless-1')).toThrow('Run endless-1 is starting: it can be paused once it runs.');
    await inState(manager, 'endless-1', 'running');
    expect(() => manager.resume('endless-1')).toThrow('Run endless-1 is running, not paused.');
    await manager.stop('endless-1');
    expect(() => manager.pause('endless-1')).toThrow('over (stopped)');
    await expect(manager.stop('endless-1')).rejects.toThrow('there is nothing to stop');
    expect(() => manager.get('endless-9')).toThrow('There is no run endless-9');
  });

  it('should refuse what cannot be launched, and say what can', async () => {
    manager = managerOf();
    await expect(fast('nothing')).rejects.toThrow('There is: good, endless, hangs, throws, broken.');
    await expect(fast('broken')).rejects.toThrow('scenarios/broken.yaml:3: no such device.');
    await expect(manager.launch({ scenario: 'good', speed: 1, powerProfile: 'turbo' })).rejects.toThrow(
      'Take one of: always-listening, saver.',
    );
  });

  it('should hold a bounded number of runs', async () => {
    manager = managerOf({ queued: 1, finished: 1 });
    await fast('endless');
    await fast('endless');
    await expect(fast('endless')).rejects.toThrow('1 runs wait');
    await manager.stop('endless-2');
    await manager.stop('endless-1');
    await paced('good');
    await inState(manager, 'good-1', 'finished');
    expect(Object.keys(states())).toEqual(['good-1', 'endless-2']);
  });

  it('should end every process when it closes, the stuck ones too', async () => {
    manager = managerOf();
    await paced('hangs');
    await paced('endless');
    await fast('endless');
    await fast('endless');
    await inState(manager, 'hangs-1', 'running');
    await manager.close(200);
    expect(new Set(Object.values(states()))).toEqual(new Set(['stopped']));
    await expect(paced('good')).rejects.toThrow('shutting down');
  });
});

describe('Run', () => {
  it('should keep the latest detections and count them all', async () => {
    const [scenario] = await catalog.scenarios();
    if (scenario === undefined) throw new Error('no scenario');
    const run = new Run('r', scenario, { scenario: 'r', speed: 'max', baseline: false }, new Date(0));
    run.layout = layout;
    run.addFrame(frameAt(1));
    const count = 3 * DETECTIONS_KEPT;
    for (let index = 0; index < count; index++) {
      const verdict = { kind: 'false-accept' } as const;
      run.addDetections([{ index, simulatedSeconds: index, verdict, clip: null, label: null, scores: [] }]);
    }
    const { detections, detectionsTotal } = run.snapshot();
    expect(detectionsTotal).toBe(count);
    expect(detections.length).toBe(DETECTIONS_KEPT);
    expect(detections.at(-1)?.index).toBe(count - 1);
  });

  it('should keep so many acts of a run, and fewer with a recording, and none of one that is over', async () => {
    manager = managerOf();
    await paced('endless');
    await inState(manager, 'endless-1', 'running');
    const noise = { kind: 'noise', decibels: 3 } as const;
    const sound = { kind: 'sound', label: 'word', snr: 10, wav: new Uint8Array(4) } as const;
    for (let count = 0; count < MOST_RECORDINGS; count++) await manager.act('endless-1', sound);
    await expect(manager.act('endless-1', sound)).rejects.toThrow(/50 recordings, which is the most it keeps/);
    for (let count = MOST_RECORDINGS; count < MOST_INPUTS; count++) await manager.act('endless-1', noise);
    await expect(manager.act('endless-1', noise)).rejects.toThrow(/acted on 500 times/);
    const numbers = manager.get('endless-1').inputs.map(({ number }) => number);
    expect(numbers).toEqual(Array.from({ length: MOST_INPUTS }, (_, at) => at));
    expect(manager.snapshot('endless-1').marks).toHaveLength(MOST_INPUTS);
    await manager.stop('endless-1');
    await expect(manager.act('endless-1', noise)).rejects.toThrow(/is over \(stopped\)/);
  });
});
