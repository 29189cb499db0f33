// `lightsleeper schema`: the JSON Schemas of the files that people write.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { projectFolder } from '../project.ts';
import { jsonSchemas } from '../runs/files/json-schema.ts';

export function addSchema(program: Command): void {
  program
    .command('schema')
    .description('write the JSON Schemas of scenarios and device profiles, for editors')
    .action(() => {
      for (const [path, text] of Object.entries(jsonSchemas())) {
        writeFileSync(join(projectFolder(), path), text);
        process.stdout.write(`${path}\n`);
      }
    });
}
