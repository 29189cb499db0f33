// What is not possible, each thing once: the reason where least is wanting, and the placements that want it.

import type { Impossible } from '../files/problem.ts';
import { placementName, type StageOnCore } from './variants.ts';

export interface Refused {
  readonly reason: string;
  readonly placements: readonly string[];
}

export class Refusals {
  private readonly known = new Map<
    string,
    { readonly reason: string; readonly short: number; readonly placements: string[] }
  >();

  add({ subject, reason, short }: Omit<Impossible, 'place'>, placement: string): void {
    const known = this.known.get(subject);
    const least = known !== undefined && known.short <= short ? known : { reason, short };
    this.known.set(subject, { ...least, placements: [...(known?.placements ?? []), placement] });
  }

  all(): readonly Refused[] {
    return [...this.known.values()].map(({ reason, placements }) => ({ reason, placements }));
  }
}

/** @param maxLatency in seconds @returns null: in time */
export function lateness(
  {
    stages,
    p95Milliseconds: p95,
  }: { readonly stages: readonly StageOnCore[]; readonly p95Milliseconds: number | null },
  maxLatency: number | undefined,
): Omit<Impossible, 'place'> | null {
  if (maxLatency === undefined || p95 === null || p95 <= maxLatency * 1e3) return null;
  const over = p95 - maxLatency * 1e3;
  const reason = `the latency: at best (${placementName(stages)}) 5 % of the detections come later than ${p95.toFixed(0)} ms, over the ${(maxLatency * 1e3).toFixed(0)} ms allowed by ${over.toFixed(0)} ms`;
  return { subject: 'latency', reason, short: over };
}
