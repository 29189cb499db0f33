// The list of runs: asked for once a connection, then kept by the server's `runs` events.

import { signal } from '@preact/signals';
import type { RunView } from '../../server/runs/views.ts';
import { getRuns } from '../api/client.ts';
import { socket } from '../live/socket.ts';

/** Newest first; null until the server answered. */
export const runs = signal<readonly RunView[] | null>(null);

let heard = 0;

export function followRuns(): void {
  socket.on('connect', () => void load());
  socket.on('runs', (list) => {
    heard += 1;
    runs.value = newestFirst(list);
  });
}

async function load(): Promise<void> {
  const before = heard;
  const answer = await getRuns();
  // An event that came meanwhile is newer than the answer.
  if (answer.ok && heard === before) runs.value = newestFirst(answer.value);
}

const newestFirst = (list: readonly RunView[]): readonly RunView[] =>
  [...list].sort((a, b) => b.createdAt.localeCompare(a.createdAt));
