// A model's card: what stands beside its ONNX file as JSON, so that whoever uses it knows what it hears and how well.

import { z } from 'zod';

const logMelSchema = z.strictObject({
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

/** Motion: a frame is a hop of samples as they come, hopSamples × channels values, sample after sample; each is (value - offset) · factor. */
const motionSchema = z
  .strictObject({
    kind: z.literal('motion'),
    sampleRate: z.number().positive(),
    /** 6: acceleration x, y, z in m/s², then rotation x, y, z in rad/s; 3: acceleration alone. */
    channels: z.union([z.literal(3), z.literal(6)]),
    hopSamples: z.int().positive(),
    /** By channel. */
    scale: z.array(z.strictObject({ offset: z.number(), factor: z.number() })).readonly(),
  })
  .refine(({ channels, scale }) => scale.length === channels, { path: ['scale'], error: 'one scale for each channel' });

/** Pictures: a frame is a picture, height × width × channels values, row after row; each is (value - mean) · scale, where white is 1. */
const pictureSchema = z
  .strictObject({
    kind: z.literal('picture'),
    framesPerSecond: z.number().positive(),
    width: z.int().positive(),
    height: z.int().positive(),
    /** 3: red, green, blue; 1: luminance. */
    channels: z.union([z.literal(1), z.literal(3)]),
    /** By channel. */
    mean: z.array(z.number()).readonly(),
    scale: z.array(z.number()).readonly(),
  })
  .refine(({ channels, mean, scale }) => mean.length === channels && scale.length === channels, {
    path: ['scale'],
    error: 'one mean and one scale for each channel',
  });

const frontEndSchema = z.discriminatedUnion('kind', [logMelSchema, motionSchema, pictureSchema]);

const shapeSchema = z.array(z.int().positive()).min(1).readonly();

const intervalSchema = z.tuple([z.number(), z.number()]);

export const modelCardSchema = z.strictObject({
  name: z.string(),
  task: z.string(),
  frontEnd: frontEndSchema,
  /** Frames of the front end; or, of a later part of a network that is cut into parts, what the part before sends, without the batch. */
  input: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('frames') }),
      z.strictObject({ kind: z.literal('activations'), shape: shapeSchema }),
    ])
    .default({ kind: 'frames' }),
  /** What the next part takes, where there is one: its shape without the batch, and mean bytes of a window once compressed, 8 bits a value. */
  sends: z
    .strictObject({ shape: shapeSchema, bytesPerWindow: z.number().positive(), source: z.string() })
    .nullable()
    .default(null),
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
