// A device profile as people write it: cores, memories, links, sensors, rails, battery, and the power profiles of the device.

import { z } from 'zod';
import { batterySchema } from './battery.ts';
import { checkReferences } from './device-references.ts';
import { figure, name, outOfOrder, provenance, quantity } from './schema.ts';

const rail = z.strictObject({
  name,
  description: z.string().optional(),
  voltage: quantity('voltage'),
  /** Left out: what hangs on it draws from the battery directly, or its figures hold their converter already. */
  regulator: z
    .strictObject({
      part: z.string(),
      quiescentCurrent: figure('current'),
      efficiency: z.strictObject({
        ...provenance,
        /** By rising load at the output. */
        points: z.array(z.strictObject({ load: quantity('power'), ratio: z.number().gt(0).max(1) })).min(1),
      }),
    })
    .optional(),
  brownOut: figure('voltage'),
});

const memory = z.strictObject({
  name,
  description: z.string().optional(),
  size: figure('size'),
  /** What programs and buffers take of it. */
  reserved: figure('size'),
  /** The core whose power states govern it. */
  core: name.optional(),
  rail: name,
  nonVolatile: z.boolean().default(false),
  onPower: figure('power'),
  retentionPower: figure('power'),
  bandwidth: figure('bandwidth'),
  energyPerByte: figure('energyPerByte'),
});

const link = z.strictObject({
  name,
  from: name,
  to: name,
  rail: name,
  bandwidth: figure('bandwidth'),
  energyPerByte: figure('energyPerByte'),
  sleepPower: figure('power'),
  wakeLatency: figure('time'),
});

const sensor = z.strictObject({
  name,
  /** An imu gives acceleration and rotation, a camera pictures. */
  kind: z.enum(['microphone', 'imu', 'camera'], { error: 'a sensor is a microphone, an imu or a camera' }),
  part: z.string(),
  rail: name,
  /** Of a camera: pictures. */
  sampleRate: quantity('frequency'),
  /** Of all axes of an imu, and of a whole picture. */
  bytesPerSample: z.int().positive(),
  /** Samples that wait in it, or in the DMA buffer it fills, before anybody must come. */
  fifo: figure('size'),
  modes: z.array(z.strictObject({ name, power: figure('power') })).min(1),
  /** It gates by itself, as an acoustic-activity microphone or a motion engine does: below the level it wakes nobody and draws this power. */
  activity: z
    .strictObject({
      /** Of a hop: sound against full scale; motion, the largest change of acceleration between samples, against 1 g; a picture's change, against white. */
      level: quantity('level'),
      /** For how long it hands sound on after it was last loud. */
      hold: quantity('time'),
      power: figure('power'),
    })
    .optional(),
  /** Cores that it can be wired to, and what receiving costs there. */
  interfaces: z.array(z.strictObject({ core: name, rail: name, power: figure('power') })).min(1),
});

export const operatorClasses = ['conv', 'depthwise', 'dense', 'other', 'frontEnd'] as const;
export type OperatorClass = (typeof operatorClasses)[number];

const operatingPoint = z.strictObject({
  name,
  clock: quantity('frequency'),
  voltage: quantity('voltage').optional(),
  activePower: figure('power'),
  /** Of the shallowest power state at this point, whose clock goes on behind the gate; that state's own power when left out. */
  idlePower: figure('power').optional(),
  /** By class of operator, at the core's precision. */
  throughput: z.strictObject({
    conv: figure('throughput'),
    depthwise: figure('throughput'),
    dense: figure('throughput'),
    other: figure('throughput'),
    frontEnd: figure('throughput'),
  }),
  overheadPerInference: figure('time'),
  overheadPerLayer: figure('time'),
  /** Published figures of whole models, used in place of the arithmetic. */
  measured: z.array(z.strictObject({ model: name, latency: figure('time'), power: figure('power') })).optional(),
});

const names = (what: string) => z.array(name, { error: `a list of names is wanted here: ${what}; [] for nothing` });

