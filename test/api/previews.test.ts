// What a run will get from its sensor, over REST: real streams of the shipped scenarios, mixed in the process that mixes them.
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildServer } from '../../server/api/server.ts';
import { fileCatalog } from '../../server/runs/catalog/catalog-files.ts';
import { loadClips, loadScenario } from '../../server/runs/load.ts';
import { RunManager } from '../../server/runs/manager/manager.ts';
import { startRun } from '../../server/runs/process/process-client.ts';
import type { PreviewStretch, PreviewView } from '../../server/runs/views.ts';
import { decodeBytes } from '../../server/streams/decode.ts';
import { Mixer } from '../../server/streams/mix.ts';
import { drawSchedule } from '../../server/streams/schedule.ts';
import { lengthsOf } from '../../server/streams/sense.ts';

const catalog = fileCatalog();
const manager = new RunManager({ catalog, startRun });
const app = buildServer({
  manager,
  catalog,
  logger: pino({ level: 'silent' }),
  dashboardFolder: fileURLToPath(new URL('./fixtures/dashboard', import.meta.url)),
  version: '1.2.3',
});
const get = (path: string) =>
  app.inject({ method: 'GET', url: `/api/scenarios/${path}`, headers: { host: '127.0.0.1:8750' } });
const overview = async (path: string): Promise<PreviewView> => (await get(path)).json();
const stretch = async (path: string): Promise<PreviewStretch> => (await get(path)).json();

beforeAll(() => app.ready());
afterAll(() => app.close());

