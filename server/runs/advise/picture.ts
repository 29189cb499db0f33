// The frontier as a picture: what a miss less costs in power, dot by dot, coloured by how often it is wrong.

import { axis, COLOURS, place, shown, ticks } from '../../picture/axis.ts';
import type { Advice } from './advise.ts';
import type { Trial } from './trial.ts';

const WIDTH = 760;
const HEIGHT = 400;
const LEFT = 60;
const RIGHT = 24;
const TOP = 76;
const BOTTOM = 52;

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
  const up = axis(all.map(({ milliwatts }) => milliwatts));
  const x = (percent: number) => place(percent, across, LEFT, WIDTH - RIGHT);
  const y = (milliwatts: number) => place(milliwatts, up, HEIGHT - BOTTOM, TOP);
  const grid = [
    ...ticks(across).map(
      (value) =>
        `<path class="grid" d="M${x(value)} ${TOP}V${HEIGHT - BOTTOM}"/><text class="axis" x="${x(value)}" y="${HEIGHT - BOTTOM + 18}" text-anchor="middle">${shown(value)} %</text>`,
    ),
    ...ticks(up).map(
      (value) =>
        `<path class="grid" d="M${LEFT} ${y(value)}H${WIDTH - RIGHT}"/><text class="axis" x="${LEFT - 8}" y="${Number(y(value)) + 4}" text-anchor="end">${shown(value)}</text>`,
    ),
  ];
  const dot = (trial: Trial, radius: number) =>
    `<circle cx="${x(trial.missRate.value * 100)}" cy="${y(trial.milliwatts)}" r="${radius}" fill="${colourOf(trial)}"><title>${words(trial)}</title></circle>`;
  const ring = (trial: Trial, name: string, below: number) =>
    `${dot(trial, 5.5)}<circle class="ring" cx="${x(trial.missRate.value * 100)}" cy="${y(trial.milliwatts)}" r="9.5"/><text x="${Number(x(trial.missRate.value * 100)) + 14}" y="${Number(y(trial.milliwatts)) + below}">${name}</text>`;
  const most = budget.missRate * 100;
  const line =
    most <= across.high
      ? `<path class="budget" d="M${x(most)} ${TOP}V${HEIGHT - BOTTOM}"/><text class="axis" x="${x(most)}" y="${TOP - 6}" text-anchor="middle">budget ${shown(most)} %</text>`
      : '';
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" role="img" aria-label="power over misses of the frontier of thresholds">
<style>
text{font:14px system-ui,sans-serif;fill:#1b2733}.axis{font-size:12px;fill:#51606f}.grid{stroke:#d9e0e6;fill:none}
.title{font-weight:600}.ring{fill:none;stroke:#1b2733;stroke-width:1.5}.budget{stroke:#51606f;stroke-dasharray:5 4;fill:none}circle{stroke:#fff}
</style>
<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>
<text class="title" x="${LEFT}" y="22">${scenario} on ${device} (${powerProfile}): thresholds that nothing beats</text>
${STEPS.map(([, words, colour], at) => `<circle cx="${LEFT + 6 + 160 * at}" cy="42" r="6" fill="${colour}"/><text x="${LEFT + 18 + 160 * at}" y="47">${words}</text>`).join('\n')}
${grid.join('\n')}
${line}
<text class="axis" x="${WIDTH - RIGHT}" y="${HEIGHT - 10}" text-anchor="end">mean power in mW over misses, on the recordings that choose</text>
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
