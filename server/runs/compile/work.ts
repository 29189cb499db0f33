// How long a core takes for a window, part by part: overheads, then operations over throughput by class, or a published figure of the whole model.

import type { OperatingPoint, OperatorClass } from '../files/device-profile.ts';
import type { Confidence } from '../files/schema.ts';
import { type ByConfidence, leastTrusted } from '../report/confidence.ts';
import type { ModelCost } from './request.ts';

export interface WorkPart {
  readonly seconds: number;
  /** Of the figures that its energy comes from. */
  readonly confidence: Confidence;
}

const CLASSES: ReadonlyArray<Exclude<OperatorClass, 'frontEnd'>> = ['conv', 'depthwise', 'dense', 'other'];

/** @param extra operations of the front end, and of keeping the pre-roll, in a hop */
export function workParts(
  point: OperatingPoint,
  model: ModelCost,
  extra: { readonly frontEnd: number; readonly keeping: number },
): readonly WorkPart[] {
  const { activePower, throughput } = point;
  type Timed = { readonly value: number; readonly confidence: Confidence };
  const over = (operations: number, figure: Timed): WorkPart => ({
    seconds: operations / figure.value,
    confidence: leastTrusted(activePower, figure),
  });
  const times = (count: number, figure: Timed): WorkPart => ({
    seconds: count * figure.value,
    confidence: leastTrusted(activePower, figure),
  });
  const published = point.measured?.find((figure) => figure.model === model.name);
  return [
    over(extra.frontEnd, throughput.frontEnd),
    over(extra.keeping, throughput.other),
    ...(published === undefined
      ? [
          times(1, point.overheadPerInference),
          times(model.layers, point.overheadPerLayer),
          ...CLASSES.map((kind) => over(model.macs[kind], throughput[kind])),
        ]
      : [times(1, published.latency)]),
  ];
}

/** Of convolutions, at full throughput: overheads are not in it. */
export const joulesPerMac = ({ activePower, throughput }: OperatingPoint): number =>
  activePower.value / throughput.conv.value;

export const secondsOf = (parts: readonly WorkPart[]): number => parts.reduce((sum, { seconds }) => sum + seconds, 0);

/** Share of the time by confidence; sums to 1. */
export function shareByConfidence(parts: readonly WorkPart[]): ByConfidence {
  const total = secondsOf(parts);
  const shares: Record<Confidence, number> = { measured: 0, datasheet: 0, derived: 0, estimated: 0 };
  for (const { seconds, confidence } of parts) if (total > 0) shares[confidence] += seconds / total;
  return shares;
}
