// What a sensor's stream becomes before a model takes it: frames, one a hop. Which sense it is matters here, and nowhere behind.

import { assertNever } from '../assert-never.ts';
import type { LogMelSpec } from './front-end.ts';
import { frontEndOperations } from './log-mel-operations.ts';

/** A hop of samples as they come, sample after sample: acceleration in m/s², then rotation in rad/s; each is (value - offset) · factor. */
export interface MotionSpec {
  readonly kind: 'motion';
  readonly sampleRate: number;
  readonly channels: 3 | 6;
  readonly hopSamples: number;
  readonly scale: ReadonlyArray<{ readonly offset: number; readonly factor: number }>;
}

/** A picture, row after row; each value is (value - mean) · scale, where white is 1. */
export interface PictureSpec {
  readonly kind: 'picture';
  readonly framesPerSecond: number;
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly mean: readonly number[];
  readonly scale: readonly number[];
}

export type FrontEndSpec = LogMelSpec | MotionSpec | PictureSpec;

/** Samples a second of the stream, by which its schedule counts; of a camera, pictures. */
export const rateOf = (spec: FrontEndSpec): number =>
  spec.kind === 'picture' ? spec.framesPerSecond : spec.sampleRate;

export const hopSamplesOf = (spec: FrontEndSpec): number => (spec.kind === 'picture' ? 1 : spec.hopSamples);

/** Values of a frame. */
export function featuresOf(spec: FrontEndSpec): number {
  switch (spec.kind) {
    case 'log-mel':
      return spec.bands;
    case 'motion':
      return spec.hopSamples * spec.channels;
    case 'picture':
      return spec.width * spec.height * spec.channels;
    default:
      return assertNever(spec);
  }
}

/** A logarithm by table and polynomial on a core without one. */
const OPERATIONS_PER_LOGARITHM = 40;

/** What making a frame asks of a core: operations, and bytes beside the frame itself. Scaling is two operations a value. */
export function frontEndWork(spec: FrontEndSpec): { readonly operations: number; readonly bytes: number } {
  if (spec.kind !== 'log-mel') return { operations: 2 * featuresOf(spec), bytes: 0 };
  const { macs, additions, logs, tableBytes, workBytes } = frontEndOperations(spec);
  return { operations: macs + additions + OPERATIONS_PER_LOGARITHM * logs, bytes: tableBytes + workBytes };
}
