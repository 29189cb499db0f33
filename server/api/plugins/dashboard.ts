import { existsSync } from 'node:fs';
import { join } from 'node:path';
import serveStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { sendProblem } from './problems.ts';

/** Serves the page's files; a browser that asks for one of the page's own addresses (`/runs/…`) gets the page. */
export function registerDashboard(app: FastifyInstance, folder: string): void {
  const built = existsSync(join(folder, 'index.html'));
  app.register(serveStatic, {
    root: folder,
    // Unbuilt, it still lends `sendFile` to other routes.
    serve: built,
    cacheControl: false,
    setHeaders(response, path) {
      // Names of assets contain their hash; the page itself may change with the next build.
      const asset = path.startsWith(join(folder, 'assets'));
      response.setHeader('cache-control', asset ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0] ?? '/';
    const forPage = request.method === 'GET' && request.headers.accept?.includes('text/html') === true;
    if (!forPage || path === '/api' || path.startsWith('/api/') || path.startsWith('/assets/'))
      return sendProblem(reply, 404, `There is no ${request.method} ${path} here.`);
    if (built) return reply.sendFile('index.html');
    return reply
      .code(404)
      .type('text/plain; charset=utf-8')
      .send('The dashboard has not been built. Build it with `npm run build` and start again.\n');
  });
}
