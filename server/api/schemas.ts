// What the API takes and gives, as schemas: they check requests and answers and make the API's document.

import { z } from 'zod';
import type { DevicePortrait } from '../profiles/views.ts';
import { logEntry } from '../runs/acts/log.ts';
import type { AdviceView } from '../runs/advise/advice-desk.ts';
import { MOST_COMPARED, type RunComparison } from '../runs/compare/comparison.ts';
import { InputProblem } from '../runs/files/problem.ts';
import { parseQuantity } from '../runs/files/quantity.ts';
import { LONGEST_SOUND_SECONDS, LONGEST_STRETCH_SECONDS } from '../runs/preview/question.ts';
import type { RunReport } from '../runs/report/report.ts';
import type {
  Act,
  DetectionView,
  DeviceView,
  InputView,
  ModelView,
  OfferedScenario,
  Pace,
  PreviewStretch,
  PreviewView,
  RangeView,
  RunDetails,
  RunView,
  Series,
  StreamView,
} from '../runs/views.ts';
import { type Change, parseChange } from '../runs/what-if/change.ts';

const SHORTEST_SECONDS = 1;
const LONGEST_SECONDS = 100 * 86_400;

const scenarioName = z
  .string()
  .max(200)
  .describe('A name from the list of scenarios; `scenarios/<name>.yaml` is taken for it too.')
  .transform((text, context) => {
    const name = text.replace(/^(?:\.\/)?scenarios\//, '').replace(/\.ya?ml$/, '');
    if (/^[\w-][\w.-]*$/.test(name)) return name;
    context.addIssue(
      `give the name of a scenario, such as "kitchen-day" (GET /api/scenarios lists them), not "${text}"`,
    );
    return z.NEVER;
  });

/** A number, or text with a unit; what is wrong with it is said in words. */
function quantity(dimension: 'time' | 'share', advice: string, isGood: (value: number) => boolean) {
  return z.union([z.number(), z.string().max(50)], advice).transform((value, context) => {
    const parsed = typeof value === 'number' ? { ok: true as const, value } : parseQuantity(dimension, value);
    if (!parsed.ok) context.addIssue(parsed.problem);
    else if (!isGood(parsed.value)) context.addIssue(`${advice}, not ${JSON.stringify(value)}`);
    else return parsed.value;
    return z.NEVER;
  });
}

const seed = z.int('give a whole number').min(0, 'must not be negative');

const duration = quantity(
  'time',
  'give a time from 1 s to 100 d, such as "90 min", "1 h" or a number of seconds',
  (seconds) => seconds >= SHORTEST_SECONDS && seconds <= LONGEST_SECONDS,
).describe('Simulated time: seconds, or text with a unit such as "90 min".');

const startSoc = quantity(
  'share',
  'give a state of charge above 0 and up to 1, or such as "30 %"',
  (share) => share > 0 && share <= 1,
).describe('State of charge to start with: a share up to 1, or text such as "30 %".');

const speedAdvice = 'give simulated seconds per second, from 1 to 10000, or "max" for as fast as it goes';
const speed = z
  .union([z.number().min(1, speedAdvice).max(10_000, speedAdvice), z.literal('max')], speedAdvice)
  .describe('Simulated seconds per second, or "max" for as fast as it goes.');

export const launchBody = z.strictObject(
  {
    scenario: scenarioName,
    seed: seed.optional(),
    powerProfile: z.string().max(100).optional(),
    duration: duration.optional(),
    speed: speed.default('max'),
    startSoc: startSoc.optional(),
  },
  {
    error: (issue) =>
      issue.code === 'invalid_type' ? 'send a JSON object such as {"scenario": "kitchen-day"}' : undefined,
  },
);

/** What is sent to launch a run. */
export type LaunchBody = z.input<typeof launchBody>;

export const paceBody = z.strictObject({ speed });
export const stepBody = z.strictObject({
  to: z
    .enum(['window', 'detection'])
    .describe('The next window, or the next time that something is found, missed or imagined.'),
});

export const runParams = z.object({ id: z.string().max(100).describe('Id of a run.') });

export const recordingParams = z.object({
  name: z.string().max(200).describe('Name of a scenario.'),
  '*': z.string().max(1000).describe("Path of a recording in the scenario's folder, as a detection's `clip` names it."),
});

/** RFC 9457. */
export const problem = z
  .object({ type: z.string(), title: z.string(), status: z.int(), detail: z.string() })
  .describe('What is wrong, and in `detail` what to do about it.');
export type Problem = z.output<typeof problem>;

const report = z.custom<RunReport>().describe('What a finished run says, as `lightsleeper run --json` prints it.');

const runFields = {
  id: z.string(),
  scenario: z.string(),
  title: z.string(),
  device: z.string(),
  powerProfile: z.string(),
  seed: z.number(),
  durationSeconds: z.number(),
  speed: z.union([z.number(), z.literal('max')]),
  state: z.enum(['queued', 'starting', 'running', 'paused', 'finished', 'stopped', 'failed']),
  simulatedSeconds: z.number(),
  createdAt: z.string(),
  problem: z.string().nullable(),
};
export const runView = z.object(runFields) satisfies z.ZodType<RunView>;

const act = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('play'), clip: z.string(), label: z.string(), snr: z.number().nullable() }),
  z.object({ kind: z.literal('sound'), label: z.string(), snr: z.number() }),
  z.object({ kind: z.literal('motion'), label: z.string() }),
  z.object({ kind: z.literal('noise'), decibels: z.number() }),
  z.object({ kind: z.literal('fail-sensor'), seconds: z.number() }),
  z.object({ kind: z.literal('stall-link'), link: z.string(), seconds: z.number() }),
  z.object({ kind: z.literal('age-battery'), capacity: z.number(), resistance: z.number() }),
  z.object({ kind: z.literal('choose-profile'), powerProfile: z.string().nullable() }),
]) satisfies z.ZodType<Act>;
export const inputView = z
  .object({
    number: z.int(),
    simulatedSeconds: z.number().describe('When it takes hold: at the end of a window.'),
    untilSeconds: z.number().nullable().describe('When it is over; null: it holds from then on.'),
    act,
  })
  .describe('An entry of the input log of a run.') satisfies z.ZodType<InputView>;
