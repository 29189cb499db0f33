// The tables of a lab page on how good the networks are, and what they send.
import { POSITIVE_RATES, type Row, type Study } from './study.ts';
import type { Hardness } from './thresholds.ts';
import { sweptSeeds } from './variants.ts';
import {
  ARRANGEMENT_WORDS,
  coreWords,
  differenceText,
  estimateText,
  gainText,
  percent,
  percents,
  points,
  rowLine,
} from './words.ts';

/** Lines of Markdown, as all of these give. */
export const qualityLines = (rows: readonly Row[]): string[] => [
  '| gates | balanced accuracy | difference to no gate | negatives stopped | positives kept | compressed, of 8 bits | of 32 bits | lost by 8 bits |',
  '| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
  ...rows.map((row) => rowLine(ARRANGEMENT_WORDS[row.arrangement], qualityCells(row))),
];

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
    percents(compressed.map((share) => 1 - (1 - share) / 4)),
    `${points(quantisingCost)} points`,
  ];
}

export const costLines = (rows: readonly Row[]): string[] => [
  '| gates | core: MAC of each part | bytes that cross, of | zeros among them | weights in all |',
  '| --- | --- | ---: | ---: | ---: |',
  ...rows.map((row) => rowLine(ARRANGEMENT_WORDS[row.arrangement], costCells(row))),
];

function costCells({ cores, costs, bytes, elementsBefore, zeros }: Row): string[] {
  return [
    costs.map(({ totalMacs }, part) => `${cores[part]}: ${totalMacs.toLocaleString('en')}`).join(', '),
    bytes.map((own, cut) => `${Math.round(own)} of ${elementsBefore[cut]}`).join(', '),
    percents(zeros),
    `${(costs.reduce((sum, { weightBytes }) => sum + weightBytes, 0) / 1000).toFixed(1)} kB`,
  ];
}

/** Which ways of gating are worse than no gate beyond chance, in one sentence. */
export function verdict(rows: readonly Row[]): string {
  const gated = rows.filter(({ arrangement }) => arrangement !== 'none');
  const named = (own: readonly Row[]): string =>
    own.map(({ arrangement }) => ARRANGEMENT_WORDS[arrangement]).join('; ');
  const worse = gated.filter(({ difference }) => difference.interval[1] < 0);
  const better = gated.filter(({ difference }) => difference.interval[0] > 0);
  const equal = gated.filter((row) => !worse.includes(row) && !better.includes(row));
  const said = (words: string, own: readonly Row[]): string[] => (own.length === 0 ? [] : [`${words}: ${named(own)}.`]);
  return [
    ...said('Worse than without gates (the whole interval is below zero)', worse),
    ...said('No difference that the test can tell', equal),
    ...said('Better (the whole interval is above zero)', better),
  ].join(' ');
}

export function settingLines({ settings, cores }: Study): string[] {
  const core = cores.first[cores.first.length - 1];
  return [
    '## How hard the gates are set',
    '',
    `From hardest to softest: each gate stops that share of the positives which the last part accepts on validation, or has a threshold of odds so many times lower than that of 0 %. Gains are of compute alone with ${core.profile} (${coreWords(core)}) in front and the application core (${coreWords(cores.application)}) for the last part, by the share of windows that are positive; intervals by bootstrap over the same subjects, recordings or pictures, which know nothing of what is rarer than the test has windows for. Chosen: of how many seeds this is the setting of the other tables.`,
    '',
    `| gates | a gate may stop | balanced accuracy | difference to no gate | negatives stopped | positives kept | ${POSITIVE_RATES.map((rate) => `gain, ${percent(rate)} positive`).join(' | ')} | chosen |`,
    `| --- | ---: | ---: | ---: | ---: | ---: | ${POSITIVE_RATES.map(() => '---:').join(' | ')} | ---: |`,
    ...settings.map((row, at) =>
      rowLine(row.arrangement === settings[at - 1]?.arrangement ? '' : ARRANGEMENT_WORDS[row.arrangement], [
        hardnessText(row.hardness),
        percent(row.quality.value),
        differenceText(row.difference),
        percent(row.negativesStopped),
        percent(row.positivesKept),
        ...row.gains.map(gainText),
        row.chosen === 0 ? '' : percent(row.chosen),
      ]),
    ),
    '',
  ];
}

const hardnessText = ({ lost, odds }: Hardness): string =>
  odds === 1 ? percent(lost) : `${percent(lost)}, odds ÷ ${odds}`;

export function sweepLines(sweep: readonly Row[], seeds: number): string[] {
  return [
    '## The weights of the loss',
    '',
    `Two gates, ${sweptSeeds(seeds) === 1 ? 'the first seed alone' : `the first ${sweptSeeds(seeds)} seeds`}.`,
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
