// The published JSON Schemas of the files that people write, for editors to complete and check.

import { z } from 'zod';
import { deviceProfileSchema } from './device-profile.ts';
import { quantityForm } from './quantity.ts';
import { scenarioSchema } from './scenario.ts';
import { quantities } from './schema.ts';

/** By path in the project. */
export function jsonSchemas(): Readonly<Record<string, string>> {
  return {
    'device-profiles/device-profile.schema.json': text('A device profile of Lightsleeper', deviceProfileSchema),
    'scenarios/scenario.schema.json': text('A scenario of Lightsleeper', scenarioSchema),
  };
}

function text(title: string, schema: z.ZodType): string {
  const json = z.toJSONSchema(schema, { io: 'input', reused: 'ref', override: asQuantity });
  return `${JSON.stringify({ title, ...json }, null, 2)}\n`;
}

/** A quantity is a string of a form of its own; a share may be a bare number. */
function asQuantity({
  zodSchema,
  jsonSchema,
}: {
  zodSchema: z.core.$ZodType;
  jsonSchema: z.core.JSONSchema.BaseSchema;
}): void {
  const quantity = quantities.get(zodSchema);
  if (quantity === undefined) return;
  const { description, pattern } = quantityForm(quantity.dimension);
  const written = { type: 'string', pattern } as const;
  delete jsonSchema.anyOf;
  Object.assign(jsonSchema, { description });
  if (quantity.dimension === 'share') jsonSchema.anyOf = [written, { type: 'number', minimum: 0 }];
  else Object.assign(jsonSchema, written);
}
