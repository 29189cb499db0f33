// A simulated pocket assistant beside a synthetic recording of one whose figures differ: see bench.ts for what the recording is.
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { printComparison } from '../../server/cli/print-bench.ts';
import { powerModel } from '../../server/runs/compare/power-model.ts';
import { compile } from '../../server/runs/compile/compile.ts';
import { type LoadedScenario, loadScenario } from '../../server/runs/load.ts';
import type { Plan } from '../../server/simulator/plan.ts';
import { Simulator } from '../../server/simulator/simulator.ts';
import { type Comparison, compareTraces } from '../../server/traces/compare-traces.ts';
import { FoldingBins } from '../../server/traces/folding-bins.ts';
import type { PowerModel } from '../../server/traces/power-model.ts';
import { type RunTrace, RunTracer, resample } from '../../server/traces/run-trace.ts';
import type { Nanoseconds } from '../../server/units.ts';
import { chunk, rows } from '../simulator/sketch.ts';
import { type BenchDevice, benchPower, type Instrument, type Passing, record } from './bench.ts';
import { lehmer, pocketAssistant } from './pocket-assistant.ts';

const path = fileURLToPath(new URL('../../scenarios/kitchen-day.yaml', import.meta.url));
const SECONDS = 60;
const windows = SECONDS * 50;

/** Speech now and then opens the first gate, something like the word the second, the word the third. */
const spells = [
  { from: 150, to: 190, second: [170, 171], third: [] },
  { from: 611, to: 631, second: [], third: [] },
  { from: 1002, to: 1060, second: [1040, 1041, 1042], third: [1041] },
  { from: 1805, to: 1822, second: [], third: [] },
  { from: 2251, to: 2300, second: [2280], third: [2280] },
  { from: 2700, to: 2712, second: [], third: [] },
];
const passing: Passing = [
  new Set(spells.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, at) => from + at))),
  new Set(spells.flatMap(({ second }) => second)),
  new Set(spells.flatMap(({ third }) => third)),
];

const exact: Instrument = {
  samplesPerSecond: 10_000,
  gain: 0,
  floor: 0,
  drift: 0,
  begins: 0,
  noise: [0, 0],
  spike: 0,
  jitter: 0,
  volts: 3,
};
const real: Instrument = {
  ...exact,
  gain: 0.004,
  floor: 12e-6,
  drift: 180e-6,
  begins: 3.7412,
  noise: [0.02, 30e-6],
  spike: 40e-3,
  jitter: 0.3,
};

let loaded: LoadedScenario;
let plan: Plan;
let run: RunTrace;
let model: PowerModel;
let simulated: Simulator;

beforeAll(async () => {
  loaded = await loadScenario(path);
  const request = {
    device: loaded.device.value,
    at: { scenario: () => 'scenario', device: () => 'device' },
    stages: loaded.stages,
    frontEnd: loaded.frontEnd,
    powerProfile: 'balanced',
    supply: { kind: 'ideal' } as const,
  };
  ({ plan } = compile(request));
  simulated = new Simulator(plan, []);
  simulated.addScores(
    chunk(
      rows(windows, (window) => passing.map((set) => (set.has(window) ? 1 : 0))),
      0,
      3,
    ),
  );
  const tracer = new RunTracer(simulated);
  tracer.advance((windows * plan.hop) as Nanoseconds);
  run = tracer.trace();
  model = powerModel(loaded.device.value, plan, simulated.ledger, { kind: 'battery' });
});

function compare(device: BenchDevice, instrument: Instrument): Comparison {
  const bins = new FoldingBins();
  let last: readonly [number, number] | null = null;
  for (const sample of record(benchPower(device, passing, SECONDS), instrument, lehmer())) {
    if (last !== null) bins.add(last[0], sample[0], last[1] * instrument.volts);
    last = sample;
  }
  const result = compareTraces(run, bins.bins(100e-6), model);
  if (!result.ok) throw new Error(result.problem);
  return result.comparison;
}

const figure = ({ fit }: Comparison, path: string) => {
  const found = fit.figures.find((candidate) => candidate.path === path);
  if (found === undefined) throw new Error(`${path} is not among ${fit.figures.map((each) => each.path).join(', ')}`);
  return found;
};

describe('the power model', () => {
  it("should make every level of the shipped device out of its profile's figures, to the last digit", () => {
    for (const [number, { name, levels }] of model.components.entries())
      for (const [level, { base, terms }] of levels.entries()) {
        expect(base, `${name} ${level}`).toBe(0);
        const power = terms.reduce((sum, { figure, factor }) => sum + factor * model.figures[figure].value, 0);
        expect(power, `${name} ${level}`).toBeCloseTo(simulated.ledger.entries[number].levels[level], 12);
      }
  });
});

