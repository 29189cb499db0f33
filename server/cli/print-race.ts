// A study of operating points as a person reads it: on a terminal, and as the project's page on it.

import { basename } from 'node:path';
import { days, span } from '../format.ts';
import { PARTS, total } from '../runs/core-parts.ts';
import type { Contender, RaceStudy, Result } from '../runs/race/race.ts';

type Rows = readonly (readonly string[])[];

export function printRace(study: RaceStudy): string {
  return `${[
    `${study.scenario} on ${study.device}, ${study.powerProfile} without its rules, seed ${study.seed}: stage ${study.stage} on core ${study.core}, ${span(study.simulatedSeconds)}`,
    ...shared(study),
    '',
    ...table(inTheRun(study)),
    '',
    `The core's energy for each window of ${study.stage}, at its rail, all rest in between included. * as the power profile has it`,
    ...refusals(study),
    '',
    verdict(study),
    '',
    'When windows come evenly, energy of the core for each, in closed form (+ the least):',
    ...table(evenly(study)),
    '',
  ].join('\n')}`;
}

export function racePage(study: RaceStudy, command: string, picture: string | undefined): string {
  const markdown = ([header, ...rows]: Rows): readonly string[] => [
    `| ${header.join(' | ')} |`,
    `|${header.map((_, at) => (at < 3 ? ' --- ' : ' ---: ')).join('|')}|`,
    ...rows.map((row) => `| ${row.join(' | ')} |`),
  ];
  return `${[
    '# Slow or race',
    '',
    'A core that has work for a moment can do it fast at a high clock and sleep the longer, or slowly at a low clock and voltage. Which is better depends on what',
    'the clock costs (power rises faster than speed where the voltage rises with it), on what rests while the core works, and on how dear idling is.',
    '',
    `Made by \`${command}\`: do not edit. ${span(study.simulatedSeconds)} of ${study.scenario} on ${study.device} (${study.powerProfile} without its rules, seed ${study.seed}), scored once and simulated for every operating point of core ${study.core}, where stage ${study.stage} runs, with every set of power states that it may enter.`,
    ...shared(study),
    '',
    ...(picture === undefined ? [] : [`![energy of a window by operating point](${basename(picture)})`, '']),
    verdict(study),
    '',
    '## In the scenario',
    '',
    ...markdown(inTheRun(study)),
    '',
    "`*` is as the power profile has it. Energies are the core's for each window that the stage works on, at its rail, all rest in between included; the day is the core's whole day; power and life are the device's.",
    '',
    ...refusals(study).map((line) => `- ${line.trim()}`),
    '## When windows come evenly',
    '',
    "In closed form, by the governor's rules; `+` marks the least. Between two windows the core goes as deep as it pays, or, where it cannot know when the next one comes, from state to state with patience.",
    '',
    ...markdown(evenly(study)),
  ].join('\n')}\n`;
}

function inTheRun(study: RaceStudy): Rows {
  const day = 86_400 / study.simulatedSeconds;
  return [
    [
      '',
      'clock',
      'may enter',
      'busy',
      ...PARTS,
      'a window',
      'core a day',
      'device',
      'life',
      'dropped',
      'missed',
      'p95',
    ],
    ...study.results.map((result) => {
      const each = (joules: number) => joules_(joules / Math.max(1, result.windows));
      return [
        result.isPresent ? '*' : '',
        result.operatingPoint,
        result.powerStates.join(' '),
        `${result.busy.toPrecision(3)} ms`,
        ...PARTS.map((part) => each(result.joules[part])),
        each(total(result.joules)),
        joules_(total(result.joules) * day),
        `${(result.device * 1e3).toFixed(3)} mW`,
        days(result.lifeHours),
        String(result.dropped),
        String(result.missed),
        result.p95Milliseconds === null ? '–' : `${result.p95Milliseconds.toFixed(0)} ms`,
      ];
    }),
  ];
}

function evenly({ periods, periodic }: RaceStudy): Rows {
  const sums = periodic.map(({ perWindow }) =>
    perWindow.map((parts) => (parts === null ? Number.POSITIVE_INFINITY : total(parts))),
  );
  const least = periods.map((_, at) => Math.min(...sums.map((row) => row[at])));
  return [
    ['', 'clock', 'may enter', ...periods.map((period) => `every ${span_(period)}`)],
    ...periodic.map((contender, row) => [
      contender.isPresent ? '*' : '',
      contender.operatingPoint,
      contender.powerStates.join(' '),
      ...sums[row].map((sum, at) =>
        Number.isFinite(sum) ? `${sum === least[at] ? '+ ' : ''}${joules_(sum)}` : 'too slow',
      ),
    ]),
  ];
}

/** The best that hears no worse than what there is. */
function verdict({ results, core }: RaceStudy): string {
  const present = results.find(({ isPresent }) => isPresent);
  if (present === undefined) return `No contender is as the power profile has core ${core}.`;
  const fair = results.filter(
    ({ missed, dropped, falseAccepts }) =>
      missed <= present.missed && dropped <= present.dropped && falseAccepts <= present.falseAccepts,
  );
  const best = fair.reduce((least, result) => (result.device < least.device ? result : least), present);
  const fastest = results.reduce((least, result) => (result.busy < least.busy ? result : least), present);
  const saved = present.device - best.device;
  const change =
    best === present
      ? `The power profile has the best already: ${name(present)}.`
      : `${name(best)} is best: the device draws ${watts(saved)} (${((100 * saved) / present.device).toFixed(2)} %) less than as it is (${name(present)}), and lasts ${days(best.lifeHours)} instead of ${days(present.lifeHours)}, with no more windows dropped, words missed or false accepts.`;
  return `${change} ${why(best, fastest)}`;
}

function why(best: Result, fastest: Result): string {
  if (best.operatingPoint === fastest.operatingPoint)
    return `Racing pays: at ${best.operatingPoint} work takes ${best.busy.toPrecision(3)} ms, and what it costs more while it works it saves at rest.`;
  const each = (result: Result) => result.joules.active / Math.max(1, result.windows);
  return `Racing at ${fastest.operatingPoint} does not pay: a window's work takes ${joules_(each(fastest))} in ${fastest.busy.toPrecision(3)} ms there, and ${joules_(each(best))} in ${best.busy.toPrecision(3)} ms at ${best.operatingPoint}.`;
}

