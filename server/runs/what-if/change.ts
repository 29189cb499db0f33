// What somebody asks to be different, as they write it: "cascade.keyword.threshold=0.6", "battery.capacity=500 mAh". A place is a path
// through the scenario or the device's profile; items of lists go by their names. Values are read and checked as those of the files are.

import { parse, stringify } from 'yaml';
import { type DeviceProfile, deviceProfileSchema } from '../files/device-profile.ts';
import { inWords } from '../files/in-words.ts';
import { InputProblem, inputProblem } from '../files/problem.ts';
import { type Scenario, scenarioSchema } from '../files/scenario.ts';
import { placedGate } from '../gate.ts';
import type { LoadedScenario } from '../load.ts';

export interface Change {
  readonly path: string;
  readonly value: unknown;
}

/** @throws {InputProblem} what is not of the form path=value */
export function parseChange(text: string): Change {
  const equals = text.indexOf('=');
  if (equals < 1 || equals === text.length - 1)
    throw new InputProblem(`"${text}" says neither what nor how; write it like ${EXAMPLES}`);
  const path = text.slice(0, equals).trim();
  const written = text.slice(equals + 1).trim();
  try {
    return { path, value: parse(written) as unknown };
  } catch {
    return { path, value: written };
  }
}

/** As somebody would write it. */
export const writtenOf = (changes: readonly Change[]): string =>
  changes
    .map(
      ({ path, value }) =>
        `${path}=${typeof value === 'object' ? stringify(value, { collectionStyle: 'flow' }).trim() : String(value)}`,
    )
    .join(', ');

const EXAMPLES =
  'cascade.keyword.threshold=0.6, cascade.keyword.core=dsp, powerProfile=saver, startCharge="30 %" or battery.capacity="500 mAh"';

export interface Changed {
  readonly loaded: LoadedScenario;
  readonly powerProfile: string;
  readonly startSoc: number;
}

/** Of the scenario, what does not change what is heard or how it is scored. */
const STAGE_FIELDS: Readonly<Record<string, readonly string[]>> = {
  threshold: ['gate', 'threshold'],
  strict: ['gate', 'strict'],
  hold: ['gate', 'hold'],
  smooth: ['gate', 'smooth'],
  hysteresis: ['gate', 'hysteresis'],
  secondChance: ['gate', 'secondChance'],
  core: ['core'],
};
const HEARD = ['streams', 'seed', 'duration', 'detect', 'device', 'title', 'description'];

/**
 * @param profile the power profile that holds unless a change says otherwise, as does `startSoc`
 * @throws {InputProblem} places that do not exist, values that do not fit, changes that need new scores; a line each
 */
export function applyChanges(
  loaded: LoadedScenario,
  changes: readonly Change[],
  profile: string,
  startSoc: number,
): Changed {
  const scenario = structuredClone(loaded.scenario.raw);
  const device = structuredClone(loaded.device.raw);
  const named = changes.find(({ path }) => path === 'powerProfile')?.value;
  const powerProfile = typeof named === 'string' ? named : profile;
  const problems: string[] = [];
  for (const { path, value } of changes) {
    const place = placeOf(path, powerProfile);
    const problem =
      'refused' in place
        ? place.refused
        : set(place.of === 'scenario' ? scenario : device, place.steps, value, place.of === 'device');
    if (problem !== null) problems.push(`${path}: ${problem}`);
  }
  if (problems.length > 0) throw inputProblem(problems);
  const written = writtenOf(changes);
  const checked = check<Scenario>(scenarioSchema.safeParse(scenario, { error: inWords }), written);
  const profileChecked = check<DeviceProfile>(deviceProfileSchema.safeParse(device, { error: inWords }), written);
  const asked = (path: string): boolean => changes.some((change) => change.path === path);
  return {
    loaded: {
      ...loaded,
      scenario: { ...loaded.scenario, value: checked },
      device: { ...loaded.device, value: profileChecked },
      stages: loaded.stages.map(({ name, number, model }, index) => {
        const { core, gate } = checked.cascade[index];
        return { name, number, model, core, ...placedGate(gate, loaded.models[index].card.threshold) };
      }),
    },
    powerProfile: asked('powerProfile') ? checked.powerProfile : profile,
    startSoc: asked('startCharge') ? checked.startCharge : startSoc,
  };
}

export type Place =
  | { readonly of: 'scenario' | 'device'; readonly steps: readonly string[] }
  | { readonly refused: string };

