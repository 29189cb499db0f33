import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Catalog } from '../../runs/catalog/catalog.ts';
import { deviceView } from '../schemas.ts';

export const deviceRoutes: FastifyPluginAsyncZod<{ readonly catalog: Catalog }> = async (app, { catalog }) => {
  app.get(
    '/devices',
    { schema: { summary: 'Device profiles and their figures', response: { 200: z.array(deviceView).readonly() } } },
    async () => catalog.devices(),
  );
};
