import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance } from 'fastify';

/** Generous: it stops scripts that went wild, not people. */
export function registerRateLimit(app: FastifyInstance): void {
  app.register(rateLimit, { max: 1200, timeWindow: '1 minute' });
}