const powerState = z.strictObject({
  name,
  power: figure('power'),
  entryLatency: figure('time'),
  /** While it enters; the power of the shallowest state when left out. */
  entryPower: figure('power').optional(),
  exitLatency: figure('time'),
  /** While it wakes; the active power when left out. */
  exitPower: figure('power').optional(),
  /** Break-even time, exit latency not included; computed from the powers when left out. */
  minResidency: figure('time').optional(),
  /** Peripherals that go on: sensors and links by name. */
  live: names('what goes on in it'),
  /** What wakes it: sensors and links by name, `timer`. A state is left out where what brings the core its work cannot wake it. */
  wakeSources: names('what wakes it'),
  /** Of the memories it governs; the others are off. */
  retains: names('which memories keep their contents'),
  wholeDomain: z.boolean().default(false),
});

const core = z.strictObject({
  name,
  part: z.string(),
  kind: z.enum(['dsp', 'low-power', 'application']),
  rail: name,
  precision: z.enum(['int8', 'float32']),
  /** Windows that may wait for it. */
  queue: z.int().min(1).max(1024),
  /** Where activations and windows are. */
  workMemory: name,
  /** Where weights may be kept, the first that has room. */
  weightMemories: z.array(name).min(1),
  /** Where weights come from before every inference when none of those has room. */
  farMemory: name.optional(),
  /** From where its memory is filled again after it was lost. */
  reloadFrom: name.optional(),
  domain: name.optional(),
  operatingPoints: z
    .array(operatingPoint)
    .min(1)
    .superRefine((points, context) => {
      const wrong = outOfOrder(points.map(({ clock }) => clock));
      if (wrong < 0) return;
      context.addIssue({
        code: 'custom',
        path: [wrong, 'clock'],
        message: `operating points go by rising or by falling clock, and ${points[wrong].name} breaks the order; move it, or mend its clock`,
      });
    }),
  /** By depth. The first is the clock-gated idle that always may be entered. */
  powerStates: z.array(powerState).min(1),
  boot: z.strictObject({ latency: figure('time'), power: figure('power') }),
});

const actuator = z.strictObject({
  name,
  part: z.string(),
  rail: name,
  idlePower: figure('power'),
  activePower: figure('power'),
  duration: figure('time'),
});

const corePolicy = z.strictObject({
  operatingPoint: name,
  /** Those it may enter beside the first; all when left out. */
  powerStates: z.array(name).optional(),
  /** The longest wake that is allowed. */
  latency: quantity('time').optional(),
  /** Stay in each state with nothing known to come, before the next is tried; its break-even time when left out. */
  linger: z.record(z.string(), quantity('time')).optional(),
});

const powerProfile = z.strictObject({
  name,
  description: z.string(),
  cores: z.record(z.string(), corePolicy),
  sensor: z.strictObject({ mode: name, batch: z.int().min(1).max(256) }),
  /** Which of the gates' operating points hold. */
  gates: z.enum(['normal', 'strict']).default('normal'),
  rules: z.array(z.strictObject({ below: quantity('share'), use: name })).default([]),
});

const shape = z.strictObject({
  title: z.string(),
  description: z.string(),
  rails: z.array(rail).min(1),
  battery: batterySchema,
  memories: z.array(memory).min(1),
  links: z.array(link),
  sensors: z.array(sensor).min(1),
  cores: z.array(core).min(1),
  actuators: z.array(actuator).default([]),
  /** What a detection sets off. */
  trigger: z.strictObject({
    actuators: z.array(name).default([]),
    work: z.strictObject({ core: name, duration: figure('time') }).optional(),
    /** The last seconds of sound, kept in the work memory of the core that hears, and sent to the core of the work. */
    preRoll: z
      .strictObject({
        duration: figure('time'),
        rate: figure('bandwidth'),
        /** Operations a second that keeping it costs the core that hears. */
        encoding: figure('throughput'),
      })
      .optional(),
  }),
  powerProfiles: z.array(powerProfile).min(1),
});

export const deviceProfileSchema = shape.superRefine((device, context) =>
  checkReferences(device, (path, message) => context.addIssue({ code: 'custom', path: [...path], message })),
);

export type DeviceProfile = z.infer<typeof shape>;
export type CoreProfile = DeviceProfile['cores'][number];
export type PowerProfile = DeviceProfile['powerProfiles'][number];
export type OperatingPoint = CoreProfile['operatingPoints'][number];
