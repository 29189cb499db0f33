import { basename, dirname } from 'node:path';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Catalog } from '../../runs/catalog/catalog.ts';
import { RunProblem } from '../../runs/manager/manager.ts';
import { recordingParams, scenarioView } from '../schemas.ts';

export const scenarioRoutes: FastifyPluginAsyncZod<{ readonly catalog: Catalog }> = async (app, { catalog }) => {
  app.get(
    '/scenarios',
    { schema: { summary: 'Scenarios that can be launched', response: { 200: z.array(scenarioView).readonly() } } },
    async () => catalog.scenarios(),
  );

  app.get(
    '/scenarios/:name/*',
    { schema: { summary: 'A recording that a scenario names, as its file', params: recordingParams } },
    async ({ params }, reply) => {
      const { name, '*': recording } = params;
      // Only what the scenario names: its folder may hold more.
      const path = await catalog.recordingPath(name, recording);
      if (path === null) throw new RunProblem('not-found', `Scenario ${name} names no recording ${recording}.`);
      return reply.sendFile(basename(path), dirname(path));
    },
  );
};
