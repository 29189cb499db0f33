// What a converter takes from the battery to deliver a load.

import { type Watts, watts } from '../units.ts';
import type { RegulatorPlan } from './plan.ts';

/** Input power for a load at the output: load / efficiency(load) + quiescent. Outside its points the efficiency stays that of the nearest. */
export function inputPower(regulator: RegulatorPlan, load: Watts): Watts {
  const points = regulator.efficiency;
  if (points.length === 0 || load === 0) return watts(load + regulator.quiescent);
  return watts(load / efficiencyAt(points, load) + regulator.quiescent);
}

function efficiencyAt(points: RegulatorPlan['efficiency'], load: number): number {
  if (load <= points[0].load) return points[0].ratio;
  const last = points.length - 1;
  if (load >= points[last].load) return points[last].ratio;
  let upper = 1;
  while (points[upper].load < load) upper++;
  const below = points[upper - 1];
  const above = points[upper];
  const share = Math.log(load / below.load) / Math.log(above.load / below.load);
  return below.ratio + share * (above.ratio - below.ratio);
}
