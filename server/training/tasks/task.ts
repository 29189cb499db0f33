// What a task of the gate lab is: real windows dealt out by whoever or whatever made them, and a network to put gates into.
import type { LayersModel } from '@tensorflow/tfjs';
import type { RandomState } from '../../random.ts';
import type { FrontEndSpec } from '../../streams/frames.ts';
import type { Place } from '../gated/insert.ts';
import type { Progress } from '../progress.ts';
import type { Tf } from '../tensorflow.ts';

export interface Examples {
  /** Windows of frames × bands, one after the other. */
  readonly windows: Float32Array;
  /** Of each window; 0 is negative. */
  readonly classes: Int32Array;
  /** Of each window: the speaker, subject, recording or picture it comes from. */
  readonly groups: readonly string[];
}

/** No group is in two of them. */
export interface Fold {
  readonly train: Examples;
  /** Chooses thresholds. */
  readonly validation: Examples;
  /** Is only measured on. */
  readonly test: Examples;
}

export const ARRANGEMENTS = ['none', 'early', 'late', 'two', 'three'] as const;
export type Arrangement = (typeof ARRANGEMENTS)[number];

export interface TaskSpec {
  readonly name: string;
  /** "walking": what is looked for. */
  readonly looksFor: string;
  /** One sentence on data and labels. */
  readonly about: string;
  readonly split: string;
  readonly data: string;
  /** For a card. */
  readonly training: string;
  readonly frontEnd: FrontEndSpec;
  readonly frames: number;
  /** Frames from one window to the next. */
  readonly step: number;
  /** 1: yes or no. */
  readonly classes: number;
  readonly networkWords: string;
  /** From input to output. */
  readonly places: { readonly early: Place; readonly middle: Place; readonly late: Place };
  /** `steps` of the network without gates, then `tuning` of each variant that begins with its weights. */
  readonly schedule: {
    readonly steps: number;
    readonly tuning: number;
    readonly batch: number;
    readonly learningRate: number;
  };
  /** Share of a variant's task loss that is what the network says from whose weights it begins, 0 to 1; the labels have the rest. */
  readonly taught: number;
  /** Whether its network is one of scenarios/models. */
  readonly ships: boolean;
  readonly device: TaskDevice;
  /** How long what is looked for lasts when it comes, in seconds: for the simulated day. */
  readonly spellSeconds: number;
  readonly load: (data: string, progress: Progress) => Promise<(seed: number) => Fold>;
  readonly network: (tf: Tf, seed: number) => LayersModel;
  /** Changes a training window in place. */
  readonly augment: (window: Float32Array, random: RandomState) => void;
}

/** A device profile that ships, and which of its cores run which parts. */
export interface TaskDevice {
  readonly profile: string;
  readonly powerProfile: string;
  /** Of the parts before the first gates, of those between, and of the last one: the same core where the device has no other. */
  readonly first: string;
  readonly middle: string;
  readonly last: string;
}

/** A DSP that hears, a microcontroller and an application core. */
export const POCKET_ASSISTANT: TaskDevice = {
  profile: 'pocket-assistant',
  powerProfile: 'balanced',
  first: 'dsp',
  middle: 'mcu',
  last: 'app',
};

/** Where each part runs. */
export function coresOf({ device: { first, middle, last } }: Pick<TaskSpec, 'device'>, arrangement: Arrangement) {
  switch (arrangement) {
    case 'none':
      return [last];
    case 'early':
    case 'late':
      return [first, last];
    case 'two':
      return [first, middle, last];
    case 'three':
      return [first, first, middle, last];
  }
}

export const placesOf = ({ places }: Pick<TaskSpec, 'places'>, arrangement: Arrangement): readonly Place[] => {
  const { early, middle, late } = places;
  switch (arrangement) {
    case 'none':
      return [];
    case 'early':
      return [early];
    case 'late':
      return [late];
    case 'two':
      return [early, late];
    case 'three':
      return [early, middle, late];
  }
};

/** The examples at these indices. */
export function pickExamples({ windows, classes, groups }: Examples, indices: readonly number[]): Examples {
  const size = classes.length === 0 ? 0 : windows.length / classes.length;
  const picked = new Float32Array(indices.length * size);
  for (const [to, from] of indices.entries()) picked.set(windows.subarray(from * size, (from + 1) * size), to * size);
  return {
    windows: picked,
    classes: Int32Array.from(indices, (index) => classes[index]),
    groups: indices.map((index) => groups[index]),
  };
}

export interface Example {
  readonly window: Float32Array;
  readonly label: number;
  readonly group: string;
}

export function joinExamples(examples: readonly Example[]): Examples {
  const size = examples[0]?.window.length ?? 0;
  const windows = new Float32Array(examples.length * size);
  for (const [at, { window }] of examples.entries()) windows.set(window, at * size);
  return {
    windows,
    classes: Int32Array.from(examples, ({ label }) => label),
    groups: examples.map(({ group }) => group),
  };
}

/**
 * One of `count` folds: the groups of one are the test, those of the next validate, the others train.
 * @param foldOf 0 … count - 1, the same for all windows of a group
 */
export function foldOut(examples: Examples, foldOf: (group: string) => number, fold: number, count: number): Fold {
  const places = examples.groups.map((group) => (foldOf(group) - fold + 2 * count) % count);
  const within = (wanted: (place: number) => boolean) =>
    pickExamples(
      examples,
      places.flatMap((place, index) => (wanted(place) ? [index] : [])),
    );
  return {
    test: within((place) => place === 0),
    validation: within((place) => place === 1),
    train: within((place) => place > 1),
  };
}
