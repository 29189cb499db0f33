// Whose voice, or which recording's cut, a file is. `sources.csv` beside the recordings (or above them, within the scenario's folder) says so, a line a
// file; where there is none, every file is a source of its own.

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { inputProblem } from '../files/problem.ts';
import type { LoadedScenario } from '../load.ts';

const FILE = 'sources.csv';

export interface Sources {
  /** By recording of the scenario. */
  readonly of: readonly string[];
  /** Recordings that no `sources.csv` speaks of. */
  readonly unnamed: number;
}

/** @throws {InputProblem} lines that say nothing, recordings that a file beside them leaves out */
export function readSources({ path, recordings }: Pick<LoadedScenario, 'path' | 'recordings'>): Sources {
  const folder = dirname(path);
  const problems: string[] = [];
  const tables = new Map<string, ReadonlyMap<string, string> | null>();
  const tableIn = (within: string): ReadonlyMap<string, string> | null => {
    const known = tables.get(within);
    if (known !== undefined) return known;
    const file = join(folder, within, FILE);
    const table = existsSync(file) ? parseSources(readFileSync(file, 'utf8'), file, problems) : null;
    tables.set(within, table);
    return table;
  };
  let unnamed = 0;
  const of = recordings.map((recording) => {
    for (let within = posix.dirname(recording.path); ; within = posix.dirname(within)) {
      const table = tableIn(within);
      if (table !== null) {
        const file = posix.relative(within, recording.path);
        const source = table.get(file);
        if (source === undefined)
          problems.push(
            `${join(folder, within, FILE)}: it has no line for ${file}; add "${file},<whose voice or which recording>"`,
          );
        return source ?? '';
      }
      if (within === '.') break;
    }
    unnamed++;
    return recording.path;
  });
  if (problems.length > 0) throw inputProblem(problems);
  return { of, unnamed };
}

/** Lines `file,source` after a header of these words; what is wrong goes to `problems`. */
export function parseSources(text: string, name: string, problems: string[]): ReadonlyMap<string, string> {
  const table = new Map<string, string>();
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue;
    const [file = '', source = '', ...more] = line.split(',').map((cell) => cell.trim());
    if (index === 0 && file === 'file' && source === 'source') continue;
    if (file === '' || source === '' || more.length > 0)
      problems.push(`${name}:${index + 1}: "${line}" is not of the form file,source`);
    else table.set(file, source);
  }
  return table;
}
