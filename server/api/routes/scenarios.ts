import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Catalog } from '../../runs/catalog.ts';
import { scenarioView } from '../schemas.ts';

export const scenarioRoutes: FastifyPluginAsyncZod<{ readonly catalog: Catalog }> = async (app, { catalog }) => {
  app.get(
    '/scenarios',
    { schema: { summary: 'Scenarios that can be launched', response: { 200: z.array(scenarioView).readonly() } } },
    async () => catalog.scenarios(),
  );
};
