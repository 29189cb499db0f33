import underPressure from '@fastify/under-pressure';
import type { FastifyInstance } from 'fastify';

/** Answers 503 at once instead of late when the server cannot keep up. Runs share the processor with it: short delays are normal. */
export function registerUnderPressure(app: FastifyInstance): void {
  app.register(underPressure, { maxEventLoopDelay: 5000, retryAfter: 5 });
}
