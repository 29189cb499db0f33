// Parts that the schemas of profiles and scenarios share.

import { z } from 'zod';
import { type DimensionName, parseQuantity } from './quantity.ts';

/** What the published schema says of quantities. */
export const quantities = z.registry<{ readonly dimension: DimensionName }>();

/** A quantity with its unit, read into SI, and its text as it was written. */
const writtenQuantity = (dimension: DimensionName) =>
  z
    .union([z.string(), z.number()], { error: 'a quantity with its unit is wanted here' })
    .register(quantities, { dimension })
    .transform((text, context) => {
      const parsed = parseQuantity(dimension, text);
      if (parsed.ok) return { value: parsed.value, text: String(text) };
      context.addIssue({ code: 'custom', message: parsed.problem });
      return z.NEVER;
    });

/** A quantity with its unit, read into SI. */
export const quantity = (dimension: DimensionName) => writtenQuantity(dimension).transform(({ value }) => value);

export const confidences = ['measured', 'datasheet', 'derived', 'estimated'] as const;
export type Confidence = (typeof confidences)[number];

const confidence = z.enum(confidences, { error: `confidence is one of ${confidences.join(', ')}` });
const source = z
  .string({ error: 'a figure names its source: the document and table, or the reasoning of an estimate' })
  .min(8, 'a source says where the figure is from');

const makeFigure = (dimension: DimensionName) =>
  z
    .strictObject(
      {
        value: writtenQuantity(dimension),
        source,
        confidence,
        conditions: z.string().optional(),
        /** Where it was taken: a core's own rail, the device's supply with its converter, the battery. */
        plane: z.enum(['rail', 'supply', 'battery']).optional(),
      },
      { error: 'a figure is wanted here: { value: "7.17 mW", source: "…", confidence: measured }' },
    )
    .transform(({ value, ...rest }) => ({ ...rest, value: value.value, text: value.text }))
    .readonly();

const figures = new Map<DimensionName, ReturnType<typeof makeFigure>>();

/** A number that somebody can check: what it is, where it comes from, how well it is known. One schema a dimension, so that the published one stays small. */
export function figure(dimension: DimensionName): ReturnType<typeof makeFigure> {
  const made = figures.get(dimension) ?? makeFigure(dimension);
  figures.set(dimension, made);
  return made;
}

export type Figure = z.infer<ReturnType<typeof figure>>;

/** A curve or table with one source. */
export const provenance = { source, confidence };

export const name = z
  .string({ error: 'a name is wanted here' })
  .regex(/^[a-zA-Z0-9][a-zA-Z0-9-]*$/, 'a name is made of letters, digits and hyphens');
