// `lightsleeper profile`: device profiles made, checked and filled in.

import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';

export function addProfile(program: Command): void {
  const profile = program.command('profile').description('make, check and fill in device profiles');
  profile
    .command('derive')
    .description("make a device profile from a board's published figures")
    .argument('<board>', 'path of a board, e.g. device-profiles/boards/stm32u575.yaml')
    .option('--write <file>', 'write it there instead of printing it')
    .action(async (board: string, { write }: { readonly write?: string }) => {
      const { deriveFile } = await import('../profiles/boards.ts');
      const text = await deriveFile(board);
      if (write === undefined) process.stdout.write(text);
      else await writeFile(write, text);
    });
}
