// Advice on thresholds as the project's page on it.

import { basename } from 'node:path';
import type { Advice } from '../runs/advise/advise.ts';
import { hoursWanted, takesWanted } from '../runs/advise/bounds.ts';
import type { Budget } from '../runs/advise/choose.ts';
import {
  budgetOf,
  claim,
  comparison,
  lines,
  perHour,
  type Rows,
  rests,
  searched,
  titleOf,
  verdict,
} from './print-advice.ts';
import { percent, span } from './units.ts';

const RATES = [20, 5, 1, 0.5, 0.1];
const SHARES = [0.2, 0.1, 0.05, 0.02];

export function advicePage(advice: Advice, command: string, picture: string | undefined): string {
  return `${[
    '# Thresholds one can defend',
    '',
    '```',
    'npx lightsleeper advise scenarios/kitchen-day.yaml --max-fa 0.5/h --max-miss 5%',
    '```',
    '',
    'finds the thresholds with which the device takes least and still meets a budget, and says whether that can be shown. It ends with 0 when it is shown, with 3 when',
    'it is not. `--json` prints all of it, `--write <file>.svg` draws the frontier.',
    '',
    '## How it comes to a claim',
    '',
    '- **What chooses does not confirm.** The recordings are divided in two halves by source: all takes of a voice, all cuts of a recording are in one of them. One half',
    '  chooses the thresholds; they are then tried once on the other. Which source is in which half follows from the names and the seed. With',
    '  `--choose-on` all recordings of the first scenario confirm; the two may share no source.',
    '- **What is cheapest lies at the edge of the budget**, and was the luckiest of many there: on other recordings it is likely to be over it. `--spare 2` chooses what would',
    '  meet the budget with twice as many errors too, which leaves room; what confirms is held to the budget alone.',
    '- **A repeat tells nothing new.** A day plays its recordings many times, over other backgrounds. A take that is missed half of the times counts as half a miss of',
    '  one take; false accepts count by how often they come when a recording is heard once, over its length. The rate of an hour of the scenario is put together',
    '  from those of its kinds of sound by the part of the time that each sounds.',
    '- **Bounds** are one-sided at 95 %: the wider of an exact one (Clopper and Pearson for misses; Fay and Feuer 1997 for a rate put together from kinds of sound: with no',
    '  false accept, 3.0 by the hours of the scenario that the scarcest kind could fill without a repeat) and a bootstrap over sources, which knows that a voice',
    '  that is missed once is missed again. The noise floor is no recording: every hour of it is new.',
    '- **Every vector is judged** by the scores, which the models gave once; the device is simulated for those that could be the cheapest: vectors that could be raised at no',
    '  gate and still meet the budget, and their neighbours below. What counts is what the simulated device misses and accepts. The grid is 0.1 to 0.9 in steps of 0.05,',
    '  closer above, and the thresholds of the scenario; one vector holds in all power profiles, so strict gates are the same.',
    '',
    "Where several recordings are of one voice or cut from one original, a `sources.csv` beside them (or above, within the scenario's folder) says so: a header `file,source`,",
    'and a line a recording. Without it each recording counts as a source of its own, and the output says how many do.',
    '',
    '## On the shipped recordings',
    '',
    `Made by \`${command}\`: do not edit. ${titleOf(advice)}; budget: ${budgetOf(advice)}.`,
    '',
    `**${verdict(advice)}** Those that chose were ${claim(advice.choosing)}. Of ${searched(advice)}.`,
    '',
    ...markdown(comparison(advice)),
    '',
    'In brackets what it may be at 95 % confidence. What the bounds rest on, and what the budget would ask for if nothing at all went wrong:',
    '',
    ...markdown(rests(advice)),
    '',
    ...(picture === undefined
      ? []
      : [`![power over misses of the vectors that nothing beats](${basename(picture)})`, '']),
    missingFor(advice, { falseAcceptsPerHour: 0.5, missRate: 0.05 }),
    '',
    '## The frontier',
    '',
    'Vectors that no other beats in misses, false accepts and power together, some of them as different as can be; on the recordings that choose.',
    '',
    ...markdown(lines(advice.frontier)),
    '',
    '## What a budget asks for',
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

/** What the recordings lack for a budget. */
function missingFor({ choosing, confirming }: Advice, { falseAcceptsPerHour, missRate }: Budget): string {
  const halves = [choosing.restsOn, confirming.restsOn];
  const hours = halves
    .flatMap(({ negatives }) => negatives)
    .reduce((sum, { share, hours }) => sum + Math.max(0, hoursWanted(share, falseAcceptsPerHour) - hours), 0);
  const takes = halves.reduce((sum, { takes }) => sum + Math.max(0, takesWanted(missRate) - takes.recordings), 0);
  return `For ${perHour(falseAcceptsPerHour)} false accepts an hour and ${percent(missRate)} missed the answer on these recordings is that it cannot be shown: ${span(hours * 3600)} of distinct negatives and ${takes} takes are missing.`;
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
