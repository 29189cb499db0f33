// Lines over two axes, as a picture that needs nothing.

import { axis, COLOURS } from '../picture/axis.ts';
import { PLOT_STYLE, plot } from '../picture/plot.ts';

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

const FRAME = { width: 760, height: 380, left: 56, right: 20, top: 66, bottom: 48 };
/** A name in the key. */
const KEY = 160;

export function drawChart({ title, x, y, lines, dots = [] }: Chart): string {
  const all = [...lines.flatMap(({ points }) => points), ...dots];
  const area = plot(axis(all.map(([value]) => value)), axis(all.map(([, value]) => value)), FRAME);
  const { width, height, left, right } = FRAME;
  const drawn = lines.map(({ name, points, dashed }, index) => {
    const colour = COLOURS[index % COLOURS.length];
    const dash = dashed === true ? ' stroke-dasharray="7 5"' : '';
    const key = left + index * KEY;
    return [
      `<path class="line" stroke="${colour}"${dash} d="M${points.map(([a, b]) => `${area.x(a)} ${area.y(b)}`).join('L')}"/>`,
      `<path class="line" stroke="${colour}"${dash} d="M${key} 44h26"/><text x="${key + 32}" y="49">${name}</text>`,
    ].join('\n');
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" role="img" aria-label="${title}">
<style>
${PLOT_STYLE}.line{fill:none;stroke-width:2}.dot{fill:#1b2733;stroke:#fff;stroke-width:1.5}
</style>
<rect width="${width}" height="${height}" fill="#fff"/>
<text class="title" x="${left}" y="22">${title}</text>
${area.grid}
<text class="axis" x="${width - right}" y="${height - 10}" text-anchor="end">${y} over ${x}</text>
${drawn.join('\n')}
${dots.map(([a, b]) => `<circle class="dot" cx="${area.x(a)}" cy="${area.y(b)}" r="5"/>`).join('\n')}
</svg>
`;
}
