// The two pictures of a report: how training went, and what the cascade misses for how many false accepts.
import { axis, COLOURS, place, shown, ticks } from '../../picture/axis.ts';
import type { Fitted } from '../fit.ts';
import { NETWORK_NAMES, type NetworkName } from '../networks.ts';
import { CURVE_SNR, type Point } from './measure.ts';

const WIDTH = 760;
const LEFT = 64;
const RIGHT = 24;
const STYLE = `<style>
text{font:14px system-ui,sans-serif;fill:#1b2733}.axis{font-size:12px;fill:#51606f}.grid{stroke:#d9e0e6;fill:none}.title{font-weight:600}polyline{fill:none;stroke-width:2}.range{stroke-width:1.2;opacity:.55}
</style>
<rect width="100%" height="100%" fill="#fff"/>`;

interface Series {
  readonly name: string;
  readonly colour: string;
  readonly points: ReadonlyArray<readonly [x: number, y: number]>;
  readonly dots: boolean;
}

/** Loss, and below it misses in validation scenes, over the share of the steps. */
export function trainingPicture(fits: Readonly<Record<NetworkName, Fitted>>): string {
  const series = (
    pointsOf: (fit: Fitted) => readonly (readonly [number, number])[],
    dots: boolean,
  ): readonly Series[] =>
    NETWORK_NAMES.map((name, index) => ({ name, colour: COLOURS[index], points: pointsOf(fits[name]), dots }));
  const losses = series(({ losses }) => losses.map(({ step, loss }) => [step, loss]), false);
  const misses = series(({ checkpoints }) => checkpoints.map(({ step, misses }) => [step, 100 * misses]), true);
  return svg(540, 'loss and misses of the three networks over training steps', [
    legend(NETWORK_NAMES.map((name, index) => [name, COLOURS[index]])),
    panel('loss (smoothed) over steps', losses, 70, 250),
    panel('% of validation scenes missed over steps; the lowest is kept', misses, 310, 500),
  ]);
}

/** Misses over false accepts an hour, in 8 bits and as trained, with 95 % intervals of the former. */
export function operatingPicture(int8: readonly Point[], float: readonly Point[], chosen: number): string {
  const places = (points: readonly Point[]): ReadonlyArray<readonly [number, number]> =>
    points.map(({ falseAccepts, misses }) => [falseAccepts.value, 100 * misses.value]);
  const top = 70;
  const bottom = 420;
  const all = [...places(int8), ...places(float)];
  const across = axis([0, ...all.map(([x]) => x)]);
  const up = axis([0, ...all.map(([, y]) => y)]);
  const x = (value: number): string => place(Math.min(value, across.high), across, LEFT, WIDTH - RIGHT);
  const y = (value: number): string => place(Math.min(value, up.high), up, bottom, top);
  const ranges = int8.map(
    ({ falseAccepts, misses }) =>
      `<path class="range" stroke="${COLOURS[0]}" d="M${x(falseAccepts.interval[0])} ${y(100 * misses.value)}H${x(falseAccepts.interval[1])}M${x(falseAccepts.value)} ${y(100 * misses.interval[0])}V${y(100 * misses.interval[1])}"/>`,
  );
  const own = int8.find(({ threshold }) => threshold === chosen);
  return svg(470, 'misses over false accepts an hour on the test split', [
    legend([
      ['8 bits, with 95 % intervals', COLOURS[0]],
      ['as trained', COLOURS[1]],
    ]),
    grid(across, up, top, bottom),
    ...ranges,
    line({ name: 'as trained', colour: COLOURS[1], points: places(float), dots: true }, x, y),
    line({ name: '8 bits', colour: COLOURS[0], points: places(int8), dots: true }, x, y),
    own
      ? `<circle cx="${x(own.falseAccepts.value)}" cy="${y(100 * own.misses.value)}" r="8" fill="none" stroke="#1b2733" stroke-width="1.5"/><text x="${Number(x(own.falseAccepts.value)) + 13}" y="${Number(y(100 * own.misses.value)) - 9}">${chosen}</text>`
      : '',
    `<text class="axis" x="${WIDTH - RIGHT}" y="462" text-anchor="end">false accepts an hour of negatives, over them % of the test takes missed, at ${CURVE_SNR} dB</text>`,
  ]);
}

function panel(title: string, series: readonly Series[], top: number, bottom: number): string {
  const all = series.flatMap(({ points }) => points);
  const across = axis([0, ...all.map(([x]) => x)]);
  const up = axis([0, ...all.map(([, y]) => y)]);
  const x = (value: number): string => place(value, across, LEFT, WIDTH - RIGHT);
  const y = (value: number): string => place(value, up, bottom, top);
  return [
    `<text class="axis" x="${LEFT}" y="${top - 10}">${title}</text>`,
    grid(across, up, top, bottom),
    ...series.map((one) => line(one, x, y)),
  ].join('\n');
}

function grid(across: ReturnType<typeof axis>, up: ReturnType<typeof axis>, top: number, bottom: number): string {
  return [
    ...ticks(across).map((value) => {
      const x = place(value, across, LEFT, WIDTH - RIGHT);
      return `<path class="grid" d="M${x} ${top}V${bottom}"/><text class="axis" x="${x}" y="${bottom + 18}" text-anchor="middle">${shown(value)}</text>`;
    }),
    ...ticks(up).map((value) => {
      const y = place(value, up, bottom, top);
      return `<path class="grid" d="M${LEFT} ${y}H${WIDTH - RIGHT}"/><text class="axis" x="${LEFT - 8}" y="${Number(y) + 4}" text-anchor="end">${shown(value)}</text>`;
    }),
  ].join('\n');
}

function line({ colour, points, dots }: Series, x: (value: number) => string, y: (value: number) => string): string {
  const marks = dots ? points.map(([a, b]) => `<circle cx="${x(a)}" cy="${y(b)}" r="3" fill="${colour}"/>`) : [];
  return `<polyline stroke="${colour}" points="${points.map(([a, b]) => `${x(a)},${y(b)}`).join(' ')}"/>${marks.join('')}`;
}

const legend = (entries: ReadonlyArray<readonly [string, string]>): string =>
  entries
    .map(
      ([words, colour], at) =>
        `<circle cx="${LEFT + 6 + 220 * at}" cy="24" r="6" fill="${colour}"/><text x="${LEFT + 18 + 220 * at}" y="29">${words}</text>`,
    )
    .join('');

const svg = (height: number, label: string, parts: readonly string[]): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" role="img" aria-label="${label}">\n${STYLE}\n${parts.join('\n')}\n</svg>\n`;
