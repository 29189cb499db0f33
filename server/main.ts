// Builds the server from its parts and starts it.

import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import closeWithGrace from 'close-with-grace';
import { pino } from 'pino';
import { accessTo } from './access.ts';
import { buildServer } from './api/server.ts';
import { attachLive } from './live/live.ts';
import { fileCatalog } from './runs/catalog-files.ts';
import { InputProblem } from './runs/files/problem.ts';
import { projectFolder } from './runs/load.ts';
import { RunManager } from './runs/manager.ts';
import { startRun } from './runs/process-client.ts';
import type { Speed } from './runs/views.ts';

export interface ServeOptions {
  /** A scenario to start at once, by name or path; null: none. */
  readonly scenario: string | null;
  readonly host: string;
  readonly port: number;
  readonly speed: Speed;
}

/** Starts the server and, where asked, a run; returns when it listens. @throws {InputProblem} when the port is taken */
export async function serve({ scenario, host, port, speed }: ServeOptions): Promise<void> {
  const root = projectFolder();
  const logger = pino({ level: process.env['LOG_LEVEL'] ?? 'warn' }, process.stderr);
  const catalog = fileCatalog(root);
  const manager = new RunManager({
    catalog,
    startRun,
    log: (id, line) => logger.warn({ run: id }, line),
  });
  const access = accessTo(host);
  const dashboardFolder = join(root, 'dist', 'dashboard');
  const app = buildServer({ manager, catalog, logger, dashboardFolder, version: versionOf(root), access });
  const live = attachLive({ server: app.server, manager, access });
  // Sockets hold the HTTP server open, so they go first.
  app.addHook('preClose', () => live.close());
  try {
    await app.listen({ host, port });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')
      throw new InputProblem(`port ${port} of ${host} is in use; choose another one, e.g. --port ${port + 1}`);
    throw error;
  }
  closeWithGrace({ delay: 8000 }, async ({ err }) => {
    if (err) logger.error(err);
    await manager.close();
    await app.close();
  });
  const address = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  if (scenario === null) {
    process.stdout.write(`Lightsleeper is at ${address}\n`);
    return;
  }
  const run = await manager.launch({ scenario: basename(scenario).replace(/\.ya?ml$/, ''), speed });
  process.stdout.write(
    `Lightsleeper is at ${address}\nWatch ${run.title} (${speed === 'max' ? 'at full speed' : `${speed}x`}): ${address}/runs/${run.id}\n`,
  );
}

function versionOf(root: string): string {
  const parsed: unknown = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return typeof parsed === 'object' && parsed !== null && 'version' in parsed ? String(parsed.version) : 'unknown';
}
