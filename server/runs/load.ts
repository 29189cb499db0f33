// Reads a scenario with all that it names: device, models, recordings. Everything is checked here, once; what follows may trust it.

import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, normalize, relative, sep } from 'node:path';
import { glob } from 'tinyglobby';
import { loadModel, type Model, ModelFileError } from '../models/model.ts';
import { misfit } from '../models/network.ts';
import { projectFolder } from '../project.ts';
import { type Clip, makeClip } from '../streams/clip.ts';
import { AudioFileError, decodeFile } from '../streams/decode.ts';
import { featuresOf, frontEndWork, hopSamplesOf, rateOf } from '../streams/frames.ts';
import type { StreamPlan } from '../streams/schedule.ts';
import { decibels } from '../units.ts';
import type { FrontEndCost, PlacedStage } from './compile/request.ts';
import { type DeviceProfile, deviceProfileSchema } from './files/device-profile.ts';
import { InputProblem, inputProblem } from './files/problem.ts';
import { isDeviceFile, type Scenario, scenarioSchema } from './files/scenario.ts';
import { readYaml, type Source } from './files/yaml.ts';
import { stageCost } from './stage-cost.ts';
import { rateHours, type Timetable, timetableOf } from './timetable.ts';

export interface Recording {
  readonly path: string;
  /** `file:line: key` of the scenario. */
  readonly place: string;
}

export interface LoadedScenario {
  readonly path: string;
  readonly scenario: Source<Scenario>;
  readonly device: Source<DeviceProfile>;
  /** By stage. */
  readonly models: readonly Model[];
  readonly stages: readonly PlacedStage[];
  readonly frontEnd: FrontEndCost;
  /** Recordings by their path in the scenario's folder, and the place that names them; `stream` refers to them by index. */
  readonly recordings: readonly Recording[];
  readonly stream: StreamPlan;
  /** Null: every hour is like the other. */
  readonly timetable: Timetable | null;
}

/** By its name in device-profiles/, or by the path of a file beside the scenario. */
async function loadDevice(scenario: Source<Scenario>): Promise<Source<DeviceProfile>> {
  const { device } = scenario.value;
  const place = scenario.at('device');
  const shipped = join(projectFolder(), 'device-profiles');
  const path = isDeviceFile(device)
    ? join(dirname(scenario.path), inside(device, place))
    : join(shipped, `${device}.yaml`);
  if (!existsSync(path)) {
    const names = readdirSync(shipped).flatMap((file) => (/\.yaml$/.test(file) ? [basename(file, '.yaml')] : []));
    throw new InputProblem(
      `${place}: there is no device "${device}"; take one of device-profiles/ (${names.join(', ')}), or the path of a file beside the scenario, like ./my-device.yaml`,
    );
  }
  return readYaml(path, deviceProfileSchema);
}

/** @throws {InputProblem} everything that is wrong, a line each */
export async function loadScenario(path: string): Promise<LoadedScenario> {
  const scenario = await readYaml(path, scenarioSchema);
  const folder = dirname(path);
  const device = await loadDevice(scenario);
  const problems: string[] = [];
  const models: Model[] = [];
  for (const [index, stage] of scenario.value.cascade.entries()) {
    const place = scenario.at('cascade', index, 'model');
    try {
      models.push(await loadModel(join(folder, inside(stage.model, place))));
    } catch (error) {
      if (!(error instanceof ModelFileError || error instanceof InputProblem)) throw error;
      problems.push(error instanceof InputProblem ? error.message : `${place}: ${error.message}`);
    }
  }
  const { recordings, stream } = await findClips(scenario, device, problems);
  const [first] = models;
  // Of a cascade that lacks a model, which is said already, the stages that are there need not fit.
  if (models.length === scenario.value.cascade.length)
    for (const index of models.keys()) {
      const reason = misfit(models, index);
      if (reason !== null) problems.push(`${scenario.at('cascade', index, 'model')}: ${reason}`);
    }
  const [sensor] = device.value.sensors;
  if (first !== undefined && sensor.sampleRate !== rateOf(first.card.frontEnd))
    problems.push(
      `${device.at('sensors', 0, 'sampleRate')}: the models hear ${rateOf(first.card.frontEnd)} Hz, and sensor ${sensor.name} gives ${sensor.sampleRate} Hz`,
    );
  if (scenario.value.streams[0].sensor !== sensor.name)
    problems.push(
      `${scenario.at('streams', 0, 'sensor')}: sensor "${scenario.value.streams[0].sensor}" does not exist; the device has ${sensor.name}`,
    );
  if (!scenario.value.streams[0].events.some(({ label }) => label === scenario.value.detect))
    problems.push(`${scenario.at('detect')}: no event of the stream has the label "${scenario.value.detect}"`);
  problems.push(...unknownLabels(scenario));
  if (problems.length > 0) throw inputProblem(problems);
  const timetable = timetableOf(scenario.value);
  const spec = first.card.frontEnd;
  const work = frontEndWork(spec);
  return {
    path,
    scenario,
    device,
    models,
    stages: scenario.value.cascade.map((stage, index) => ({
      name: stage.stage,
      number: index,
      model: stageCost(models, index, index - 1),
      core: stage.core,
      thresholds: { normal: stage.gate.threshold, strict: stage.gate.strict ?? stage.gate.threshold },
      holdSeconds: stage.gate.hold,
    })),
    frontEnd: {
      operationsPerFrame: work.operations,
      bytesPerFrame: featuresOf(spec),
      workBytes: work.bytes,
      hopSeconds: hopSamplesOf(spec) / rateOf(spec),
    },
    recordings,
    stream: { ...stream, hours: rateHours(timetable, stream) },
    timetable,
  };
}

