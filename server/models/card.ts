// A model's card: what stands beside its ONNX file as JSON, so that whoever uses it knows what it hears and how well.

import { z } from 'zod';

const frontEndSchema = z.strictObject({
  kind: z.literal('log-mel'),
  sampleRate: z.number().positive(),
  windowSamples: z.int().positive(),
  hopSamples: z.int().positive(),
  bands: z.int().positive(),
  lowHertz: z.number(),
  highHertz: z.number(),
  floorDecibels: z.number(),
  ceilingDecibels: z.number(),
});

const intervalSchema = z.tuple([z.number(), z.number()]);

export const modelCardSchema = z.strictObject({
  name: z.string(),
  task: z.string(),
  frontEnd: frontEndSchema,
  /** Frames of one window. */
  frames: z.int().positive(),
  /** The graph takes any number of frames and gives a score for every hop. */
  streaming: z.boolean(),
  precision: z.enum(['int8', 'float32']),
  /** Of the ONNX file, so that a card is not read with another model. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** Chosen on validation data. */
  threshold: z.number().min(0).max(1),
  training: z.string(),
  /** Measured on the test split by `lightsleeper train report`, with 95 % intervals. */
  quality: z
    .strictObject({
      source: z.string(),
      figures: z.array(
        z.strictObject({
          what: z.string(),
          unit: z.enum(['share', '1/h']),
          value: z.number(),
          interval: intervalSchema,
        }),
      ),
    })
    .nullable(),
  /** On the labelled test set, by rising threshold. */
  operatingCurve: z
    .strictObject({
      source: z.string(),
      points: z.array(z.strictObject({ threshold: z.number(), missRate: z.number(), falseAcceptsPerHour: z.number() })),
    })
    .nullable(),
});

export type ModelCard = z.infer<typeof modelCardSchema>;
