// How sure a run's life and power are: the figures of its device are drawn within their ranges, and minutes spread over the run are simulated
// again from its scores, without inference. A ratio to the same minutes of the device as it is written carries over to the whole run.

import { nextUniform, seedRandom } from '../../random.ts';
import type { ScoreChunk } from '../../simulator/scores.ts';
import type { Nanoseconds } from '../../units.ts';
import { compile } from '../compile/compile.ts';
import type { DeviceProfile } from '../files/device-profile.ts';
import { figuresOf, setFigure } from '../files/figures.ts';
import { InputProblem } from '../files/problem.ts';
import type { PreparedRun } from '../simulate/engine.ts';
import { replay } from '../simulate/replay.ts';
import type { RunReport, UncertaintyReport } from './report.ts';
import { quantile } from './statistics.ts';

/** Stretches of the run that a draw is simulated over, at most. */
const STRETCHES = 30;
/** An estimated figure that gives no range may be this share smaller or larger. */
const ESTIMATED = 0.3;
const NAMED_CAUSES = 3;

/** Something of a device that may be otherwise. */
export interface Uncertain {
  /** As what-ifs write it. */
  readonly path: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** As it is written. */
  readonly text: string;
  /** No range is given: it is taken to be within 30 %. */
  readonly isAssumed: boolean;
  /** Gives it another value in a copy of the device. */
  readonly set: (copy: DeviceProfile, value: number) => void;
}

/** Figures with a range; estimated ones without; and the losses of converters whose efficiency is estimated. */
export function uncertainOf(device: DeviceProfile): readonly Uncertain[] {
  const figures = figuresOf(device).flatMap(({ path, place, figure }): readonly Uncertain[] => {
    const { value, text, range, confidence } = figure;
    if (range === undefined && (confidence !== 'estimated' || value === 0)) return [];
    const ends = range ?? { low: value * (1 - ESTIMATED), high: value * (1 + ESTIMATED) };
    const set: Uncertain['set'] = (copy, drawn) => setFigure(copy, place, drawn);
    return [{ path, value, text, ...ends, isAssumed: range === undefined, set }];
  });
  const converters = device.rails.flatMap(({ name, regulator }, rail): readonly Uncertain[] => {
    if (regulator?.efficiency.confidence !== 'estimated') return [];
    const set: Uncertain['set'] = (copy, factor) => {
      for (const point of copy.rails[rail].regulator?.efficiency.points ?? [])
        point.ratio = 1 - (1 - point.ratio) * factor;
    };
    const path = `rails.${name}.regulator.efficiency`;
    const ends = { value: 1, low: 1 - ESTIMATED, high: 1 + ESTIMATED };
    return [{ path, text: 'its loss', ...ends, isAssumed: true, set }];
  });
  return [...figures, ...converters];
}

/** Half of the draws lie below the value, half above, evenly within each. */
export const drawnAt = ({ low, value, high }: Pick<Uncertain, 'low' | 'value' | 'high'>, uniform: number): number =>
  uniform < 0.5 ? low + (value - low) * 2 * uniform : value + (high - value) * (2 * uniform - 1);

interface Outcome {
  readonly hours: number;
  readonly watts: number;
}

/**
 * @param battery of the run's report
 * @param chunks its scores
 * @param samples draws
 * @param say told how far it is, 0 to 1
 * @returns null when it was stopped, and of a run whose scores were not kept
 */