const name = ({ operatingPoint, powerStates }: Contender): string =>
  `${operatingPoint} with ${powerStates.join(' and ')}`;

const shared = ({ sharedWith, core }: RaceStudy): readonly string[] =>
  sharedWith.length === 0 ? [] : [`Core ${core} also does ${sharedWith.join(' and ')}, which is in its energy.`];

const refusals = ({ refused }: RaceStudy): readonly string[] =>
  refused.map(({ contender, reason }) => `  not ${name(contender)}: ${reason}`);

function table(rows: Rows): readonly string[] {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map((row) =>
    row
      .map((cell, at) => (at < 3 ? cell.padEnd(widths[at]) : cell.padStart(widths[at])))
      .join('  ')
      .trimEnd(),
  );
}

const PREFIXES = [
  [1, ''],
  [1e-3, 'm'],
  [1e-6, 'µ'],
  [1e-9, 'n'],
] as const;
const scaled = (value: number, unit: string): string => {
  if (value === 0) return `0 ${unit}`;
  const [scale, prefix] = PREFIXES.find(([size]) => Math.abs(value) >= size * 0.9995) ?? [1e-9, 'n'];
  return `${Number((value / scale).toPrecision(3))} ${prefix}${unit}`;
};
const joules_ = (value: number): string => scaled(value, 'J');
const watts = (value: number): string => scaled(value, 'W');
const span_ = (seconds: number): string =>
  seconds < 1 ? `${Number((seconds * 1e3).toPrecision(3))} ms` : `${seconds} s`;
