// How far a watcher's connection is behind.

import type { Socket } from 'socket.io';

type Connection = Socket['conn'];

/** Counts the packets that wait for each connection, from the events that engine.io emits about them. */
export class Backlogs {
  readonly #waiting = new Map<Connection, number>();

  /** Counts from now on, until the connection closes. */
  watch(connection: Connection): void {
    this.#waiting.set(connection, 0);
    connection.on('packetCreate', () => this.#waiting.set(connection, this.of(connection) + 1));
    // All that waited was handed to the transport, which takes more when that is written.
    connection.on('flush', () => this.#waiting.set(connection, 0));
    connection.on('close', () => this.#waiting.delete(connection));
  }

  of(connection: Connection): number {
    return this.#waiting.get(connection) ?? 0;
  }

  /** Closes connections for which more than `limit` packets wait, and says how many there were. */
  drop(limit: number): number {
    let dropped = 0;
    for (const [connection, waiting] of this.#waiting) {
      if (waiting <= limit) continue;
      connection.close(true);
      dropped++;
    }
    return dropped;
  }
}
