// Holds the accounts against each other.

import { joules } from '../units.ts';
import type { Simulator } from './simulator.ts';

/** Energy that the regulators drew, and how far the accounts differ. */
export interface Balance {
  readonly delivered: number;
  /** Σ components against Σ regulator outputs; regulator inputs against battery and charger; the cell's own balance. */
  readonly error: number;
}

/** Holds the ledger, the regulators and the battery against each other: three accounts that are kept apart. */
export function balance(simulator: Simulator): Balance {
  const { ledger, plan, now } = simulator;
  const supply = simulator.supply.at(now);
  const { railOutput, railInput } = supply;
  let ledgerJoules = 0;
  let outputJoules = 0;
  let inputJoules = 0;
  for (let rail = 0; rail < plan.rails.length; rail++) {
    ledgerJoules += ledger.railEnergy(rail, now);
    outputJoules += railOutput[rail];
    inputJoules += railInput[rail];
  }
  const delivered = joules(supply.delivered);
  const { charged, fromCharger } = supply.state;
  // Regulators and the cell take what battery and charger give.
  const given = fromCharger + charged + (supply.battery?.state.delivered ?? delivered);
  const relative = (a: number, b: number) => (a === b ? 0 : Math.abs(a - b) / Math.max(Math.abs(a), Math.abs(b)));
  return {
    delivered,
    error: Math.max(
      relative(ledgerJoules, outputJoules),
      relative(inputJoules + charged, given),
      Math.abs(supply.battery?.imbalance() ?? 0),
    ),
  };
}
