// `lightsleeper profile`: device profiles made, checked and filled in.

import { readFile, writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { InputProblem } from '../runs/files/problem.ts';

interface Written {
  /** Standard output when left out. */
  readonly write?: string;
}

export function addProfile(program: Command): void {
  const profile = program.command('profile').description('make, check and fill in device profiles');
  profile
    .command('check')
    .description('list the figures of a profile by trust, and what its states and operating points are worth')
    .argument('<profile>', 'path of a device profile, e.g. device-profiles/pocket-assistant.yaml')
    .action(check);
  profile
    .command('derive')
    .description("make a device profile from a board's published figures")
    .argument('<board>', 'path of a board, e.g. device-profiles/boards/stm32u575.yaml')
    .option('--write <file>', 'write it there instead of printing it')
    .action(derive);
  profile
    .command('import')
    .description('take power states from a built Zephyr devicetree; powers stay unset until they are given')
    .argument('<devicetree>', 'path of a built devicetree, e.g. build/zephyr/zephyr.dts')
    .option('--onto <profile>', 'merge them into this device profile; a fragment when left out')
    .option('--core <name>', 'the core of that profile')
    .option('--write <file>', 'write it there instead of printing it')
    .action(importStates);
}

const check = async (path: string): Promise<void> => {
  process.stdout.write(await checkFile(path));
};

/** What there is to say of a device profile. @throws {InputProblem} what is wrong with the file */
export async function checkFile(path: string): Promise<string> {
  const { checkProfile } = await import('../profiles/check.ts');
  const { printCheck } = await import('./print-check.ts');
  const { deviceProfileSchema } = await import('../runs/files/device-profile.ts');
  const { readYaml } = await import('../runs/files/yaml.ts');
  const { value } = await readYaml(path, deviceProfileSchema).catch(async (error: unknown) => {
    const { boardSchema } = await import('../profiles/board.ts');
    if ((await readYaml(path, boardSchema).catch(() => null)) === null) throw error;
    throw new InputProblem(
      `${path}: this is a board, not a device profile; make one with \`lightsleeper profile derive ${path} --write FILE\`, and check that`,
    );
  });
  return printCheck(checkProfile(value), path);
}

async function derive(board: string, options: Written): Promise<void> {
  const { deriveFile } = await import('../profiles/boards.ts');
  await put(await deriveFile(board), options);
}

interface ImportOptions extends Written {
  readonly onto?: string;
  readonly core?: string;
}

async function importStates(path: string, { onto, core, ...written }: ImportOptions): Promise<void> {
  const { importFragment, importOnto, readPowerStates } = await import('../profiles/import.ts');
  const imported = readPowerStates(path, await read(path));
  for (const note of imported.notes) process.stderr.write(`note: ${note}\n`);
  await put(
    onto === undefined ? importFragment(imported) : importOnto(imported, onto, await read(onto), core),
    written,
  );
}

const read = (path: string): Promise<string> =>
  readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new InputProblem(
      `${path}: ${error.code === 'ENOENT' ? 'there is no such file; check the name' : `cannot be read (${error.message})`}`,
    );
  });

async function put(text: string, { write }: Written): Promise<void> {
  if (write === undefined) process.stdout.write(text);
  else await writeFile(write, text);
}
