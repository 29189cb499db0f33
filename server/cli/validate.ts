// `lightsleeper validate`: the profiles of benchmarked boards against what was measured on them.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';

export function addValidate(program: Command): void {
  program
    .command('validate')
    .description('hold the profiles of benchmarked boards against published measurements')
    .option('--write <folder>', 'write validation.md and validation.svg there')
    .action(async ({ write }: { readonly write?: string }) => {
      const { validate } = await import('../profiles/validation.ts');
      const { printValidation, validationPage } = await import('../profiles/page.ts');
      const { drawValidation } = await import('../profiles/picture.ts');
      const { projectFolder } = await import('../project.ts');
      const validation = await validate(join(projectFolder(), 'device-profiles'));
      process.stdout.write(printValidation(validation));
      if (write === undefined) return;
      await writeFile(join(write, 'validation.md'), validationPage(validation));
      await writeFile(join(write, 'validation.svg'), drawValidation(validation.held));
    });
}
