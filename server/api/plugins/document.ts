import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';

/** Makes the API's OpenAPI document out of the routes' schemas. */
export function registerDocument(app: FastifyInstance, version: string): void {
  app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Lightsleeper', description: 'Launches simulated devices and reads what they did.', version },
    },
    transform: jsonSchemaTransform,
  });
}
