// The HTTP side of the server, built from its parts so that tests can build it from theirs.

import Fastify, { type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { type Access, accessTo } from '../access.ts';
import { AdviceDesk } from '../runs/advise/advice-desk.ts';
import type { Catalog } from '../runs/catalog/catalog.ts';
import type { RunManager } from '../runs/manager/manager.ts';
import { Previews } from '../runs/preview/previews.ts';
import { registerAccess } from './plugins/access.ts';
import { registerDashboard } from './plugins/dashboard.ts';
import { registerDocument } from './plugins/document.ts';
import { registerHelmet } from './plugins/helmet.ts';
import { registerProblems } from './plugins/problems.ts';
import { registerRateLimit } from './plugins/rate-limit.ts';
import { registerUnderPressure } from './plugins/under-pressure.ts';
import { adviceRoutes } from './routes/advice.ts';
import { compareRoutes } from './routes/compare.ts';
import { deviceRoutes } from './routes/devices.ts';
import { healthRoutes } from './routes/health.ts';
import { modelRoutes } from './routes/models.ts';
import { previewRoutes } from './routes/previews.ts';
import { runRoutes } from './routes/runs.ts';
import { scenarioRoutes } from './routes/scenarios.ts';

export interface ServerParts {
  readonly manager: RunManager;
  readonly catalog: Catalog;
  readonly logger: FastifyBaseLogger;
  /** Where the built page is. */
  readonly dashboardFolder: string;
  readonly version: string;
  /** Who may talk to it; by default, this machine only. */
  readonly access?: Access;
}

const BODY_LIMIT = 64 * 1024;

/** Builds the server; it listens when it is told to. */
export function buildServer(parts: ServerParts): FastifyInstance {
  const { manager, catalog, logger, dashboardFolder, version, access = accessTo('127.0.0.1') } = parts;
  const app: FastifyInstance = Fastify({
    loggerInstance: logger,
    bodyLimit: BODY_LIMIT,
    // Requests that are under way get their answer, connections that idle are closed.
    forceCloseConnections: 'idle',
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  registerProblems(app);
  registerHelmet(app);
  registerAccess(app, access);
  registerUnderPressure(app);
  registerDocument(app, version);
  registerDashboard(app, dashboardFolder);
  const previews = new Previews((line) => logger.warn(line));
  app.addHook('onClose', async () => previews.close());
  const desk = new AdviceDesk((line) => logger.warn(line));
  app.addHook('onClose', async () => desk.close());
  app.register(
    async (scope) => {
      const api = scope.withTypeProvider<ZodTypeProvider>();
      registerRateLimit(scope);
      await api.register(healthRoutes, { manager, version });
      await api.register(scenarioRoutes, { catalog, manager });
      await api.register(previewRoutes, { catalog, previews });
      await api.register(deviceRoutes, { catalog });
      await api.register(runRoutes, { manager });
      await api.register(compareRoutes, { manager });
      await api.register(modelRoutes, { catalog });
      await api.register(adviceRoutes, { catalog, desk });
      api.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger());
    },
    { prefix: '/api' },
  );
  return app;
}
