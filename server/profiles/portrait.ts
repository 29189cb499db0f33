// A device as it can be looked at: what it is made of, what its states and operating points are worth, what its cell gives.

import { dischargeAll } from '../batteries/cell-file.ts';
import { compileBattery } from '../runs/compile/battery.ts';
import type { DeviceProfile } from '../runs/files/device-profile.ts';
import { checkProfile } from './check.ts';
import type { DevicePortrait } from './views.ts';

const finite = (seconds: number): number | null => (Number.isFinite(seconds) ? seconds : null);

export function portraitOf(device: DeviceProfile): DevicePortrait {
  const { states, points, warnings } = checkProfile(device);
  const { battery } = device;
  const plan = compileBattery(battery);
  return {
    parts: {
      sensors: device.sensors.map(({ name, kind, part, rail, interfaces, activity }) => ({
        name,
        kind,
        part,
        rail,
        cores: interfaces.map(({ core }) => core),
        gatesByItself: activity !== undefined,
      })),
      cores: device.cores.map(({ name, kind, part, rail, precision }) => ({ name, kind, part, rail, precision })),
      memories: device.memories.map(({ name, core, rail, size, nonVolatile }) => ({
        name,
        core: core ?? null,
        rail,
        size: size.text,
        nonVolatile,
      })),
      links: device.links.map(({ name, from, to, rail, bandwidth }) => ({
        name,
        from,
        to,
        rail,
        bandwidth: bandwidth.text,
      })),
      rails: device.rails.map(({ name, voltage, regulator }) => ({
        name,
        volts: voltage,
        regulator: regulator?.part ?? null,
      })),
      actuators: device.actuators.map(({ name, part, rail }) => ({ name, part, rail })),
      battery: { part: battery.part, capacity: battery.capacity.text, charger: battery.charger?.part ?? null },
    },
    states: states.map(({ breakEvenSeconds, ...state }) => ({
      ...state,
      breakEvenSeconds: { shallowest: finite(breakEvenSeconds.shallowest), before: finite(breakEvenSeconds.before) },
    })),
    points,
    warnings,
    battery: {
      model: battery.model,
      cutoffVolts: plan.cutoff,
      capacityMilliampereHours: plan.capacity / 3.6,
      curves: dischargeAll({ name: '', profile: battery, plan }).map(({ name, isCold, curve, coulombs, joules }) => ({
        name,
        isCold,
        milliampereHours: coulombs / 3.6,
        wattHours: joules / 3600,
        shareOfCapacity: coulombs / plan.capacity,
        points: curve.map(([drawn, volts]) => [drawn / 3.6, volts] as const),
      })),
    },
  };
}
