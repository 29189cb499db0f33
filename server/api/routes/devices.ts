import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { portraitOf } from '../../profiles/portrait.ts';
import type { Catalog } from '../../runs/catalog/catalog.ts';
import { InputProblem } from '../../runs/files/problem.ts';
import { RunProblem } from '../../runs/manager/manager.ts';
import { deviceParams, devicePortrait, deviceView, problem } from '../schemas.ts';

export const deviceRoutes: FastifyPluginAsyncZod<{ readonly catalog: Catalog }> = async (app, { catalog }) => {
  app.get(
    '/devices',
    { schema: { summary: 'Device profiles and their figures', response: { 200: z.array(deviceView).readonly() } } },
    async () => catalog.devices(),
  );

  app.get(
    '/devices/:name',
    {
      schema: {
        summary: 'What a device is made of, what its states and operating points are worth, and what its cell gives',
        params: deviceParams,
        response: { 200: devicePortrait, 404: problem, 409: problem },
      },
    },
    async ({ params: { name } }) => {
      const device = await catalog.deviceProfile(name).catch((error: unknown) => {
        if (error instanceof InputProblem) throw new RunProblem('conflict', error.message);
        throw error;
      });
      if (device === null) throw new RunProblem('not-found', `There is no device ${name} in device-profiles/.`);
      return portraitOf(device);
    },
  );
};
