import { createServer } from 'node:http';
import { pino } from 'pino';
import { io, type Socket } from 'socket.io-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { accessTo } from '../../server/access.ts';
import { buildApp } from '../../server/app.ts';
import { attachLive } from '../../server/live/live.ts';
import type { ClientToServer, ServerToClient, Update, WatchAnswer, WatchSnapshot } from '../../server/live/protocol.ts';
import type { ManagerEvent, RunManager } from '../../server/runs/manager/manager.ts';
import type { RunSnapshot, RunView } from '../../server/runs/views.ts';
import { frameAt } from '../runs/manager/frames.ts';
import { catalog, inState, managerOf } from '../runs/manager/managed.ts';

type Client = Socket<ServerToClient, ClientToServer>;

const clients: Client[] = [];
const connect = async (url: string, options = {}): Promise<Client> => {
  const client: Client = io(url, { transports: ['websocket'], forceNew: true, ...options });
  clients.push(client);
  await new Promise<void>((resolve, reject) => client.once('connect', resolve).once('connect_error', reject));
  return client;
};
const disconnect = () => {
  for (const client of clients.splice(0)) client.disconnect();
};

const watch = (client: Client, id: string): Promise<WatchAnswer> => client.timeout(2000).emitWithAck('watch', id);
const snapshotOf = async (client: Client, id: string): Promise<WatchSnapshot> => {
  const answer = await watch(client, id);
  if (!answer.ok) throw new Error(answer.problem);
  return answer.snapshot;
};
const updates = (client: Client): Update[] => {
  const seen: Update[] = [];
  client.on('update', (update) => seen.push(update));
  return seen;
};

describe('a live run', () => {
  let manager: RunManager;
  let url: string;
  let close: () => Promise<void>;
  beforeEach(async () => {
    manager = managerOf();
    const logger = pino({ level: 'silent' });
    const app = buildApp({ manager, catalog, logger, dashboardFolder: '/none', version: '1', host: '127.0.0.1' });
    url = await app.listen({ port: 0, host: '127.0.0.1' });
    close = () => app.close();
    await manager.launch({ scenario: 'endless', speed: 60 });
    await inState(manager, 'endless-1', 'running');
  });
  afterEach(async () => {
    disconnect();
    await manager.close(200);
    await close();
  });

  it('should be whole for every watcher: a snapshot, then all that follows it', async () => {
    const first = await connect(url);
    const firstSaw = updates(first);
    await snapshotOf(first, 'endless-1');
    await expect.poll(() => firstSaw.length).toBeGreaterThan(3);

    const second = await connect(url);
    const secondSaw = updates(second);
    const detected: number[] = [];
    second.on('detections', (_, detections) => detected.push(...detections.map(({ index }) => index)));
    const { sequence, frame, series, detections, run } = await snapshotOf(second, 'endless-1');
    expect(run.state).toBe('running');
    expect(frame?.simulatedSeconds).toBe(sequence);
    expect(series?.simulatedSeconds).toHaveLength(sequence);
    await expect.poll(() => secondSaw.length).toBeGreaterThan(3);
    expect(secondSaw.slice(0, 3).map((update) => update.sequence)).toEqual([1, 2, 3].map((n) => sequence + n));
    const indices = [...detections.map(({ index }) => index), ...detected];
    expect(indices).toEqual(indices.map((_, index) => index));
    expect(firstSaw.at(-1)?.sequence).toBeGreaterThan(sequence);

    const states: string[] = [];
    second.on('run', ({ state, report }) => states.push(report === null ? state : `${state} with report`));
    manager.pause('endless-1');
    manager.resume('endless-1');
    await manager.stop('endless-1');
    await expect.poll(() => states).toEqual(['paused', 'running', 'stopped with report']);
  });

  it('should reach a watcher of one run only, and its list of runs is kept up to date', async () => {
    const lists: (readonly RunView[])[] = [];
    const client: Client = io(url, { transports: ['websocket'], forceNew: true });
    clients.push(client);
    client.on('runs', (runs) => lists.push(runs));
    const saw = updates(client);
    await expect.poll(() => lists.at(-1)?.map(({ id }) => id)).toEqual(['endless-1']);

    await manager.launch({ scenario: 'endless', speed: 60 });
    await expect.poll(() => lists.at(-1)?.map(({ id }) => id)).toEqual(['endless-2', 'endless-1']);
    await snapshotOf(client, 'endless-1');
    await snapshotOf(client, 'endless-2');
    await expect.poll(() => saw.filter(({ id }) => id === 'endless-2').length).toBeGreaterThan(2);
    const [before] = saw.filter(({ id }) => id === 'endless-2');
    expect(saw.slice(before ? saw.indexOf(before) : 0).every(({ id }) => id === 'endless-2')).toBe(true);
    // A second after frames came, the list says how far the runs are.
    await expect.poll(() => lists.at(-1)?.every((run) => run.simulatedSeconds > 10), { timeout: 3000 }).toBe(true);

    client.emit('unwatch', 'endless-2');
    await watch(client, 'no-such-run');
    const count = saw.length;
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(saw.length).toBe(count);
  });

  it('should go on after the connection broke, with what was missed', async () => {
    const client = await connect(url, { reconnectionDelay: 100 });
    const saw = updates(client);
    await snapshotOf(client, 'endless-1');
    await expect.poll(() => saw.length).toBeGreaterThan(2);
    const again = new Promise((resolve) => client.once('connect', () => resolve(client.recovered)));
    client.io.engine.close();
    expect(await again).toBe(true);
    const count = saw.length;
    await expect.poll(() => saw.length).toBeGreaterThan(count + 3);
    const sequences = saw.map(({ sequence }) => sequence);
    expect(sequences).toEqual(sequences.map((_, index) => (sequences[0] ?? 0) + index));
  });

  it('should answer nonsense in words, or not at all, and go on', async () => {
    const client = await connect(url);
    expect(await watch(client, 'no-such-run')).toEqual({
      ok: false,
      problem: expect.stringContaining('There is no run'),
    });
    const raw: Socket = client;
    for (const id of [7, null, { toString: 1 }, 'x'.repeat(101)])
      expect(await raw.timeout(2000).emitWithAck('watch', id)).toMatchObject({ ok: false });
    raw.emit('watch', 'endless-1');
    raw.emit('watch', 'endless-1', 'no function');
    raw.emit('unwatch', { id: 1 });
    raw.emit('nothing');
    expect(await watch(client, 'endless-1')).toMatchObject({ ok: true });
  });

  it('should not be open to pages from elsewhere', async () => {
    const refused = (extraHeaders: object) => connect(url, { extraHeaders, reconnection: false });
    await expect(refused({ origin: 'https://evil.example' })).rejects.toThrow();
    await expect(refused({ host: 'evil.example' })).rejects.toThrow();
    await refused({ origin: url });
  });

  it('should not keep the server from closing, not even by a watcher that does not answer', async () => {
    await connect(url, { reconnection: false });
    await connect(url, { transports: ['polling'], reconnection: false });
    const asleep = await connect(url, { reconnection: false });
    pauseReading(asleep, true);
    const began = performance.now();
    await close();
    expect(performance.now() - began).toBeLessThan(3000);
  });
});

