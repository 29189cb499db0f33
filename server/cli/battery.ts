// `lightsleeper battery`: what a cell gives at several currents, and its discharge curves.

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';

export function addBattery(program: Command): void {
  program
    .command('battery')
    .description('discharge the battery of device profiles at several currents')
    .argument('<profiles...>', 'device profiles, or files with nothing but a battery')
    .option('--write <folder>', 'write discharge curves there, as SVG')
    .action(async (paths: readonly string[], { write }: { readonly write?: string }) => {
      const { dischargeAll, drawCell, readCell } = await import('../batteries/cell-file.ts');
      for (const path of paths) {
        const cell = await readCell(path);
        const results = dischargeAll(cell);
        process.stdout.write(`${cell.profile.part}, ${cell.profile.model}\n`);
        for (const { name, coulombs, joules } of results)
          process.stdout.write(
            `  ${name.padEnd(14)} ${(coulombs / 3.6).toFixed(0).padStart(5)} mAh  ${(joules / 3600).toFixed(3).padStart(7)} Wh  ${((coulombs / cell.plan.capacity) * 100).toFixed(1).padStart(5)} %\n`,
          );
        if (write === undefined) continue;
        await mkdir(write, { recursive: true });
        for (const [file, picture] of Object.entries(drawCell(cell, results)))
          await writeFile(join(write, file), picture);
      }
    });
}
