// What can be said of a device profile by itself: how well its figures are known, and which operating points and power states are worth having.

import { restPower } from '../runs/compile/rest-power.ts';
import type { CoreProfile, DeviceProfile, OperatingPoint } from '../runs/files/device-profile.ts';
import { figuresOf, type PlacedFigure } from '../runs/files/figures.ts';
import { confidences } from '../runs/files/schema.ts';
import { breakEven } from '../simulator/governor.ts';
import { fromSeconds } from '../units.ts';
import { write } from './written.ts';

export interface StateCheck {
  readonly core: string;
  readonly state: string;
  readonly watts: number;
  readonly exitSeconds: number;
  /** From which stay on it pays against the shallowest state, and against the one before it; infinity: never. */
  readonly breakEvenSeconds: { readonly shallowest: number; readonly before: number };
  readonly givenSeconds: number | null;
  /** `never pays back`: it draws no less than a shallower one. `never the cheapest`: for every stay another costs less. */
  readonly worth: 'pays' | 'never pays back' | 'never the cheapest';
}

export interface PointCheck {
  readonly core: string;
  readonly point: string;
  readonly hertz: number;
  readonly watts: number;
  /** Of convolutions, at the core's precision. */
  readonly macsPerSecond: number;
  readonly joulesPerMac: number;
  /** The point that is faster and takes no more energy for the same work, sleep included. */
  readonly dominatedBy: string | null;
}

export interface ProfileCheck {
  /** Least trusted first, and among equals in the order of the profile. */
  readonly figures: readonly PlacedFigure[];
  readonly states: readonly StateCheck[];
  readonly points: readonly PointCheck[];
  readonly warnings: readonly string[];
}

export function checkProfile(device: DeviceProfile): ProfileCheck {
  const doubt = ({ figure }: PlacedFigure) => -confidences.indexOf(figure.confidence);
  return {
    figures: [...figuresOf(device)].sort((a, b) => doubt(a) - doubt(b)),
    states: device.cores.flatMap((core) => checkStates(device, core)),
    points: device.cores.flatMap(checkPoints),
    warnings: device.cores.flatMap((core) => [
      ...wrongDepth(device, core),
      ...neverCheapest(device, core).map(({ warning }) => warning),
      ...wrongResidency(device, core),
      ...dominatedPoints(core),
    ]),
  };
}

/** Seconds of stay from which on the state of depth `deep` costs less than that of depth `shallow`. */
function paysAfter(device: DeviceProfile, core: CoreProfile, shallow: number, deep: number): number {
  const state = core.powerStates[deep];
  const entry = {
    watts: state.entryPower?.value ?? core.powerStates[0].power.value,
    latency: fromSeconds(state.entryLatency.value),
  };
  const exit = {
    watts: state.exitPower?.value ?? core.operatingPoints[0].activePower.value,
    latency: fromSeconds(state.exitLatency.value),
  };
  return breakEven(restPower(device, core, shallow), restPower(device, core, deep), entry, exit) / 1e9;
}

function checkStates(device: DeviceProfile, core: CoreProfile): readonly StateCheck[] {
  const beaten = neverCheapest(device, core);
  return core.powerStates.map((state, depth) => {
    const breakEvenSeconds = {
      shallowest: depth === 0 ? 0 : paysAfter(device, core, 0, depth),
      before: depth === 0 ? 0 : paysAfter(device, core, depth - 1, depth),
    };
    const pays = Number.isFinite(breakEvenSeconds.shallowest) && Number.isFinite(breakEvenSeconds.before);
    return {
      core: core.name,
      state: state.name,
      watts: restPower(device, core, depth),
      exitSeconds: state.exitLatency.value,
      breakEvenSeconds,
      givenSeconds: state.minResidency?.value ?? null,
      worth: !pays
        ? 'never pays back'
        : beaten.some((other) => other.state === state.name)
          ? 'never the cheapest'
          : 'pays',
    };
  });
}

/** A deeper state draws less, takes longer to leave, and pays later. */
function wrongDepth(device: DeviceProfile, core: CoreProfile): readonly string[] {
  return core.powerStates.slice(1).flatMap((state, before) => {
    const shallower = core.powerStates[before];
    const say = (what: string) =>
      `core ${core.name}: ${state.name} is listed as deeper than ${shallower.name}, but ${what}; order the states by depth, or leave one out`;
    const problems: string[] = [];
    const [drawn, drawnBefore] = [restPower(device, core, before + 1), restPower(device, core, before)];
    if (drawn >= drawnBefore)
      problems.push(say(`draws no less (${write(drawn, 'W')} and ${write(drawnBefore, 'W')}): it never pays back`));
    if (state.exitLatency.value < shallower.exitLatency.value)
      problems.push(say(`wakes faster (${state.exitLatency.text} and ${shallower.exitLatency.text})`));
    if (
      state.minResidency !== undefined &&
      shallower.minResidency !== undefined &&
      state.minResidency.value < shallower.minResidency.value
    )
      problems.push(
        say(`its minimum residency is shorter (${state.minResidency.text} and ${shallower.minResidency.text})`),
      );
    return problems;
  });
}

