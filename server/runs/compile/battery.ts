// The cell of a device profile as the simulator is given it, aged where the profile says so.

import type { BatteryPlan, ChargerPlan } from '../../simulator/plan.ts';
import { amperes, coulombs, ohms, volts } from '../../units.ts';
import type { BatteryProfile } from '../files/battery.ts';

export function compileBattery(profile: BatteryProfile): BatteryPlan {
  const left = 1 - (profile.ageing?.capacityFade ?? 0);
  const grown = 1 + (profile.ageing?.resistanceGrowth ?? 0);
  const cell = {
    capacity: coulombs(profile.capacity.value * left),
    resistance: ohms(profile.resistance.value * grown),
    selfDischargePerSecond: profile.selfDischarge.value,
    cutoff: volts(profile.cutoff.value),
  };
  switch (profile.model) {
    case 'thevenin':
      return {
        kind: 'thevenin',
        ...cell,
        openCircuit: curve(profile.openCircuit.points),
        polarisation: {
          resistance: ohms(profile.polarisation.resistance.value * grown),
          timeConstantSeconds: profile.polarisation.timeConstant.value,
        },
      };
    case 'coulomb':
      return { kind: 'coulomb', ...cell, openCircuit: curve(profile.openCircuit.points) };
    case 'tremblay': {
      // The points were taken under a load, when the cell was new: what its resistance grew by shows there, and at rest it is as it was.
      const sag = (cell.resistance - profile.resistance.value) * profile.typicalCurrent.value;
      const point = ({ voltage, drawn }: (typeof profile)['nominal']) => ({
        volts: volts(voltage.value - sag),
        drawn: coulombs(drawn.value * left),
      });
      return {
        kind: 'tremblay',
        ...cell,
        full: volts(profile.full.value - sag),
        exponential: point(profile.exponential),
        nominal: point(profile.nominal),
        typicalCurrent: amperes(profile.typicalCurrent.value),
        responseSeconds: profile.response.value,
      };
    }
  }
}

const curve = (points: ReadonlyArray<{ readonly charge: number; readonly voltage: number }>) =>
  [...points]
    .sort((a, b) => a.charge - b.charge)
    .map(({ charge, voltage }) => ({ soc: charge, volts: volts(voltage) }));

export function compileCharger({ charger }: BatteryProfile): ChargerPlan | null {
  if (charger === undefined) return null;
  return {
    amperes: amperes(charger.current.value),
    volts: volts(charger.voltage.value),
    termination: amperes(charger.termination.value),
    efficiency: charger.efficiency.ratio,
  };
}

/** What a temperature does to a cell: its table, linear between points, flat beyond them. */
export function climateOf(
  profile: BatteryProfile,
  temperature: number | null,
): { readonly resistanceFactor: number; readonly lockedShare: number } {
  if (temperature === null || profile.temperature === undefined) return { resistanceFactor: 1, lockedShare: 0 };
  const points = [...profile.temperature.points].sort((a, b) => a.at - b.at);
  const above = points.findIndex(({ at }) => at >= temperature);
  const high = points[above < 0 ? points.length - 1 : above];
  const low = points[Math.max(0, above < 0 ? points.length - 1 : above - 1)];
  const share = high.at === low.at ? 0 : (temperature - low.at) / (high.at - low.at);
  const between = (from: number, to: number) => from + share * (to - from);
  return {
    resistanceFactor: between(low.resistance, high.resistance),
    lockedShare: 1 - between(low.capacity, high.capacity),
  };
}
