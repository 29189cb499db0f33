// Reads a scenario with all that it names: device, models, recordings. Everything is checked here, once; what follows may trust it.

import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { loadModel, type Model, ModelFileError } from '../models/model.ts';
import { misfit } from '../models/network.ts';
import { projectFolder } from '../project.ts';
import { featuresOf, frontEndWork, hopSamplesOf, rateOf } from '../streams/frames.ts';
import type { StreamPlan } from '../streams/schedule.ts';
import { decodeSense, SENSES, type Sense } from '../streams/sense.ts';
import type { FrontEndCost, PlacedStage } from './compile/request.ts';
import { type DeviceProfile, deviceProfileSchema } from './files/device-profile.ts';
import { InputProblem, inputProblem } from './files/problem.ts';
import { isDeviceFile, type Scenario, scenarioSchema } from './files/scenario.ts';
import { readYaml, type Source } from './files/yaml.ts';
import { findStream, inside, type Recording } from './find-stream.ts';
import { placedGate } from './gate.ts';
import { stageCost } from './stage-cost.ts';
import { rateHours, type Timetable, timetableOf } from './timetable.ts';

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
  const [first] = models;
  const [sensor] = device.value.sensors;
  const { recordings, stream } = await findStream(scenario, sensor, problems);
  // Of a cascade that lacks a model, which is said already, the stages that are there need not fit.
  if (models.length === scenario.value.cascade.length)
    for (const index of models.keys()) {
      const reason = misfit(models, index);
      if (reason !== null) problems.push(`${scenario.at('cascade', index, 'model')}: ${reason}`);
    }
  if (first !== undefined) {
    const { frontEnd } = first.card;
    const { sensor: wanted } = SENSES[frontEnd.kind];
    const place = device.at('sensors', 0, sensor.kind === wanted ? 'sampleRate' : 'kind');
    if (sensor.kind !== wanted)
      problems.push(
        `${place}: the models take ${frontEnd.kind}, which is for a ${wanted}, and sensor ${sensor.name} is a ${sensor.kind}`,
      );
    else if (sensor.sampleRate !== rateOf(frontEnd))
      problems.push(
        `${place}: the models take ${rateOf(frontEnd)} samples a second, and sensor ${sensor.name} gives ${sensor.sampleRate}; take models of that rate, or let the sensor give theirs`,
      );
  }
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
      ...placedGate(stage.gate, models[index].card.threshold),
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
export async function loadClips({ path, models, recordings }: LoadedScenario): Promise<Sense> {
  const problems: string[] = [];
  const sense = await decodeSense(
    models[0].card.frontEnd,
    recordings.map((recording) => ({ name: recording.path, path: join(dirname(path), recording.path) })),
    (index, error) =>
      problems.push(
        `${recordings[index].place}: ${error.message}; replace the recording, or leave it out of the pattern`,
      ),
  );
  if (problems.length > 0) throw inputProblem(problems);
  return sense;
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
