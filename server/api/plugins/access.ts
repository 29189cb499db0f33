import type { FastifyInstance } from 'fastify';
import type { Access } from '../../access.ts';
import { sendProblem } from './problems.ts';

const READING = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Refuses requests under foreign names, and changes that pages from elsewhere ask for. */
export function registerAccess(app: FastifyInstance, access: Access): void {
  app.addHook('onRequest', async (request, reply) => {
    const { host, origin, 'sec-fetch-site': site } = request.headers;
    const asked = { host, origin, site: Array.isArray(site) ? site[0] : site };
    const refusal = access.checkHost(asked) ?? (READING.has(request.method) ? null : access.checkOrigin(asked));
    if (refusal !== null) return sendProblem(reply, 403, refusal);
    return undefined;
  });
}
