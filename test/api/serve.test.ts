// The server as a person starts it: the built program in a process of its own, with real runs.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { io, type Socket } from 'socket.io-client';
import { afterEach, describe, expect, it } from 'vitest';
import type { ClientToServer, ServerToClient } from '../../server/live/protocol.ts';

const root = new URL('../..', import.meta.url);
const program = `import('./dist/server/cli.js').then(({ main }) => main(process.argv.slice(1)))`;

const started: ChildProcess[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

interface Served {
  readonly child: ChildProcess;
  readonly out: () => string;
  readonly err: () => string;
}

function serve(...argv: string[]): Served {
  const child = spawn(process.execPath, ['-e', program, 'serve', ...argv], {
    cwd: root,
    env: { ...process.env, PORT: '0' },
  });
  started.push(child);
  const texts = { out: '', err: '' };
  child.stdout?.on('data', (chunk) => {
    texts.out += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    texts.err += chunk;
  });
  return { child, out: () => texts.out, err: () => texts.err };
}

const said = async ({ out, err }: Served, pattern: RegExp): Promise<string> => {
  await expect.poll(() => pattern.test(out()) || err(), { timeout: 20_000 }).toBe(true);
  return pattern.exec(out())?.[1] ?? '';
};

async function frames(url: string, id: string, count: number): Promise<void> {
  const socket: Socket<ServerToClient, ClientToServer> = io(url, { transports: ['websocket'] });
  try {
    let seen = 0;
    socket.on('update', () => seen++);
    const answer = await socket.timeout(5000).emitWithAck('watch', id);
    expect(answer.ok).toBe(true);
    await expect.poll(() => seen, { timeout: 20_000 }).toBeGreaterThanOrEqual(count);
  } finally {
    socket.disconnect();
  }
}

describe('lightsleeper serve', () => {
  it('should show a run live from the first seconds, do what REST asks, and end in order at a signal', async () => {
    const served = serve('scenarios/kitchen-day.yaml', '--speed', '60');
    const url = await said(served, /^Lightsleeper is at (http:\/\/127\.0\.0\.1:\d+)$/m);
    expect(new URL(url).port).not.toBe('8750');
    expect(await said(served, /^Watch .*: (\S+)$/m)).toBe(`${url}/runs/kitchen-day-1`);
    await frames(url, 'kitchen-day-1', 3);

    const post = async (path: string, body?: object) => {
      const init = body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
      return (await fetch(`${url}/api/runs${path}`, { method: 'POST', ...init })).json();
    };
    expect(await post('/kitchen-day-1/pause')).toMatchObject({ state: 'paused' });
    expect(await post('/kitchen-day-1/stop')).toMatchObject({ state: 'stopped', report: { scenario: 'kitchen-day' } });
    const { id } = await post('', { scenario: 'kitchen-day', duration: '10 min', speed: 'max', startSoc: '30 %' });
    const get = async () => (await fetch(`${url}/api/runs/${id}`)).json();
    await expect.poll(async () => (await get()).state, { timeout: 40_000 }).toBe('finished');
    expect(await get()).toMatchObject({ simulatedSeconds: 600, report: { battery: { startSoc: 0.3 } } });

    await post('', { scenario: 'kitchen-day', speed: 60 });
    served.child.kill('SIGINT');
    // npm passes on the signal that the terminal has sent already.
    served.child.kill('SIGINT');
    expect(await once(served.child, 'exit')).toEqual([0, null]);
    expect(served.err()).toBe('');
  });

  it('should say what to do when its port is taken, a scenario is not there or an address not its own', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const address = taken.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const attempts = [
      [['--port', String(port)], `Port ${port} is in use`, `--port ${port + 1}`],
      [['no-such-day', '--port', '0'], 'There is no scenario no-such-day', 'kitchen-day'],
      [['../kitchen-day.yaml', '--port', '0'], 'There is no scenario ../kitchen-day.yaml', 'scenarios/'],
      [['--host', '203.0.113.1', '--port', '0'], 'This machine has no address 203.0.113.1', '0.0.0.0'],
    ] as const;
    for (const [argv, problem, advice] of attempts) {
      const served = serve(...argv);
      expect(await once(served.child, 'close')).toEqual([2, null]);
      expect(served.err()).toContain(problem);
      expect(served.err()).toContain(advice);
      expect(served.out()).toBe('');
    }
    taken.close();
  });
});
