// Why one operating point is better than another: the core's energy a window, by what it goes into, as stacked bars.

import { PARTS, type Parts, total } from '../core-parts.ts';
import type { RaceStudy, Result } from './race.ts';

const COLOURS: Readonly<Record<keyof Parts, string>> = {
  active: '#3b6fd4',
  wake: '#9a6a00',
  idle: '#8fb0ea',
  sleep: '#c3c9d2',
};
const WORDS: Readonly<Record<keyof Parts, string>> = {
  active: 'active',
  wake: 'into and out of sleep',
  idle: 'idle (clock gated)',
  sleep: 'asleep',
};
const LEFT = 70;
const TOP = 64;
const HEIGHT = 300;
const BAR = 54;
const GAP = 22;

export function racePicture(study: RaceStudy): string {
  const sets = [...new Set(study.results.map(({ powerStates }) => powerStates.join(' + ')))];
  const groups = sets.map((set) => study.results.filter(({ powerStates }) => powerStates.join(' + ') === set));
  const perWindow = (result: Result) => total(result.joules) / Math.max(1, result.windows);
  // A set without deep sleep may tower over the others: each has its own scale.
  let x = LEFT;
  const drawn = groups.map((group, at) => {
    const most = Math.max(...group.map(perWindow));
    const from = x;
    x += group.length * (BAR + GAP) + 50;
    const bars = group.map((result, bar) => barOf(result, from + bar * (BAR + GAP), HEIGHT / most));
    const scale = `<text x="${from}" y="${TOP - 8}">may enter ${sets[at]}: up to ${energy(most)} a window</text>`;
    return [scale, ...bars].join('\n');
  });
  const width = Math.max(x, 760);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${TOP + HEIGHT + 74}" role="img" aria-label="energy of a window by operating point">
<style>text { font: 12px system-ui, sans-serif; fill: #465160 } .title { font-size: 14px; fill: #151a21 } .middle { text-anchor: middle }</style>
<rect width="100%" height="100%" fill="#fff"/>
<text class="title" x="${LEFT}" y="22">${study.core}: energy for each window of ${study.stage}, ${study.scenario} (${study.powerProfile}), all rest in between included</text>
${PARTS.map((part, at) => `<rect x="${LEFT + 170 * at}" y="30" width="10" height="10" fill="${COLOURS[part]}"/><text x="${LEFT + 15 + 170 * at}" y="39">${WORDS[part]}</text>`).join('')}
${drawn.join('\n')}
</svg>
`;
}

function barOf(result: Result, x: number, scale: number): string {
  let y = TOP + HEIGHT;
  const rects = PARTS.map((part) => {
    const height = (result.joules[part] / Math.max(1, result.windows)) * scale;
    y -= height;
    return `<rect x="${x}" y="${y.toFixed(2)}" width="${BAR}" height="${height.toFixed(2)}" fill="${COLOURS[part]}"/>`;
  });
  const middle = x + BAR / 2;
  const words = [
    result.operatingPoint,
    energy(total(result.joules) / Math.max(1, result.windows)),
    `${result.busy.toPrecision(3)} ms`,
    ...(result.isPresent ? ['as it is'] : []),
  ];
  const labels = words.map(
    (word, at) => `<text class="middle" x="${middle}" y="${TOP + HEIGHT + 16 + 15 * at}">${word}</text>`,
  );
  return [...rects, ...labels].join('');
}

const energy = (joules: number): string =>
  joules >= 1e-3 ? `${(joules * 1e3).toPrecision(3)} mJ` : `${(joules * 1e6).toPrecision(3)} µJ`;