describe('a slow watcher', () => {
  it('should miss updates instead of piling them up, notice, and catch up by a snapshot', async () => {
    let tell: (event: ManagerEvent) => void = () => undefined;
    let sequence = 0;
    const large = { ...frameAt(0), railWatts: new Array<number>(100_000).fill(0.123456) };
    const run: RunSnapshot['run'] = {
      id: 'large-1',
      scenario: 'large',
      title: 'large',
      device: 'pocket-assistant',
      powerProfile: 'balanced',
      seed: 1,
      durationSeconds: 3600,
      speed: 1,
      state: 'running',
      simulatedSeconds: 0,
      createdAt: '2026-01-01T00:00:00.000Z',
      problem: null,
      inputs: [],
      report: null,
    };
    const rest = { layout: null, series: null, frame: null, detections: [], detectionsTotal: 0, sounds: [], marks: [] };
    const manager = {
      list: () => [],
      snapshot: (): RunSnapshot => ({ run, sequence, ...rest }),
      subscribe: (listener: (event: ManagerEvent) => void) => {
        tell = listener;
        return () => undefined;
      },
    };
    const server = createServer();
    const live = attachLive({ server, manager, access: accessTo('127.0.0.1') });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
    const slow = await connect(url);
    const seen = updates(slow);
    await snapshotOf(slow, 'large-1');
    pauseReading(slow, true);
    for (let i = 0; i < 60; i++) {
      tell({ kind: 'frame', id: 'large-1', sequence: ++sequence, frame: large });
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    pauseReading(slow, false);
    await expect.poll(() => seen.length, { timeout: 10_000 }).toBeGreaterThan(5);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(seen.length).toBeLessThan(50);
    tell({ kind: 'frame', id: 'large-1', sequence: ++sequence, frame: frameAt(1) });
    await expect.poll(() => seen.at(-1)?.sequence).toBe(61);
    expect(seen.some((update, i) => i > 0 && update.sequence !== (seen[i - 1]?.sequence ?? 0) + 1)).toBe(true);
    expect(await snapshotOf(slow, 'large-1')).toMatchObject({ sequence: 61 });
    disconnect();
    live.close();
    await new Promise((resolve) => server.close(resolve));
  });
});

/** Lets a client's machine take nothing in for a while. */
function pauseReading(client: Client, paused: boolean): void {
  const transport: unknown = client.io.engine.transport;
  const socket = (transport as { ws: { _socket: { pause(): void; resume(): void } } }).ws._socket;
  if (paused) socket.pause();
  else socket.resume();
}
