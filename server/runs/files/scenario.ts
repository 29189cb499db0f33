// A scenario as people write it: a device, what it hears, the cascade that decides, and for how long.

import { z } from 'zod';
import { name, quantity } from './schema.ts';

/** A device that is given by its file rather than by its name. */
export const isDeviceFile = (device: string): boolean => /\.ya?ml$/.test(device);

const deviceName = z
  .string({ error: 'a device is wanted here: a name in device-profiles/, or ./my-device.yaml beside the scenario' })
  .regex(
    /^([a-zA-Z0-9][a-zA-Z0-9-]*|.+\.ya?ml)$/,
    'a device is a name in device-profiles/, or a path like ./my-device.yaml',
  );

const part = quantity('share').refine((share) => share <= 1, { error: 'this is more than 100 %; give at most that' });

/** Globs of recordings, counted from the scenario's folder. */
const clips = z
  .union([z.string(), z.array(z.string()).min(1)])
  .transform((value) => (typeof value === 'string' ? [value] : value));

const background = z.strictObject({
  clips,
  /** Mean level, against full scale. */
  level: quantity('level'),
  /** Share of the time that it sounds; it comes and goes in spells of `spell`. */
  share: part.default(1),
  spell: quantity('time').default(600),
});

const eventLayer = z
  .strictObject({
    label: name,
    clips,
    rate: quantity('rate'),
    /** Against the background and the noise floor where it sounds. */
    snr: quantity('level').optional(),
    /** Or against full scale. */
    level: quantity('level').optional(),
    /** Its level varies by this much either way. */
    spread: quantity('level').default(0),
    /** May sound while another event does. */
    overlap: z.boolean().default(false),
  })
  .refine((layer) => (layer.snr === undefined) !== (layer.level === undefined), {
    error: 'an event has either an `snr` or a `level`',
  });

const stream = z.strictObject({
  sensor: name,
  /** Level of the noise that is always there: the room and the microphone itself. */
  noiseFloor: quantity('level'),
  background: z.array(background).default([]),
  events: z.array(eventLayer).default([]),
});

const stage = z.strictObject({
  stage: name,
  model: z.string(),
  core: name,
  gate: z.strictObject({
    threshold: z.number().min(0).max(1),
    /** For power profiles with strict gates. */
    strict: z.number().min(0).max(1).optional(),
    /** After it passed, for how long it takes no window. */
    hold: quantity('time').default(0),
  }),
});

export const scenarioSchema = z.strictObject({
  title: z.string(),
  description: z.string(),
  device: deviceName,
  powerProfile: name,
  duration: quantity('time'),
  startCharge: part.default(1),
  /** The label that the cascade is to detect. */
  detect: name,
  streams: z.array(stream).length(1, 'one stream is simulated'),
  cascade: z.array(stage).min(1),
  seed: z.int().min(0).max(Number.MAX_SAFE_INTEGER),
});

export type Scenario = z.infer<typeof scenarioSchema>;
export type StreamSpec = Scenario['streams'][number];
export type EventLayer = StreamSpec['events'][number];
export type BackgroundLayer = StreamSpec['background'][number];
export type StageSpec = Scenario['cascade'][number];
