// Scenarios and devices: files on the server's side, asked for when first needed and again after a lost connection.

import { computed, signal } from '@preact/signals';
import type { CoreKind } from '../../server/runs/report/report.ts';
import type { DeviceView, OfferedScenario } from '../../server/runs/views.ts';
import { getDevices, getScenarios, type Result } from '../api/client.ts';
import { socket } from '../live/socket.ts';

export type Loaded<Value> = { readonly state: 'loading' } | { readonly state: 'done'; readonly answer: Result<Value> };

export const scenarios = signal<Loaded<readonly OfferedScenario[]>>({ state: 'loading' });
export const devices = signal<Loaded<readonly DeviceView[]>>({ state: 'loading' });

export function followCatalogue(): void {
  void loadCatalogue();
  socket.on('connect', () => {
    const failed = [scenarios.value, devices.value].some((loaded) => loaded.state === 'done' && !loaded.answer.ok);
    if (failed) void loadCatalogue();
  });
  // What a scenario takes is told from runs that are over.
  let over = 0;
  socket.on('runs', (list) => {
    const finished = list.filter(({ state, speed }) => state === 'finished' && speed === 'max').length;
    if (finished > over) void loadCatalogue();
    over = finished;
  });
}

export async function loadCatalogue(): Promise<void> {
  await Promise.all([
    getScenarios().then((answer) => {
      scenarios.value = { state: 'done', answer };
    }),
    getDevices().then((answer) => {
      devices.value = { state: 'done', answer };
    }),
  ]);
}

/** Kind of a device's core by `device/core`, so that a scenario's stages have their colours. */
export const coreKinds = computed<ReadonlyMap<string, CoreKind>>(() => {
  const loaded = devices.value;
  if (loaded.state !== 'done' || !loaded.answer.ok) return new Map();
  return new Map(
    loaded.answer.value.flatMap((device) =>
      device.cores.map((core): [string, CoreKind] => [`${device.name}/${core.name}`, core.kind]),
    ),
  );
});
