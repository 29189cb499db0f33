import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { type RunManager, RunProblem } from '../../runs/manager/manager.ts';
import { detections, launchBody, problem, runDetails, runParams, runView, series } from '../schemas.ts';

export const runRoutes: FastifyPluginAsyncZod<{ readonly manager: RunManager }> = async (app, { manager }) => {
  app.get(
    '/runs',
    { schema: { summary: 'All runs, the newest first', response: { 200: z.array(runView).readonly() } } },
    async () => manager.list(),
  );

  app.post(
    '/runs',
    {
      schema: {
        summary: 'Launch a scenario',
        body: launchBody,
        response: { 201: runDetails, 400: problem, 404: problem, 409: problem, 503: problem },
      },
    },
    async (request, reply) => {
      const { duration, ...asked } = request.body;
      const run = await manager.launch({ ...asked, durationSeconds: duration });
      return reply.code(201).header('location', `/api/runs/${run.id}`).send(run);
    },
  );

  const ofOneRun = { params: runParams };
  app.get(
    '/runs/:id',
    {
      schema: {
        summary: 'A run and, when it is over, its report',
        ...ofOneRun,
        response: { 200: runDetails, 404: problem },
      },
    },
    async ({ params }) => manager.get(params.id),
  );
  app.get(
    '/runs/:id/series',
    { schema: { summary: 'The course of a run', ...ofOneRun, response: { 200: series, 404: problem, 409: problem } } },
    async ({ params }) => {
      const course = manager.snapshot(params.id).series;
      if (course === null)
        throw new RunProblem('conflict', `Run ${params.id} has nothing to show yet: it has not begun.`);
      return course;
    },
  );
  app.get(
    '/runs/:id/detections',
    { schema: { summary: 'What a run detected and missed', ...ofOneRun, response: { 200: detections, 404: problem } } },
    async ({ params }) => {
      const snapshot = manager.snapshot(params.id);
      return { total: snapshot.detectionsTotal, detections: snapshot.detections };
    },
  );

  const changed = { ...ofOneRun, response: { 200: runDetails, 404: problem, 409: problem } };
  app.post('/runs/:id/pause', { schema: { summary: 'Let a run wait', ...changed } }, async ({ params }) =>
    manager.pause(params.id),
  );
  app.post('/runs/:id/resume', { schema: { summary: 'Let a paused run go on', ...changed } }, async ({ params }) =>
    manager.resume(params.id),
  );
  app.post(
    '/runs/:id/stop',
    { schema: { summary: 'End a run; the answer comes when it is over', ...changed } },
    async ({ params }) => manager.stop(params.id),
  );
};
