// Runs with reports of few, round figures.
import type { AskedRun } from '../../../server/runs/compare/compare-runs.ts';
import type { RunReport } from '../../../server/runs/report/report.ts';
import { rateInterval, shareInterval } from '../../../server/runs/report/statistics.ts';
import type { DetectionView, InputView, RunDetails, Verdict } from '../../../server/runs/views.ts';

export interface Made {
  readonly id: string;
  readonly seed?: number;
  readonly hours?: number;
  readonly powerProfile?: string;
  readonly stage?: string;
  readonly threshold?: number;
  readonly startSoc?: number;
  readonly joules?: number;
  readonly lifeHours?: number | null;
  readonly eventsByLabel?: Readonly<Record<string, number>>;
  readonly inputs?: readonly InputView[];
  readonly detections?: readonly DetectionView[];
  /** As if so many had come before those that are kept. */
  readonly forgotten?: number;
}

export const detectionAt = (end: number, kind: Verdict['kind'], clip = 'word.flac', latency = 250): DetectionView => ({
  index: 0,
  simulatedSeconds: kind === 'true-positive' ? end + latency / 1e3 : kind === 'miss' ? end + 1 : end,
  verdict:
    kind === 'true-positive'
      ? { kind, latencyMilliseconds: latency }
      : kind === 'miss'
        ? { kind, cause: 'gate:keyword' }
        : { kind },
  clip,
  label: 'word',
  scores: [0.5],
});

export function madeRun(made: Made): AskedRun {
  const { id, seed = 7, hours = 1, powerProfile = 'balanced', detections = [], forgotten = 0 } = made;
  const seconds = hours * 3600;
  const joules = made.joules ?? 36;
  const counted = (kind: Verdict['kind']) => detections.filter(({ verdict }) => verdict.kind === kind).length;
  const [misses, truePositives, falseAccepts] = [counted('miss'), counted('true-positive'), counted('false-accept')];
  const events = misses + truePositives;
  const report: RunReport = {
    scenario: 'kitchen-day',
    device: 'pocket-assistant',
    powerProfile,
    seed,
    simulatedSeconds: seconds,
    wallSeconds: 1,
    energy: {
      totalJoules: joules,
      byRail: { core: joules, radio: 1 },
      byComponent: { dsp: joules },
      byConfidence: { measured: joules, datasheet: 0, derived: 0, estimated: 0 },
    },
    battery: {
      startSoc: made.startSoc ?? 1,
      endSoc: 0.9,
      lifeHours: made.lifeHours === undefined ? 100 : made.lifeHours,
      lifeExtrapolated: false,
      chargedJoules: 0,
      mainsJoules: 0,
      averageMilliwatts: (joules / seconds) * 1e3,
    },
    cores: [
      {
        name: 'dsp',
        kind: 'dsp',
        averageMilliwatts: (joules / seconds) * 1e3,
        residency: { active: 1, idle: 0 },
        joules: { active: joules, idle: 0 },
        operatingPoint: '30MHz',
        wakes: 1,
      },
    ],
    stages: [
      {
        name: made.stage ?? 'keyword',
        core: 'dsp',
        macs: 1000,
        parameters: 10,
        weightBytes: 10,
        threshold: made.threshold ?? 0.6,
        windowsIn: 100,
        windowsPassed: 10,
        dropped: 0,
        reach: 1,
        stopRate: 0.9,
        millijoulesPerInference: 0.1,
      },
    ],
    detections: {
      events,
      truePositives,
      misses,
      missesBy: {},
      falseAccepts,
      missRate: events === 0 ? 0 : misses / events,
      missRateInterval: shareInterval(misses, events),
      falseAcceptsPerHour: falseAccepts / hours,
      falseAcceptsPerHourInterval: rateInterval(falseAccepts, hours),
    },
    latencyMilliseconds: { p50: null, p95: null, p99: null, parts: [] },
    stream: { windows: 100, tenDecibelsAboveFloor: 0, eventsByLabel: made.eventsByLabel ?? {} },
    inputs: made.inputs ?? [],
    baseline: null,
    uncertainty: null,
    conservation: 0,
    warnings: [],
    engine: { version: '1.0.0' },
    cost: {
      node: 'v20',
      inferenceThreads: 1,
      coreSeconds: { decode: 0, mix: 0, frontEnd: 0, models: {}, simulate: 0, baseline: 0, process: 0 },
      peakMegabytes: 1,
    },
  };
  return {
    kind: 'known',
    run: detailsOf({ id, seed, hours, powerProfile, report }),
    detections,
    detectionsTotal: detections.length + forgotten,
  };
}

const detailsOf = (given: {
  readonly id: string;
  readonly seed: number;
  readonly hours: number;
  readonly powerProfile: string;
  readonly report: RunReport | null;
}): RunDetails => ({
  id: given.id,
  scenario: 'kitchen-day',
  title: 'A day in the kitchen',
  device: 'pocket-assistant',
  powerProfile: given.powerProfile,
  seed: given.seed,
  durationSeconds: given.hours * 3600,
  speed: 'max',
  state: given.report === null ? 'running' : 'finished',
  simulatedSeconds: given.report === null ? 0 : given.hours * 3600,
  createdAt: '2026-01-01T00:00:00.000Z',
  problem: null,
  inputs: [],
  report: given.report,
});

export const underWay = (id: string): Extract<AskedRun, { kind: 'known' }> => ({
  kind: 'known',
  run: detailsOf({ id, seed: 7, hours: 1, powerProfile: 'balanced', report: null }),
  detections: [],
  detectionsTotal: 0,
});
