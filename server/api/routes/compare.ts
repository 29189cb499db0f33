import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { type AskedRun, compareRuns } from '../../runs/compare/compare-runs.ts';
import { type RunManager, RunProblem } from '../../runs/manager/manager.ts';
import { compareQuery, comparison, problem } from '../schemas.ts';

export const compareRoutes: FastifyPluginAsyncZod<{ readonly manager: RunManager }> = async (app, { manager }) => {
  app.get(
    '/compare',
    {
      schema: {
        summary: 'Runs side by side: what was set differently and what came of it',
        querystring: compareQuery,
        response: { 200: comparison, 400: problem },
      },
    },
    async ({ query }) => compareRuns(query.runs.map((id) => askedRun(manager, id))),
  );
};

/** A run that the server does not know is said to be gone, so that the others are compared all the same. */
function askedRun(manager: RunManager, id: string): AskedRun {
  try {
    const { run, detections, detectionsTotal } = manager.snapshot(id);
    return { kind: 'known', run, detections, detectionsTotal };
  } catch (error) {
    if (error instanceof RunProblem && error.kind === 'not-found') return { kind: 'gone', id, reason: error.message };
    throw error;
  }
}