describe('the trace of a run', () => {
  it("should hold the energy that left the battery, and equal a bench's arithmetic that shares no code with it", () => {
    const comparison = compare(pocketAssistant(plan), exact);
    const [whole] = resample(run, comparison.watts, 0, SECONDS, 1);
    expect(whole * SECONDS).toBeCloseTo(simulated.supply.at(simulated.now).delivered, 6);
    expect(comparison.measured / comparison.run).toBeCloseTo(1, 6);
    for (const phase of comparison.phases) expect(phase.measured / phase.run, phase.kind).toBeCloseTo(1, 4);
    for (const { worth } of comparison.fit.figures) expect(Math.abs(worth)).toBeLessThan(1e-3 * comparison.run);
  });
});

describe('a device whose figures differ, on an instrument with gain, floor, drift, noise and spikes', () => {
  const change = {
    'dsp active': 1.75e-3,
    'mcu active': 19.6e-3,
    'app active': 365e-3,
    'app idle': 262e-3,
    'app wake': 338e-3,
    microphone: 398e-6,
  };
  let comparison: Comparison;
  beforeAll(() => {
    comparison = compare(pocketAssistant(plan, change), real);
  });

  it('should be laid over the run to a tenth of a millisecond at both ends', () => {
    const { offset, drift } = comparison.alignment;
    expect(Math.abs(offset - real.begins)).toBeLessThan(1e-4);
    expect(Math.abs(offset + 50 * (1 + drift) - (real.begins + 50 / (1 + real.drift)))).toBeLessThan(1e-4);
  });

  it('should find the figures of the cores within five per cent, and say how sure it is', () => {
    const expected = {
      'cores.dsp.operatingPoints.30MHz.activePower': change['dsp active'],
      'cores.mcu.operatingPoints.160MHz.activePower': change['mcu active'],
      'cores.app.operatingPoints.1250MHz.activePower': change['app active'],
      'cores.app.powerStates.wfi.power': change['app idle'],
      'cores.app.powerStates.ddr-retention.exitPower': change['app wake'],
    };
    for (const [path, value] of Object.entries(expected)) {
      const { proposed, told, within } = figure(comparison, path);
      expect(Math.abs(proposed / value - 1), path).toBeLessThan(0.05);
      expect(told, path).toBeGreaterThan(0.9);
      expect(within, path).toBeLessThan(0.2 * value);
    }
  });

  it('should leave alone what did not change, and explain the energy', () => {
    const untouched = figure(comparison, 'actuators.radio.activePower');
    expect(Math.abs(untouched.proposed / untouched.present - 1)).toBeLessThan(0.3);
    expect(Math.abs(comparison.measured / comparison.proposed - 1)).toBeLessThan(0.01);
    expect(Math.abs(comparison.measured / comparison.run - 1)).toBeGreaterThan(0.03);
  });

  it('should say of what is always on that only its sum is known', () => {
    const group = comparison.fit.inseparable.find(({ paths }) => paths.some((path) => path.startsWith('sensors.')));
    expect(group?.paths).toContain('sensors.microphone.modes.low-power.power');
    // 65 µW more of the microphone behind a regulator of 0.9, and 12 µW of the board.
    const more = 65e-6 / 0.9 + 12e-6;
    expect(Math.abs((group?.worth ?? 0) - more)).toBeLessThan(0.35 * more);
  });
});

describe('what is printed', () => {
  it('should say where the traces differ, what would explain it, and what cannot be told apart', () => {
    const change = { 'mcu active': 19.6e-3, microphone: 398e-6 };
    const text = printComparison({
      scenario: 'kitchen-day',
      device: 'pocket-assistant',
      powerProfile: 'balanced',
      seed: 7,
      rail: null,
      trace: { path: 'capture.csv', format: 'PPK2', samples: 562_000, seconds: 56.2, gaps: 0 },
      comparison: compare(pocketAssistant(plan, change), { ...real, samplesPerSecond: 4000 }),
    });
    expect(text).toMatch(/begins 3\.741 s into the run; the instrument's clock is 1(79|8[01])\.\d ppm fast/);
    expect(text).toMatch(/^ {2}compute mcu +\d+\.\d ms +2\d\.\d mW +30\.6 mW +-1\d\.\d %/m);
    expect(text).toMatch(/cores\.mcu\.operatingPoints\.160MHz\.activePower: 23\.1 mW → 19\.\d mW ± .*now measured/);
    expect(text).toMatch(/not to be told apart, because they always come together: .*sensors\.microphone\.modes/);
    expect(text).not.toMatch(/NaN|undefined|Infinity/);
  });
});

describe('a trace of something else', () => {
  it('should be refused with what to look at', () => {
    const bins = new FoldingBins();
    const random = lehmer();
    for (let at = 0; at < 50_000; at++) bins.add(at * 1e-3, (at + 1) * 1e-3, 1e-3 * (1 + random()));
    expect(compareTraces(run, bins.bins(1e-3), model)).toMatchObject({
      ok: false,
      problem: expect.stringContaining('seed'),
    });
  });
});
