// A report that a person reads in one screen.

import type { Interval, RunReport } from '../runs/report.ts';

export function printReport(report: RunReport): string {
  const { battery, detections, energy, latencyMilliseconds: latency } = report;
  const average = battery.averageMilliwatts;
  const lines = [
    `${report.scenario} on ${report.device}, ${report.powerProfile}, seed ${report.seed}: ${span(report.simulatedSeconds)} in ${report.wallSeconds.toFixed(1)} s (${Math.round(report.simulatedSeconds / report.wallSeconds)}x)`,
    '',
    `Battery   lasts ${span(battery.lifeHours * 3600)}${battery.lifeExtrapolated ? ' (extrapolated)' : ''} from ${percent(battery.startSoc)}; now ${percent(battery.endSoc)}; ${average.toFixed(2)} mW, ${energy.totalJoules.toFixed(1)} J`,
    `Drained   ${Object.entries(energy.byComponent)
      .filter(([, joules]) => joules > 0.003 * energy.totalJoules)
      .sort(([, a], [, b]) => b - a)
      .map(([name, joules]) => `${name} ${percent(joules / energy.totalJoules)}`)
      .join(' · ')}`,
    ...report.cores.map(
      (core, index) =>
        `${index === 0 ? 'Cores     ' : '          '}${core.name.padEnd(5)} ${core.averageMilliwatts.toFixed(3)} mW · ${Object.entries(
          core.residency,
        )
          .filter(([, share]) => share > 0)
          .map(([activity, share]) => `${activity} ${percent(share)}`)
          .join(' · ')} · ${core.wakes} wakes`,
    ),
    '',
    'Funnel    stage       core     MACs/window      windows in   passed     dropped   stops of negatives   mJ each',
    ...report.stages.map(
      (stage) =>
        `          ${stage.name.padEnd(11)} ${stage.core.padEnd(8)} ${String(stage.macs).padStart(11)} ${String(stage.windowsIn).padStart(15)} ${String(stage.windowsPassed).padStart(8)} ${String(stage.dropped).padStart(11)} ${percent(stage.stopRate).padStart(20)} ${stage.millijoulesPerInference.toPrecision(3).padStart(9)}`,
    ),
    '',
    `Heard     ${detections.truePositives} of ${detections.events}; missed ${percent(detections.missRate)} (95 %: ${interval(detections.missRateInterval, percent)})${causes(report)}`,
    `          ${detections.falseAccepts} false accepts, ${detections.falseAcceptsPerHour.toFixed(2)}/h (95 %: ${interval(detections.falseAcceptsPerHourInterval, (value) => value.toFixed(2))})`,
    `Latency   p50 ${ms(latency.p50)} · p95 ${ms(latency.p95)} · p99 ${ms(latency.p99)}: ${latency.parts
      .filter((part) => Math.abs(part.meanMilliseconds) >= 0.05)
      .map(
        (part) =>
          `${part.stage === null ? part.part : `${part.stage} ${part.part}`} ${part.meanMilliseconds.toFixed(1)}`,
      )
      .join(' + ')} ms`,
  ];
  const { baseline } = report;
  if (baseline !== null)
    lines.push(
      `Baseline  ${baseline.stage} on every window on ${baseline.core}: ${baseline.energyJoules.toFixed(0)} J, lasts ${span(baseline.lifeHours * 3600)}; gain ${baseline.gainDevice.toFixed(1)}x of the device, ${baseline.gainCompute.toFixed(1)}x of compute alone`,
      `          with ${percent(baseline.context.positiveRate)} of the time positive, a floor of ${baseline.context.floorMilliwatts.toFixed(2)} mW, ${Object.entries(
        baseline.context.picojoulesPerMac,
      )
        .map(([core, picojoules]) => `${core} ${picojoules.toFixed(0)} pJ/MAC`)
        .join(', ')}`,
      ...baseline.refused.map((refusal) => `          not on ${refusal.core}: ${refusal.reason.split('\n')[0]}`),
    );
  return `${lines.join('\n')}\n`;
}

const causes = ({ detections }: RunReport): string => {
  const entries = Object.entries(detections.missesBy);
  return entries.length === 0 ? '' : `: ${entries.map(([cause, count]) => `${count} ${cause}`).join(', ')}`;
};

const percent = (share: number): string => `${(share * 100).toPrecision(3)} %`;
const interval = ([low, high]: Interval, show: (value: number) => string): string => `${show(low)} to ${show(high)}`;
const ms = (value: number | null): string => (value === null ? '–' : `${value.toFixed(0)} ms`);

function span(seconds: number): string {
  if (seconds < 120) return `${seconds.toFixed(0)} s`;
  if (seconds < 7200) return `${(seconds / 60).toFixed(0)} min`;
  if (seconds < 172_800) return `${(seconds / 3600).toFixed(1)} h`;
  return `${(seconds / 86_400).toFixed(1)} d`;
}
