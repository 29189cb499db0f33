// Sums a run up.

import { projectVersion } from '../../project.ts';
import { balance } from '../../simulator/balance.ts';
import type { Simulator } from '../../simulator/simulator.ts';
import { activities } from '../process/look.ts';
import type { SimulatedRun } from '../simulate/engine.ts';
import { hoursOf } from '../simulate/life.ts';
import { computeJoules, simulateBaseline } from './baseline.ts';
import { energyByConfidence } from './confidence.ts';
import type { RunReport } from './report.ts';
import { rateInterval, shareInterval } from './statistics.ts';
import type { Tally } from './tally.ts';

/** @param wallSeconds since the run was asked for */
export async function makeReport(engine: SimulatedRun, tally: Tally, wallSeconds: () => number): Promise<RunReport> {
  const { simulator, compiled, loaded } = engine;
  const { plan } = compiled;
  const device = loaded.device.value;
  const { ledger, supply, now } = simulator;
  const seconds = now / 1e9;
  const account = balance(simulator);
  const judged = simulator.judge.state;
  const misses = judged.events - judged.truePositives;
  const hours = seconds / 3600;
  const missRate = judged.events === 0 ? 0 : misses / judged.events;
  const { railInput, railOutput } = supply;
  const lost = railInput.reduce((sum, value, rail) => sum + value - railOutput[rail], 0);
  const windows = Math.floor(now / plan.hop);
  const spent = activities(simulator);
  const drawn = joulesByActivity(simulator);
  const life = engine.day.life(engine.startSoc);
  const chargerEfficiency = (plan.supply.kind === 'battery' ? plan.supply.charger?.efficiency : undefined) ?? 1;
  const labels = new Map<string, number>();
  for (const { label } of engine.schedule.events) labels.set(label, (labels.get(label) ?? 0) + 1);
  const baseline = engine.request.baseline
    ? await engine.coreSeconds.timeAsync('baseline', () =>
        simulateBaseline(engine, account.delivered, computeJoules(compiled, simulator)),
      )
    : null;
  return {
    scenario: loaded.path.replace(/^.*[\\/]/, '').replace(/\.ya?ml$/, ''),
    device: loaded.scenario.value.device,
    powerProfile: engine.powerProfile,
    seed: engine.seed,
    simulatedSeconds: seconds,
    wallSeconds: wallSeconds(),
    energy: {
      totalJoules: account.delivered,
      byRail: {
        ...Object.fromEntries(plan.rails.map((rail, index) => [rail.name, ledger.railEnergy(index, now)])),
        regulators: lost,
      },
      byComponent: {
        ...Object.fromEntries(ledger.entries.map((entry, index) => [entry.name, ledger.energyOf(index, now)])),
        regulators: lost,
      },
      byConfidence: energyByConfidence(device, compiled, simulator),
    },
    battery: {
      startSoc: engine.startSoc,
      endSoc: supply.soc,
      lifeHours: hoursOf(life),
      lifeExtrapolated: life.extrapolated,
      chargedJoules: supply.state.charged,
      mainsJoules: supply.state.fromCharger / chargerEfficiency,
      averageMilliwatts: seconds > 0 ? (account.delivered / seconds) * 1e3 : 0,
    },
    cores: plan.cores.map((core, index) => ({
      name: core.name,
      kind: device.cores[index].kind,
      averageMilliwatts: seconds > 0 ? (ledger.energyOf(index, now) / seconds) * 1e3 : 0,
      residency: Object.fromEntries(
        core.activities.map((activity, at) => [activity, now > 0 ? spent[index][at] / now : 0]),
      ),
      joules: Object.fromEntries(core.activities.map((activity, at) => [activity, drawn[index][at]])),
      operatingPoint: device.cores[index].operatingPoints[plan.policies[0].cores[index].operatingPoint].name,
      wakes: simulator.cores[index].state.exits.reduce((sum, value) => sum + value, 0),
    })),
    stages: plan.stages.map((stage, index) => {
      const counts = simulator.state.counts[index];
      const { cost } = loaded.models[index];
      return {
        name: stage.name,
        core: plan.cores[stage.core].name,
        macs: cost.totalMacs,
        parameters: cost.parameters,
        weightBytes: cost.weightBytes,
        threshold: simulator.policy.thresholds[index],
        windowsIn: counts.windowsIn,
        windowsPassed: counts.windowsPassed,
        dropped: counts.dropped,
        reach: windows > 0 ? counts.windowsIn / windows : 0,
        stopRate: counts.negativesIn > 0 ? counts.negativesStopped / counts.negativesIn : 0,
        millijoulesPerInference: compiled.joulesPerInference[index] * 1e3,
      };
    }),
    detections: {
      events: judged.events,
      truePositives: judged.truePositives,
      misses,
      missesBy: Object.fromEntries(tally.missesBy),
      falseAccepts: judged.falseAccepts,
      missRate,
      missRateInterval: shareInterval(misses, judged.events),
      falseAcceptsPerHour: hours > 0 ? judged.falseAccepts / hours : 0,
      falseAcceptsPerHourInterval: rateInterval(judged.falseAccepts, hours),
    },
    latencyMilliseconds: tally.latency.summary(),
    stream: {
      windows,
      tenDecibelsAboveFloor: windows > 0 ? engine.loudHops() / windows : 0,
      eventsByLabel: Object.fromEntries(labels),
    },
    inputs: engine.log.map(({ view }) => view),
    baseline: baseline !== null && 'reason' in baseline ? null : baseline,
    uncertainty: null,
    conservation: account.error,
    warnings: [
      ...compiled.warnings,
      ...(baseline !== null && 'reason' in baseline ? [`there is no ungated baseline: ${baseline.reason}`] : []),
    ],
    engine: { version: projectVersion() },
    cost: {
      node: process.version,
      inferenceThreads: engine.threads,
      coreSeconds: engine.coreSeconds.read(),
      peakMegabytes: process.resourceUsage().maxRSS / 1024,
    },
  };
}

/** By core and activity, at the core's rail. */
const joulesByActivity = ({ plan, ledger, now }: Simulator): ReadonlyArray<readonly number[]> =>
  plan.cores.map(({ activities, levels }, index) => {
    const sums = activities.map(() => 0);
    // The ledger has a level more than the core: off, which draws nothing.
    for (const [level, spent] of ledger.spentBy(index, now).subarray(0, levels.length).entries())
      sums[levels[level].activity] += (spent * levels[level].power) / 1e9;
    return sums;
  });
