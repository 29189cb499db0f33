import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Catalog } from '../../runs/catalog/catalog.ts';
import { modelView } from '../schemas.ts';

export const modelRoutes: FastifyPluginAsyncZod<{ readonly catalog: Catalog }> = async (app, { catalog }) => {
  app.get(
    '/models',
    { schema: { summary: 'The models that the scenarios name', response: { 200: z.array(modelView).readonly() } } },
    async () => catalog.models(),
  );
};