describe('the preview of a stream', () => {
  it('should count by label what the whole day will bring, another day with another seed', async () => {
    const day = await overview('kitchen-day/preview');
    expect(day).toMatchObject({ sense: 'sound', detect: 'computer', seed: 7, durationSeconds: 86_400 });
    expect(day.labels.map(({ label }) => label)).toEqual(['computer', 'speech', 'household']);
    for (const { events, counts, startSeconds } of day.labels) {
      expect(counts).toHaveLength(1000);
      // An event that lies over the seam of two spans is seen in both.
      expect(counts.reduce((sum, count) => sum + count)).toBeGreaterThanOrEqual(events);
      expect(startSeconds).toHaveLength(events);
    }
    // 6 an hour, by Poisson: within four standard deviations.
    expect(Math.abs(day.labels[0].events - 144)).toBeLessThan(48);
    const other = await overview('kitchen-day/preview?seed=8&duration=1%20h');
    expect(other).toMatchObject({ seed: 8, durationSeconds: 3600 });
    expect(other.labels[0].startSeconds).not.toEqual(day.labels[0].startSeconds.filter((start) => start < 3600));
  });

  it('should draw and play just what a run mixes', async () => {
    const loaded = await loadScenario('scenarios/kitchen-day.yaml');
    const sense = await loadClips(loaded);
    if (sense.kind !== 'log-mel') throw new Error(`the kitchen is heard, not ${sense.kind}`);
    const schedule = drawSchedule(loaded.stream, lengthsOf(sense), 3600, 3);
    const [event] = schedule.events;
    const from = Math.floor(event.start / 16_000);
    const mixed = new Float32Array(16_000 * 4);
    new Mixer(loaded.stream, sense.clips, schedule, 3).render(16_000 * from, mixed);

    const place = `seed=3&duration=1%20h&from=${from}&to=${from + 4}`;
    const { events, signal } = await stretch(`kitchen-day/preview/wave?${place}&points=100`);
    expect(events[0]).toMatchObject({ label: event.label, startSeconds: event.start / 16_000 });
    if (signal.kind !== 'sound') throw new Error(signal.kind);
    expect(signal.max).toHaveLength(100);
    expect(Math.max(...signal.max)).toBeCloseTo(Math.max(...mixed), 5);
    expect(Math.min(...signal.min)).toBeCloseTo(Math.min(...mixed), 5);

    const sound = await get(`kitchen-day/preview/sound.wav?${place}&gain=6`);
    expect(sound.headers['content-type']).toBe('audio/wav');
    const heard = await decodeBytes(sound.rawPayload, 'sound.wav');
    expect(heard).toHaveLength(mixed.length);
    const factor = 10 ** (6 / 20);
    expect(Math.max(...heard.map((value, at) => Math.abs(value - factor * mixed[at])))).toBeLessThan(1 / 16_000);
  });

  it('should show motion by axis, and pictures as they come into view', async () => {
    const motion = await stretch('walking-band/preview/wave?from=0&to=1%20h&points=300');
    if (motion.signal.kind !== 'motion') throw new Error(motion.signal.kind);
    expect(motion.signal.axes.map(({ name }) => name)).toEqual(['ax', 'ay', 'az', 'gx', 'gy', 'gz']);
    for (const { min, max } of motion.signal.axes) {
      expect(min).toHaveLength(300);
      expect(min.every((value, at) => value <= max[at])).toBe(true);
    }
    // Somebody walks: acceleration changes by more than what the sensor makes of lying still.
    expect(Math.max(...motion.signal.axes[0].max) - Math.min(...motion.signal.axes[0].min)).toBeGreaterThan(1);

    const seen = await stretch('roadside-camera/preview/wave?from=0&to=1%20h');
    if (seen.signal.kind !== 'pictures') throw new Error(seen.signal.kind);
    const { pictures } = seen.signal;
    expect(pictures.length).toBeGreaterThan(1);
    const files = await Promise.all(
      pictures.slice(0, 2).map(({ atSeconds }) => get(`roadside-camera/preview/picture.png?at=${atSeconds}`)),
    );
    expect(files.map(({ headers }) => headers['content-type'])).toEqual(['image/png', 'image/png']);
    const [first, second] = files.map(({ rawPayload }) => PNG.sync.read(rawPayload));
    expect([first.width, first.height]).toEqual([32, 32]);
    expect(first.data.equals(second.data)).toBe(false);
  });

  it.each([
    ['..%2F..%2Fetc%2Fpasswd/preview', 400, /give the name of a scenario/],
    ['kitchen-day%2F..%2Fweek-at-home/preview', 400, /give the name of a scenario/],
    ['no-such/preview', 404, /There is no scenario no-such/],
    ['kitchen-day/preview?seed=-1', 400, /^seed: must not be negative/],
    ['kitchen-day/preview?seed=1.5', 400, /^seed: give a whole number/],
    ['kitchen-day/preview?seed=x', 400, /^seed: give a whole number/],
    ['kitchen-day/preview?duration=101%20d', 400, /^duration: .* 100 d/],
    ['kitchen-day/preview?duration=a%20while', 400, /^duration: "a while" is not a number with a unit/],
    ['kitchen-day/preview/wave', 400, /^from: .*; to: /],
    ['kitchen-day/preview/wave?from=9&to=9', 400, /^to: 9 s is not after `from`/],
    ['kitchen-day/preview/wave?from=10&to=9', 400, /^to: 9 s is not after `from`/],
    ['kitchen-day/preview/wave?from=-1&to=9', 400, /^from: give a simulated time from 0 on/],
    ['kitchen-day/preview/wave?from=0&to=2%20h', 400, /^to: at most 3600 s after `from`/],
    ['kitchen-day/preview/wave?from=0&to=9&points=2001', 400, /^points: give from 1 to 2000 points/],
    ['kitchen-day/preview/wave?from=86390&to=86401', 400, /^to: 86401 s lies behind the end of the stream/],
    ['kitchen-day/preview/sound.wav?from=0&to=31', 400, /^to: at most 30 s after `from`/],
    ['kitchen-day/preview/sound.wav?from=0&to=9&gain=61', 400, /^gain: give from 0 to 60 dB/],
    ['kitchen-day/preview/picture.png?at=0', 400, /there are no pictures in it/],
    ['walking-band/preview/sound.wav?from=0&to=9', 400, /there is nothing to listen to/],
    ['roadside-camera/preview/picture.png?at=13%20h', 400, /^at: 46800 s lies behind the end/],
  ])('should say what is wrong: %s', async (path, status, detail) => {
    const response = await get(path);
    expect(response.json()).toMatchObject({ status, detail: expect.stringMatching(detail) });
    expect(response.headers['content-type']).toBe('application/problem+json');
  });
});
