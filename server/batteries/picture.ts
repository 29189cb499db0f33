// Lines over two axes, as a picture that needs nothing.

import { axis, COLOURS, place, shown, ticks } from '../picture/axis.ts';

export interface Line {
  readonly name: string;
  readonly points: ReadonlyArray<readonly [x: number, y: number]>;
  readonly dashed?: boolean;
}

export interface Chart {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  readonly lines: readonly Line[];
  /** Published figures, as dots. */
  readonly dots?: ReadonlyArray<readonly [x: number, y: number]>;
}

const WIDTH = 760;
const HEIGHT = 380;
const LEFT = 56;
const RIGHT = 20;
const TOP = 66;
/** A name in the key. */
const KEY = 160;
const BOTTOM = 48;

export function drawChart({ title, x, y, lines, dots = [] }: Chart): string {
  const all = [...lines.flatMap(({ points }) => points), ...dots];
  const across = axis(all.map(([value]) => value));
  const up = axis(all.map(([, value]) => value));
  const atX = (value: number) => place(value, across, LEFT, WIDTH - RIGHT);
  const atY = (value: number) => place(value, up, HEIGHT - BOTTOM, TOP);
  const grid = [
    ...ticks(across).map(
      (value) =>
        `<path class="grid" d="M${atX(value)} ${TOP}V${HEIGHT - BOTTOM}"/><text class="axis" x="${atX(value)}" y="${HEIGHT - BOTTOM + 18}" text-anchor="middle">${shown(value)}</text>`,
    ),
    ...ticks(up).map(
      (value) =>
        `<path class="grid" d="M${LEFT} ${atY(value)}H${WIDTH - RIGHT}"/><text class="axis" x="${LEFT - 8}" y="${Number(atY(value)) + 4}" text-anchor="end">${shown(value)}</text>`,
    ),
  ];
  const drawn = lines.map(({ name, points, dashed }, index) => {
    const colour = COLOURS[index % COLOURS.length];
    const dash = dashed === true ? ' stroke-dasharray="7 5"' : '';
    const key = LEFT + index * KEY;
    return [
      `<path class="line" stroke="${colour}"${dash} d="M${points.map(([a, b]) => `${atX(a)} ${atY(b)}`).join('L')}"/>`,
      `<path class="line" stroke="${colour}"${dash} d="M${key} 44h26"/><text x="${key + 32}" y="49">${name}</text>`,
    ].join('\n');
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" role="img" aria-label="${title}">
<style>
text{font:14px system-ui,sans-serif;fill:#1b2733}.axis{font-size:12px;fill:#51606f}.grid{stroke:#d9e0e6;fill:none}
.title{font-weight:600}.line{fill:none;stroke-width:2}.dot{fill:#1b2733;stroke:#fff;stroke-width:1.5}
</style>
<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>
<text class="title" x="${LEFT}" y="22">${title}</text>
${grid.join('\n')}
<text class="axis" x="${WIDTH - RIGHT}" y="${HEIGHT - 10}" text-anchor="end">${y} over ${x}</text>
${drawn.join('\n')}
${dots.map(([a, b]) => `<circle class="dot" cx="${atX(a)}" cy="${atY(b)}" r="5"/>`).join('\n')}
</svg>
`;
}
