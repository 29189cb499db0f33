// A network that is cut into parts, as a cascade on the shipped device and recordings: the shipped keyword model, cut at two places, on all three cores.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadScenario } from '../../server/runs/load.ts';
import { startRun } from '../../server/runs/process/process-client.ts';
import type { RunReport } from '../../server/runs/report/report.ts';
import { Scorer } from '../../server/runs/scoring/scorer.ts';
import { prepareRun, scoringJob } from '../../server/runs/simulate/engine.ts';
import { stageCost } from '../../server/runs/stage-cost.ts';
import { SENT, writeParts } from '../models/cut-network.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lightsleeper-'));
  cpSync(join(root, 'scenarios/models'), join(folder, 'models'), { recursive: true });
  cpSync(join(root, 'scenarios/recordings/computer'), join(folder, 'recordings/computer'), { recursive: true });
  writeParts(join(folder, 'models'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The path of a scenario with these stages: `model core threshold`. */
function scenarioOf(name: string, ...stages: readonly string[]): string {
  const path = join(folder, `${name}.yaml`);
  const text = readFileSync(join(root, 'scenarios/kitchen-day.yaml'), 'utf8');
  const cascade = stages.map((stage) => {
    const [model, core, threshold] = stage.split(' ');
    return `  - { stage: ${model}, model: models/${model}.onnx, core: ${core}, gate: { threshold: ${threshold} } }\n`;
  });
  writeFileSync(
    path,
    text
      .replace(/ {4}background:\n.*\n/, '')
      .replace(/.*label: (speech|household).*\n/g, '')
      .replace('rate: 6/h', 'rate: 200/h')
      .replace(/cascade:\n[\s\S]*seed/, `cascade:\n${cascade.join('')}seed`),
  );
  return path;
}

async function reportOf(scenario: string): Promise<RunReport> {
  const program = new URL('../../dist/server/runs/process/process.js', import.meta.url);
  const outcome = await startRun({ scenario, durationSeconds: 120, speed: 'max', baseline: true }, {}, { program })
    .done;
  if (outcome.kind !== 'finished') throw new Error(JSON.stringify(outcome));
  return outcome.report;
}

const CUT = ['part0 dsp 0.55', 'part1 mcu 0.55', 'part2 app 0.5'];

describe('a network cut into parts', () => {
  it('should be scored as the uncut one is, whatever its windows are scored with', async () => {
    const [cut, uncut] = [scenarioOf('cut', ...CUT), scenarioOf('uncut', 'keyword app 0.5')];
    const run = async (scenario: string, floors: readonly number[]) => {
      const prepared = await prepareRun({ scenario, durationSeconds: 60, speed: 'max', baseline: false });
      return Scorer.open(scoringJob(prepared, floors));
    };
    const whole = await run(uncut, [1]);
    const { first } = (await whole.score(0, 3000)).scores;
    const gate = (await (await run(cut, [1, 1, 1])).score(0, 3000)).scores.first;
    const median = [...gate].sort((a, b) => a - b)[1500];
    const parts = await run(cut, [median, 0.5, 1]);
    const at = [0, 997, 2100, 3000];
    let [reached, stopped] = [0, 0];
    for (const [index, from] of at.slice(0, -1).entries()) {
      const { later } = (await parts.score(from, at[index + 1] - from)).scores;
      expect([...later[1].scores]).toEqual([...later[1].windows].map((window) => first[window]));
      reached += later[1].windows.length;
      stopped += at[index + 1] - from - later[0].windows.length;
    }
    expect(reached).toBeGreaterThan(100);
    expect(stopped).toBeGreaterThan(100);
  });

  it('should send what its card says over each link, for every window, and weigh what is left out', async () => {
    const scenario = scenarioOf('cut', ...CUT);
    const { compiled, loaded } = await prepareRun({ scenario, durationSeconds: 60, speed: 'max', baseline: false });
    const [, second, third] = compiled.plan.stages;
    expect([second.windowBytes, second.hopBytes]).toEqual([SENT[0], SENT[0]]);
    expect([third.windowBytes, third.hopBytes]).toEqual([SENT[1], SENT[1]]);
    const costs = [0, 1, 2].map((stage) => loaded.stages[stage].model);
    const alone = stageCost(loaded.models, 2, -1);
    expect(alone.takes).toEqual({ kind: 'frames' });
    expect(alone.weightBytes).toBeGreaterThan(costs[1].weightBytes + costs[2].weightBytes);
    // Behind part 0, with part 1 left out: the work of both, and what part 0 sends.
    const both = stageCost(loaded.models, 2, 0);
    expect(both.takes).toEqual({ kind: 'activations', bytesPerWindow: SENT[0] });
    expect(both.macs.conv).toBeLessThan(costs[1].macs.conv + costs[2].macs.conv);
    expect(both.macs.conv).toBeGreaterThan(0.99 * (costs[1].macs.conv + costs[2].macs.conv));
  });

  it('should have the uncut network for its baseline', async () => {
    const cut = await reportOf(scenarioOf('cut', ...CUT));
    const uncut = await reportOf(scenarioOf('uncut', 'keyword app 0.5'));
    if (!('computeJoules' in (cut.baseline ?? {})) || !('computeJoules' in (uncut.baseline ?? {})))
      throw new Error(JSON.stringify([cut.baseline, uncut.baseline]));
    expect(cut.baseline).toMatchObject({
      computeJoules: Reflect.get(uncut.baseline ?? {}, 'computeJoules'),
      energyJoules: Reflect.get(uncut.baseline ?? {}, 'energyJoules'),
    });
    expect(cut.stages[2].windowsIn).toBeGreaterThan(0);
    expect(cut.stages[1].windowsIn).toBeLessThan(cut.stages[0].windowsIn);
  });

  it('should be followed by a model that takes frames, from the core that has them', async () => {
    const scenario = scenarioOf('mixed', 'part0 dsp 0.5', 'part1 mcu 0.5', 'verify app 0.5');
    const { compiled } = await prepareRun({ scenario, durationSeconds: 60, speed: 'max', baseline: false });
    const { cores, links, stages } = compiled.plan;
    const { link, from, windowBytes, hopBytes } = stages[2];
    expect([windowBytes, hopBytes]).toEqual([60 * 40, 40]);
    expect(cores[from ?? -1].name).toBe('dsp');
    expect(links[link ?? -1].name).toBe('dsp-app');
  });

  it.each([
    [
      'a later part first',
      ['part1 dsp 0.5', 'part2 mcu 0.5'],
      /bad\.yaml:\d+: cascade\[0\]\.model: part1 takes activations of 40 × 24 × 1, and no stage comes before it; begin the cascade with part 0 of its network$/,
    ],
    [
      'a part left out',
      ['part0 dsp 0.5', 'part2 mcu 0.5'],
      /bad\.yaml:\d+: cascade\[1\]\.model: part2 takes activations of [\d × ]+, and part0 before it sends 40 × 24 × 1; they are not parts of one network$/,
    ],
    [
      'a part behind another network',
      ['verify dsp 0.5', 'part1 mcu 0.5'],
      /bad\.yaml:\d+: cascade\[1\]\.model: part1 takes activations of 40 × 24 × 1, and verify before it sends none on; put the part before it that it was cut from$/,
    ],
  ])('should say once what is wrong with %s', async (_, stages, message) => {
    await expect(loadScenario(scenarioOf('bad', ...stages))).rejects.toThrow(message);
  });
});
