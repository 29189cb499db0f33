// What a watcher sees of a run: its layout once, frames as it goes on, detections with what caused them.

import { isEverPlugged } from '../../simulator/hours.ts';
import type { Outcome } from '../../simulator/judge.ts';
import type { Simulator } from '../../simulator/simulator.ts';
import { STAGE_PARTS } from '../../simulator/windows.ts';
import { firstFrom, type Schedule } from '../../streams/schedule.ts';
import type { LatencyPart, MissCause } from '../report/report.ts';
import { quantile } from '../report/statistics.ts';
import type { RunEngine } from '../simulate/engine.ts';
import type { Changeable, DetectionView, Frame, RunLayout, SoundView } from '../views.ts';

const SOUNDS_PER_FRAME = 300;

export function layoutOf(engine: RunEngine): RunLayout {
  const { plan } = engine.compiled;
  const device = engine.loaded.device.value;
  return {
    durationSeconds: engine.duration / 1e9,
    sensor: plan.sensor.name,
    cores: plan.cores.map((core, index) => ({
      name: core.name,
      kind: device.cores[index].kind,
      activities: core.activities,
    })),
    stages: plan.stages.map((stage, index) => ({
      name: stage.name,
      core: plan.cores[stage.core].name,
      macs: engine.loaded.models[index].cost.totalMacs,
    })),
    rails: plan.rails.map(({ name }) => name),
    powerProfiles: device.powerProfiles.map(({ name }) => name),
    battery: {
      capacityMilliampereHours: device.battery.capacity.value / 3.6,
      cutoffVolts: device.battery.cutoff.value,
    },
    changeable: changeableOf(engine),
    label: engine.loaded.scenario.value.detect,
    actable: {
      sense: engine.sense.kind,
      clips: clipsOf(engine),
      links: plan.links.map(({ name }) => name),
      powerProfiles: plan.policies.map(({ name }) => name),
    },
  };
}

function changeableOf({ compiled: { plan }, loaded, powerProfile, startSoc }: RunEngine): Changeable {
  const device = loaded.device.value;
  const profile = device.powerProfiles.find(({ name }) => name === powerProfile);
  return {
    powerProfile,
    thresholds: plan.policies[plan.startPolicy].thresholds,
    operatingPoints: device.cores.map(({ name, operatingPoints }) => ({
      value: profile?.cores[name]?.operatingPoint ?? operatingPoints[0].name,
      choices: operatingPoints.map((point) => point.name),
    })),
    startCharge: startSoc,
  };
}

/** Recordings of the scenario by their labels, those of events first. */
function clipsOf({ loaded }: RunEngine): RunLayout['actable']['clips'] {
  const { events, backgrounds } = loaded.stream;
  const found = new Map<number, string>();
  for (const { label, clips } of [...events, ...backgrounds.map(({ clips }) => ({ label: 'background', clips }))])
    for (const clip of clips) if (!found.has(clip)) found.set(clip, label);
  return Array.from(found, ([clip, label]) => ({ label, clip: loaded.recordings[clip].path }));
}

/** Latencies of the true positives so far, and what they are made of. */
export class LatencyMeter {
  private readonly totals: number[] = [];
  private readonly sums: Float64Array;
  private readonly stages: readonly string[];

  constructor(stages: readonly string[]) {
    this.stages = stages;
    this.sums = new Float64Array(2 + stages.length * STAGE_PARTS.length);
  }

  add(outcome: Extract<Outcome, { kind: 'true-positive' }>): void {
    this.totals.push(outcome.latency);
    this.sums[0] += outcome.algorithm;
    outcome.parts.forEach((span, index) => {
      this.sums[1 + index] += span;
    });
  }

  summary(): { p50: number | null; p95: number | null; p99: number | null; parts: readonly LatencyPart[] } {
    const sorted = [...this.totals].sort((a, b) => a - b);
    const at = (share: number) => {
      const value = quantile(sorted, share);
      return value === null ? null : value / 1e6;
    };
    const names = [
      { part: 'algorithm', stage: null },
      { part: 'fifo', stage: null },
      ...this.stages.flatMap((stage) => STAGE_PARTS.map((part) => ({ part, stage }))),
    ];
    const count = Math.max(1, sorted.length);
    return {
      p50: at(0.5),
      p95: at(0.95),
      p99: at(0.99),
      parts: names.map((name, index) => ({ ...name, meanMilliseconds: this.sums[index] / count / 1e6 })),
    };
  }
}

/** Makes frames: means and rates are over the simulated time since the one before. */
export class FrameMaker {
  private readonly engine: RunEngine;
  private readonly latency: LatencyMeter;
  private time = 0;
  private wall: number;
  private railJoules: readonly number[];
  private spent: ReadonlyArray<Float64Array>;

  constructor(engine: RunEngine, latency: LatencyMeter, wall: number) {
    this.engine = engine;
    this.latency = latency;
    this.wall = wall;
    this.railJoules = railJoules(engine.simulator);
    this.spent = activities(engine.simulator);
  }

