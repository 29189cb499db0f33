// What can be said of a device profile by itself: how well its figures are known, and which operating points and power states are worth having.

import type { CoreProfile, DeviceProfile, OperatingPoint } from '../runs/files/device-profile.ts';
import { figuresOf, type PlacedFigure } from '../runs/files/figures.ts';
import { confidences } from '../runs/files/schema.ts';
import { breakEven } from '../simulator/governor.ts';
import { fromSeconds } from '../units.ts';

export interface StateCheck {
  readonly core: string;
  readonly state: string;
  readonly watts: number;
  readonly exitSeconds: number;
  /** From which stay on it pays against the shallowest state, and against the one before it; infinity: never. */
  readonly breakEvenSeconds: { readonly shallowest: number; readonly before: number };
  readonly givenSeconds: number | null;
}

export interface ProfileCheck {
  /** Least trusted first, and among equals in the order of the profile. */
  readonly figures: readonly PlacedFigure[];
  readonly states: readonly StateCheck[];
  readonly warnings: readonly string[];
}

export function checkProfile(device: DeviceProfile): ProfileCheck {
  const doubt = ({ figure }: PlacedFigure) => -confidences.indexOf(figure.confidence);
  return {
    figures: [...figuresOf(device)].sort((a, b) => doubt(a) - doubt(b)),
    states: device.cores.flatMap(checkStates),
    warnings: device.cores.flatMap((core) => [
      ...wrongDepth(core),
      ...neverCheapest(core),
      ...wrongResidency(core),
      ...dominatedPoints(core),
    ]),
  };
}

type State = CoreProfile['powerStates'][number];

/** Seconds of stay from which on `deep` costs less than `shallow`. */
function paysAfter(core: CoreProfile, shallow: State, deep: State): number {
  const entry = {
    watts: deep.entryPower?.value ?? core.powerStates[0].power.value,
    latency: fromSeconds(deep.entryLatency.value),
  };
  const exit = {
    watts: deep.exitPower?.value ?? core.operatingPoints[0].activePower.value,
    latency: fromSeconds(deep.exitLatency.value),
  };
  return breakEven(shallow.power.value, deep.power.value, entry, exit) / 1e9;
}

const checkStates = (core: CoreProfile): readonly StateCheck[] =>
  core.powerStates.map((state, depth) => ({
    core: core.name,
    state: state.name,
    watts: state.power.value,
    exitSeconds: state.exitLatency.value,
    breakEvenSeconds: {
      shallowest: depth === 0 ? 0 : paysAfter(core, core.powerStates[0], state),
      before: depth === 0 ? 0 : paysAfter(core, core.powerStates[depth - 1], state),
    },
    givenSeconds: state.minResidency?.value ?? null,
  }));

/** A deeper state draws less, takes longer to leave, and pays later. */
function wrongDepth(core: CoreProfile): readonly string[] {
  return core.powerStates.slice(1).flatMap((state, before) => {
    const shallower = core.powerStates[before];
    const say = (what: string) =>
      `core ${core.name}: ${state.name} is listed as deeper than ${shallower.name}, but ${what}; order the states by depth, or leave one out`;
    const problems: string[] = [];
    if (state.power.value >= shallower.power.value)
      problems.push(say(`draws no less (${state.power.text} and ${shallower.power.text}): it never pays back`));
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
function neverCheapest(core: CoreProfile): readonly string[] {
  const [shallowest] = core.powerStates;
  const active = core.operatingPoints[0].activePower.value;
  const lines = core.powerStates.map((state) => ({
    state,
    watts: state.power.value,
    joules:
      ((state.entryPower?.value ?? shallowest.power.value) - state.power.value) * state.entryLatency.value +
      (state.exitPower?.value ?? active) * state.exitLatency.value,
  }));
  const crossing = (a: (typeof lines)[number], b: (typeof lines)[number]) =>
    (b.joules - a.joules) / (a.watts - b.watts);
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
          `core ${core.name}: ${line.state.name} is never the cheapest: it pays for stays of ${seconds(from)} and more, and from ${seconds(until)} on ${next.state.name} is better; leave it out, or check its figures`,
        ];
  });
}

/** A minimum residency well below the break-even time makes the core sleep at a loss; one well above gives savings away. */
function wrongResidency(core: CoreProfile): readonly string[] {
  return core.powerStates.slice(1).flatMap((state, before) => {
    if (state.minResidency === undefined) return [];
    const computed = paysAfter(core, core.powerStates[before], state);
    const given = state.minResidency.value;
    if (!Number.isFinite(computed) || (given >= computed / 2 && given <= computed * 10)) return [];
    return [
      `core ${core.name}: ${state.name} has a minimum residency of ${state.minResidency.text}, and by its powers it breaks even after ${seconds(computed)} against ${core.powerStates[before].name}; ${given < computed ? 'shorter stays in it cost energy' : 'it is entered later than it pays'}`,
    ];
  });
}

/** Racing to sleep at another point is faster and takes no more energy for the same work, sleep included. */
function dominatedPoints(core: CoreProfile): readonly string[] {
  const asleep = core.powerStates[0].power.value;
  const work = 1e6;
  const time = (point: OperatingPoint) => work / point.throughput.conv.value;
  return core.operatingPoints.flatMap((point) => {
    const better = core.operatingPoints.find((other) => {
      if (other === point || time(other) > time(point)) return false;
      const spent = other.activePower.value * time(other) + asleep * (time(point) - time(other));
      return spent < point.activePower.value * time(point);
    });
    if (better === undefined) return [];
    const joules = (one: OperatingPoint) => one.activePower.value * time(one) + asleep * (time(point) - time(one));
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
