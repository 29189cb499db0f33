// Live runs over socket.io, beside the HTTP server: a room per run, whose watchers get a snapshot and then what changes.

import type { Server as HttpServer } from 'node:http';
import type { Duplex } from 'node:stream';
import { type DefaultEventsMap, Server, type Socket } from 'socket.io';
import type { Access } from '../access.ts';
import { assertNever } from '../assert-never.ts';
import { type RunManager, RunProblem } from '../runs/manager/manager.ts';
import { Backlogs } from './backlog.ts';
import type { ClientToServer, ServerToClient, WatchAnswer } from './protocol.ts';

export interface LiveParts {
  readonly server: HttpServer;
  readonly manager: Pick<RunManager, 'list' | 'snapshot' | 'subscribe'>;
  readonly access: Access;
}

export interface Live {
  /** Disconnects everybody, so that the HTTP server can close. */
  close(): void;
}

/** Packets that wait for a watcher's connection before it is left out of updates. Some wait in good health: polling clients fetch them in turns. */
const SLOW_BACKLOG = 16;
/** … and before it is disconnected: it comes back by itself and takes a snapshot. */
const LOST_BACKLOG = 500;
/** Lists tell how far runs are, no oftener than this. */
const PROGRESS_MILLISECONDS = 1000;
/** Time that watchers have to close their end. */
const FAREWELL_MILLISECONDS = 500;
const LONGEST_ID = 100;

type LiveServer = Server<ClientToServer, ServerToClient, DefaultEventsMap, unknown>;
type LiveSocket = Socket<ClientToServer, ServerToClient, DefaultEventsMap, unknown>;

/** Attaches socket.io to a server and passes on what the manager tells. */
export function attachLive({ server, manager, access }: LiveParts): Live {
  const io: LiveServer = new Server(server, {
    serveClient: false,
    maxHttpBufferSize: 64 * 1024,
    connectionStateRecovery: { maxDisconnectionDuration: 30_000 },
    allowRequest({ headers }, answer) {
      const { host, origin, 'sec-fetch-site': site } = headers;
      const asked = { host, origin, site: Array.isArray(site) ? site[0] : site };
      const refusal = access.checkHost(asked) ?? access.checkOrigin(asked);
      answer(refusal, refusal === null);
    },
  });
  const backlogs = new Backlogs();
  io.on('connection', (socket) => {
    backlogs.watch(socket.conn);
    welcome(socket, manager);
  });
  /** Rooms of those whose connection does not keep up: every socket has one of its own. */
  const slow = (): string[] =>
    Array.from(io.sockets.sockets.values())
      .filter((socket) => backlogs.of(socket.conn) > SLOW_BACKLOG)
      .map((socket) => socket.id);

  const progress = new Throttle(PROGRESS_MILLISECONDS, () => {
    backlogs.drop(LOST_BACKLOG);
    io.except(slow()).emit('runs', manager.list());
  });
  const unsubscribe = manager.subscribe((event) => {
    switch (event.kind) {
      case 'frame': {
        const { id, sequence, frame } = event;
        // Not socket.io's `volatile`: that also drops what comes right after another packet, however fast the watcher is.
        io.to(roomOf(id)).except(slow()).emit('update', { id, sequence, frame });
        progress.ask();
        return;
      }
      case 'detections':
        io.to(roomOf(event.id)).emit('detections', event.id, event.detections);
        return;
      case 'marks':
        io.to(roomOf(event.id)).emit('marks', event.id, event.marks);
        return;
      case 'layout':
        io.to(roomOf(event.id)).emit('layout', event.id, event.layout);
        return;
      case 'run':
        io.to(roomOf(event.run.id)).emit('run', event.run);
        return;
      case 'runs':
        io.emit('runs', manager.list());
        return;
      default:
        assertNever(event);
    }
  });

  const upgraded = new Set<Duplex>();
  server.on('upgrade', (_, connection: Duplex) => {
    upgraded.add(connection);
    connection.once('close', () => upgraded.delete(connection));
  });

  return {
    close() {
      unsubscribe();
      progress.cancel();
      io.engine.close();
      // A browser that sleeps does not answer a farewell, and the HTTP server waits for it.
      setTimeout(() => {
        for (const connection of upgraded) connection.destroy();
      }, FAREWELL_MILLISECONDS).unref();
    },
  };
}

function welcome(socket: LiveSocket, manager: LiveParts['manager']): void {
  socket.emit('runs', manager.list());
  // What comes from a client is typed by promise only.
  socket.on('watch', (id: unknown, answer: unknown) => {
    if (typeof answer !== 'function') return;
    const reply = (what: WatchAnswer) => answer(what);
    if (!isId(id)) {
      reply({ ok: false, problem: 'A run is named by its id, a text of at most 100 characters.' });
      return;
    }
    leaveRuns(socket);
    try {
      // In one go: the room's next update is the one after the snapshot.
      reply({ ok: true, snapshot: manager.snapshot(id) });
      void socket.join(roomOf(id));
    } catch (error) {
      if (!(error instanceof RunProblem)) throw error;
      reply({ ok: false, problem: error.message });
    }
  });
  socket.on('unwatch', (id: unknown) => {
    if (isId(id)) void socket.leave(roomOf(id));
  });
}

const roomOf = (id: string): string => `run:${id}`;
const isId = (value: unknown): value is string => typeof value === 'string' && value.length <= LONGEST_ID;

function leaveRuns(socket: LiveSocket): void {
  for (const room of socket.rooms) if (room.startsWith('run:')) void socket.leave(room);
}

/** Does something at most once in a while, the last time asked included. */
class Throttle {
  readonly #milliseconds: number;
  readonly #action: () => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(milliseconds: number, action: () => void) {
    this.#milliseconds = milliseconds;
    this.#action = action;
  }

  ask(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#action();
    }, this.#milliseconds);
  }

  cancel(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
