// The frontier as a picture: what a miss less costs in power, dot by dot, coloured by how often it is wrong.

import { axis, COLOURS, shown } from '../../picture/axis.ts';
import { PLOT_STYLE, plot } from '../../picture/plot.ts';
import type { Advice } from './advise.ts';
import type { Trial } from './trial.ts';

const FRAME = { width: 760, height: 400, left: 60, right: 24, top: 76, bottom: 52 };

/** False accepts an hour, up to each of these in a colour of its own. */
const STEPS: ReadonlyArray<readonly [most: number, words: string, colour: string]> = [
  [0, 'no false accept', COLOURS[2]],
  [1, 'up to 1 an hour', COLOURS[0]],
  [5, 'up to 5', COLOURS[3]],
  [Number.POSITIVE_INFINITY, 'more', COLOURS[1]],
];

export function frontierPicture({ scenario, device, powerProfile, budget, frontier, choosing }: Advice): string {
  const { chosen, asIs } = choosing;
  const all = [...frontier, chosen, asIs];
  const across = axis([0, ...all.map(({ missRate }) => missRate.value * 100)]);
  const { x, y, grid } = plot(across, axis(all.map(({ milliwatts }) => milliwatts)), FRAME, ' %');
  const { width, height, left, right, top, bottom } = FRAME;
  const dot = (trial: Trial, radius: number) =>
    `<circle cx="${x(trial.missRate.value * 100)}" cy="${y(trial.milliwatts)}" r="${radius}" fill="${colourOf(trial)}"><title>${words(trial)}</title></circle>`;
  const ring = (trial: Trial, name: string, below: number) =>
    `${dot(trial, 5.5)}<circle class="ring" cx="${x(trial.missRate.value * 100)}" cy="${y(trial.milliwatts)}" r="9.5"/><text x="${Number(x(trial.missRate.value * 100)) + 14}" y="${Number(y(trial.milliwatts)) + below}">${name}</text>`;
  const most = budget.missRate * 100;
  const line =
    most <= across.high
      ? `<path class="budget" d="M${x(most)} ${top}V${height - bottom}"/><text class="axis" x="${x(most)}" y="${top - 6}" text-anchor="middle">budget ${shown(most)} %</text>`
      : '';
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" role="img" aria-label="power over misses of the frontier of thresholds">
<style>
${PLOT_STYLE}.ring{fill:none;stroke:#1b2733;stroke-width:1.5}.budget{stroke:#51606f;stroke-dasharray:5 4;fill:none}circle{stroke:#fff}
</style>
<rect width="${width}" height="${height}" fill="#fff"/>
<text class="title" x="${left}" y="22">${scenario} on ${device} (${powerProfile}): thresholds that nothing beats</text>
${STEPS.map(([, words, colour], at) => `<circle cx="${left + 6 + 160 * at}" cy="42" r="6" fill="${colour}"/><text x="${left + 18 + 160 * at}" y="47">${words}</text>`).join('\n')}
${grid}
${line}
<text class="axis" x="${width - right}" y="${height - 10}" text-anchor="end">mean power in mW over misses, on the recordings that choose</text>
${frontier.map((trial) => dot(trial, 5.5)).join('\n')}
${ring(asIs, 'as it is', -6)}
${ring(chosen, 'chosen', 16)}
</svg>
`;
}

const colourOf = ({ falseAcceptsPerHour: { value } }: Trial): string =>
  STEPS.find(([most]) => value <= most)?.[2] ?? COLOURS[1];

const words = ({ thresholds, missRate, falseAcceptsPerHour, milliwatts }: Trial): string =>
  `${thresholds.join(', ')}: ${(missRate.value * 100).toFixed(1)} % missed, ${falseAcceptsPerHour.value.toFixed(2)} false accepts an hour, ${milliwatts.toPrecision(3)} mW`;
