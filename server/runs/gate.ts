// A gate as a scenario has it, as a stage is given it.

import { fromSeconds } from '../units.ts';
import type { PlacedStage } from './compile/request.ts';
import type { StageSpec } from './files/scenario.ts';

type Gate = Pick<PlacedStage, 'thresholds' | 'holdSeconds' | 'gate'>;

/** @param own threshold of the model's card, which holds where the gate has none */
export function placedGate(spec: StageSpec['gate'], own: number): Gate {
  const { threshold = own, strict = threshold, hold, smooth, hysteresis, secondChance } = spec;
  const plain = { thresholds: { normal: threshold, strict }, holdSeconds: hold };
  if (smooth === 1 && hysteresis === 0 && secondChance === undefined) return plain;
  const chance =
    secondChance === undefined
      ? null
      : {
          within: secondChance.within,
          by: secondChance.by ?? secondChance.within,
          after: fromSeconds(secondChance.after),
          until: fromSeconds(secondChance.for),
        };
  return { ...plain, gate: { smooth, hysteresis, secondChance: chance } };
}
