// How well the figures are known that a run's energy rests on: the shipped device with its confidences changed, on a stream whose scores are made up.
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { compile } from '../../../server/runs/compile/compile.ts';
import type { DeviceProfile } from '../../../server/runs/files/device-profile.ts';
import type { Confidence } from '../../../server/runs/files/schema.ts';
import { energyByConfidence } from '../../../server/runs/report/confidence.ts';
import { DaySimulation } from '../../../server/runs/simulate/day.ts';
import { type PreparedRun, prepareRun } from '../../../server/runs/simulate/engine.ts';
import type { Simulator } from '../../../server/simulator/simulator.ts';

const scenario = fileURLToPath(new URL('../../../scenarios/kitchen-day.yaml', import.meta.url));

let run: PreparedRun;
beforeAll(async () => {
  run = await prepareRun({ scenario, durationSeconds: 60, speed: 'max', baseline: false });
});

/** The device with the confidence of each figure as it is told to be, by the figure's path. */
function trusted(confidenceOf: (path: string) => Confidence): DeviceProfile {
  const walk = (value: unknown, path: string): unknown => {
    if (Array.isArray(value)) return value.map((item, index) => walk(item, `${path}.${item?.name ?? index}`));
    if (typeof value !== 'object' || value === null) return value;
    const parts = Object.entries(value).map(([key, part]) => [
      key,
      key === 'confidence' ? confidenceOf(path.slice(1)) : walk(part, `${path}.${key}`),
    ]);
    return Object.fromEntries(parts);
  };
  return walk(run.loaded.device.value, '') as DeviceProfile;
}

/** A minute in which a window in ten passes the first gate, one in a hundred all. */
function simulated(device: DeviceProfile) {
  const compiled = compile({ ...run.compileRequest, device });
  const day = new DaySimulation(compiled.plan, [], run.duration);
  const numbers = (step: number) => Array.from({ length: run.windows / step }, (_, index) => index * step);
  const first = Float32Array.from({ length: run.windows }, (_, window) => (window % 10 === 0 ? 1 : 0));
  const keyword = Float32Array.from(numbers(10), (window) => (window % 100 === 0 ? 1 : 0));
  day.addScores({
    firstWindow: 0,
    first,
    later: [
      { windows: Float64Array.from(numbers(10)), scores: keyword },
      { windows: Float64Array.from(numbers(100)), scores: new Float32Array(numbers(100).length).fill(1) },
    ],
  });
  day.advance(run.duration);
  return { joules: energyByConfidence(device, compiled, day.simulator), simulator: day.simulator };
}

const share = ({ ledger, now, supply }: Simulator, entry: number): number =>
  ledger.energyOf(entry, now) / supply.delivered;

describe('energy by confidence', () => {
  it('should be all measured where every figure is, and no longer when one is an estimate', () => {
    const { joules, simulator } = simulated(trusted(() => 'measured'));
    expect(simulator.judge.state.falseAccepts).toBeGreaterThan(0);
    expect(joules.measured / simulator.supply.delivered).toBeCloseTo(1, 9);
    expect([joules.datasheet, joules.derived, joules.estimated]).toEqual([0, 0, 0]);
  });

  it('should charge a figure with what rests on it, and nothing else', () => {
    const estimated = (figure: string) => {
      const { joules, simulator } = simulated(trusted((path) => (path === figure ? 'estimated' : 'measured')));
      return { share: joules.estimated / simulator.supply.delivered, simulator };
    };
    const microphone = estimated('sensors.microphone.modes.low-power.power');
    expect(microphone.share).toBeCloseTo(share(microphone.simulator, microphone.simulator.entries.sensor), 9);
    const radio = estimated('actuators.radio.activePower');
    expect(radio.share).toBeGreaterThan(0);
    expect(radio.share).toBeLessThan(share(radio.simulator, radio.simulator.entries.actuators));
    // Half of a core's work: the throughput of one class counts for its own time only, the power for all.
    const power = estimated('cores.mcu.operatingPoints.160MHz.activePower').share;
    const classes = ['conv', 'depthwise', 'dense', 'other'].map(
      (name) => estimated(`cores.mcu.operatingPoints.160MHz.throughput.${name}`).share,
    );
    for (const one of classes) expect(one).toBeLessThan(power);
    expect(classes.reduce((sum, one) => sum + one, 0)).toBeLessThan(power);
    expect(classes.reduce((sum, one) => sum + one, 0)).toBeGreaterThan(0.5 * power);
  });
});
