// Predicted intervals against measurements, as a picture that needs nothing.

import type { Held } from './validation.ts';

const WIDTH = 760;
const LEFT = 222;
const RIGHT = 24;
const ROW = 46;
const TOP = 34;

/** A logarithmic axis of milliwatts; a bar for the interval, a tick for the prediction, a dot for the measurement. */
export function drawValidation(held: readonly Held[]): string {
  const ends = held.flatMap(({ prediction: { watts }, measured }) => [watts.low, watts.high, measured.watts]);
  const low = 10 ** Math.floor(Math.log10(Math.min(...ends) * 1e3));
  const high = 10 ** Math.ceil(Math.log10(Math.max(...ends) * 1e3));
  const x = (milliwatts: number) => LEFT + ((WIDTH - LEFT - RIGHT) * Math.log(milliwatts / low)) / Math.log(high / low);
  const height = TOP + ROW * held.length + 36;
  const at = (value: number) => value.toFixed(1);
  const decades: string[] = [];
  for (let decade = low; decade <= high * 1.001; decade *= 10)
    for (const step of decade < high ? [1, 2, 5] : [1]) {
      const value = decade * step;
      decades.push(
        `<path class="grid" d="M${at(x(value))} ${TOP}V${TOP + ROW * held.length}"/>`,
        `<text class="axis" x="${at(x(value))}" y="${TOP + ROW * held.length + 18}" text-anchor="middle">${Number(value.toPrecision(1))}</text>`,
      );
    }
  const rows = held.map(({ title, prediction, measured }, index) => {
    const y = TOP + ROW * (index + 0.5);
    const from = x(prediction.watts.low * 1e3);
    const to = x(prediction.watts.high * 1e3);
    const nominal = x(prediction.nominal.watts * 1e3);
    return [
      `<text class="name" x="${LEFT - 14}" y="${y + 5}" text-anchor="end">${title}</text>`,
      `<rect class="interval" x="${at(from)}" y="${y - 9}" width="${at(to - from)}" height="18" rx="4"/>`,
      `<path class="nominal" d="M${at(nominal)} ${y - 12}v24"/>`,
      `<circle class="measured" cx="${at(x(measured.watts * 1e3))}" cy="${y}" r="5.5"/>`,
    ].join('\n');
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" role="img" aria-label="Predicted intervals and measured average power of ${held.length} systems">
<style>
text{font:14px system-ui,sans-serif;fill:#1b2733}.axis{font-size:12px;fill:#51606f}.grid{stroke:#d9e0e6;fill:none}
.interval{fill:#8fb8e8}.nominal{stroke:#1f5fa8;stroke-width:3;fill:none}.measured{fill:#c8401f;stroke:#fff;stroke-width:1.5}
</style>
<rect width="${WIDTH}" height="${height}" fill="#fff"/>
<rect class="interval" x="${LEFT}" y="8" width="26" height="14" rx="4"/><path class="nominal" d="M${LEFT + 13} 5v20"/><text x="${LEFT + 34}" y="20">predicted, with its interval</text>
<circle class="measured" cx="${LEFT + 252}" cy="15" r="5.5"/><text x="${LEFT + 264}" y="20">measured; average power in mW</text>
${decades.join('\n')}
${rows.join('\n')}
</svg>
`;
}
