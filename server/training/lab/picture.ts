// A lab page's picture: how good each network is, and how many times less energy it takes, for compute alone and for the whole device.
import type { Row, Study } from './study.ts';
import { ARRANGEMENT_WORDS, percent, times } from './words.ts';

const LEFT = 120;
const TOP = 70;
const LINE = 46;
const PANEL = 300;
const GAP = 90;
const COLOURS = { compute: '#3b6fd4', device: '#9a6a00', quality: '#151a21' };

/** @param at which of the positive rates the gains are for */
export function labPicture({ task, rows }: Study, at: number): string {
  const lowest = Math.min(...rows.map(({ quality }) => quality.interval[0]));
  const from = Math.max(0, Math.floor(lowest * 20) / 20 - 0.05);
  const x = (share: number): number => LEFT + ((share - from) / (1 - from)) * PANEL;
  const most = Math.max(10, ...rows.flatMap(({ gains }) => [gains[at].compute, gains[at].device ?? 1]));
  const decades = Math.ceil(Math.log10(most));
  const start = LEFT + PANEL + GAP;
  const wide = (gain: number): number => (Math.max(0, Math.log10(gain)) / decades) * PANEL;
  const height = TOP + LINE * rows.length + 30;
  const rate = rows[0].gains[at].positiveRate;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${start + PANEL + 70} ${height + 14}" role="img" aria-label="quality and gain of networks with gates">
<style>text { font: 12px system-ui, sans-serif; fill: #465160 } .title { font-size: 14px; fill: #151a21 } .middle { text-anchor: middle } .end { text-anchor: end }</style>
<rect width="100%" height="100%" fill="#fff"/>
<text class="title" x="${LEFT}" y="24">${task.looksFor}: balanced accuracy</text>
<text class="title" x="${start}" y="24">times less energy, ${percent(rate)} of windows positive</text>
<rect x="${start}" y="36" width="10" height="10" fill="${COLOURS.compute}"/><text x="${start + 15}" y="45">compute alone</text>
<rect x="${start + 120}" y="36" width="10" height="10" fill="${COLOURS.device}"/><text x="${start + 135}" y="45">whole device</text>
${ticks(from, x, height)}
${Array.from({ length: decades + 1 }, (_, decade) => line(start + (decade / decades) * PANEL, height, `${10 ** decade}x`)).join('\n')}
${rows.map((row, index) => rowOf(row, TOP + LINE * index)).join('\n')}
</svg>
`;

  function rowOf({ arrangement, quality, gains }: Row, top: number): string {
    const middle = top + LINE / 2;
    const [low, high] = quality.interval;
    const bars = (['compute', 'device'] as const).flatMap((kind, bar) => {
      const gain = gains[at][kind];
      if (gain === null) return [];
      const y = top + 6 + bar * 17;
      return [
        `<rect x="${start}" y="${y}" width="${wide(gain).toFixed(1)}" height="14" fill="${COLOURS[kind]}"/>`,
        `<text x="${(start + wide(gain) + 6).toFixed(1)}" y="${y + 11}">${times(gain)}</text>`,
      ];
    });
    return [
      `<text class="end" x="${LEFT - 14}" y="${middle + 4}">${ARRANGEMENT_WORDS[arrangement]}</text>`,
      `<line x1="${x(low).toFixed(1)}" x2="${x(high).toFixed(1)}" y1="${middle}" y2="${middle}" stroke="${COLOURS.quality}" stroke-width="2"/>`,
      `<circle cx="${x(quality.value).toFixed(1)}" cy="${middle}" r="5" fill="${COLOURS.quality}"/>`,
      ...bars,
    ].join('');
  }
}

function ticks(from: number, x: (share: number) => number, height: number): string {
  const step = 1 - from > 0.25 ? 0.1 : 0.05;
  const shares: number[] = [];
  for (let share = 1; share > from - 1e-9; share -= step) shares.push(share);
  return shares.map((share) => line(x(share), height, percent(share))).join('\n');
}

const line = (x: number, height: number, label: string): string =>
  `<line x1="${x.toFixed(1)}" x2="${x.toFixed(1)}" y1="${TOP - 8}" y2="${height - 26}" stroke="#e3e7ec"/><text class="middle" x="${x.toFixed(1)}" y="${height - 8}">${label}</text>`;