/** Decodes the recordings, into memory that threads share. */
export async function loadClips(loaded: LoadedScenario): Promise<readonly Clip[]> {
  const folder = dirname(loaded.path);
  const problems: string[] = [];
  const clips: Clip[] = [];
  for (const { path, place } of loaded.recordings) {
    try {
      const samples = await decodeFile(join(folder, path), loaded.stream.sampleRate);
      const shared = new Float32Array(new SharedArrayBuffer(samples.byteLength));
      shared.set(samples);
      clips.push(makeClip(path, shared));
    } catch (error) {
      if (!(error instanceof AudioFileError)) throw error;
      problems.push(`${place}: ${error.message}; replace the recording, or leave it out of the pattern`);
    }
  }
  if (problems.length > 0) throw inputProblem(problems);
  return clips;
}

/** Labels that hours speak of and no event has. */
function unknownLabels(scenario: Source<Scenario>): readonly string[] {
  const labels = scenario.value.streams[0].events.map(({ label }) => label);
  return Object.entries(scenario.value.day?.hours ?? {}).flatMap(([name, { events }]) =>
    (typeof events === 'object' ? Object.keys(events) : [])
      .filter((label) => !labels.includes(label))
      .map(
        (label) =>
          `${scenario.at('day', 'hours', name, 'events', label)}: no event of the stream has the label "${label}"; there are ${labels.join(', ')}`,
      ),
  );
}

/** Paths and patterns of a scenario stay within its folder. */
function inside(path: string, place: string): string {
  if (isAbsolute(path) || normalize(path).split(sep).includes('..'))
    throw new InputProblem(`${place}: "${path}" leads out of the scenario's folder; copy the file into it`);
  return path;
}

async function findClips(
  scenario: Source<Scenario>,
  device: Source<DeviceProfile>,
  problems: string[],
): Promise<{ readonly recordings: readonly Recording[]; readonly stream: StreamPlan }> {
  const folder = dirname(scenario.path);
  const recordings: Recording[] = [];
  const find = async (patterns: readonly string[], place: string): Promise<readonly number[]> => {
    const found: string[] = [];
    for (const pattern of patterns) {
      const paths = await glob(inside(pattern, place), { cwd: folder, absolute: false, onlyFiles: true });
      const sounds = paths.filter((path) => /\.(wav|flac|ogg|mp3)$/i.test(path));
      if (sounds.length === 0)
        problems.push(
          `${place}: no recording (wav, flac, ogg, mp3) matches "${pattern}" in ${relative('.', folder) || '.'}; mend the path or put the recording there`,
        );
      found.push(...sounds);
    }
    return [...new Set(found)].sort().map((path) => {
      const known = recordings.findIndex((recording) => recording.path === path);
      return known >= 0 ? known : recordings.push({ path, place }) - 1;
    });
  };
  const [spec] = scenario.value.streams;
  const backgrounds = [];
  for (const [index, layer] of spec.background.entries())
    backgrounds.push({
      clips: await find(layer.clips, scenario.at('streams', 0, 'background', index, 'clips')),
      level: decibels(layer.level),
      share: layer.share,
      spellSeconds: layer.spell,
    });
  const events = [];
  for (const [index, layer] of spec.events.entries())
    events.push({
      label: layer.label,
      clips: await find(layer.clips, scenario.at('streams', 0, 'events', index, 'clips')),
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
      sampleRate: device.value.sensors[0].sampleRate,
      noiseFloor: decibels(spec.noiseFloor),
      backgrounds,
      events,
      hours: null,
    },
  };
}