  /** @param wall milliseconds of the wall clock */
  make(wall: number): Frame {
    const { simulator, startSoc } = this.engine;
    const span = simulator.now - this.time;
    const joules = railJoules(simulator);
    const spent = activities(simulator);
    const railWatts = joules.map((value, rail) => (span > 0 ? ((value - this.railJoules[rail]) / span) * 1e9 : 0));
    const counts = simulator.judge.state;
    const frame: Frame = {
      simulatedSeconds: simulator.now / 1e9,
      speed: wall > this.wall ? span / 1e6 / (wall - this.wall) : 0,
      powerProfile: simulator.policy.name,
      battery: {
        soc: simulator.supply.soc,
        volts: simulator.supply.voltage(),
        watts: railWatts.reduce((sum, value) => sum + value, 0),
        forecastHours: forecast(startSoc, simulator),
      },
      railWatts,
      cores: simulator.cores.map((core, index) => ({
        activity: core.activity,
        residency: [...spent[index]].map((value, activity) =>
          span > 0 ? (value - this.spent[index][activity]) / span : 0,
        ),
        wakes: core.state.exits.reduce((sum, value) => sum + value, 0),
      })),
      stages: simulator.state.counts.map((stage, index) => ({
        threshold: simulator.policy.thresholds[index],
        windowsIn: stage.windowsIn,
        windowsPassed: stage.windowsPassed,
        dropped: stage.dropped,
        stopRate: stage.negativesIn > 0 ? stage.negativesStopped / stage.negativesIn : null,
      })),
      sounds: this.soundsBegun(simulator.now),
      detections: {
        events: counts.events,
        truePositives: counts.truePositives,
        misses: counts.events - counts.truePositives,
        falseAccepts: counts.falseAccepts,
      },
      latency: this.latency.summary(),
    };
    this.time = simulator.now;
    this.wall = wall;
    this.railJoules = joules;
    this.spent = spent;
    return frame;
  }

  private soundsBegun(now: number): readonly SoundView[] {
    const { schedule, loaded } = this.engine;
    const { sampleRate } = loaded.stream;
    const index = (time: number) => firstFrom(schedule.events, Math.ceil((time / 1e9) * sampleRate));
    const end = index(now);
    return schedule.events.slice(Math.max(index(this.time), end - SOUNDS_PER_FRAME), end).map((event) => ({
      label: event.label,
      startSeconds: event.start / sampleRate,
      endSeconds: event.end / sampleRate,
    }));
  }
}

/** Hours to cutoff at the mean draw so far; null until charge was drawn, and where it is charged now and then. */
function forecast(startSoc: number, simulator: Simulator): number | null {
  if (isEverPlugged(simulator.plan.hours)) return null;
  const { battery, soc } = simulator.supply;
  // Of a cell that aged, as if all had been drawn from it as it is by now.
  const aged = battery === null ? 0 : battery.state.agedAway / battery.present.capacity;
  const drawn = startSoc / (battery?.state.capacityLeft ?? 1) - soc - aged;
  if (drawn <= 0 || simulator.now === 0) return null;
  return ((soc / drawn) * simulator.now) / 3.6e12;
}

/** Joules by rail, then what the regulators took. */
function railJoules(simulator: Simulator): readonly number[] {
  const { railInput, railOutput } = simulator.supply;
  const lost = railInput.reduce((sum, value, rail) => sum + value - railOutput[rail], 0);
  return [...railOutput, lost];
}

/** Nanoseconds by core and activity. */
export function activities(simulator: Simulator): readonly Float64Array[] {
  return simulator.plan.cores.map((core, index) => {
    const sums = new Float64Array(core.activities.length);
    simulator.ledger.spentBy(index, simulator.now).forEach((span, level) => {
      sums[core.levels[level]?.activity ?? sums.length - 1] += span;
    });
    return sums;
  });
}

/** Why an event was missed, in the words of reports. */
export const causeOf = (outcome: Extract<Outcome, { kind: 'miss' }>, stages: readonly string[]): MissCause =>
  outcome.ending === 'gate' ? `gate:${stages[outcome.stage]}` : outcome.ending;

/** Names what caused each outcome. */
export class DetectionViews {
  private readonly engine: RunEngine;
  private readonly stages: readonly string[];
  private count = 0;

  constructor(engine: RunEngine) {
    this.engine = engine;
    this.stages = engine.compiled.plan.stages.map(({ name }) => name);
  }

  view(outcome: Outcome): DetectionView {
    const scores = outcome.scores.map((score) => (Number.isNaN(score) ? null : score));
    const shared = { index: this.count++, simulatedSeconds: outcome.time / 1e9, scores };
    const { targets, schedule, loaded } = this.engine;
    const { recordings, stream } = loaded;
    switch (outcome.kind) {
      case 'true-positive': {
        const { clip, label } = targets[outcome.event];
        const verdict = { kind: 'true-positive', latencyMilliseconds: outcome.latency / 1e6 } as const;
        return { ...shared, verdict, clip: recordings[clip].path, label };
      }
      case 'miss': {
        const { clip, label } = targets[outcome.event];
        return {
          ...shared,
          verdict: { kind: 'miss', cause: causeOf(outcome, this.stages) },
          clip: recordings[clip].path,
          label,
        };
      }
      case 'false-accept': {
        const heard = soundingAt(schedule, (outcome.time / 1e9) * stream.sampleRate, 1.5 * stream.sampleRate);
        const clip = heard === null ? null : recordings[heard.clip].path;
        return { ...shared, verdict: { kind: 'false-accept' }, clip, label: heard?.label ?? null };
      }
    }
  }
}

/** The event that is at a sample, or ended within `after` samples before: the latest begun. */
function soundingAt(schedule: Schedule, sample: number, after: number) {
  const { events } = schedule;
  for (let index = firstFrom(events, sample) - 1; index >= 0 && index > firstFrom(events, sample) - 6; index--)
    if (events[index].end + after > sample) return events[index];
  return null;
}
