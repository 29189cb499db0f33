import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { actBody, askedAct, writtenEntry } from '../../runs/acts/log.ts';
import { type RunManager, RunProblem } from '../../runs/manager/manager.ts';
import {
  actParams,
  detections,
  inputLog,
  inputView,
  launchBody,
  paceBody,
  problem,
  range,
  rangeQuery,
  runDetails,
  runParams,
  runView,
  series,
  stepBody,
  whatIfAnswer,
  whatIfBody,
} from '../schemas.ts';

/** A recording comes along. */
const ACT_BODY_LIMIT = 1_500_000;

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

  app.get(
    '/runs/:id/range',
    {
      schema: {
        summary: 'A stretch of a run, exact at any length',
        ...ofOneRun,
        querystring: rangeQuery,
        response: { 200: range, 400: problem, 404: problem, 409: problem, 503: problem },
      },
    },
    async ({ params, query: { from, to, points } }) => {
      const answer = await manager.ask<'range'>(params.id, { kind: 'range', fromSeconds: from, toSeconds: to, points });
      return answer.range;
    },
  );
  app.post(
    '/runs/:id/what-if',
    {
      schema: {
        summary: 'Other devices over what a run heard, without inference',
        ...ofOneRun,
        body: whatIfBody,
        response: { 200: whatIfAnswer, 400: problem, 404: problem, 409: problem, 503: problem },
      },
    },
    async ({ params, body }) => {
      const { variants } = body;
      const { original, variants: reports } = await manager.ask<'what-if'>(params.id, { kind: 'what-if', variants });
      return { original, variants: reports };
    },
  );

  app.post(
    '/runs/:id/acts',
    {
      bodyLimit: ACT_BODY_LIMIT,
      schema: {
        summary: 'Do something to a run that goes on',
        ...ofOneRun,
        body: actBody,
        response: { 201: inputView, 400: problem, 404: problem, 409: problem, 413: problem, 503: problem },
      },
    },
    async ({ params, body }, reply) => reply.code(201).send(await manager.act(params.id, askedAct(body))),
  );
  app.get(
    '/runs/:id/acts',
    {
      schema: {
        summary: 'What was done to a run, in order',
        ...ofOneRun,
        response: { 200: z.array(inputView).readonly(), 404: problem },
      },
    },
    async ({ params }) => manager.get(params.id).inputs,
  );
  app.get(
    '/runs/:id/log',
    {
      schema: {
        summary: 'The input log of a run, recordings included: with it the run can be simulated again',
        ...ofOneRun,
        response: { 200: inputLog, 404: problem },
      },
    },
    async ({ params }) => manager.inputsOf(params.id).map(writtenEntry),
  );
  app.get(
    '/runs/:id/acts/:number/:file',
    { schema: { summary: 'What was recorded with an act: a WAV or CSV file', params: actParams } },
    async ({ params }, reply) => {
      const recorded = manager.recordingOf(params.id, params.number, params.file);
      return recorded.kind === 'sound'
        ? reply.type('audio/wav').send(Buffer.from(recorded.wav))
        : reply.type('text/csv').send(recorded.csv);
    },
  );

  const changed = { ...ofOneRun, response: { 200: runDetails, 404: problem, 409: problem } };
  app.post('/runs/:id/pause', { schema: { summary: 'Let a run wait', ...changed } }, async ({ params }) =>
    manager.pause(params.id),
  );
  app.post('/runs/:id/resume', { schema: { summary: 'Let a paused run go on', ...changed } }, async ({ params }) =>
    manager.resume(params.id),
  );
  const refusable = { ...ofOneRun, response: { 200: runDetails, 400: problem, 404: problem, 409: problem } };
  app.post(
    '/runs/:id/pace',
    { schema: { summary: 'Let a run go on at another speed', ...refusable, body: paceBody } },
    async ({ params, body }) => manager.pace(params.id, body.speed),
  );
  app.post(
    '/runs/:id/step',
    {
      schema: {
        summary: 'Let a run go on to the next window or detection, and pause there',
        ...refusable,
        body: stepBody,
      },
    },
    async ({ params, body }) => manager.step(params.id, body.to),
  );
  app.post(
    '/runs/:id/stop',
    { schema: { summary: 'End a run; the answer comes when it is over', ...changed } },
    async ({ params }) => manager.stop(params.id),
  );
};
