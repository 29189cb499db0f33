// What a profile says of the streaming benchmark: the simulator, fed with its audio's 37,500 windows.

import { compile } from '../runs/compile/compile.ts';
import type { Compiled } from '../runs/compile/request.ts';
import type { DeviceProfile } from '../runs/files/device-profile.ts';
import { figuresOf, type PlacedFigure, withFigure } from '../runs/files/figures.ts';
import type { Source } from '../runs/files/yaml.ts';
import { Simulator } from '../simulator/simulator.ts';
import { fromSeconds, nanoseconds } from '../units.ts';
import { FRONT_END_COST, STREAM_SECONDS, WAKE_WORD } from './benchmark.ts';
import { DOUBT } from './evidence.ts';

export interface Outcome {
  readonly watts: number;
  /** Share of the time that the core works on windows. */
  readonly dutyCycle: number;
}

/** What moving one figure does. */
export interface Effect {
  readonly figure: PlacedFigure;
  readonly low: Outcome;
  readonly high: Outcome;
}

export interface Prediction {
  readonly nominal: Outcome;
  /** Every ranged figure from end to end, their effects added as independent ones (root of the sum of squares). */
  readonly watts: { readonly low: number; readonly high: number };
  readonly dutyCycle: { readonly low: number; readonly high: number };
  readonly ranged: readonly Effect[];
  /** Every estimated figure by 30 % either way, where it matters. */
  readonly estimated: readonly Effect[];
}

/** A benchmark run: 1,200 s, a window every 32 ms, no detection. @throws {InputProblem} what does not fit the device */
export function simulateBenchmark(device: Source<DeviceProfile>): Outcome {
  // A device that is slower than its stream is always awake: then windows come as fast as it can take them.
  const [{ work }] = compiled(device, 60).plan.stages;
  const busy = work[0].reduce((sum, { duration }) => sum + duration, 0);
  const { plan } = compiled(device, Math.max(FRONT_END_COST.hopSeconds, (busy + 1) / 1e9));
  const simulator = new Simulator(plan, []);
  const windows = Math.floor(fromSeconds(STREAM_SECONDS) / plan.hop);
  simulator.addScores({ firstWindow: 0, first: new Float32Array(windows), later: [] });
  const end = nanoseconds(windows * plan.hop);
  simulator.advance(end);
  const [core] = plan.cores;
  const active = core.activities.indexOf('active');
  const working = simulator.ledger
    .spentBy(simulator.entries.cores, end)
    .reduce((sum, spent, level) => sum + (core.levels[level]?.activity === active ? spent : 0), 0);
  return { watts: simulator.supply.at(end).delivered / (end / 1e9), dutyCycle: working / end };
}

function compiled({ value: device, at }: Source<DeviceProfile>, hopSeconds: number): Compiled {
  const [core] = device.cores;
  return compile({
    device: withRoom(device),
    at: { scenario: at, device: at },
    stages: [
      {
        name: 'wake-word',
        number: 0,
        model: WAKE_WORD,
        core: core.name,
        thresholds: { normal: 1, strict: 1 },
        holdSeconds: 0,
      },
    ],
    frontEnd: { ...FRONT_END_COST, hopSeconds },
    powerProfile: device.powerProfiles[0].name,
    supply: { kind: 'ideal' },
  });
}

/** The same device with a FIFO for any hop: how long a window takes does not depend on it. */
const withRoom = (device: DeviceProfile): DeviceProfile => ({
  ...device,
  sensors: device.sensors.map((sensor) => ({ ...sensor, fifo: { ...sensor.fifo, value: 1e9 } })),
});

/** @throws {InputProblem} what does not fit the device */
export function predict(device: Source<DeviceProfile>): Prediction {
  const nominal = simulateBenchmark(device);
  const moved = ({ place }: PlacedFigure, value: number): Outcome =>
    simulateBenchmark({ ...device, value: withFigure(device.value, place, value) });
  const move = (figure: PlacedFigure, low: number, high: number): Effect => ({
    figure,
    low: moved(figure, low),
    high: moved(figure, high),
  });
  const figures = figuresOf(device.value).filter(({ place }) => place[0] === 'cores' || place[0] === 'sensors');
  const ranged = figures.flatMap((placed) => {
    const { range } = placed.figure;
    return range === undefined ? [] : [move(placed, range.low, range.high)];
  });
  const estimated = figures
    .filter(({ figure }) => figure.confidence === 'estimated' && figure.value > 0)
    .map((placed) => move(placed, placed.figure.value * (1 - DOUBT), placed.figure.value * (1 + DOUBT)))
    .filter(({ low, high }) => Math.abs(high.watts - low.watts) > 1e-4 * nominal.watts);
  return {
    nominal,
    watts: spread(nominal, ranged, ({ watts }) => watts),
    dutyCycle: spread(nominal, ranged, ({ dutyCycle }) => dutyCycle, 1),
    ranged,
    estimated,
  };
}

function spread(
  nominal: Outcome,
  effects: readonly Effect[],
  of: (outcome: Outcome) => number,
  most = Number.POSITIVE_INFINITY,
) {
  const centre = of(nominal);
  let down = 0;
  let up = 0;
  for (const { low, high } of effects) {
    const ends = [of(low) - centre, of(high) - centre];
    down += Math.min(0, ...ends) ** 2;
    up += Math.max(0, ...ends) ** 2;
  }
  return { low: centre - Math.sqrt(down), high: Math.min(most, centre + Math.sqrt(up)) };
}