export const inputLog = z
  .array(logEntry)
  .readonly()
  .describe('The input log of a run, recordings included: what `lightsleeper run --acts` takes.');
export const actParams = runParams.extend({
  number: z.coerce.number().int().min(0).describe('Which act of the run.'),
  file: z.enum(['recording.wav', 'recording.csv'], 'ask for recording.wav or recording.csv'),
});

export const runDetails = z.object({
  ...runFields,
  inputs: z.array(inputView).readonly(),
  report: report.nullable(),
}) satisfies z.ZodType<RunDetails>;

const stream = z.object({
  sense: z.enum(['sound', 'motion', 'pictures']),
  sensor: z.string(),
  detect: z.string(),
  hopSeconds: z.number(),
  noiseFloor: z.number().nullable(),
  background: z
    .array(
      z.object({
        recordings: z.int(),
        level: z.number().nullable(),
        share: z.number(),
        spellSeconds: z.number(),
      }),
    )
    .readonly(),
  events: z
    .array(
      z.object({
        label: z.string(),
        recordings: z.int(),
        perHour: z.number(),
        loudness: z.object({ kind: z.enum(['snr', 'level']), decibels: z.number(), spread: z.number() }).nullable(),
        holdSeconds: z.number().nullable(),
      }),
    )
    .readonly(),
  hours: z.boolean(),
}) satisfies z.ZodType<StreamView>;

const pace = z
  .object({
    startSeconds: z.number(),
    speed: z.number(),
    measuredOn: z.discriminatedUnion('kind', [
      z.object({
        kind: z.literal('run'),
        id: z.string(),
        sameScenario: z.boolean(),
        durationSeconds: z.number(),
        wallSeconds: z.number(),
      }),
      z.object({ kind: z.literal('elsewhere'), windowsPerSecond: z.number(), machine: z.string() }),
    ]),
  })
  .describe('About how fast runs at full speed are, and what that was measured on.') satisfies z.ZodType<Pace>;

