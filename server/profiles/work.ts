// How fast and at what power a board runs the wake word's network, from the benchmark's other networks. Not from a streaming result.

import { NETWORK_MACS, type Network, networks, WAKE_WORD_MACS } from './benchmark.ts';
import type { Board, CurrentTable, Inference } from './board.ts';
import { DOUBT, FIXED_SHARE, RUN_FACTOR } from './evidence.ts';
import type { Quantity } from './written.ts';
import { write } from './written.ts';

export interface NetworkWork {
  /** Seconds of an inference that do not grow with its operations. */
  readonly overhead: number;
  /** Multiply-accumulates a second. */
  readonly rate: Quantity;
  readonly power: Quantity | null;
  readonly source: string;
}

interface Point {
  readonly network: Network;
  readonly macs: number;
  readonly latency: number;
  readonly energy: number | null;
}

function pointsOf({ rows }: Inference): readonly Point[] {
  return networks.flatMap((network) => {
    const row = rows[network];
    return row === undefined
      ? []
      : [{ network, macs: NETWORK_MACS[network], latency: row.latency, energy: row.energy ?? null }];
  });
}

/**
 * Time and energy of a network of that size (the wake word's) at a measured clock: overhead + operations / rate through the two networks between
 * which it lies; where one of them is missing, or the overhead would be negative, the nearest network's rate.
 */
export function networkAt(inference: Inference, macs = WAKE_WORD_MACS): NetworkWork {
  const points = [...pointsOf(inference)].sort((a, b) => a.macs - b.macs);
  const below = points.filter((point) => point.macs <= macs).at(-1);
  const above = points.find((point) => point.macs > macs);
  const near = above ?? below;
  if (near === undefined) throw new RangeError('a board needs at least one row of the benchmark');
  const slope =
    below === undefined || above === undefined ? null : (above.latency - below.latency) / (above.macs - below.macs);
  const overhead = slope === null || below === undefined ? 0 : below.latency - slope * below.macs;
  const line = slope !== null && overhead >= 0;
  const rate = line ? 1 / slope : near.macs / near.latency;
  const fixed = line ? overhead : 0;
  // As far as the rates of its own networks lie apart, that of another may lie; and never nearer than an estimate.
  const others = points
    .filter((point) => point !== below || !line)
    .map(({ macs, latency }) => macs / (latency - fixed));
  const spread = Math.max(...others.map((other) => Math.max(other / rate, rate / other)));
  const factor = Math.max(1 + DOUBT, spread);
  const used = line && below !== undefined ? [below, near] : [near];
  return {
    overhead: fixed,
    rate: { value: rate, low: rate / factor, high: rate * factor },
    power: powerAt(points, used, macs, fixed + macs / rate),
    source: `${inference.source}: ${used.map(({ network, latency }) => `${network.toUpperCase()} ${write(latency, 's')} for ${(NETWORK_MACS[network] / 1e6).toFixed(3)} MMAC`).join(', ')}`,
  };
}

/** Energy follows the line that time follows; the powers of all networks are its range. */
function powerAt(points: readonly Point[], used: readonly Point[], macs: number, seconds: number): Quantity | null {
  const powers = points.flatMap(({ energy, latency }) => (energy === null ? [] : [energy / latency]));
  const [first, second] = used;
  if (powers.length === 0 || first === undefined || first.energy === null) return null;
  const own = first.energy / first.latency;
  let value = own;
  if (second !== undefined && second.energy !== null) {
    const slope = (second.energy - first.energy) / (second.macs - first.macs);
    value = (first.energy + slope * (macs - first.macs)) / seconds;
  }
  return { value, low: Math.min(value, ...powers), high: Math.max(value, ...powers) };
}

/** The same at the clock at which the board listens. */
export function networkWork(board: Board): NetworkWork {
  const { clock, voltage } = board.streaming;
  const measured = board.inference.map((inference) => ({ inference, work: networkAt(inference) }));
  const exact = measured.find(({ inference }) => Math.abs(inference.clock / clock - 1) < 0.005);
  if (exact !== undefined) return withPower(board, exact.inference, exact.work);
  const scaled = measured.map(({ inference, work }) => {
    const faster = clock / inference.clock;
    return {
      ...withPower(board, inference, work, voltage),
      overhead: work.overhead / faster,
      rate: scale(work.rate, faster),
      clock: inference.clock,
    };
  });
  const below = scaled.filter((work) => work.clock < clock).sort((a, b) => b.clock - a.clock)[0];
  const above = scaled.filter((work) => work.clock > clock).sort((a, b) => a.clock - b.clock)[0];
  const to = `at ${write(clock, 'Hz')}`;
  if (below === undefined || above === undefined) {
    const one = below ?? above;
    return { ...one, source: `${one.source}; the same cycles ${to}` };
  }
  const share = Math.log(clock / below.clock) / Math.log(above.clock / below.clock);
  return {
    overhead: below.overhead + share * (above.overhead - below.overhead),
    rate: between(below.rate, above.rate, share),
    power: below.power === null || above.power === null ? null : between(below.power, above.power, share),
    source: `${below.source}; ${above.source}; between both clocks, cycles and power per clock and voltage squared on a logarithmic scale, ${to}`,
  };
}

