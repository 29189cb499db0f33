// Advice on thresholds as the project's page on it.

import { basename } from 'node:path';
import { percent, span } from '../format.ts';
import type { Advice } from '../runs/advise/advise.ts';
import { hoursWanted, takesWanted } from '../runs/advise/bounds.ts';
import { claim, perHour, present, verdict } from '../runs/advise/verdict.ts';
import { budgetOf, comparison, lines, type Rows, rests, searched, spared, titleOf, unnamed } from './print-advice.ts';

const RATES = [20, 5, 1, 0.5, 0.1];
const SHARES = [0.2, 0.1, 0.05, 0.02];

export function advicePage(advice: Advice, command: string, picture: string | undefined): string {
  return `${[
    `# Thresholds for ${budgetOf(advice)}`,
    '',
    `Made by \`${command}\`: do not edit. ${titleOf(advice)}${spared(advice)}. How it comes to that is [told here](../advise.md).`,
    '',
    `**${verdict(advice)}** Those that chose were ${claim(advice.choosing)}. Of ${searched(advice)}.`,
    ...present(advice).flatMap((text) => ['', text]),
    '',
    ...markdown(comparison(advice)),
    '',
    'In brackets what it may be at 95 % confidence. What the bounds rest on, and what the budget would ask for if nothing at all went wrong:',
    '',
    ...markdown(rests(advice)),
    ...unnamed(advice).flatMap((text) => ['', text]),
    '',
    ...(picture === undefined
      ? []
      : [`![power over misses of the vectors that nothing beats](${basename(picture)})`, '']),
    '## The frontier',
    '',
    'Vectors that no other beats in misses, false accepts and power together, some of them as different as can be; on the recordings that choose.',
    '',
    ...markdown(lines(advice.frontier)),
    '',
    '## What other budgets ask for',
    '',
    'Distinct recordings in each half, if none is missed and none is accepted falsely; every error asks for more.',
    '',
    ...markdown(asked(advice)),
    '',
    ...markdown([
      ['missed at most', ...SHARES.map(percent)],
      ['takes', ...SHARES.map((share) => String(takesWanted(share)))],
    ]),
  ].join('\n')}\n`;
}

function asked({ confirming }: Advice): Rows {
  return [
    ['false accepts an hour', ...RATES.map(perHour)],
    ...confirming.restsOn.negatives.map(({ kind, share }) => [
      `${kind}, ${percent(share)} of the time`,
      ...RATES.map((rate) => span(hoursWanted(share, rate) * 3600)),
    ]),
  ];
}

const markdown = ([header, ...rows]: Rows): readonly string[] => [
  `| ${header.join(' | ')} |`,
  `|${header.map((_, at) => (at === 0 ? ' --- ' : ' ---: ')).join('|')}|`,
  ...rows.map((row) => `| ${row.join(' | ')} |`),
];
