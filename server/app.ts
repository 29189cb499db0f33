// The whole server, put together from its parts: pages and REST, live runs, and the order in which they end.

import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { accessTo } from './access.ts';
import { buildServer } from './api/server.ts';
import { attachLive } from './live/live.ts';
import type { Catalog } from './runs/catalog/catalog.ts';
import type { RunManager } from './runs/manager/manager.ts';

/** A run that is not over this long after the server was told to end has nobody left to report to. */
const CLOSE_GRACE_MILLISECONDS = 1000;

export interface AppParts {
  readonly manager: RunManager;
  readonly catalog: Catalog;
  readonly logger: FastifyBaseLogger;
  readonly dashboardFolder: string;
  readonly version: string;
  /** The address that it will listen on: who may talk to it follows from that. */
  readonly host: string;
}

/** Builds the server. Closing it stops all runs, disconnects watchers and waits until every process is gone. */
export function buildApp({ host, ...parts }: AppParts): FastifyInstance {
  const { manager } = parts;
  const access = accessTo(host);
  const app = buildServer({ ...parts, access });
  const live = attachLive({ server: app.server, manager, access });
  // Before the HTTP server closes, for it waits until watchers are gone.
  app.addHook('preClose', async () => live.close());
  app.addHook('onClose', async () => manager.close(CLOSE_GRACE_MILLISECONDS));
  return app;
}
