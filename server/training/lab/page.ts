// A task's lab page: what was measured, as Markdown, with its picture.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../paths.ts';
import { writeWhole } from '../progress.ts';
import { DEVICE, POWER_PROFILE } from './device.ts';
import { type Estimate, KEEP } from './measure.ts';
import { ARRANGEMENT_WORDS, labPicture, percent, times } from './picture.ts';
import type { Shipped } from './ship.ts';
import { DEVICE_HOURS, type Row, type Study } from './study.ts';
import { ALPHA, BETA, sweptSeeds } from './variants.ts';

/** The gains that the picture shows. */
const SHOWN = 1;

/** Writes docs/lab/<task>.md and .svg; gives the page. */
export function writePage(study: Study, shipped: Shipped | null): string {
  const folder = join(projectRoot(), 'docs', 'lab');
  const page = pageOf(study, shipped);
  // A quick one is only to see that it works: it replaces no measured page.
  if (study.setting.quick) return page;
  mkdirSync(folder, { recursive: true });
  writeWhole(join(folder, `${study.task.name}.svg`), labPicture(study, SHOWN));
  writeWhole(join(folder, `${study.task.name}.md`), page);
  return page;
}

export function pageOf(study: Study, shipped: Shipped | null): string {
  const { task, setting, sizes, rows, sweep, energy, hopSeconds, floorWatts } = study;
  const perMac = Object.entries(energy.perMac).map(([core, joules]) => `${core} ${(joules * 1e12).toFixed(0)} pJ`);
  const split = ({ positives, negatives, groups }: Study['sizes']['test']): string =>
    `${positives} positive and ${negatives} negative windows of ${groups}`;
  return [
    `# Gates in a network that looks for ${task.looksFor}`,
    '',
    `Made by \`lightsleeper lab ${task.name} --seeds ${setting.seeds}${setting.quick ? ' --quick' : setting.sweep ? '' : ' --no-sweep'}\`. All figures are measured on the test split with the 8-bit parts, as means over ${setting.seeds} seed${setting.seeds === 1 ? '' : 's'}.`,
    ...(setting.quick ? ['', '**A quick one, of few steps: to see that it works, not to read figures from.**'] : []),
    '',
    `${task.about} ${task.split}`,
    '',
    `- Data: ${task.data}. In the first seed's split: to train ${split(sizes.train)}, to choose thresholds ${split(sizes.validation)}, to measure ${split(sizes.test)} subjects, recordings or pictures.`,
    `- Network: ${task.networkWords}; ${setting.steps} steps of ${task.schedule.batch} windows (Adam, learning rate ${task.schedule.learningRate}).`,
    `- A gated compression layer is a gate head on the mean of the activations and a compression to fewer channels, trained with task + Σ α·BCE(gate, is positive) + Σ β·mean |activation|. Where no other values are given, α is ${ALPHA} and β is ${BETA} at every gate.`,
    `- Gates: the highest threshold that lets ${percent(KEEP)} of the positives that reach it pass on validation. The last threshold: best balanced accuracy on validation.`,
    '- Intervals (95 %): bootstrap over subjects, recordings or pictures of each test; the difference is to the network without gates on the same windows.',
    '',
    `![Balanced accuracy and gain by arrangement of gates](${task.name}.svg)`,
    '',
    '## Where the gates are',
    '',
    '| gates | balanced accuracy | difference to no gate | negatives stopped | positives kept | activations compressed | lost by 8 bits |',
    '| --- | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...rows.map((row) => rowLine(ARRANGEMENT_WORDS[row.arrangement], qualityCells(row))),
    '',
    'Stopped: negatives that the last part never sees. Kept: positives that it sees. Compressed: by cut, 1 - bytes that cross for a window that passes (a bit for each place and a byte for each that is not zero) over the bytes of the activations that are there without a gate.',
    '',
    '| gates | core: MAC of each part | bytes that cross, of | zeros among them | weights in all |',
    '| --- | --- | ---: | ---: | ---: |',
    ...rows.map((row) => rowLine(ARRANGEMENT_WORDS[row.arrangement], costCells(row))),
    '',
    '## What they save',
    '',
    `Against the network without gates on the application core, for every window. Energy of a MAC (${DEVICE}, ${POWER_PROFILE}): ${perMac.join(', ')}. Compute alone is the sum over parts of P(reach)·MAC·energy of a MAC, and of the bytes that cross; wake-ups, front end and rest are not in it. The gain depends on the positive rate and on the cores as much as on the network: it is worth nothing without them.`,
    '',
    `The whole device is the ${DEVICE} simulated for ${DEVICE_HOURS} h with its floor: a window every ${Number((1000 * hopSeconds).toPrecision(3))} ms, its microphone (whatever the sense: its power stands for the sensor's), memories, links, sleep states, wake-ups and regulators. Positives come in spells of ${task.spellSeconds} s, and nothing is triggered. ${floorWatts === null ? '' : `With everything stopped at the first gate, early, it draws ${power(floorWatts)}: its floor, which no gate can lower.`}`,
    '',
    '| gates | positive | windows that reach each part | compute, a window | gain | device | gain |',
    '| --- | ---: | --- | ---: | ---: | ---: | ---: |',
    ...rows.flatMap(gainLines),
    ...refusals(rows),
    '',
    ...(sweep.length === 0 ? [] : sweepLines(sweep, setting.seeds)),
    'The papers (arXiv 2303.08970, 2405.01739) claim up to 96 % of negatives stopped, 97 % of activations compressed and theoretical gains of 158x to 30,000x on their own data, networks and hardware; those are their figures, and these are ours. The loss and layers are our reconstruction.',
    ...(shipped === null
      ? []
      : [
          '',
          `What ships: \`scenarios/models/${shipped.files.join('`, `')}\`, the network with ${ARRANGEMENT_WORDS[shipped.arrangement]} gates of seed ${shipped.seed}, whether or not it is the best of the ${setting.seeds}.`,
        ]),
    '',
  ].join('\n');
}

