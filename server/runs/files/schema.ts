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

/** By rising doubt. */
export const confidences = ['measured', 'datasheet', 'derived', 'estimated'] as const;
export type Confidence = (typeof confidences)[number];

const confidence = z.enum(confidences, { error: `confidence is one of ${confidences.join(', ')}` });
const source = z
  .string({ error: 'a figure names its source: the document and table, or the reasoning of an estimate' })
  .min(8, 'a source says where the figure is from');

export interface Range {
  readonly low: number;
  readonly high: number;
}

/** "2.5 mW to 4 mW", read into SI. */
const writtenRange = (dimension: DimensionName) =>
  z.string({ error: 'a range is written "2.5 mW to 4 mW", with both units' }).transform((text, context): Range => {
    const refuse = (message: string) => {
      context.addIssue({ code: 'custom', message });
      return z.NEVER;
    };
    const ends = text.split(/\s+to\s+/);
    if (ends.length !== 2) return refuse(`"${text}" is not a range; write it "low to high", with both units`);
    const [low, high] = ends.map((end) => parseQuantity(dimension, end));
    if (!low.ok) return refuse(low.problem);
    if (!high.ok) return refuse(high.problem);
    if (low.value > high.value) return refuse(`the range "${text}" is upside down; write the smaller end first`);
    return { low: low.value, high: high.value };
  });

const makeFigure = (dimension: DimensionName) =>
  z
    .strictObject(
      {
        value: writtenQuantity(dimension),
        /** Where it lies for certain, or nearly; a run takes the value. */
        range: writtenRange(dimension).optional(),
        source,
        confidence,
        conditions: z.string().optional(),
        /** Where it was taken: a core's own rail, the device's supply with its converter, the battery. */
        plane: z.enum(['rail', 'supply', 'battery']).optional(),
      },
      { error: 'a figure is wanted here: { value: "7.17 mW", source: "…", confidence: measured }' },
    )
    .superRefine(({ value, range }, context) => {
      // Ends are written rounded, so a value at an end may miss it in the last digit.
      const slack = 1e-9 * Math.abs(value.value);
      if (range !== undefined && !(value.value >= range.low - slack && value.value <= range.high + slack))
        context.addIssue({
          code: 'custom',
          path: ['range'],
          message: `the value ${value.text} lies outside its range; mend one of them`,
        });
    })
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

/** The first of values that go by rising or by falling which breaks that order; -1: none does. */
export function outOfOrder(values: readonly number[]): number {
  const rises = Math.sign((values.find((value) => value !== values[0]) ?? values[0]) - values[0]);
  return values.findIndex((value, at) => at > 0 && rises * (value - values[at - 1]) < 0);
}
