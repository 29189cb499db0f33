// Why one placement draws more than another: by what draws it, on which rail, and for a core by what it does.

import type { Simulator } from '../../simulator/simulator.ts';
import { PARTS, type Parts, partsOf } from '../core-parts.ts';

/** Milliwatts of something, on average; all of a placement's add up to what its battery gives. */
export interface Draw {
  /** A core, a memory, a link, the sensor, …; `regulators` is what conversion costs. */
  readonly what: string;
  /** Of a core. */
  readonly part: keyof Parts | null;
  /** Null of the regulators. */
  readonly rail: string | null;
  readonly milliwatts: number;
}

/** One more or less. */
export interface Reason extends Omit<Draw, 'milliwatts'> {
  readonly before: number;
  readonly after: number;
}

export function drawsOf(simulator: Simulator): readonly Draw[] {
  const { ledger, now, plan, supply } = simulator;
  const milliwatts = (joules: number) => (joules / (now / 1e9)) * 1e3;
  const draws: Draw[] = ledger.entries.flatMap(({ name, rail }, entry): readonly Draw[] => {
    const at = { what: name, rail: plan.rails[rail].name };
    const core = plan.cores[entry - simulator.entries.cores];
    if (core === undefined) return [{ ...at, part: null, milliwatts: milliwatts(ledger.energyOf(entry, now)) }];
    const parts = partsOf(simulator, entry, core);
    return PARTS.map((part) => ({ ...at, part, milliwatts: milliwatts(parts[part]) }));
  });
  const lost = milliwatts(supply.at(now).delivered) - draws.reduce((sum, draw) => sum + draw.milliwatts, 0);
  return [...draws, { what: 'regulators', part: null, rail: null, milliwatts: lost }];
}

/** What makes up most of the difference, the largest first: as many as make up this share of all that changed, and three at most. */
export function reasonsFor(before: readonly Draw[], after: readonly Draw[], share = 0.8): readonly Reason[] {
  const key = ({ what, part }: Draw) => `${what} ${part}`;
  const known = new Map(before.map((draw) => [key(draw), draw.milliwatts]));
  const changes = after
    .map(({ milliwatts, ...of }) => ({ ...of, before: known.get(key({ ...of, milliwatts })) ?? 0, after: milliwatts }))
    .sort((a, b) => Math.abs(b.after - b.before) - Math.abs(a.after - a.before));
  const all = changes.reduce((sum, { before, after }) => sum + Math.abs(after - before), 0);
  const found: Reason[] = [];
  let told = 0;
  for (const change of changes.slice(0, 3)) {
    if (told >= share * all) break;
    found.push(change);
    told += Math.abs(change.after - change.before);
  }
  return found;
}
