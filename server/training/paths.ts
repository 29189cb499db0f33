// Where things are: the project's root, and the data folder, which is not part of the project.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InputProblem } from '../runs/files/problem.ts';

/** The folder that holds the project's package.json; found from this file, so that it is the same in sources and in the build. */
export function projectRoot(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    if (existsSync(manifest) && readFileSync(manifest, 'utf8').includes('"name": "lightsleeper"')) return folder;
    if (folder === dirname(folder)) throw new Error('No package.json of lightsleeper above this file.');
  }
}

/** The recordings for training and testing: LIGHTSLEEPER_DATA, or ../shared/data beside the project. */
export const dataFolder = (): string => resolve(projectRoot(), process.env.LIGHTSLEEPER_DATA ?? '../shared/data');

/** Throws an InputProblem that says how to point at the data when it is not there. */
export function requireData(): string {
  const folder = dataFolder();
  if (!existsSync(join(folder, 'wake-words', 'computer')))
    throw new InputProblem(
      `There are no recordings to train with in ${folder}; set LIGHTSLEEPER_DATA to the folder that holds wake-words, speech, speech-commands and ambient (docs/training.md says where they come from).`,
    );
  return folder;
}

export const modelFolder = (): string => join(projectRoot(), 'scenarios', 'models');
