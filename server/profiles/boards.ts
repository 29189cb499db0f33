// Boards and the profiles made of them, as files.

import { stringify } from 'yaml';
import { InputProblem } from '../runs/files/problem.ts';
import { readYaml } from '../runs/files/yaml.ts';
import { boardSchema } from './board.ts';
import { deriveProfile } from './derive.ts';

/** The device profile that follows from a board's file, as YAML. @throws {InputProblem} what is wrong with the file */
export async function deriveFile(path: string): Promise<string> {
  const { value } = await readYaml(path, boardSchema);
  try {
    const name = path.replace(/^.*device-profiles/, 'device-profiles');
    return `# Made by \`lightsleeper profile derive ${name}\`; change that file, not this one.\n${stringify(deriveProfile(value), { lineWidth: 0, aliasDuplicateObjects: false })}`;
  } catch (error) {
    if (error instanceof RangeError) throw new InputProblem(`${path}: ${error.message}`);
    throw error;
  }
}
