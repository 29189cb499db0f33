import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { AdviceDesk, AdviceView } from '../../runs/advise/advice-desk.ts';
import type { Catalog } from '../../runs/catalog/catalog.ts';
import { RunProblem } from '../../runs/manager/manager.ts';
import { adviceBody, adviceParams, adviceView, problem } from '../schemas.ts';

export const adviceRoutes: FastifyPluginAsyncZod<{
  readonly catalog: Catalog;
  readonly desk: AdviceDesk;
}> = async (app, { catalog, desk }) => {
  app.get(
    '/advice',
    {
      schema: {
        summary: 'Searches for thresholds, the newest first',
        response: { 200: z.array(adviceView).readonly() },
      },
    },
    async () => desk.list(),
  );
  app.post(
    '/advice',
    {
      schema: {
        summary: 'Look for the cheapest thresholds that meet a budget; the answer says under which id',
        body: adviceBody,
        response: { 202: adviceView, 400: problem, 404: problem, 503: problem },
      },
    },
    async ({ body }, reply) => {
      const { scenario, duration, maxFalseAcceptsPerHour, maxMissRate, spare, seed, powerProfile } = body;
      const path = catalog.scenarioPath(scenario);
      const known = (await catalog.scenarios()).some(({ name }) => name === scenario);
      if (path === null || !known)
        throw new RunProblem('not-found', `There is no scenario ${scenario}; GET /api/scenarios lists them.`);
      const view = desk.ask(scenario, {
        scenario: path,
        budget: { falseAcceptsPerHour: maxFalseAcceptsPerHour, missRate: maxMissRate },
        ...(duration !== undefined && { durationSeconds: duration }),
        ...(spare !== undefined && { spare }),
        ...(seed !== undefined && { seed }),
        ...(powerProfile !== undefined && { powerProfile }),
      });
      if (view === null)
        throw new RunProblem('busy', 'Too many searches wait already: cancel one, or try again later.');
      return reply.code(202).header('location', `/api/advice/${view.id}`).send(view);
    },
  );
  const ofOne = { params: adviceParams, response: { 200: adviceView, 404: problem } };
  app.get(
    '/advice/:id',
    { schema: { summary: 'How a search stands, and what it found', ...ofOne } },
    async ({ params }) => found(desk.get(params.id), params.id),
  );
  app.delete('/advice/:id', { schema: { summary: 'Cancel a search', ...ofOne } }, async ({ params }) =>
    found(desk.cancel(params.id), params.id),
  );
};

function found(view: AdviceView | null, id: string): AdviceView {
  if (view !== null) return view;
  throw new RunProblem('not-found', `There is no search ${id}: it was never asked for, or was forgotten since.`);
}
