// One run as the server keeps it: what was asked for, where it stands, and all that it has told so far, in bounded memory.

import type { LoggedInput } from '../acts/act.ts';
import type { MeasuredRun } from '../catalog/pace.ts';
import type { RunRequest } from '../process/messages.ts';
import type {
  DetectionView,
  Frame,
  RunDetails,
  RunLayout,
  RunSnapshot,
  RunView,
  ScenarioView,
  SoundView,
  Speed,
} from '../views.ts';
import { type Phase, reportOf } from './lifecycle.ts';
import { SeriesRecorder } from './series.ts';
import { Stopwatch } from './stopwatch.ts';

/** Detections kept of a run: the latest. */
export const DETECTIONS_KEPT = 5000;
/** A day of about two a minute. */
const SOUNDS_KEPT = 3000;

export class Run {
  readonly id: string;
  readonly request: RunRequest;
  readonly #scenario: ScenarioView;
  readonly #createdAt: string;
  /** As it is now: it may be changed on the way. */
  speed: Speed;
  #phase: Phase = { kind: 'queued' };
  readonly #stopwatch = new Stopwatch();
  #layout: RunLayout | null = null;
  #series: SeriesRecorder | null = null;
  #frame: Frame | null = null;
  #sequence = 0;
  #detections: DetectionView[] = [];
  #detectionsTotal = 0;
  #sounds: SoundView[] = [];
  #log: readonly LoggedInput[] = [];

  constructor(id: string, scenario: ScenarioView, request: RunRequest, createdAt: Date) {
    this.id = id;
    this.request = request;
    this.speed = request.speed;
    this.#scenario = scenario;
    this.#createdAt = createdAt.toISOString();
  }

  get phase(): Phase {
    return this.#phase;
  }

  set phase(phase: Phase) {
    this.#phase = phase;
    this.#stopwatch.see(phase.kind);
  }

  /** How fast it was, for a run that went through at full speed; null for all others. */
  measured(): MeasuredRun | null {
    const laps = this.#stopwatch.laps();
    const report = reportOf(this.#phase);
    if (laps === null || report === null || this.request.speed !== 'max' || this.#phase.kind !== 'finished')
      return null;
    return { id: this.id, scenario: this.#scenario.name, simulatedSeconds: report.simulatedSeconds, ...laps };
  }

  set layout(layout: RunLayout) {
    this.#layout = layout;
    this.#series = new SeriesRecorder(layout);
  }

  /** Takes a frame in and says which one it is, counted from 1. */
  addFrame(frame: Frame): number {
    this.#frame = frame;
    this.#series?.add(frame);
    this.#sounds.push(...frame.sounds);
    if (this.#sounds.length > 2 * SOUNDS_KEPT) this.#sounds = this.#sounds.slice(-SOUNDS_KEPT);
    return ++this.#sequence;
  }

  addDetections(detections: readonly DetectionView[]): void {
    for (const detection of detections) this.#detections.push(detection);
    this.#detectionsTotal += detections.length;
    // Thrown away in batches, so that adding one costs no copy of all.
    if (this.#detections.length > 2 * DETECTIONS_KEPT) this.#detections = this.#detections.slice(-DETECTIONS_KEPT);
  }

  /** What was done to it, recordings included. */
  get log(): readonly LoggedInput[] {
    return this.#log;
  }

  addInput(input: LoggedInput): void {
    this.#log = [...this.#log, input];
  }

  view(): RunView {
    return {
      id: this.id,
      scenario: this.#scenario.name,
      title: this.#scenario.title,
      device: this.#scenario.device,
      powerProfile: this.#frame?.powerProfile ?? this.request.powerProfile ?? this.#scenario.powerProfile,
      seed: this.request.seed ?? this.#scenario.seed,
      durationSeconds: this.request.durationSeconds ?? this.#scenario.durationSeconds,
      speed: this.speed,
      state: this.phase.kind,
      simulatedSeconds: reportOf(this.phase)?.simulatedSeconds ?? this.#frame?.simulatedSeconds ?? 0,
      createdAt: this.#createdAt,
      problem: this.phase.kind === 'failed' ? this.phase.problem : null,
    };
  }

  details(): RunDetails {
    return { ...this.view(), inputs: this.#log.map(({ view }) => view), report: reportOf(this.phase) };
  }

  snapshot(): RunSnapshot {
    return {
      run: this.details(),
      layout: this.#layout,
      series: this.#series?.snapshot() ?? null,
      frame: this.#frame,
      sequence: this.#sequence,
      detections: this.#detections.slice(-DETECTIONS_KEPT),
      detectionsTotal: this.#detectionsTotal,
      sounds: this.#sounds.slice(-SOUNDS_KEPT),
      marks: this.#log.map(({ view }) => view),
    };
  }
}
