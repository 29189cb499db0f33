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

/** Globs of recordings, counted from the scenario's folder: sound (wav, flac, ogg, mp3), motion (csv) or pictures (jpg, png), as the sensor takes. */
const clips = z
  .union([z.string(), z.array(z.string()).min(1)])
  .transform((value) => (typeof value === 'string' ? [value] : value));

const background = z.strictObject({
  clips,
  /** Mean level of sound, against full scale. */
  level: quantity('level').optional(),
  /** Share of the time that it sounds; it comes and goes in spells of `spell`. */
  share: part.default(1),
  spell: quantity('time').default(600),
});

/** Of sound. */
export const EITHER_LEVEL = 'an event has either an `snr` or a `level`';

const eventLayer = z
  .strictObject({
    label: name,
    clips,
    rate: quantity('rate'),
    /** Of sound: against the background and the noise floor where it sounds. */
    snr: quantity('level').optional(),
    /** Or against full scale. */
    level: quantity('level').optional(),
    /** Its level varies by this much either way. */
    spread: quantity('level').default(0),
    /** Of pictures: for how long each is in view. */
    hold: quantity('time').optional(),
    /** Of sound: may sound while another event does. */
    overlap: z.boolean().default(false),
  })
  .refine((layer) => layer.snr === undefined || layer.level === undefined, { error: EITHER_LEVEL });

const stream = z.strictObject({
  sensor: name,
  /** Of sound: level of the noise that is always there, the room's and the microphone's own. */
  noiseFloor: quantity('level').optional(),
  background: z.array(background).default([]),
  events: z.array(eventLayer).default([]),
});

/** After a near miss a lower threshold holds for a while: who was not understood says it again. */
const secondChance = z
  .strictObject({
    /** How far under the threshold a near miss may be. */
    within: z.number().gt(0).max(1),
    /** How much lower the threshold is then; as much when left out. */
    by: z.number().gt(0).max(1).optional(),
    /** So long after the last near miss it begins, */
    after: quantity('time').default(0.5),
    /** and so long after it it ends. */
    for: quantity('time'),
  })
  .refine(({ after, for: until }) => after < until, {
    error: 'it ends before it begins: `for` is no longer than `after`',
  });

const stage = z.strictObject({
  stage: name,
  model: z.string(),
  core: name,
  gate: z.strictObject({
    /** Left out: that of the model's card. */
    threshold: z.number().min(0).max(1).optional(),
    /** For power profiles with strict gates. */
    strict: z.number().min(0).max(1).optional(),
    /** After it passed, for how long it takes no window. */
    hold: quantity('time').default(0),
    /** The mean over this many hops counts. */
    smooth: z.int().min(1).max(1000).default(1),
    /** Once open, it stays open down to this much under the threshold. */
    hysteresis: z.number().min(0).max(1).default(0),
    secondChance: secondChance.optional(),
  }),
});

const clock = /^([01]?\d|2[0-3]):([0-5]\d)$/;

/** Times of a day, and what hours begin then. */
const dayPlan = z.record(z.string().regex(clock, 'hours begin at a time of the day, like "7:30"'), name, {
  error: 'a day says which hours begin when: { "0:00": night, "7:00": home }',
});

/** One factor for all, or one by label of event. */
const factor = (what: string) =>
  quantity('share').refine((value) => value <= 1000, { error: `${what} is more than a thousandfold` });

const hourKind = z.strictObject({
  /** Times the rate of the events, 100 % when left out. */
  events: z.union([factor('the rate of events'), z.record(z.string(), factor('the rate of events'))]).optional(),
  /** Times the share of the time that backgrounds sound. */
  background: factor('the background').optional(),
  /** Of the battery; that of the scenario when left out. */
  temperature: quantity('temperature').optional(),
  /** That of the scenario when left out. */
  powerProfile: name.optional(),
  /** The charger is plugged in. */
  plugged: z.boolean().default(false),
});

/** A day has hours, and a week days; the run begins on Monday at 0:00. */
const daySchema = z
  .strictObject({
    hours: z.record(name, hourKind),
    weekday: dayPlan,
    /** Saturday and Sunday; like a weekday when left out. */
    weekend: dayPlan.optional(),
  })
  .superRefine(({ hours, weekday, weekend }, context) => {
    for (const [day, plan] of Object.entries({ weekday, weekend: weekend ?? {} })) {
      if (Object.keys(plan).length > 0 && !Object.keys(plan).some((time) => /^0?0:00$/.test(time)))
        context.addIssue({ code: 'custom', path: [day], message: 'a day begins at 0:00; say which hours begin then' });
      for (const [time, hour] of Object.entries(plan))
        if (hours[hour] === undefined)
          context.addIssue({
            code: 'custom',
            path: [day, time],
            message: `there are no hours "${hour}"; there are ${Object.keys(hours).join(', ')}`,
          });
    }
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
  /** Of the battery; left out, that at which its figures were taken. */
  temperature: quantity('temperature').optional(),
  /** Left out: every hour is like the other. */
  day: daySchema.optional(),
  seed: z.int().min(0).max(Number.MAX_SAFE_INTEGER),
});

export type Scenario = z.infer<typeof scenarioSchema>;
export type DaySpec = z.infer<typeof daySchema>;
export type StreamSpec = Scenario['streams'][number];
export type EventLayer = StreamSpec['events'][number];
export type BackgroundLayer = StreamSpec['background'][number];
export type StageSpec = Scenario['cascade'][number];
