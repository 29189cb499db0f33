// What a check of a profile found, for a terminal.

import { type ProfileCheck, seconds } from '../profiles/check.ts';

const LONGEST_SOURCE = 110;

export function printCheck({ figures, states, warnings }: ProfileCheck, path: string): string {
  const counts = new Map<string, number>();
  for (const { figure } of figures) counts.set(figure.confidence, (counts.get(figure.confidence) ?? 0) + 1);
  const name = Math.max(...figures.map((one) => one.path.length));
  const value = Math.max(...figures.map(({ figure }) => figure.text.length));
  return [
    `${path}: ${figures.length} figures: ${[...counts].map(([confidence, count]) => `${count} ${confidence}`).join(', ')}`,
    '',
    'Figures, the least trusted first',
    ...figures.map(({ path: place, figure }) => {
      const range = figure.range === undefined ? '' : '  ranged';
      return `  ${figure.confidence.padEnd(9)}  ${place.padEnd(name)}  ${figure.text.padStart(value)}${range}  ${shortened(figure.source)}`;
    }),
    '',
    'Power states: a stay pays from its break-even time on, exit latency not included',
    ...states.map(
      ({ core, state, watts, exitSeconds, breakEvenSeconds, givenSeconds }) =>
        `  ${`${core} ${state}`.padEnd(28)} ${`${(watts * 1e3).toPrecision(3)} mW`.padStart(11)}, wakes in ${seconds(exitSeconds)}${breakEvenSeconds.shallowest === 0 ? '' : `; pays after ${seconds(breakEvenSeconds.shallowest)} against the shallowest, ${seconds(breakEvenSeconds.before)} against the one before`}${givenSeconds === null ? '' : `; given ${seconds(givenSeconds)}`}`,
    ),
    '',
    ...(warnings.length === 0 ? ['No warnings'] : ['Warnings', ...warnings.map((warning) => `  ${warning}`)]),
    '',
  ].join('\n');
}

const shortened = (text: string): string =>
  text.length <= LONGEST_SOURCE ? text : `${text.slice(0, LONGEST_SOURCE - 1)}…`;
