// Expected energy of a window, core by core, for compute alone: E = Σₖ P(reach k)·MACsₖ·eₖ + Σₖ P(reach k)·bytesₖ₋₁·e_byte, against everything on the
// application core. P(reach k + 1) = π·Π keptⱼ + (1 - π)·Π (1 - stoppedⱼ) over j ≤ k, each of those that reach j; π is the share of positives.
import type { Figures } from './measure.ts';

export interface EnergyFigures {
  /** Joules a MAC by core. */
  readonly perMac: Readonly<Record<string, number>>;
  /** Joules a byte from one core to another. */
  readonly perByte: (from: string, to: string) => number;
}

/** Share of windows that reach each part. */
export function reach(gates: Figures['gates'], positiveRate: number): readonly number[] {
  let positives = positiveRate;
  let negatives = 1 - positiveRate;
  return [
    1,
    ...gates.map(({ kept, stopped }) => {
      positives *= kept;
      negatives *= 1 - stopped;
      return positives + negatives;
    }),
  ];
}

/** Joules of a window. @param macs by part @param bytes by cut */
export function computeEnergy(
  macs: readonly number[],
  cores: readonly string[],
  { gates, bytes }: Pick<Figures, 'gates' | 'bytes'>,
  positiveRate: number,
  { perMac, perByte }: EnergyFigures,
): number {
  const reached = reach(gates, positiveRate);
  return macs.reduce((sum, own, part) => {
    const crosses = part > 0 && cores[part] !== cores[part - 1];
    const sent = crosses ? bytes[part - 1] * perByte(cores[part - 1], cores[part]) : 0;
    return sum + reached[part] * (own * perMac[cores[part]] + sent);
  }, 0);
}
