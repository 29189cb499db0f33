// The project as it lies on disk: its folder and its version.

import { readFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/** Folder that holds scenarios/ and device-profiles/: the project's root, seen from dist/server and from server alike. */
export const projectFolder = (): string => {
  const here = dirname(fileURLToPath(import.meta.url));
  return here.includes(`${sep}dist${sep}`) ? join(here, '..', '..') : join(here, '..');
};

/** As package.json has it. */
export const projectVersion = (): string => {
  const text = readFileSync(join(projectFolder(), 'package.json'), 'utf8');
  return z.object({ version: z.string() }).parse(JSON.parse(text)).version;
};
