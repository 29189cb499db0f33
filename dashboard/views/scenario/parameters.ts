// What a run is launched with, as a person types it: each parameter with its unit, bounds and default, checked as one types. The server has the last word.

import type { LaunchBody } from '../../../server/api/schemas.ts';
import type { ScenarioView, Speed } from '../../../server/runs/views.ts';
import { parseSpan, span } from '../../format/time.ts';

export const PARAMETERS = ['powerProfile', 'duration', 'speed', 'startCharge', 'seed'] as const;
export type Parameter = (typeof PARAMETERS)[number];

/** As typed. */
export type Texts = Readonly<Record<Parameter, string>>;
export type Problems = Readonly<Partial<Record<Parameter, string>>>;

export const SPEEDS = [
  ['1', '1×'],
  ['60', '60×'],
  ['600', '600×'],
  ['3600', '3,600×'],
  ['10000', '10,000×'],
  ['full', 'full'],
] as const;

const DAY = 86_400;
const LONGEST_SECONDS = 100 * DAY;
const FASTEST = 10_000;

export function defaultsOf(scenario: ScenarioView): Texts {
  return {
    powerProfile: scenario.powerProfile,
    duration: span(scenario.durationSeconds).replaceAll('\u00a0', ' '),
    speed: '600',
    startCharge: String(Number((scenario.startCharge * 100).toFixed(2))),
    seed: String(scenario.seed),
  };
}

/** Unit and bounds, as the field's note says them. */
export const NOTES: Readonly<Record<Parameter, string>> = {
  powerProfile: 'which states the cores may sleep in, and how they are chosen',
  duration: 'simulated: 1 s to 100 d, such as 90 min',
  speed: 'simulated seconds a second: 1 to 10,000, or full',
  startCharge: '% of the battery: above 0, at most 100',
  seed: 'whole number from 0: another seed, another day',
};

/** Simulated seconds; null when it cannot be read or is out of bounds. */
export function readDuration(text: string): number | null {
  const seconds = parseSpan(text);
  return seconds !== null && seconds >= 1 && seconds <= LONGEST_SECONDS ? seconds : null;
}

export function readSeed(text: string): number | null {
  const seed = Number(text);
  return text.trim() !== '' && Number.isSafeInteger(seed) && seed >= 0 ? seed : null;
}

export function readSpeed(text: string): Speed | null {
  const word = text.trim().toLowerCase().replaceAll(',', '').replace(/[x×]$/, '').trim();
  if (word === 'full' || word === 'max') return 'max';
  const speed = Number(word);
  return word !== '' && speed >= 1 && speed <= FASTEST ? speed : null;
}

function readCharge(text: string): number | null {
  const charge = Number(text.trim().replace(/\s*%$/, ''));
  return charge > 0 && charge <= 100 ? charge / 100 : null;
}

/** A sentence for everything that cannot be right. */
export function check(scenario: ScenarioView, texts: Texts): Problems {
  const found: Partial<Record<Parameter, string>> = {};
  const { powerProfile, duration, speed, startCharge, seed } = texts;
  if (!scenario.powerProfiles.includes(powerProfile))
    found.powerProfile = `“${powerProfile}” is no power profile of ${scenario.device}. Take one of: ${scenario.powerProfiles.join(', ')}.`;
  if (parseSpan(duration) === null) found.duration = `“${duration}” is not a span such as 24 h, 1 d 6 h or 90 min.`;
  else if (readDuration(duration) === null) found.duration = `“${duration}” is not within 1 s to 100 d.`;
  if (readSpeed(speed) === null) found.speed = `“${speed}” is neither a number from 1 to 10,000 nor full.`;
  if (readCharge(startCharge) === null) found.startCharge = `“${startCharge}” is not above 0 % and at most 100 %.`;
  if (readSeed(seed) === null) found.seed = `“${seed}” is not a whole number from 0 up.`;
  return found;
}

/** What the server is asked for; null while something cannot be read. What was left as it is in the scenario is left to it. */
export function readLaunch(scenario: ScenarioView, texts: Texts): LaunchBody | null {
  const defaults = defaultsOf(scenario);
  const [duration, seed, speed, startSoc] = [
    readDuration(texts.duration),
    readSeed(texts.seed),
    readSpeed(texts.speed),
    readCharge(texts.startCharge),
  ];
  if (duration === null || seed === null || speed === null || startSoc === null) return null;
  const isChanged = (parameter: Parameter) => texts[parameter] !== defaults[parameter];
  return {
    scenario: scenario.name,
    speed,
    ...(isChanged('powerProfile') && { powerProfile: texts.powerProfile }),
    ...(isChanged('duration') && { duration }),
    ...(isChanged('seed') && { seed }),
    ...(isChanged('startCharge') && { startSoc }),
  };
}

/** From a link; what it leaves out is the scenario's. */
export function textsIn(query: URLSearchParams, scenario: ScenarioView): Texts {
  const defaults = defaultsOf(scenario);
  const text = (parameter: Parameter) => query.get(parameter)?.slice(0, 100) ?? defaults[parameter];
  return {
    powerProfile: text('powerProfile'),
    duration: text('duration'),
    speed: text('speed'),
    startCharge: text('startCharge'),
    seed: text('seed'),
  };
}

/** For a link: null for what is as the scenario has it. */
export function queryOf(texts: Texts, scenario: ScenarioView): Readonly<Record<Parameter, string | null>> {
  const defaults = defaultsOf(scenario);
  const text = (parameter: Parameter) => (texts[parameter] === defaults[parameter] ? null : texts[parameter]);
  return {
    powerProfile: text('powerProfile'),
    duration: text('duration'),
    speed: text('speed'),
    startCharge: text('startCharge'),
    seed: text('seed'),
  };
}

/** Names that the API has for parameters, where they differ. */
const API_NAMES: Readonly<Record<string, Parameter>> = { startSoc: 'startCharge' };

/** The server's refusal by the fields that it names; `rest` is what it says of none. */
export function placed(refusal: string): { readonly fields: Problems; readonly rest: string | null } {
  const fields: Partial<Record<Parameter, string>> = {};
  const rest: string[] = [];
  for (const part of refusal.replace(/\.$/, '').split('; ')) {
    const [, name = '', said = ''] = /^(\w+): (.+)$/s.exec(part) ?? [];
    const field = PARAMETERS.find((parameter) => parameter === (API_NAMES[name] ?? name));
    if (field !== undefined) fields[field] = `${said}.`;
    else if (/power profile/.test(part)) fields.powerProfile = `${part}.`;
    else rest.push(part);
  }
  return { fields, rest: rest.length === 0 ? null : `${rest.join('; ')}.` };
}
