// A report that a person reads in one screen.

import { lasting, percent, span } from '../format.ts';
import { confidences } from '../runs/files/schema.ts';
import type { BaselineReport, Interval, RunReport, UncertaintyReport } from '../runs/report/report.ts';

export function printReport(report: RunReport): string {
  const { battery, detections, energy, latencyMilliseconds: latency } = report;
  const average = battery.averageMilliwatts;
  const lines = [
    `${report.scenario} on ${report.device}, ${report.powerProfile}, seed ${report.seed}: ${span(report.simulatedSeconds)} in ${report.wallSeconds.toFixed(1)} s (${Math.round(report.simulatedSeconds / report.wallSeconds)}x)`,
    '',
    `Battery   lasts ${lasting(battery.lifeHours)}${battery.lifeExtrapolated ? ' (extrapolated)' : ''} from ${percent(battery.startSoc)}; now ${percent(battery.endSoc)}; ${average.toFixed(2)} mW, ${energy.totalJoules.toFixed(1)} J`,
    ...(battery.mainsJoules === 0
      ? []
      : [
          `Charged   ${battery.chargedJoules.toFixed(1)} J into the cell, ${battery.mainsJoules.toFixed(1)} J from the mains`,
        ]),
    `Drained   ${Object.entries(energy.byComponent)
      .filter(([, joules]) => joules > 0.003 * energy.totalJoules)
      .sort(([, a], [, b]) => b - a)
      .map(([name, joules]) => `${name} ${percent(joules / energy.totalJoules)}`)
      .join(' · ')}`,
    `Rests on  ${confidences
      .filter((confidence) => energy.byConfidence[confidence] > 0)
      .map((confidence) => `${percent(energy.byConfidence[confidence] / energy.totalJoules)} ${confidence}`)
      .join(' · ')} figures`,
    ...(report.uncertainty === null ? [] : uncertaintyLines(report.uncertainty)),
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
    `Found     ${detections.truePositives} of ${detections.events}; missed ${percent(detections.missRate)} (95 %: ${interval(detections.missRateInterval, percent)})${causes(report)}`,
    `          ${detections.falseAccepts} false accept${detections.falseAccepts === 1 ? '' : 's'}, ${detections.falseAcceptsPerHour.toFixed(2)}/h (95 %: ${interval(detections.falseAcceptsPerHourInterval, (value) => value.toFixed(2))})`,
    `Latency   p50 ${ms(latency.p50)} · p95 ${ms(latency.p95)} · p99 ${ms(latency.p99)}: ${latency.parts
      .filter((part) => Math.abs(part.meanMilliseconds) >= 0.05)
      .map(
        (part) =>
          `${part.stage === null ? part.part : `${part.stage} ${part.part}`} ${part.meanMilliseconds.toFixed(1)}`,
      )
      .join(' + ')} ms`,
  ];
  if (report.baseline !== null) lines.push('', ...baselineLines(report.baseline));
  lines.push('', costLine(report.cost));
  return `${lines.join('\n')}\n`;
}

/** How sure life and power are, and because of what. */
export function uncertaintyLines(report: UncertaintyReport): readonly string[] {
  const { samples, ranged, assumed, left, lifeHours, averageMilliwatts, causes } = report;
  const life = (hours: number) => span(hours * 3600);
  const power = (milliwatts: number) => milliwatts.toPrecision(4);
  const within = lifeHours === null ? 'for ever' : interval(lifeHours, life);
  return [
    `Sure to   ${within}; ${interval(averageMilliwatts, power)} mW (95 % of ${samples} devices; ${ranged} figures within their ranges, ${assumed} estimates within 30 %)`,
    ...causes.map(({ path, value, lowShare, highShare, lifeHours, averageMilliwatts, share }) => {
      const [low, high] = lifeHours === null ? averageMilliwatts.map((one) => `${power(one)} mW`) : lifeHours.map(life);
      return `          ${percent(share)} from ${path}, ${value}: ${low} at ${percent(lowShare)} of it, ${high} at ${percent(highShare)}`;
    }),
    ...left.map(
      (path) => `          ${path} was left at its value: at an end of its range the device could not run this`,
    ),
  ];
}

/** What the simulation itself took. */
function costLine({ coreSeconds, inferenceThreads, peakMegabytes }: RunReport['cost']): string {
  const { process, models, ...parts } = coreSeconds;
  const named = Object.entries({
    decode: parts.decode,
    mix: parts.mix,
    'front end': parts.frontEnd,
    ...models,
    device: parts.simulate,
    baseline: parts.baseline,
  });
  const share = named.map(([name, seconds]) => `${name} ${seconds.toFixed(2)}`).join(' · ');
  const threads = `${inferenceThreads} thread${inferenceThreads === 1 ? '' : 's'}`;
  return `Took      ${process.toFixed(1)} core-seconds, scoring on ${threads}: ${share}; at most ${Math.round(peakMegabytes)} MB`;
}

const causes = ({ detections }: RunReport): string => {
  const entries = Object.entries(detections.missesBy);
  return entries.length === 0 ? '' : `: ${entries.map(([cause, count]) => `${count} ${cause}`).join(', ')}`;
};

const interval = ([low, high]: Interval, show: (value: number) => string): string => `${show(low)} to ${show(high)}`;
const ms = (value: number | null): string => (value === null ? '–' : `${value.toFixed(0)} ms`);

function baselineLines(baseline: BaselineReport): readonly string[] {
  const { quality, context, bestSingleCore: best } = baseline;
  const rates = Object.entries(context.picojoulesPerMac).map(([core, energy]) => `${core} ${energy.toFixed(0)}`);
  const gains = (one: { readonly gainDevice: number; readonly gainCompute: number }) =>
    `gain ${one.gainDevice.toFixed(1)}x of the device, ${one.gainCompute.toFixed(1)}x of compute alone`;
  return [
    `Ungated   ${baseline.stage} on every window on ${baseline.core}: ${baseline.energyJoules.toFixed(0)} J, lasts ${lasting(baseline.lifeHours)}; ${gains(baseline)}`,
    `          at ${percent(context.positiveRate)} of the time positive, a floor of ${context.floorMilliwatts.toFixed(2)} mW, and pJ/MAC: ${rates.join(', ')}`,
    quality === null
      ? '          its quality is not matched: a model has no operating curve in its card'
      : `          by the curves of the cards: misses ${percent(quality.missRate)}, ${quality.falseAcceptsPerHour.toPrecision(3)} false/h at ${quality.threshold}; cascade at most ${percent(quality.cascade.missRate)}, ${quality.cascade.falseAcceptsPerHour.toPrecision(3)} false/h`,
    `          best alone on one core: ${best.stage} on ${best.core}, ${best.energyJoules.toFixed(0)} J, ${gains(best)}`,
    ...baseline.refused.map(
      ({ stage, core, reason }) =>
        `          not ${stage} on ${core}: ${reason.replace(/^stage \S+: /, '').replace(/;.*/s, '')}`,
    ),
  ];
}