export const offeredScenario = z.object({
  name: z.string(),
  title: z.string(),
  description: z.string(),
  device: z.string(),
  powerProfile: z.string(),
  powerProfiles: z.array(z.string()).readonly(),
  durationSeconds: z.number(),
  seed: z.number(),
  startCharge: z.number(),
  stream: stream.nullable(),
  stages: z.array(z.object({ name: z.string(), core: z.string() })).readonly(),
  problem: z.string().nullable(),
  pace: pace.nullable(),
}) satisfies z.ZodType<OfferedScenario>;

export const scenarioView = offeredScenario.omit({ pace: true });

export const deviceView = z.object({
  name: z.string(),
  title: z.string(),
  description: z.string(),
  cores: z
    .array(
      z.object({
        name: z.string(),
        kind: z.enum(['dsp', 'low-power', 'application']),
        powerStates: z.array(z.string()).readonly(),
      }),
    )
    .readonly(),
  powerProfiles: z.array(z.string()).readonly(),
  figures: z
    .array(
      z.object({
        path: z.string(),
        value: z.string(),
        source: z.string(),
        confidence: z.enum(['measured', 'datasheet', 'derived', 'estimated']),
        conditions: z.string().nullable(),
        range: z.tuple([z.number(), z.number()]).readonly().nullable(),
      }),
    )
    .readonly(),
  problem: z.string().nullable(),
}) satisfies z.ZodType<DeviceView>;

export const deviceParams = z.object({ name: z.string().max(200).describe('Name of a device.') });
export const devicePortrait = z
  .custom<DevicePortrait>()
  .describe('Parts and how they hang together, power states, operating points, warnings and discharge curves.');

export const series = z.custom<Series>().describe('The run so far as columns of equal length, at most 2,000 points.');

const time = (advice: string) =>
  quantity('time', advice, (seconds) => seconds >= 0 && seconds <= LONGEST_SECONDS).describe(
    'Simulated time: seconds, or text with a unit such as "90 min".',
  );

const inQuery = <T>(schema: z.ZodType<T>) =>
  z.preprocess((text) => (typeof text === 'string' && /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text), schema);

const stretchOf = {
  from: inQuery(time('give a simulated time from 0 on, such as "90 min" or a number of seconds')),
  to: inQuery(time('give a simulated time, such as "90 min" or a number of seconds')),
};
const points = (usual: number) =>
  z.coerce
    .number()
    .int('give a whole number of points')
    .min(1, 'give from 1 to 2000 points')
    .max(2000, 'give from 1 to 2000 points')
    .default(usual)
    .describe('Spans of equal length that the stretch is divided into.');

export const rangeQuery = z.object({ ...stretchOf, points: points(500) });
export const range = z
  .custom<RangeView>()
  .describe(
    'A stretch of a run: exact figures of just that stretch, columns of so many points, and what each core did.',
  );

export const previewParams = z.object({ name: scenarioName });

const previewOf = {
  seed: inQuery(seed.optional()).describe('Of the stream; the scenario’s when left out.'),
  duration: inQuery(duration.optional()).describe('Of the run; the scenario’s when left out.'),
};
export const previewQuery = z.object(previewOf);
export const preview = z
  .custom<PreviewView>()
  .describe('What the sensor will get in such a run: events by label, counted by at most 1,000 spans.');

/** Ends after it begins, and is at most so long. */
const isStretch =
  (longest: number) =>
  ({ value: { from, to }, issues }: z.core.ParsePayload<{ readonly from: number; readonly to: number }>): void => {
    const said =
      to <= from
        ? `${to} s is not after \`from\`, which is ${from} s`
        : to - from > longest
          ? `at most ${longest} s after \`from\`, not ${to - from} s`
          : null;
    if (said !== null) issues.push({ code: 'custom', path: ['to'], message: said, input: to });
  };

export const waveQuery = z
  .object({ ...previewOf, ...stretchOf, points: points(1000) })
  .check(isStretch(LONGEST_STRETCH_SECONDS));
