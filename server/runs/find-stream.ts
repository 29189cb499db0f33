// The stream of a scenario: which recordings its patterns find, and what is said of them that its sensor can give.

import { dirname, isAbsolute, normalize, relative, sep } from 'node:path';
import { glob } from 'tinyglobby';
import type { StreamPlan } from '../streams/schedule.ts';
import { SENSES } from '../streams/sense.ts';
import { decibels } from '../units.ts';
import type { DeviceProfile } from './files/device-profile.ts';
import { InputProblem } from './files/problem.ts';
import {
  type BackgroundLayer,
  EITHER_LEVEL,
  type EventLayer,
  type Scenario,
  type StreamSpec,
} from './files/scenario.ts';
import type { Source } from './files/yaml.ts';

export interface Recording {
  readonly path: string;
  /** `file:line: key` of the scenario. */
  readonly place: string;
}

type Sensor = DeviceProfile['sensors'][number];

/** Paths and patterns of a scenario stay within its folder. */
export function inside(path: string, place: string): string {
  if (isAbsolute(path) || normalize(path).split(sep).includes('..'))
    throw new InputProblem(`${place}: "${path}" leads out of the scenario's folder; copy the file into it`);
  return path;
}

/** Recordings by their path in the scenario's folder, to which the plan refers by index; hours are still to come. */
export async function findStream(
  scenario: Source<Scenario>,
  sensor: Sensor,
  problems: string[],
): Promise<{ readonly recordings: readonly Recording[]; readonly stream: StreamPlan }> {
  const folder = dirname(scenario.path);
  const recordings: Recording[] = [];
  const { files, endings } = sensorSense(sensor);
  const find = async (patterns: readonly string[], place: string): Promise<readonly number[]> => {
    const found: string[] = [];
    for (const pattern of patterns) {
      const paths = await glob(inside(pattern, place), { cwd: folder, absolute: false, onlyFiles: true });
      const fitting = paths.filter((path) => files.test(path));
      if (fitting.length === 0)
        problems.push(
          `${place}: no recording (${endings}) matches "${pattern}" in ${relative('.', folder) || '.'}; mend the path or put the recording there`,
        );
      found.push(...fitting);
    }
    return [...new Set(found)].sort().map((path) => {
      const known = recordings.findIndex((recording) => recording.path === path);
      return known >= 0 ? known : recordings.push({ path, place }) - 1;
    });
  };
  const [spec] = scenario.value.streams;
  problems.push(...unfit(scenario, sensor));
  const backgrounds = [];
  for (const [index, layer] of spec.background.entries())
    backgrounds.push({
      clips: await find(layer.clips, scenario.at('streams', 0, 'background', index, 'clips')),
      level: decibels(layer.level ?? 0),
      share: layer.share,
      spellSeconds: layer.spell,
    });
  const events = [];
  for (const [index, layer] of spec.events.entries())
    events.push({
      label: layer.label,
      clips: await find(layer.clips, scenario.at('streams', 0, 'events', index, 'clips')),
      length: layer.hold === undefined ? null : Math.max(1, Math.round(layer.hold * sensor.sampleRate)),
      rate: layer.rate,
      loudness:
        layer.snr === undefined
          ? ({ kind: 'level', decibels: decibels(layer.level ?? 0) } as const)
          : ({ kind: 'snr', decibels: decibels(layer.snr) } as const),
      spread: decibels(layer.spread),
      overlap: layer.overlap,
    });
  return {
    recordings,
    stream: {
      sampleRate: sensor.sampleRate,
      noiseFloor: decibels(spec.noiseFloor ?? 0),
      backgrounds,
      events,
      hours: null,
    },
  };
}

const sensorSense = ({ kind }: Sensor) =>
  SENSES[kind === 'microphone' ? 'log-mel' : kind === 'imu' ? 'motion' : 'picture'];

/** What the scenario says of a stream that its sensor has no use for, or does not say and has to. */
function unfit(scenario: Source<Scenario>, { kind, name }: Sensor): readonly string[] {
  const found: string[] = [];
  const [spec] = scenario.value.streams;
  const at = (...place: ReadonlyArray<string | number>) => scenario.at('streams', 0, ...place);
  const check = (layer: object, place: ReadonlyArray<string | number>, key: string, isWanted: boolean): void => {
    const value: unknown = Reflect.get(layer, key);
    const isSaid = value !== undefined && value !== false && value !== 0;
    if (isSaid && !isWanted)
      found.push(`${at(...place, key)}: ${name} is ${WITH_ARTICLE[kind]}, whose recordings have no ${key}; remove it`);
    if (value === undefined && isWanted)
      found.push(`${at(...place)}: ${name} is ${WITH_ARTICLE[kind]}, whose recordings need a ${key}; give one`);
  };
  const isSound = kind === 'microphone';
  check(spec, [], 'noiseFloor' satisfies keyof StreamSpec, isSound);
  for (const [index, layer] of spec.background.entries())
    check(layer, ['background', index], 'level' satisfies keyof BackgroundLayer, isSound);
  for (const [index, layer] of spec.events.entries()) {
    const place = ['events', index];
    check(layer, place, 'hold' satisfies keyof EventLayer, kind === 'camera');
    if (isSound && layer.snr === undefined && layer.level === undefined) found.push(`${at(...place)}: ${EITHER_LEVEL}`);
    if (!isSound) for (const key of ['snr', 'level', 'spread', 'overlap'] as const) check(layer, place, key, false);
  }
  return found;
}

const WITH_ARTICLE: Readonly<Record<Sensor['kind'], string>> = {
  microphone: 'a microphone',
  imu: 'an imu',
  camera: 'a camera',
};