const scale = ({ value, low = value, high = value }: Quantity, by: number): Quantity => ({
  value: value * by,
  low: low * by,
  high: high * by,
});

/** On a logarithmic scale, each end of the range by itself. */
const between = (a: Quantity, b: Quantity, share: number): Quantity => {
  const on = (one: number, other: number) => one ** (1 - share) * other ** share;
  return {
    value: on(a.value, b.value),
    low: on(a.low ?? a.value, b.low ?? b.value),
    high: on(a.high ?? a.value, b.high ?? b.value),
  };
};

/** Active power at the streaming clock: along the data sheet's run currents, else with clock and voltage squared, else from run currents alone. */
function withPower(board: Board, inference: Inference, work: NetworkWork, voltage?: number): NetworkWork {
  const { clock } = board.streaming;
  const same = Math.abs(inference.clock / clock - 1) < 0.005;
  const { dataSheet } = board;
  if (work.power === null) {
    if (dataSheet === undefined) return work;
    const power = currentAt(dataSheet, 'run', clock) * dataSheet.supply;
    return {
      ...work,
      power: scale(RUN_FACTOR, power),
      source: `${work.source}; power: ${dataSheet.source}, x ${RUN_FACTOR.value.toFixed(2)} as networks draw more than a data sheet's loop (1 to 1.25 on two other parts)`,
    };
  }
  if (same) return work;
  const known = dataSheet?.points.filter(({ run }) => run !== undefined).length ?? 0;
  if (dataSheet !== undefined && known >= 2) {
    const ratio = currentAt(dataSheet, 'run', clock) / currentAt(dataSheet, 'run', inference.clock);
    return { ...work, power: scale(work.power, ratio), source: `${work.source}; power along ${dataSheet.source}` };
  }
  const dynamic =
    (clock / inference.clock) * ((voltage ?? 1) / (voltage === undefined ? 1 : (inference.voltage ?? voltage))) ** 2;
  const slower = Math.max(0, 1 - clock / inference.clock);
  const part = (share: number) => dynamic + share * slower;
  const { value, low = value, high = value } = work.power;
  // Either the networks differ more, or what does not fall with the clock weighs more.
  return {
    ...work,
    power: {
      value: value * part(FIXED_SHARE.value),
      low: Math.min(low * part(FIXED_SHARE.value), value * part(FIXED_SHARE.low)),
      high: Math.max(high * part(FIXED_SHARE.value), value * part(FIXED_SHARE.high)),
    },
    source: `${work.source}; power with clock and voltage squared, and ${100 * FIXED_SHARE.low} to ${100 * FIXED_SHARE.high} % of it fixed, as an STM32U575's run currents show`,
  };
}

/** Amperes at a clock: between the table's points, or along the line through all of them beyond its ends. */
export function currentAt(table: CurrentTable, what: 'run' | 'sleep', clock: number): number {
  const points = table.points
    .flatMap((point) => {
      const amperes = point[what];
      return amperes === undefined ? [] : [{ clock: point.clock, amperes }];
    })
    .sort((a, b) => a.clock - b.clock);
  if (points.length === 0) throw new RangeError(`the table has no ${what} current`);
  const [first] = points;
  const last = points[points.length - 1];
  if (points.length === 1) return (first.amperes * clock) / first.clock;
  if (clock >= first.clock && clock <= last.clock) {
    const upper = points.findIndex((point) => point.clock >= clock);
    const b = points[upper];
    const a = points[Math.max(0, upper - 1)];
    return a === b ? b.amperes : a.amperes + ((b.amperes - a.amperes) * (clock - a.clock)) / (b.clock - a.clock);
  }
  const mean = (of: (point: (typeof points)[number]) => number) =>
    points.reduce((sum, p) => sum + of(p), 0) / points.length;
  const meanClock = mean((p) => p.clock);
  const meanAmperes = mean((p) => p.amperes);
  const slope =
    mean((p) => (p.clock - meanClock) * (p.amperes - meanAmperes)) / mean((p) => (p.clock - meanClock) ** 2);
  return Math.max(0, meanAmperes + slope * (clock - meanClock));
}
