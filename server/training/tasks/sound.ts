// What the tasks on sound share: the network over log-mel frames, and changes of a window that a room or a microphone makes.
import { nextBetween, nextIndex, nextUniform, type RandomState } from '../../random.ts';
import { LOG_MEL } from '../../streams/front-end.ts';
import { randomResponse } from '../augment.ts';
import type { Look } from '../gated/insert.ts';
import { convolutionNetwork } from './networks.ts';
import { POCKET_ASSISTANT, type TaskSpec } from './task.ts';

const DECIBELS_PER_UNIT = (LOG_MEL.ceilingDecibels - LOG_MEL.floorDecibels) / 2;

/**
 * A network over time with the bands as channels, and places for its gates.
 * @param look of the gates before the last
 */
export const overTime = (
  frames: number,
  classes: number,
  look?: Look,
): Pick<TaskSpec, 'networkWords' | 'places' | 'network' | 'device'> => ({
  device: POCKET_ASSISTANT,
  networkWords: 'five convolutions over time, the first of frames four by four, 16 to 64 channels',
  places: {
    early: { after: 'a', hidden: 8, look },
    middle: { after: 'b', hidden: 8, look },
    late: { after: 'd', hidden: 8, compression: { kept: 12, merged: [3, 1] } },
  },
  network: (tf, seed) =>
    convolutionNetwork(
      tf,
      [frames, 1, LOG_MEL.bands],
      [
        { name: 'a', filters: 16, kernel: [4, 1], stride: [4, 1] },
        { name: 'b', filters: 48, kernel: [3, 1], stride: [1, 1] },
        { name: 'c', filters: 64, kernel: [5, 1], stride: [1, 1] },
        { name: 'd', filters: 64, kernel: [5, 1], stride: [1, 1] },
        { name: 'e', filters: 64, kernel: [3, 1], stride: [1, 1] },
      ],
      32,
      classes,
      seed,
    ),
});

/** Louder or softer, another microphone, and a stretch of time or frequency hidden (SpecAugment, arXiv 1904.08779). */
export function hearOtherwise(window: Float32Array, random: RandomState): void {
  const { bands } = LOG_MEL;
  const frames = window.length / bands;
  const gain = nextBetween(random, -8, 8) / DECIBELS_PER_UNIT;
  const response = randomResponse(bands, 6, DECIBELS_PER_UNIT, random);
  for (let at = 0; at < window.length; at++)
    window[at] = Math.max(-1, Math.min(1, window[at] + gain + response[at % bands]));
  if (nextUniform(random) < 0.5) return;
  const fill = nextBetween(random, -0.9, -0.3);
  const band = nextIndex(random, bands);
  const wide = nextIndex(random, 6);
  const frame = nextIndex(random, frames);
  const long = nextIndex(random, Math.ceil(frames / 8));
  for (let at = 0; at < window.length; at++) {
    const isBand = at % bands >= band && at % bands < band + wide;
    const time = Math.floor(at / bands);
    if (isBand || (time >= frame && time < frame + long)) window[at] = fill;
  }
}