/** Cost over the stay is a line for each state; one that is nowhere the lowest is of no use. */
function neverCheapest(
  device: DeviceProfile,
  core: CoreProfile,
): ReadonlyArray<{ readonly state: string; readonly warning: string }> {
  const [shallowest] = core.powerStates;
  const active = core.operatingPoints[0].activePower.value;
  const lines = core.powerStates.map((state, depth) => ({
    state,
    watts: restPower(device, core, depth),
    joules:
      ((state.entryPower?.value ?? shallowest.power.value) - state.power.value) * state.entryLatency.value +
      (state.exitPower?.value ?? active) * state.exitLatency.value,
  }));
  // A minimum residency that is given may hold costs that powers do not, like weights that are brought in again.
  const crossing = (a: (typeof lines)[number], b: (typeof lines)[number]) =>
    Math.max((b.joules - a.joules) / (a.watts - b.watts), b.state.minResidency?.value ?? 0);
  return lines.flatMap((line) => {
    const shallower = lines.filter((other) => other.watts > line.watts);
    const deeper = lines.filter((other) => other.watts < line.watts);
    if (shallower.length === 0 || deeper.length === 0) return [];
    const from = Math.max(...shallower.map((other) => crossing(other, line)));
    const next = deeper.reduce((a, b) => (crossing(line, b) < crossing(line, a) ? b : a));
    const until = crossing(line, next);
    return from < until
      ? []
      : [
          {
            state: line.state.name,
            warning: `core ${core.name}: ${line.state.name} is never the cheapest: it pays for stays of ${seconds(from)} and more, and from ${seconds(until)} on ${next.state.name} is better; leave it out, or check its figures`,
          },
        ];
  });
}

/** A minimum residency well below the break-even time makes the core sleep at a loss; one well above gives savings away. */
function wrongResidency(device: DeviceProfile, core: CoreProfile): readonly string[] {
  return core.powerStates.slice(1).flatMap((state, before) => {
    if (state.minResidency === undefined) return [];
    const computed = paysAfter(device, core, before, before + 1);
    const given = state.minResidency.value;
    const reloads = core.reloadFrom !== undefined && core.weightMemories.some((name) => !state.retains.includes(name));
    if (!Number.isFinite(computed) || (given >= computed / 2 && (given <= computed * 10 || reloads))) return [];
    return [
      `core ${core.name}: ${state.name} has a minimum residency of ${state.minResidency.text}, and by its powers it breaks even after ${seconds(computed)} against ${core.powerStates[before].name}; ${given < computed ? 'shorter stays in it cost energy' : 'it is entered later than it pays'}`,
    ];
  });
}

const WORK = 1e6;
const timeOf = (point: OperatingPoint): number => WORK / point.throughput.conv.value;

/** Racing to sleep at another point is faster and takes no more energy for the same work, sleep included. */
function betterPoint(core: CoreProfile, point: OperatingPoint): OperatingPoint | undefined {
  const asleep = core.powerStates[0].power.value;
  return core.operatingPoints.find((other) => {
    if (other === point || timeOf(other) > timeOf(point)) return false;
    const spent = other.activePower.value * timeOf(other) + asleep * (timeOf(point) - timeOf(other));
    return spent < point.activePower.value * timeOf(point);
  });
}

const checkPoints = (core: CoreProfile): readonly PointCheck[] =>
  core.operatingPoints.map((point) => ({
    core: core.name,
    point: point.name,
    hertz: point.clock,
    watts: point.activePower.value,
    macsPerSecond: point.throughput.conv.value,
    joulesPerMac: point.activePower.value / point.throughput.conv.value,
    dominatedBy: betterPoint(core, point)?.name ?? null,
  }));

function dominatedPoints(core: CoreProfile): readonly string[] {
  const asleep = core.powerStates[0].power.value;
  return core.operatingPoints.flatMap((point) => {
    const better = betterPoint(core, point);
    if (better === undefined) return [];
    const joules = (one: OperatingPoint) =>
      one.activePower.value * timeOf(one) + asleep * (timeOf(point) - timeOf(one));
    return [
      `core ${core.name}: operating point ${point.name} is dominated by ${better.name}, which is faster and takes ${microjoules(joules(better))} where it takes ${microjoules(joules(point))} (a million multiply-accumulates, and ${core.powerStates[0].name} for the rest of the time)`,
    ];
  });
}

const microjoules = (joules: number): string => `${(joules * 1e6).toPrecision(3)} uJ`;

export function seconds(span: number): string {
  if (!Number.isFinite(span)) return 'never';
  if (span === 0) return '0 s';
  for (const [size, unit] of [
    [1, 's'],
    [1e-3, 'ms'],
  ] as const)
    if (span >= size) return `${Number((span / size).toPrecision(3))} ${unit}`;
  return `${Number((span / 1e-6).toPrecision(3))} us`;
}
