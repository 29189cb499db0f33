// A cell that has aged, from its profile to what it gives.

import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readCell } from '../../../server/batteries/cell-file.ts';
import { compileBattery } from '../../../server/runs/compile/battery.ts';
import type { BatteryProfile } from '../../../server/runs/files/battery.ts';
import { Battery } from '../../../server/simulator/battery.ts';
import { draw, loaded } from '../../simulator/cells.ts';

const file = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
const pouch = (await readCell(file('device-profiles/pocket-assistant.yaml'))).profile;
const panasonic = (await readCell(file('docs/batteries/cgr18650da.yaml'))).profile;

const provenance = { source: 'made up for a test', confidence: 'estimated' } as const;
const aged = (profile: BatteryProfile, capacityFade: number, resistanceGrowth: number): BatteryProfile => ({
  ...profile,
  ageing: { ...provenance, cycles: 500, capacityFade, resistanceGrowth },
});
const cellOf = (profile: BatteryProfile, soc = 1) => new Battery(compileBattery(profile), soc);

describe.each([
  ['thevenin', pouch],
  ['tremblay', panasonic],
])('an aged cell: %s', (_, profile) => {
  it('should have less charge by its fade, and no other voltage at rest', () => {
    const faded = compileBattery(aged(profile, 0.2, 0));
    expect(faded.capacity).toBeCloseTo(0.8 * profile.capacity.value, 6);
    for (const soc of [0.9, 0.5])
      expect(cellOf(aged(profile, 0.2, 0.5), soc).openCircuit()).toBeCloseTo(cellOf(profile, soc).openCircuit(), 1);
    const current = profile.capacity.value / 3600;
    const hours = (cell: Battery) => draw(cell, current, 7200, profile.cutoff.value) / 3600;
    const [fresh, old] = [hours(cellOf(profile)), hours(cellOf(aged(profile, 0.2, 0)))];
    expect(old / fresh).toBeGreaterThan(0.75);
    expect(old / fresh).toBeLessThan(0.81);
  });

  it('should sag further by what its resistance grew, and not rise at rest', () => {
    const old = aged(profile, 0, 0.5);
    const [new_, grown] = [cellOf(profile, 0.5), cellOf(old, 0.5)];
    expect(grown.openCircuit()).toBeCloseTo(new_.openCircuit(), 9);
    expect(loaded(new_, 1) - loaded(grown, 1)).toBeCloseTo(0.5 * profile.resistance.value, 9);
  });
});

it('should be a new cell where nothing faded and nothing grew', () => {
  for (const profile of [pouch, panasonic])
    expect(compileBattery(aged(profile, 0, 0))).toEqual(compileBattery(profile));
});
