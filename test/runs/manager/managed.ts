// A manager whose runs are the fixture's: each scenario does what its name says.
import { fileURLToPath } from 'node:url';
import type { Catalog } from '../../../server/runs/catalog/catalog.ts';
import { type ManagerLimits, RunManager } from '../../../server/runs/manager/manager.ts';
import { startRun } from '../../../server/runs/process/process-client.ts';
import type { RunState, ScenarioView } from '../../../server/runs/views.ts';

/** A sound file, as far as a server looks at it. */
export const recordingFile = fileURLToPath(new URL('../fixtures/run.js', import.meta.url));
const program = new URL('../fixtures/run.js', import.meta.url);

const scenario = (name: string, problem: string | null = null): ScenarioView => ({
  name,
  title: `A ${name} day`,
  description: '',
  device: 'pocket-assistant',
  powerProfile: 'always-listening',
  powerProfiles: ['always-listening', 'saver'],
  durationSeconds: 100,
  seed: 7,
  startCharge: 1,
  stream: null,
  stages: [{ name: 'activity', core: 'hub' }],
  problem,
});

const broken = scenario('broken', 'scenarios/broken.yaml:3: no such device.');
const scenarios = [...['good', 'endless', 'hangs', 'throws'].map((name) => scenario(name)), broken];

export const catalog: Catalog = {
  scenarios: async () => scenarios,
  devices: async () => [
    {
      name: 'pocket-assistant',
      title: 'Pocket assistant',
      description: '',
      cores: [{ name: 'hub', kind: 'dsp', powerStates: ['retention', 'off'] }],
      powerProfiles: ['always-listening', 'saver'],
      figures: [
        {
          path: 'cores.hub',
          value: '7.17 mW',
          source: 'MLPerf Tiny v1.0',
          confidence: 'measured',
          conditions: '0.9 V',
          range: [-0.1, 0.1],
        },
      ],
      problem: null,
    },
  ],
  deviceProfile: async () => null,
  models: async () => [],
  saveVariant: async () => scenario('good'),
  recordingPath: async (name, recording) =>
    name === 'good' && recording === 'sounds/a word.wav' ? recordingFile : null,
  scenarioPath: (name) => (scenarios.some((known) => known.name === name) ? `/scenarios/${name}.yaml` : null),
};

export const managerOf = (limits?: Partial<ManagerLimits>): RunManager =>
  new RunManager({
    catalog,
    startRun: (request, handlers) => startRun(request, handlers, { program, exitGraceMilliseconds: 200 }),
    ...(limits && { limits }),
  });

/** Waits until a run is in a state. */
export const inState = (manager: RunManager, id: string, state: RunState): Promise<void> =>
  new Promise((resolve) => {
    const look = () => {
      if (manager.get(id).state !== state) return;
      unsubscribe();
      resolve();
    };
    const unsubscribe = manager.subscribe(look);
    look();
  });
