// The MLPerf Tiny benchmark, as far as a profile's figures come from it or are held against it.
// Networks are counted from the reference models (mlcommons/tiny, benchmark/training).

import type { FrontEndCost, ModelCost } from '../runs/compile/request.ts';
import type { LogMelSpec } from '../streams/front-end.ts';
import { frontEndOperations } from '../streams/log-mel-operations.ts';

export const networks = ['ad', 'kws', 'vww', 'ic'] as const;
export type Network = (typeof networks)[number];

/** Multiply-accumulates of one inference. */
export const NETWORK_MACS: Readonly<Record<Network, number>> = {
  ad: 264_192,
  kws: 2_656_768,
  vww: 7_489_664,
  ic: 12_501_632,
};

/** The streaming wake word's network: four depthwise-separable convolutions over 30 frames, three classes. */
export const WAKE_WORD: ModelCost = {
  name: 'streaming-wake-word',
  precision: 'int8',
  // What is neither is within the whole-network rates that profiles derive.
  macs: { conv: 786_432, depthwise: 39_840, dense: 96, other: 0 },
  layers: 9,
  parameters: 46_459,
  weightBytes: 74_520,
  activationBytes: 8_000,
  windowFrames: 30,
  takes: { kind: 'frames' },
};
export const WAKE_WORD_MACS = 826_368;

export const STREAM_SECONDS = 1200;

const FRONT_END: LogMelSpec = {
  kind: 'log-mel',
  sampleRate: 16_000,
  windowSamples: 1024,
  hopSamples: 512,
  bands: 40,
  lowHertz: 0,
  highHertz: 8000,
  floorDecibels: -100,
  ceilingDecibels: 0,
};

/** Double-precision operations of one log10: fdlibm's e_log10.c and e_log.c, conversions included. */
const PER_LOGARITHM = 35;

/**
 * Operations of the reference firmware's front end on one window (mlcommons/tiny, th_compute_lfbe_f32 and what is around it). Its literals
 * without `f` and its log10 make it compute 1024 conversions, 40 logarithms and their limits in double precision.
 */
export const FRONT_END_OPERATIONS = (() => {
  const { windowSamples: window, hopSamples: hop, bands } = FRONT_END;
  const counted = frontEndOperations(FRONT_END);
  const bins = window / 2 + 1;
  const frames = WAKE_WORD.windowFrames;
  // Beyond our own front end: pre-emphasis (scale, subtract), magnitude (a square root is worth four), its square, scale, and offset.
  const passes = 2 * window + 4 * bins + 2 * bins + 2 * bands;
  // Windows and features are shifted and copied value by value.
  const moves = window + 3 * frames * bands;
  return {
    single: counted.macs + counted.additions + passes + moves,
    // Per sample: to double, scale, back to single. Per band: the logarithm, and three comparisons.
    double: 3 * window + bands * (PER_LOGARITHM + 3),
    hop,
    tableBytes: counted.tableBytes,
  };
})();

/** Operations of a complex Fourier transform of 512 points, the part of the front end whose cycles somebody has measured. */
export const FOURIER_512_OPERATIONS = 14_340;

export const FRONT_END_COST: FrontEndCost = {
  operationsPerFrame: FRONT_END_OPERATIONS.single + FRONT_END_OPERATIONS.double,
  bytesPerFrame: FRONT_END.bands,
  workBytes: FRONT_END_OPERATIONS.tableBytes + 2 * 4 * FRONT_END.windowSamples,
  hopSeconds: FRONT_END.hopSamples / FRONT_END.sampleRate,
};