export async function uncertaintyOf(
  run: PreparedRun,
  battery: Pick<RunReport['battery'], 'lifeHours' | 'averageMilliwatts'>,
  chunks: readonly ScoreChunk[],
  samples: number,
  say: (share: number) => void = () => {},
  isStopped: () => boolean = () => false,
): Promise<UncertaintyReport | null> {
  if (chunks.length === 0) return null;
  const { hop } = run.compiled.plan;
  const stretches = spreadOver(chunks);
  const windows = stretches.reduce((sum, { first }) => sum + first.length, 0);
  const device = run.loaded.device.value;
  const simulate = async (moved: ReadonlyArray<readonly [Uncertain, number]>): Promise<Outcome | null> => {
    const copy = structuredClone(device);
    for (const [one, value] of moved) one.set(copy, value);
    try {
      const { plan } = compile({ ...run.compileRequest, device: copy });
      // Minutes from here and there have no hour of the day.
      const { day } = await replay({ ...plan, hours: null }, [], (windows * hop) as Nanoseconds, stretches);
      const watts = day.simulator.supply.at(day.simulator.now).delivered / ((windows * hop) / 1e9);
      return { hours: day.life(run.startSoc).hours, watts };
    } catch (error) {
      // A model that no longer fits, a core that cannot keep up: another device, not a less certain one.
      if (error instanceof InputProblem) return null;
      throw error;
    }
  };
  const nominal = await simulate([]);
  if (nominal === null) throw new Error('the device of a finished run can be simulated');
  const { lifeHours, averageMilliwatts } = battery;
  const scale = {
    hours: (lifeHours ?? 0) / nominal.hours,
    watts: averageMilliwatts / nominal.watts,
  };

  const all = uncertainOf(device);
  const steps = 2 * all.length + samples;
  let done = 0;
  const swings: Swing[] = [];
  for (const one of all) {
    if (isStopped()) return null;
    const low = await simulate([[one, one.low]]);
    const high = await simulate([[one, one.high]]);
    done += 2;
    say(done / steps);
    if (low !== null && high !== null) swings.push({ one, low, high });
  }
  const random = seedRandom(run.seed, 'uncertainty');
  const drawn: Outcome[] = [];
  for (let sample = 0; sample < samples; sample++) {
    if (isStopped()) return null;
    const outcome = await simulate(swings.map(({ one }) => [one, drawnAt(one, nextUniform(random))]));
    say(++done / steps);
    if (outcome !== null) drawn.push(outcome);
  }
  const interval = (of: keyof Outcome): [number, number] => {
    const sorted = drawn.map((outcome) => outcome[of] * scale[of]).sort((a, b) => a - b);
    const whole = nominal[of] * scale[of];
    return [quantile(sorted, 0.025) ?? whole, quantile(sorted, 0.975) ?? whole];
  };
  return {
    samples: drawn.length,
    simulatedMinutes: (windows * hop) / 60e9,
    ranged: swings.filter(({ one }) => !one.isAssumed).length,
    assumed: swings.filter(({ one }) => one.isAssumed).length,
    left: all.filter((one) => !swings.some((swing) => swing.one === one)).map(({ path }) => path),
    lifeHours: lifeHours === null ? null : interval('hours'),
    averageMilliwatts: interval('watts'),
    causes: causesOf(swings, scale, lifeHours === null),
  };
}

/** A figure at its lower and at its upper end. */
interface Swing {
  readonly one: Uncertain;
  readonly low: Outcome;
  readonly high: Outcome;
}

/**
 * The figures that move the life most, or the power of a device whose life has no end; each one's share of the sum of squares, as independent
 * effects add.
 */
function causesOf(swings: readonly Swing[], scale: Outcome, isEndless: boolean): UncertaintyReport['causes'] {
  const by: keyof Outcome = isEndless ? 'watts' : 'hours';
  const square = ({ low, high }: Swing) => (high[by] - low[by]) ** 2;
  const total = swings.reduce((sum, swing) => sum + square(swing), 0);
  const ends = ({ low, high }: Swing, of: keyof Outcome): [number, number] => [
    low[of] * scale[of],
    high[of] * scale[of],
  ];
  return [...swings]
    .sort((a, b) => square(b) - square(a))
    .slice(0, NAMED_CAUSES)
    .filter((swing) => square(swing) > 0)
    .map((swing) => ({
      path: swing.one.path,
      value: swing.one.text,
      lowShare: swing.one.low / swing.one.value,
      highShare: swing.one.high / swing.one.value,
      lifeHours: isEndless ? null : ends(swing, 'hours'),
      averageMilliwatts: ends(swing, 'watts'),
      share: square(swing) / total,
    }));
}

/** Whole chunks at equal distances, as one stretch; all of them when they are few. */
function spreadOver(chunks: readonly ScoreChunk[]): readonly ScoreChunk[] {
  const step = Math.max(1, chunks.length / STRETCHES);
  const chosen: ScoreChunk[] = [];
  let firstWindow = 0;
  for (let at = 0; Math.floor(at) < chunks.length; at += step) {
    const chunk = chunks[Math.floor(at)];
    const moved = firstWindow - chunk.firstWindow;
    const later = chunk.later.map(({ windows, scores }) => ({
      windows: windows.map((window) => window + moved),
      scores,
    }));
    chosen.push({ firstWindow, first: chunk.first, later });
    firstWindow += chunk.first.length;
  }
  return chosen;
}
