// A comparison that a person reads in one screen.

import type { CompareReport } from '../runs/compare/compare.ts';
import type { PhaseDifference } from '../traces/compare-traces.ts';
import type { FittedFigure } from '../traces/fit.ts';

/** Figures and groups that would change the mean power by less than this share are not listed. */
const WORTH_LISTING = 1e-3;

export function printComparison(report: CompareReport): string {
  const { trace, comparison } = report;
  const { alignment, phases, fit, run, measured, proposed } = comparison;
  const grouped = new Set(fit.inseparable.flatMap(({ paths }) => paths));
  const listed = fit.figures
    .filter(({ path, worth, told }) => !grouped.has(path) && told >= 0.5 && Math.abs(worth) > WORTH_LISTING * measured)
    .sort((a, b) => Math.abs(b.worth) - Math.abs(a.worth));
  const silent = fit.figures.filter(({ path, told }) => !grouped.has(path) && told < 0.5);
  const place = report.rail === null ? "at the battery's terminals" : `on rail ${report.rail}`;
  const lines = [
    `${trace.path} (${trace.format}, ${trace.samples} samples in ${trace.seconds.toFixed(2)} s${trace.gaps > 0 ? `, ${trace.gaps} gaps` : ''}) beside ${report.scenario} on ${report.device}, ${report.powerProfile}, seed ${report.seed}, ${place}`,
    '',
    `Aligned   the trace begins ${seconds(alignment.offset)} into the run; the instrument's clock ${drift(alignment.drift)}; correlation ${alignment.correlation.toFixed(3)} over ${comparison.seconds.toFixed(1)} s in bins of ${(comparison.bins.width * 1e3).toPrecision(3)} ms`,
    `Overall   measured ${power(measured)}, run ${power(run)}: ${signedPercent(measured / run - 1)}; with the proposed figures ${power(proposed)}: ${signedPercent(measured / proposed - 1)}`,
    '',
    `${pad('Phases', 28)}${left('time', 10)}${left('measured', 12)}${left('run', 12)}${left('difference', 13)}${left('of energy', 11)}${left('proposed', 12)}`,
    ...phases.map((phase) => phaseLine(phase, measured * comparison.seconds)),
    '',
    ...(listed.length === 0
      ? ['Proposal  no figure of the profile needs to change by more than a thousandth of the mean power']
      : ['Proposal  what would explain it, largest effect first; 95 % intervals, without what the instrument is off']),
    ...listed.map(figureLine),
    ...fit.inseparable
      .filter(({ worth, within }) => Math.max(Math.abs(worth), within) > WORTH_LISTING * measured)
      .map(
        ({ paths, worth, within }) =>
          `          together ${signedPower(worth)} ± ${power(within)}, not to be told apart, because they always come together: ${paths.join(', ')}`,
      ),
    ...(silent.length === 0
      ? []
      : [`          of these the trace tells too little: ${silent.map(({ path }) => path).join(', ')}`]),
  ];
  return `${lines.join('\n')}\n`;
}

/** What `--json` prints: the comparison without its samples. */
export function comparisonObject({ comparison, ...rest }: CompareReport): object {
  const { bins, watts: _, fit, ...summary } = comparison;
  const { watts: __, ...proposal } = fit;
  return { ...rest, ...summary, binSeconds: bins.width, proposal };
}

function phaseLine(phase: PhaseDifference, total: number): string {
  const name = phase.component === null ? 'sleep' : `${phase.kind} ${phase.component}`;
  return `  ${pad(name, 26)}${left(seconds(phase.seconds), 10)}${left(power(phase.measured), 12)}${left(power(phase.run), 12)}${left(signedPercent(phase.measured / phase.run - 1), 13)}${left(signedPercent(phase.difference / total), 11)}${left(power(phase.proposed), 12)}`;
}

function figureLine(figure: FittedFigure): string {
  const { path, present, proposed, within, unit, confidence, worth, told } = figure;
  const kept = Math.abs(proposed - present) < within ? '; the present value is within it' : '';
  return `          ${path}: ${quantity(present, unit)} → ${quantity(proposed, unit)} ± ${quantity(within, unit)} (${signedPercent(proposed / present - 1)}; now ${confidence}, ${Math.round(told * 100)} % told by the trace; ${signedPower(worth)} on average${kept})`;
}

const PREFIXES = [
  [1, ''],
  [1e-3, 'm'],
  [1e-6, 'u'],
  [1e-9, 'n'],
] as const;
function quantity(value: number, unit: string): string {
  const [scale, prefix] = PREFIXES.find(([size]) => Math.abs(value) >= size) ?? [1e-9, 'n'];
  return `${Number((value / scale).toPrecision(3))} ${prefix}${unit}`;
}
const power = (watts: number): string => quantity(watts, 'W');
const signed = (value: number, text: string): string => (value < 0 ? text : `+${text}`);
const signedPower = (watts: number): string => signed(watts, power(watts));
const signedPercent = (share: number): string => signed(share, `${(share * 100).toFixed(1)} %`);
const seconds = (value: number): string =>
  Math.abs(value) < 1 ? `${(value * 1e3).toFixed(1)} ms` : `${value.toFixed(3)} s`;
const drift = (share: number): string =>
  Math.abs(share) < 1e-7 ? 'agrees' : `is ${Math.abs(share * 1e6).toFixed(1)} ppm ${share > 0 ? 'slow' : 'fast'}`;
const pad = (text: string, width: number): string => text.padEnd(width);
const left = (text: string, width: number): string => text.padStart(width);
