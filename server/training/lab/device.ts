// The same networks on a whole device that ships: its sensor, memories, links, sleep states and regulators, simulated window by window with windows that are
// stopped as often as was measured.
import { join } from 'node:path';
import type { GraphCost } from '../../models/graph-cost.ts';
import { projectFolder } from '../../project.ts';
import { nextUniform, seedRandom } from '../../random.ts';
import { compile } from '../../runs/compile/compile.ts';
import type { Compiled, PlacedStage } from '../../runs/compile/request.ts';
import { type DeviceProfile, deviceProfileSchema } from '../../runs/files/device-profile.ts';
import { Refusal } from '../../runs/files/problem.ts';
import { readYaml, type Source } from '../../runs/files/yaml.ts';
import { modelCost } from '../../runs/stage-cost.ts';
import type { ScoreChunk } from '../../simulator/scores.ts';
import { Simulator } from '../../simulator/simulator.ts';
import { featuresOf, frontEndWork, hopSamplesOf, rateOf } from '../../streams/frames.ts';
import type { Nanoseconds } from '../../units.ts';
import type { TaskSpec } from '../tasks/task.ts';
import type { EnergyFigures } from './energy.ts';
import type { Figures } from './measure.ts';

export interface Placed {
  readonly name: string;
  readonly costs: readonly GraphCost[];
  readonly cores: readonly string[];
  /** Mean bytes that cross at each cut. */
  readonly bytes: readonly number[];
}

export const readProfile = (name: string): Promise<Source<DeviceProfile>> =>
  readYaml(join(projectFolder(), 'device-profiles', `${name}.yaml`), deviceProfileSchema);

export class LabDevice {
  private readonly task: TaskSpec;
  private readonly profile: Source<DeviceProfile>;

  private constructor(task: TaskSpec, profile: Source<DeviceProfile>) {
    this.task = task;
    this.profile = profile;
  }

  static async open(task: TaskSpec): Promise<LabDevice> {
    return new LabDevice(task, await readProfile(task.device.profile));
  }

  /** As it is, with a buffer behind its sensor that holds what the power profiles collect of windows that come `step` frames apart. */
  private get device(): DeviceProfile {
    const { value } = this.profile;
    const [sensor, ...others] = value.sensors;
    const most = Math.max(...value.powerProfiles.map(({ sensor: { batch } }) => batch));
    const bytes = Math.ceil(most * this.windowSeconds * sensor.sampleRate * sensor.bytesPerSample);
    const fifo = { ...sensor.fifo, value: Math.max(sensor.fifo.value, bytes) };
    return { ...value, sensors: [{ ...sensor, fifo }, ...others] };
  }

  /** From one window to the next. */
  get windowSeconds(): number {
    const { frontEnd, step } = this.task;
    return (step * hopSamplesOf(frontEnd)) / rateOf(frontEnd);
  }

  /** At the operating points of the task's power profile, by the throughput of convolutions. */
  figures(placed: Placed): EnergyFigures {
    const { picojoulesPerMac } = this.compile(placed);
    return {
      perMac: Object.fromEntries(Object.entries(picojoulesPerMac).map(([core, value]) => [core, value * 1e-12])),
      perByte: (from, to) =>
        this.profile.value.links.find((link) => link.from === from && link.to === to)?.energyPerByte.value ?? 0,
    };
  }

  /** Why the device cannot run it; null: it can. */
  refusal(placed: Placed): string | null {
    try {
      this.compile(placed);
      return null;
    } catch (error) {
      if (error instanceof Refusal) return error.reasons.map(({ reason }) => reason).join('; ');
      throw error;
    }
  }

  /**
   * Watts at the battery, nothing ever triggered. Positives come in spells, between which all windows are negative; each gate passes them as often as
   * measured, independently of one another.
   */
  watts(placed: Placed, gates: Figures['gates'], positiveRate: number, spellSeconds: number, hours: number): number {
    const { plan } = this.compile(placed);
    const simulator = new Simulator(plan, []);
    const random = seedRandom(1, placed.name, 'day');
    const windows = Math.floor((hours * 3600e9) / plan.hop);
    const spell = Math.max(1, Math.round((spellSeconds * 1e9) / plan.hop));
    const begins = positiveRate / (spell * (1 - positiveRate));
    let left = 0;
    for (let firstWindow = 0; firstWindow < windows; firstWindow += CHUNK) {
      const count = Math.min(CHUNK, windows - firstWindow);
      const scores = placed.costs.map(() => [] as { window: number; score: number }[]);
      for (let window = firstWindow; window < firstWindow + count; window++) {
        if (left > 0) left--;
        else if (nextUniform(random) < begins) left = spell;
        for (const [part, own] of scores.entries()) {
          const gate = gates[part];
          // The last part never fires: what a detection sets off is not what is compared.
          const passes = gate !== undefined && nextUniform(random) < (left > 0 ? gate.kept : 1 - gate.stopped);
          own.push({ window, score: passes ? 1 : 0 });
          if (!passes) break;
        }
      }
      const chunk: ScoreChunk = {
        firstWindow,
        first: Float32Array.from(scores[0], ({ score }) => score),
        levels: new Float32Array(count).fill(Number.POSITIVE_INFINITY),
        later: scores.slice(1).map((own) => ({
          windows: Float64Array.from(own, ({ window }) => window),
          scores: Float32Array.from(own, ({ score }) => score),
        })),
      };
      simulator.addScores(chunk);
      simulator.advance(((firstWindow + count) * plan.hop) as Nanoseconds);
    }
    return simulator.supply.delivered / ((windows * plan.hop) / 1e9);
  }

  private compile({ name, costs, cores, bytes }: Placed): Compiled {
    const { frontEnd, frames, step, device } = this.task;
    const work = frontEndWork(frontEnd);
    const stages = costs.map(
      (cost, number): PlacedStage => ({
        name: `${name}-${number}`,
        number,
        core: cores[number],
        thresholds: { normal: 0.5, strict: 0.5 },
        holdSeconds: 0,
        model: modelCost(
          `${name}-${number}`,
          cost,
          frames / step,
          number === 0 ? { kind: 'frames' } : { kind: 'activations', bytesPerWindow: Math.ceil(bytes[number - 1]) },
        ),
      }),
    );
    const place =
      (file: string) =>
      (...at: readonly (string | number)[]) =>
        `${file}: ${at.join('.')}`;
    return compile({
      device: this.device,
      at: { scenario: place(name), device: this.profile.at },
      stages,
      // As the simulator counts, the frames between two windows are one.
      frontEnd: {
        operationsPerFrame: step * work.operations,
        bytesPerFrame: step * featuresOf(frontEnd),
        workBytes: work.bytes,
        hopSeconds: this.windowSeconds,
      },
      powerProfile: device.powerProfile,
      supply: { kind: 'ideal' },
    });
  }
}

const CHUNK = 3000;
