// What is to be compiled, and what comes of it.

import type { GatePlan } from '../../simulator/gate.ts';
import type { Plan } from '../../simulator/plan.ts';
import type { DeviceProfile } from '../files/device-profile.ts';
import type { Impossible, Places } from '../files/problem.ts';
import type { ByConfidence } from '../report/confidence.ts';
import type { Timetable } from '../timetable.ts';

/** What a model asks of the core that runs it; counted from its graph. */
export interface ModelCost {
  readonly name: string;
  readonly precision: 'int8' | 'float32';
  readonly macs: Readonly<Record<'conv' | 'depthwise' | 'dense' | 'other', number>>;
  readonly layers: number;
  readonly parameters: number;
  readonly weightBytes: number;
  readonly activationBytes: number;
  readonly windowFrames: number;
  /** Frames of the front end, or what an earlier part of the same network sends: bytes of a window. */
  readonly takes: { readonly kind: 'frames' } | { readonly kind: 'activations'; readonly bytesPerWindow: number };
}

/** A stage as it is to be simulated. */
export interface PlacedStage {
  readonly name: string;
  /** Which of the scenario's cascade it is, counted from 0. */
  readonly number: number;
  /** Of what it runs: where an earlier part of its network is left out, that too. */
  readonly model: ModelCost;
  readonly core: string;
  readonly thresholds: { readonly normal: number; readonly strict: number };
  readonly holdSeconds: number;
  /** Left out, each score opens the gate or not by itself. */
  readonly gate?: GatePlan;
}

/** The front end that all stages share: it runs where the first stage does. */
export interface FrontEndCost {
  readonly operationsPerFrame: number;
  readonly bytesPerFrame: number;
  readonly workBytes: number;
  readonly hopSeconds: number;
}

export interface CompileRequest {
  readonly device: DeviceProfile;
  /** For messages: places in the files of the scenario and the device. */
  readonly at: { readonly scenario: Places; readonly device: Places };
  readonly stages: readonly PlacedStage[];
  readonly frontEnd: FrontEndCost;
  readonly powerProfile: string;
  /** Power profiles that somebody may choose while it runs, beside those that its rules lead to. */
  readonly choosable?: readonly string[];
  /** Left out or null: every hour is like the other. */
  readonly timetable?: Timetable | null;
  readonly supply: { readonly kind: 'battery'; readonly startSoc: number } | { readonly kind: 'ideal' };
}

export interface Compiled {
  readonly plan: Plan;
  /** Joules of one inference by stage at the starting profile's operating point, its front end included for the first. */
  readonly joulesPerInference: readonly number[];
  /** Share of its time by the least trusted of the figures it comes from. */
  readonly workByConfidence: readonly ByConfidence[];
  readonly picojoulesPerMac: Readonly<Record<string, number>>;
  readonly warnings: readonly string[];
}

/** @param place where in the files what is refused is written */
export type Refuse = (place: string, reason: string, what?: Pick<Impossible, 'subject' | 'short'>) => void;
