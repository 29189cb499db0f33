// A cell as a device profile has it, or a file with nothing but a `battery`.

import { basename } from 'node:path';
import { z } from 'zod';
import { climateOf, compileBattery } from '../runs/compile/battery.ts';
import { type BatteryProfile, batterySchema } from '../runs/files/battery.ts';
import { readYaml } from '../runs/files/yaml.ts';
import type { BatteryPlan } from '../simulator/plan.ts';
import { type Discharge, discharge, pulses } from './discharge.ts';
import { drawChart } from './picture.ts';

const file = z.looseObject({ battery: batterySchema });

export interface CellFile {
  readonly name: string;
  readonly profile: BatteryProfile;
  readonly plan: BatteryPlan;
}

/** @throws {InputProblem} */
export async function readCell(path: string): Promise<CellFile> {
  const { battery } = (await readYaml(path, file)).value;
  return { name: basename(path).replace(/\.ya?ml$/, ''), profile: battery, plan: compileBattery(battery) };
}

/** Multiples of the current that empties the cell in an hour, and one of them in the cold where the profile says what that does. */
const RATES = [0.2, 1, 2];
const COLD = 0;
const PULSES = { on: 30, off: 60, count: 4 };

export interface RateResult extends Discharge {
  readonly name: string;
  readonly isCold: boolean;
}

export function dischargeAll({ plan, profile }: CellFile): readonly RateResult[] {
  const at = (rate: number, temperature: number | null): RateResult => ({
    name: temperature === null ? `${rate} C` : `${rate} C at ${temperature} °C`,
    isCold: temperature !== null,
    ...discharge(plan, (rate * plan.capacity) / 3600, climateOf(profile, temperature)),
  });
  const cold = profile.temperature === undefined ? [] : [at(1, COLD)];
  return [...RATES.map((rate) => at(rate, null)), ...cold];
}

/** By name of file: discharge at several rates, with the published points where the model rests on some, and pulses with rest between. */
export function drawCell(cell: CellFile, results: readonly RateResult[]): Readonly<Record<string, string>> {
  const { name, plan, profile } = cell;
  const hours = (coulombs: number) => coulombs / 3.6;
  const current = plan.capacity / 3600;
  return {
    [`${name}-discharge.svg`]: drawChart({
      title: `${profile.part}, ${profile.model}: discharge down to ${plan.cutoff} V`,
      x: 'mAh drawn',
      y: 'V at the terminals',
      lines: results.map(({ name, curve, isCold }) => ({
        name,
        points: curve.map(([drawn, volts]) => [hours(drawn), volts] as const),
        dashed: isCold,
      })),
      dots:
        plan.kind === 'tremblay'
          ? [
              [0, plan.full],
              [hours(plan.exponential.drawn), plan.exponential.volts],
              [hours(plan.nominal.drawn), plan.nominal.volts],
            ]
          : [],
    }),
    [`${name}-pulses.svg`]: drawChart({
      title: `${profile.part}, ${profile.model}: ${PULSES.on} s at 1 C, ${PULSES.off} s of rest`,
      x: 's, from half charge',
      y: 'V at the terminals',
      lines: [{ name: profile.model, points: pulses(plan, current, PULSES) }],
    }),
  };
}
