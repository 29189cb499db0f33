// The catalog as the project's folders hold it: scenarios/*.yaml and device-profiles/*.yaml, checked each time they are listed.

import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { projectFolder } from '../../project.ts';
import { SENSES } from '../../streams/sense.ts';
import { compile } from '../compile/compile.ts';
import { deviceProfileSchema } from '../files/device-profile.ts';
import { figuresOf, type PlacedFigure, type PlacedTable, tablesOf } from '../files/figures.ts';
import { InputProblem } from '../files/problem.ts';
import { type Scenario, scenarioSchema } from '../files/scenario.ts';
import { readYaml } from '../files/yaml.ts';
import { type LoadedScenario, loadScenario } from '../load.ts';
import type { DeviceView, FigureView, ScenarioView, StreamView } from '../views.ts';
import { saveVariant } from '../what-if/save.ts';
import type { Catalog } from './catalog.ts';
import { modelViews } from './models.ts';

export function fileCatalog(root: string = projectFolder()): Catalog {
  const scenarioFolder = join(root, 'scenarios');
  const deviceFolder = join(root, 'device-profiles');
  const fileIn = (folder: string) => (name: string) => {
    const path = join(folder, `${name}.yaml`);
    return /^[a-z0-9][a-z0-9-]*$/i.test(name) && existsSync(path) ? path : null;
  };
  const scenarioPath = fileIn(scenarioFolder);
  const devicePath = fileIn(deviceFolder);
  return {
    scenarios: async () => Promise.all((await yamlFiles(scenarioFolder)).map(scenarioView)),
    devices: async () => Promise.all((await yamlFiles(deviceFolder)).map(deviceView)),
    deviceProfile: async (name) => {
      const path = devicePath(name);
      return path === null ? null : (await readYaml(path, deviceProfileSchema)).value;
    },
    models: async () => modelViews(root, await yamlFiles(scenarioFolder)),
    saveVariant: async (scenario, name, changes) => {
      const path = scenarioPath(scenario);
      if (path === null || !(await yamlFiles(scenarioFolder)).includes(path))
        throw new InputProblem(`there is no scenario ${scenario}`);
      const written = await saveVariant({ scenario: path, name, changes });
      return scenarioView(written[written.length - 1]);
    },
    scenarioPath,
    recordingPath: async (scenario, recording) => {
      const path = scenarioPath(scenario);
      if (path === null) return null;
      try {
        const { recordings } = await loadScenario(path);
        return recordings.some((known) => known.path === recording) ? join(scenarioFolder, recording) : null;
      } catch (error) {
        // The list of scenarios says what is wrong with it.
        if (error instanceof InputProblem) return null;
        throw error;
      }
    },
  };
}

async function yamlFiles(folder: string): Promise<readonly string[]> {
  const files = await readdir(folder);
  return files
    .filter((file) => file.endsWith('.yaml'))
    .sort()
    .map((file) => join(folder, file));
}

const nameOf = (path: string): string => basename(path, '.yaml');

/** The text of an input problem; anything else is a fault and goes on. */
function problemOf(error: unknown): string {
  if (error instanceof InputProblem) return error.message;
  throw error;
}

async function scenarioView(path: string): Promise<ScenarioView> {
  const name = nameOf(path);
  const blank = {
    name,
    title: name,
    description: '',
    device: '',
    powerProfile: '',
    powerProfiles: [],
    durationSeconds: 0,
    seed: 0,
    startCharge: 1,
    stream: null,
    stages: [],
  };
  let scenario: Scenario;
  try {
    scenario = (await readYaml(path, scenarioSchema)).value;
  } catch (error) {
    return { ...blank, problem: problemOf(error) };
  }
  const view = {
    name,
    title: scenario.title,
    description: scenario.description,
    device: scenario.device,
    powerProfile: scenario.powerProfile,
    powerProfiles: [scenario.powerProfile],
    durationSeconds: scenario.duration,
    seed: scenario.seed,
    startCharge: scenario.startCharge,
    stream: null,
    stages: scenario.cascade.map(({ stage, core }) => ({ name: stage, core })),
  };
  try {
    const loaded = await loadScenario(path);
    compile({
      device: loaded.device.value,
      at: { scenario: loaded.scenario.at, device: loaded.device.at },
      stages: loaded.stages,
      frontEnd: loaded.frontEnd,
      powerProfile: scenario.powerProfile,
      timetable: loaded.timetable,
      supply: { kind: 'ideal' },
    });
    const powerProfiles = loaded.device.value.powerProfiles.map((profile) => profile.name);
    return { ...view, powerProfiles, stream: streamView(loaded), problem: null };
  } catch (error) {
    return { ...view, problem: problemOf(error) };
  }
}

function streamView({ scenario, models, stream, frontEnd }: LoadedScenario): StreamView {
  const { name: sense } = SENSES[models[0].card.frontEnd.kind];
  const isSound = sense === 'sound';
  return {
    sense,
    sensor: scenario.value.streams[0].sensor,
    detect: scenario.value.detect,
    hopSeconds: frontEnd.hopSeconds,
    noiseFloor: isSound ? stream.noiseFloor : null,
    background: stream.backgrounds.map(({ clips, level, share, spellSeconds }) => ({
      recordings: clips.length,
      level: isSound ? level : null,
      share,
      spellSeconds,
    })),
    events: stream.events.map(({ label, clips, rate, loudness, spread, length }) => ({
      label,
      recordings: clips.length,
      perHour: rate * 3600,
      loudness: isSound ? { ...loudness, spread } : null,
      holdSeconds: length == null ? null : length / stream.sampleRate,
    })),
    hours: stream.hours !== null,
  };
}

async function deviceView(path: string): Promise<DeviceView> {
  const name = nameOf(path);
  try {
    const { value } = await readYaml(path, deviceProfileSchema);
    return {
      name,
      title: value.title,
      description: value.description,
      cores: value.cores.map((core) => ({
        name: core.name,
        kind: core.kind,
        powerStates: core.powerStates.map((state) => state.name),
      })),
      powerProfiles: value.powerProfiles.map((profile) => profile.name),
      figures: [...figuresOf(value).map(figureView), ...tablesOf(value).map(tableView)],
      problem: null,
    };
  } catch (error) {
    return { name, title: name, description: '', cores: [], powerProfiles: [], figures: [], problem: problemOf(error) };
  }
}

const figureView = ({ path, figure }: PlacedFigure): FigureView => ({
  path,
  value: figure.text,
  source: figure.source,
  confidence: figure.confidence,
  conditions: figure.conditions ?? null,
  range:
    figure.range === undefined || figure.value === 0
      ? null
      : [figure.range.low / figure.value - 1, figure.range.high / figure.value - 1],
});

const tableView = ({ path, table }: PlacedTable): FigureView => ({
  path,
  value: table.points === undefined ? 'several values' : `${table.points.length} points`,
  source: table.source,
  confidence: table.confidence,
  conditions: null,
  range: null,
});
