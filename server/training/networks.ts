// The three networks, as data: built in TensorFlow.js for training and written to ONNX from the same description.
import { LOG_MEL } from '../streams/front-end.ts';

/** Every layer but a pool is a convolution over [time, frequency], batch-normalised and rectified while `relu` is set. */
export type Layer =
  | {
      readonly kind: 'conv' | 'depthwise';
      readonly kernel: readonly [number, number];
      readonly stride: readonly [number, number];
      /** Output channels; of a depthwise layer the same as its input's. */
      readonly channels: number;
      readonly padding: 'valid' | 'same';
      readonly relu: boolean;
    }
  | { readonly kind: 'average'; readonly kernel: readonly [number, number] };

export interface Network {
  readonly name: NetworkName;
  /** Frames of the window. */
  readonly frames: number;
  readonly bands: number;
  /** Mel bands enter as channels of a one-dimensional convolution, or as the second axis of an image. */
  readonly bandsAs: 'channels' | 'image';
  /** The graph takes any number of frames from the window's on, and gives a score for every hop. */
  readonly streaming: boolean;
  /** The last one has one output channel, and leaves one value a window; its sigmoid is the score. */
  readonly layers: readonly Layer[];
}

export const NETWORK_NAMES = ['activity', 'keyword', 'verify'] as const;
export type NetworkName = (typeof NETWORK_NAMES)[number];

const conv = (
  kernel: readonly [number, number],
  channels: number,
  stride: readonly [number, number] = [1, 1],
  padding: 'valid' | 'same' = 'valid',
): Layer => ({ kind: 'conv', kernel, stride, channels, padding, relu: true });
const depthwise = (kernel: readonly [number, number], channels: number): Layer => ({
  kind: 'depthwise',
  kernel,
  stride: [1, 1],
  channels,
  padding: 'valid',
  relu: true,
});
const score = (kernel: readonly [number, number]): Layer => ({
  kind: 'conv',
  kernel,
  stride: [1, 1],
  channels: 1,
  padding: 'valid',
  relu: false,
});

export const NETWORKS: Readonly<Record<NetworkName, Network>> = {
  activity: {
    name: 'activity',
    frames: 24,
    bands: LOG_MEL.bands,
    bandsAs: 'channels',
    streaming: true,
    layers: [
      conv([3, 1], 12),
      depthwise([5, 1], 12),
      conv([1, 1], 16),
      { kind: 'average', kernel: [18, 1] },
      conv([1, 1], 16),
      score([1, 1]),
    ],
  },
  keyword: {
    name: 'keyword',
    frames: 50,
    bands: LOG_MEL.bands,
    bandsAs: 'channels',
    streaming: false,
    layers: [
      conv([4, 1], 40, [2, 1]), // 24
      conv([5, 1], 40), // 20
      conv([5, 1], 48, [2, 1]), // 8
      conv([4, 1], 56), // 5
      conv([5, 1], 32), // 1
      score([1, 1]),
    ],
  },
  verify: {
    name: 'verify',
    frames: 60,
    bands: LOG_MEL.bands,
    bandsAs: 'image',
    streaming: false,
    layers: [
      conv([3, 3], 24, [2, 2], 'same'), // 30 × 20
      conv([3, 3], 24, [1, 1], 'same'),
      conv([3, 3], 40, [2, 2], 'same'), // 15 × 10
      conv([3, 3], 48, [1, 1], 'same'),
      conv([3, 3], 72, [2, 2], 'same'), // 8 × 5
      conv([3, 3], 80, [1, 1], 'same'),
      conv([1, 5], 80), // 8 × 1
      conv([8, 1], 64), // 1 × 1
      score([1, 1]),
    ],
  },
};
