// The one connection to the server, and whether it stands.

import { signal } from '@preact/signals';
import { io, type Socket } from 'socket.io-client';
import type { ClientToServer, ServerToClient } from '../../server/live/protocol.ts';

export type Connection = 'connecting' | 'open' | 'lost';

export const connection = signal<Connection>('connecting');

export const socket: Socket<ServerToClient, ClientToServer> = io({
  reconnectionDelay: 500,
  reconnectionDelayMax: 3000,
  timeout: 5000,
});

socket.on('connect', () => {
  connection.value = 'open';
});
socket.on('connect_error', () => {
  connection.value = 'lost';
});
socket.on('disconnect', (reason) => {
  connection.value = 'lost';
  // After an orderly shutdown socket.io does not come back by itself.
  if (reason === 'io server disconnect') setTimeout(() => socket.connect(), 500);
});
