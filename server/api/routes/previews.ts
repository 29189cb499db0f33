// What a run will get from its sensor, before it is launched.

import type { FastifyReply } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { assertNever } from '../../assert-never.ts';
import type { Catalog } from '../../runs/catalog/catalog.ts';
import { RunProblem } from '../../runs/manager/manager.ts';
import type { Previews } from '../../runs/preview/previews.ts';
import type { PreviewAnswerTo, PreviewOf, PreviewQuestion, PreviewRefusal } from '../../runs/preview/question.ts';
import {
  pictureQuery,
  preview,
  previewParams,
  previewQuery,
  problem,
  soundQuery,
  wave,
  waveQuery,
} from '../schemas.ts';

interface Options {
  readonly catalog: Catalog;
  readonly previews: Previews;
}

/** Of one address: whoever drags over a time line asks some times a second. */
const RATE = { rateLimit: { max: 300, timeWindow: '1 minute' } };

export const previewRoutes: FastifyPluginAsyncZod<Options> = async (app, { catalog, previews }) => {
  const refusals = { 400: problem, 404: problem, 409: problem, 503: problem };
  const route = (summary: string) => ({ summary, params: previewParams });

  const of = (
    name: string,
    asked: { readonly seed?: number | undefined; readonly duration?: number | undefined },
  ): PreviewOf => {
    const scenario = catalog.scenarioPath(name);
    if (scenario === null)
      throw new RunProblem('not-found', `There is no scenario ${name}. GET /api/scenarios lists those there are.`);
    return { scenario, seed: asked.seed, durationSeconds: asked.duration };
  };
  const ask = async <K extends PreviewQuestion['kind']>(
    reply: FastifyReply,
    question: Extract<PreviewQuestion, { kind: K }>,
  ): Promise<PreviewAnswerTo<K>> => {
    const answer = await previews.ask(question, leaving(reply));
    if (answer.kind === 'refused') throw problemOf(answer);
    // One question has one kind of answer.
    if (answer.kind !== question.kind) throw new Error(`${question.kind} was asked and ${answer.kind} answered`);
    return answer as PreviewAnswerTo<K>;
  };

  app.get(
    '/scenarios/:name/preview',
    {
      config: RATE,
      schema: {
        ...route('What a run with this seed and duration will get from its sensor'),
        querystring: previewQuery,
        response: { 200: preview, ...refusals },
      },
    },
    async ({ params, query }, reply) => {
      return (await ask<'overview'>(reply, { kind: 'overview', ...of(params.name, query) })).overview;
    },
  );

  app.get(
    '/scenarios/:name/preview/wave',
    {
      config: RATE,
      schema: {
        ...route('A stretch of that stream, as it is mixed'),
        querystring: waveQuery,
        response: { 200: wave, ...refusals },
      },
    },
    async ({ params, query }, reply) => {
      const { from, to, points } = query;
      const place = { fromSeconds: from, toSeconds: to, points };
      return (await ask<'stretch'>(reply, { kind: 'stretch', ...of(params.name, query), ...place })).stretch;
    },
  );

  app.get(
    '/scenarios/:name/preview/sound.wav',
    {
      config: RATE,
      schema: { ...route('Up to 30 s of that stream to listen to'), querystring: soundQuery },
    },
    async ({ params, query }, reply) => {
      const { from, to, gain } = query;
      const place = { fromSeconds: from, toSeconds: to, gain };
      const { file } = await ask<'sound'>(reply, { kind: 'sound', ...of(params.name, query), ...place });
      return send(reply, 'audio/wav', file);
    },
  );

  app.get(
    '/scenarios/:name/preview/picture.png',
    {
      config: RATE,
      schema: { ...route('What the camera of that stream sees at a time'), querystring: pictureQuery },
    },
    async ({ params, query }, reply) => {
      const place = { atSeconds: query.at };
      const { file } = await ask<'picture'>(reply, { kind: 'picture', ...of(params.name, query), ...place });
      return send(reply, 'image/png', file);
    },
  );
};

/** Files may change, and with them what is mixed. */
const send = (reply: FastifyReply, type: string, file: Uint8Array): FastifyReply =>
  reply
    .type(type)
    .header('cache-control', 'no-cache')
    .send(Buffer.from(file.buffer, file.byteOffset, file.byteLength));

/** Aborted when whoever asked is gone. */
function leaving({ raw }: FastifyReply): AbortSignal {
  const controller = new AbortController();
  raw.once('close', () => {
    if (!raw.writableEnded) controller.abort(new RunProblem('busy', 'Nobody waits for this any more.'));
  });
  return controller.signal;
}

function problemOf({ cause, problem: text }: PreviewRefusal): RunProblem {
  switch (cause) {
    case 'range':
      return new RunProblem('invalid', text);
    case 'scenario':
    case 'fault':
      return new RunProblem('conflict', text);
    case 'busy':
      return new RunProblem('busy', text);
    default:
      return assertNever(cause);
  }
}
