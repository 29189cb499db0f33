import { basename, dirname } from 'node:path';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Catalog } from '../../runs/catalog/catalog.ts';
import { paceOf } from '../../runs/catalog/pace.ts';
import { type RunManager, RunProblem } from '../../runs/manager/manager.ts';
import { offeredScenario, problem, recordingParams, saveScenarioBody, scenarioView } from '../schemas.ts';

interface Options {
  readonly catalog: Catalog;
  readonly manager: RunManager;
}

export const scenarioRoutes: FastifyPluginAsyncZod<Options> = async (app, { catalog, manager }) => {
  app.get(
    '/scenarios',
    { schema: { summary: 'Scenarios that can be launched', response: { 200: z.array(offeredScenario).readonly() } } },
    async () => {
      const scenarios = await catalog.scenarios();
      const byName = new Map(scenarios.map((scenario) => [scenario.name, scenario]));
      const measured = manager.measured();
      return scenarios.map((scenario) => ({ ...scenario, pace: paceOf(scenario, measured, byName) }));
    },
  );

  app.post(
    '/scenarios',
    {
      schema: {
        summary: 'Keep a variant of a scenario under another name',
        body: saveScenarioBody,
        response: { 201: scenarioView, 400: problem },
      },
    },
    async ({ body: { scenario, name, changes } }, reply) =>
      reply.code(201).send(await catalog.saveVariant(scenario, name, changes)),
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