export const wave = z
  .custom<PreviewStretch>()
  .describe(
    'A stretch of the stream as it is mixed: what is in it, and lowest and highest values by span, or the pictures.',
  );

const MOST_GAIN = 60;
const gainAdvice = `give from 0 to ${MOST_GAIN} dB`;
export const soundQuery = z
  .object({
    ...previewOf,
    ...stretchOf,
    gain: z.coerce
      .number(gainAdvice)
      .min(0, gainAdvice)
      .max(MOST_GAIN, gainAdvice)
      .default(0)
      .describe('Louder by so many dB; what is then beyond full scale is cut off.'),
  })
  .check(isStretch(LONGEST_SOUND_SECONDS));

export const pictureQuery = z.object({
  ...previewOf,
  at: inQuery(time('give a simulated time from 0 on, such as "90 min" or a number of seconds')),
});

const change = z
  .string()
  .max(500)
  .transform((text, context): Change => {
    try {
      return parseChange(text);
    } catch (error) {
      if (!(error instanceof InputProblem)) throw error;
      context.addIssue(error.message);
      return z.NEVER;
    }
  });
const variant = z
  .array(change)
  .min(1)
  .max(20)
  .describe(
    'What is different: paths and values as the command line has them, such as "cascade.keyword.threshold=0.6".',
  );
export const whatIfBody = z.strictObject({ variants: z.array(variant).min(1).max(20) });
export const whatIfAnswer = z.object({
  original: report.describe('The run itself over the same stretch.'),
  variants: z.array(report).readonly(),
});

export const saveScenarioBody = z.strictObject({
  scenario: scenarioName,
  name: z.string().max(100).describe('Of the new scenario: small letters, digits and hyphens.'),
  changes: variant,
});
/** What is sent to keep a variant as a scenario. */
export type SaveScenarioBody = z.input<typeof saveScenarioBody>;

export const detections = z.object({
  total: z.int().describe('All detections so far; `detections` holds the latest 5,000.'),
  detections: z.custom<readonly DetectionView[]>(),
});

export const compareQuery = z.object({
  runs: z
    .string(`give from 2 to ${MOST_COMPARED} ids of runs, with commas between them`)
    .max(1000)
    .describe('Ids of runs with commas between them. The first with a report is what the others are held against.')
    .transform((text, context) => {
      const ids = [...new Set(text.split(',').filter((id) => id !== ''))];
      if (ids.length >= 2 && ids.length <= MOST_COMPARED) return ids;
      context.addIssue(`give from 2 to ${MOST_COMPARED} ids of runs, with commas between them, not ${ids.length}`);
      return z.NEVER;
    }),
});
export const comparison = z
  .custom<RunComparison>()
  .describe('What was set differently, what came out differently, and what the runs made of the same events.');

export const modelView = z
  .custom<ModelView>()
  .describe('A model: what it looks for, costs and is worth, its operating curve and how its training went.');

export const adviceBody = z.strictObject({
  scenario: scenarioName,
  maxFalseAcceptsPerHour: z.number().gt(0, 'give more than 0 an hour').max(1000),
  maxMissRate: z.number().min(0).max(1).describe('Share of the events that may be missed.'),
  duration: duration.optional(),
  spare: z.number().min(1).max(100).optional().describe('Choose as if it went wrong so many times as often.'),
  seed: z.int().min(0).optional(),
  powerProfile: z.string().max(100).optional(),
});
/** What is sent to ask for advice. */
export type AdviceBody = z.input<typeof adviceBody>;
export const adviceParams = z.object({ id: z.string().max(150).describe('Id of a search.') });
export const adviceView = z
  .custom<AdviceView>()
  .describe(
    '`waiting`, `searching` with its progress, `done` with the advice, `failed` with the problem, or `cancelled`.',
  );

export const health = z.object({
  status: z.literal('ok'),
  version: z.string(),
  uptimeSeconds: z.number(),
  runs: z.object({ active: z.int(), total: z.int() }),
});