/** Where in the scenario or the device a path leads. @param powerProfile the one that holds */
export function placeOf(path: string, powerProfile: string): Place {
  const [head = '', ...rest] = path.split('.');
  if (head === 'powerProfile' || head === 'startCharge') return { of: 'scenario', steps: [head, ...rest] };
  if (HEARD.includes(head)) return { refused: 'this changes what is heard, so that it needs a run of its own' };
  if (head === 'cascade') {
    const [stage = '', field = '', ...more] = rest;
    const steps = STAGE_FIELDS[field];
    if (steps !== undefined && more.length === 0) return { of: 'scenario', steps: ['cascade', stage, ...steps] };
    return {
      refused:
        field === 'model'
          ? 'another model scores differently, so that it needs a run of its own'
          : `a stage has ${Object.keys(STAGE_FIELDS).join(', ')} to change; write it like cascade.<stage>.threshold`,
    };
  }
  if (head === 'sensors' && rest.at(-1) === 'sampleRate')
    return { refused: 'another sample rate is heard differently, so that it needs a run of its own' };
  if (head === 'cores' && rest.length === 2 && rest[1] === 'operatingPoint')
    return { of: 'device', steps: ['powerProfiles', powerProfile, 'cores', rest[0], 'operatingPoint'] };
  return { of: 'device', steps: [head, ...rest] };
}

type Tree = Record<string, unknown>;
const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Changes a value in a tree of plain data. Returns what is wrong, or null. */
function set(root: unknown, steps: readonly string[], value: unknown, ofDevice: boolean): string | null {
  let node: unknown = root;
  for (const [depth, step] of steps.slice(0, -1).entries()) {
    const next = Array.isArray(node) ? itemOf(node, step) : isTree(node) ? node[step] : undefined;
    if (next === undefined) return missing(node, step, depth === 0 && ofDevice);
    node = next;
  }
  const last = steps[steps.length - 1];
  if (Array.isArray(node)) {
    const index = node.indexOf(itemOf(node, last));
    if (index < 0) return missing(node, last, false);
    node[index] = value;
    return null;
  }
  if (!isTree(node) || (steps.length === 1 && ofDevice && !(last in node))) return missing(node, last, ofDevice);
  const old = node[last];
  if (isFigure(old)) {
    const { range: _, ...rest } = old;
    node[last] = { ...rest, value, ...ASKED_FOR };
  } else node[last] = value;
  return null;
}

/** A figure that was asked for has no other source than the question, and is no range. */
export const ASKED_FOR = { source: 'asked for in a what-if', confidence: 'estimated' } as const;

export const isFigure = (value: unknown): value is Tree => isTree(value) && 'confidence' in value && 'value' in value;

/** The steps of a place in plain data, items of lists by their number: as a YAML document has them. Null where there is none. */
export function stepsIn(root: unknown, steps: readonly string[]): ReadonlyArray<string | number> | null {
  const found: (string | number)[] = [];
  let node: unknown = root;
  for (const [depth, step] of steps.entries()) {
    const place = Array.isArray(node) ? node.indexOf(itemOf(node, step)) : step;
    if (place === -1 || (!Array.isArray(node) && !isTree(node))) return null;
    found.push(place);
    const next: unknown = Reflect.get(node, place);
    // The last may be new.
    if (next === undefined && depth < steps.length - 1) return null;
    node = next;
  }
  return found;
}

const nameOf = (item: unknown): string | null => {
  if (!isTree(item)) return null;
  const name = item.name ?? item.stage ?? item.core;
  return typeof name === 'string' ? name : null;
};

const itemOf = (list: readonly unknown[], step: string): unknown =>
  list.find((item) => nameOf(item) === step) ?? (/^\d+$/.test(step) ? list[Number(step)] : undefined);

function missing(node: unknown, step: string, atRoot: boolean): string {
  const there = Array.isArray(node)
    ? node.map((item, index) => nameOf(item) ?? String(index))
    : isTree(node)
      ? Object.keys(node)
      : [];
  const start = atRoot ? [...there, 'cascade', 'powerProfile', 'startCharge'] : there;
  return start.length === 0
    ? `there is nothing below "${step}"`
    : `there is no "${step}"; there are ${start.join(', ')}`;
}

type Parsed<T> =
  | { readonly success: true; readonly data: T }
  | {
      readonly success: false;
      readonly error: { readonly issues: ReadonlyArray<{ path: PropertyKey[]; message: string }> };
    };

function check<T>(parsed: Parsed<T>, written: string): T {
  if (parsed.success) return parsed.data;
  throw inputProblem(
    parsed.error.issues.map(({ path, message }) => `${written}: ${path.map(String).join('.')}: ${message}`),
  );
}