const rowLine = (label: string, cells: readonly string[]): string => `| ${[label, ...cells].join(' | ')} |`;
const percents = (shares: readonly number[]): string => (shares.length === 0 ? '' : shares.map(percent).join(', '));
const points = (difference: number): string => `${difference > 0 ? '+' : ''}${(100 * difference).toFixed(1)}`;
const estimateText = ({ value, interval }: Estimate): string =>
  `${percent(value)} (${(100 * interval[0]).toFixed(1)} to ${(100 * interval[1]).toFixed(1)})`;
const differenceText = ({ value, interval }: Estimate): string =>
  `${points(value)} (${points(interval[0])} to ${points(interval[1])})`;

function qualityCells({
  arrangement,
  quality,
  difference,
  negativesStopped,
  positivesKept,
  compressed,
  quantisingCost,
}: Row): string[] {
  const isGated = arrangement !== 'none';
  return [
    estimateText(quality),
    isGated ? differenceText(difference) : '',
    isGated ? percent(negativesStopped) : '',
    isGated ? percent(positivesKept) : '',
    percents(compressed),
    `${points(quantisingCost)} points`,
  ];
}

function costCells({ cores, costs, bytes, elementsBefore, zeros }: Row): string[] {
  return [
    costs.map(({ totalMacs }, part) => `${cores[part]}: ${totalMacs.toLocaleString('en')}`).join(', '),
    bytes.map((own, cut) => `${Math.round(own)} of ${elementsBefore[cut]}`).join(', '),
    percents(zeros),
    `${(costs.reduce((sum, { weightBytes }) => sum + weightBytes, 0) / 1000).toFixed(1)} kB`,
  ];
}

const gainLines = ({ arrangement, gains }: Row): readonly string[] =>
  gains.map(({ positiveRate, reach, joules, compute, watts, device }, at) =>
    rowLine(at === 0 ? ARRANGEMENT_WORDS[arrangement] : '', [
      percent(positiveRate),
      percents(reach),
      energy(joules),
      times(compute),
      watts === null ? 'refused' : power(watts),
      device === null ? '' : times(device),
    ]),
  );

function refusals(rows: readonly Row[]): string[] {
  const reasons = rows.flatMap(({ arrangement, refusal }) =>
    refusal === null ? [] : [`The device refuses ${ARRANGEMENT_WORDS[arrangement]}: ${refusal}`],
  );
  return reasons.flatMap((reason) => ['', reason]);
}

function sweepLines(sweep: readonly Row[], seeds: number): string[] {
  return [
    '## The weights of the loss',
    '',
    `Two gates, over the first ${sweptSeeds(seeds)} of the seeds.`,
    '',
    '| α | β | balanced accuracy | negatives stopped | positives kept | activations compressed | zeros among what crosses |',
    '| ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...sweep.map(({ alpha, beta, quality, negativesStopped, positivesKept, compressed, zeros }) =>
      rowLine(String(alpha), [
        String(beta),
        estimateText(quality),
        percent(negativesStopped),
        percent(positivesKept),
        percents(compressed),
        percents(zeros),
      ]),
    ),
    '',
  ];
}

const energy = (joules: number): string =>
  joules >= 1e-3
    ? `${(joules * 1e3).toPrecision(3)} mJ`
    : joules >= 1e-6
      ? `${(joules * 1e6).toPrecision(3)} µJ`
      : `${(joules * 1e9).toPrecision(3)} nJ`;
const power = (watts: number): string =>
  watts >= 0.1 ? `${(watts * 1e3).toFixed(0)} mW` : `${(watts * 1e3).toPrecision(3)} mW`;
