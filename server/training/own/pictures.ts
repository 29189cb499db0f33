// The two pictures of a report: how training went, and what the cascade misses for how many false accepts.
import { axis, COLOURS } from '../../picture/axis.ts';
import { type Frame, PLOT_STYLE, type Plot, plot } from '../../picture/plot.ts';
import type { Fitted } from '../fit.ts';
import { NETWORK_NAMES, type NetworkName } from '../networks.ts';
import { CURVE_SNR, type Point } from './measure.ts';

const MARGINS = { width: 760, left: 64, right: 24 };
const LOSSES: Frame = { ...MARGINS, height: 540, top: 70, bottom: 290 };
const MISSES: Frame = { ...MARGINS, height: 540, top: 310, bottom: 40 };
const OPERATING: Frame = { ...MARGINS, height: 470, top: 50, bottom: 50 };
/** Of the operating curve, what is of use is drawn: up to so many false accepts an hour, or so many times those chosen. */
const DRAWN = { rate: 20, times: 4 };

type Place = readonly [x: number, y: number];

/** Loss, and below it misses in validation scenes, over steps. */
export function trainingPicture(fits: Readonly<Record<NetworkName, Fitted>>): string {
  const losses = NETWORK_NAMES.map((name) => fits[name].losses.map(({ step, loss }): Place => [step, loss]));
  const misses = NETWORK_NAMES.map((name) =>
    fits[name].checkpoints.map(({ step, misses }): Place => [step, 100 * misses]),
  );
  const above = area(LOSSES, losses.flat());
  const below = area(MISSES, misses.flat());
  return svg(LOSSES, 'loss and misses of the three networks over training steps', [
    legend(NETWORK_NAMES),
    caption(LOSSES, 'loss (smoothed) over steps'),
    above.grid,
    ...losses.map((places, index) => line(above, places, COLOURS[index])),
    caption(MISSES, '% of validation scenes missed over steps; the lowest is kept'),
    below.grid,
    ...misses.map((places, index) => line(below, places, COLOURS[index]) + dots(below, places, COLOURS[index])),
  ]);
}

/** Misses over false accepts an hour, in 8 bits with 95 % intervals, and as trained. */
export function operatingPicture(int8: readonly Point[], float: readonly Point[], chosen: number): string {
  const own = int8.find(({ threshold }) => threshold === chosen);
  const most = Math.max(DRAWN.rate, DRAWN.times * (own?.falseAccepts.value ?? 0));
  const drawn = (points: readonly Point[]) => points.filter(({ falseAccepts }) => falseAccepts.value <= most);
  const places = (points: readonly Point[]) =>
    drawn(points).map(({ falseAccepts, misses }): Place => [falseAccepts.value, 100 * misses.value]);
  const both = [places(float), places(int8)];
  const tops = drawn(int8).map(({ falseAccepts, misses }): Place => [falseAccepts.value, 100 * misses.interval[1]]);
  const within = area(OPERATING, [...both.flat(), ...tops]);
  const last = axis([0, ...both.flat().map(([x]) => x)]).high;
  const { x, y, grid } = within;
  const ranges = drawn(int8).map(({ falseAccepts, misses }) => {
    const [least, up] = falseAccepts.interval.map((rate) => x(Math.min(rate, last)));
    const [low, high] = misses.interval.map((share) => y(100 * share));
    return `<path stroke="${COLOURS[0]}" opacity=".5" d="M${least} ${y(100 * misses.value)}H${up}M${x(falseAccepts.value)} ${low}V${high}"/>`;
  });
  const ring = ({ misses, falseAccepts }: Point): string =>
    `<circle cx="${x(falseAccepts.value)}" cy="${y(100 * misses.value)}" r="8" fill="none" stroke="#1b2733" stroke-width="1.5"/>`;
  return svg(OPERATING, 'misses over false accepts an hour on the test split', [
    legend(['8 bits, with 95 % intervals', 'as trained', 'ringed: as chosen']),
    grid,
    ...ranges,
    ...both.map((each, index) => line(within, each, COLOURS[1 - index]) + dots(within, each, COLOURS[1 - index])),
    own ? ring(own) : '',
    `<text class="axis" x="${OPERATING.width - OPERATING.right}" y="${OPERATING.height - 8}" text-anchor="end">% of the test takes missed over false accepts an hour of negatives, at ${CURVE_SNR} dB</text>`,
  ]);
}

const area = (frame: Frame, places: readonly Place[]): Plot =>
  plot(axis([0, ...places.map(([x]) => x)]), axis([0, ...places.map(([, y]) => y)]), frame);

const line = ({ x, y }: Plot, places: readonly Place[], colour: string): string =>
  `<polyline fill="none" stroke-width="2" stroke="${colour}" points="${places.map(([a, b]) => `${x(a)},${y(b)}`).join(' ')}"/>`;

const dots = ({ x, y }: Plot, places: readonly Place[], colour: string): string =>
  places.map(([a, b]) => `<circle cx="${x(a)}" cy="${y(b)}" r="3" fill="${colour}"/>`).join('');

const caption = ({ left, top }: Frame, text: string): string =>
  `<text class="axis" x="${left}" y="${top - 10}">${text}</text>`;

const legend = (entries: readonly string[]): string =>
  entries
    .map((words, at) => {
      const dot =
        at < COLOURS.length && !words.startsWith('ringed') ? `fill="${COLOURS[at]}"` : 'fill="none" stroke="#1b2733"';
      return `<circle cx="${MARGINS.left + 6 + 220 * at}" cy="24" r="6" ${dot}/><text x="${MARGINS.left + 18 + 220 * at}" y="29">${words}</text>`;
    })
    .join('');

const svg = ({ width, height }: Frame, label: string, parts: readonly string[]): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" role="img" aria-label="${label}">
<style>
${PLOT_STYLE}
</style>
<rect width="${width}" height="${height}" fill="#fff"/>
${parts.join('\n')}
</svg>
`;
