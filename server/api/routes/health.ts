import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { RunManager } from '../../runs/manager/manager.ts';
import { health } from '../schemas.ts';

interface Options {
  readonly manager: RunManager;
  readonly version: string;
}

export const healthRoutes: FastifyPluginAsyncZod<Options> = async (app, { manager, version }) => {
  app.get('/health', { schema: { summary: 'Is it up?', response: { 200: health } } }, async () => ({
    status: 'ok' as const,
    version,
    uptimeSeconds: Math.round(process.uptime()),
    runs: manager.counts(),
  }));
};
