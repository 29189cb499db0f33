// What each combination of loads (numbers of `Ledger.loads`) draws through the regulators: worked out once, the first time that it is asked for.

import { watts } from '../units.ts';
import type { Ledger } from './ledger.ts';
import type { RailPlan } from './plan.ts';
import { inputPower } from './regulator.ts';
import { wideList } from './wide-fields.ts';

export interface Draw {
  /** Watts by rail: at the regulator's output, and at its input. */
  readonly output: Float64Array;
  readonly input: Float64Array;
}

export class Draws {
  private readonly rails: readonly RailPlan[];
  private readonly ledger: Ledger;
  private readonly draws: Draw[] = [];
  /** The inputs of each together, where they are looked up fast. */
  private readonly powers = wideList();

  constructor(rails: readonly RailPlan[], ledger: Ledger) {
    this.rails = rails;
    this.ledger = ledger;
  }

  of(load: number): Draw {
    if (load >= this.draws.length) this.workOut(load);
    return this.draws[load];
  }

  /** Watts that all regulators draw. */
  powerOf(load: number): number {
    if (load >= this.powers.length) this.workOut(load);
    return this.powers[load];
  }

  /** Apart from where it is looked up: what its closures hold would be allocated at every look. */
  private workOut(upTo: number): void {
    const { draws, ledger, powers, rails } = this;
    while (draws.length <= upTo) {
      const levels = ledger.loads.levelsOf(draws.length);
      const output = Float64Array.from(rails, (_, rail) => ledger.railPower(rail, levels));
      const input = output.map((power, rail) => inputPower(rails[rail].regulator, watts(power)));
      draws.push({ output, input });
      powers.push(input.reduce((sum, power) => sum + power, 0));
    }
  }
}
