// Chromium out of an npm package, libraries and fonts included, so that a fresh clone needs nothing from the system.

import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium } from 'playwright-core';

const root = fileURLToPath(new URL(import.meta.url.includes('/dist/') ? '../../..' : '../..', import.meta.url));
const cache = join(root, 'node_modules', '.cache', 'chromium');

/**
 * Starts Chromium without a window.
 * @param args of its command line, beside the usual ones
 * CHROMIUM, a path, takes the place of the package's own, which is for Linux on x64.
 * @throws when there is none that starts, in words
 */
export async function launchChromium(...args: readonly string[]): Promise<Browser> {
  const own = process.env['CHROMIUM'];
  try {
    if (own !== undefined && own !== '')
      return await chromium.launch({ executablePath: own, chromiumSandbox: false, args: [...args] });
    const folder = await unpacked();
    return await chromium.launch({
      executablePath: join(folder, 'chromium'),
      chromiumSandbox: false,
      args: ['--font-render-hinting=none', '--disable-gpu', ...args],
      env: { ...definedEnv(), LD_LIBRARY_PATH: join(folder, 'al2023', 'lib'), FONTCONFIG_PATH: join(folder, 'fonts') },
    });
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    throw new Error(
      `There is no Chromium here that starts, and the page can only be tested in one. Set CHROMIUM to the path of a Chromium or Chrome. ${said}`,
      { cause: error },
    );
  }
}

/** The folder that the package's archives are unpacked in, once a clone. It appears whole or not at all. */
async function unpacked(): Promise<string> {
  if (existsSync(cache)) return cache;
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new Error(`@sparticuz/chromium has none for ${process.platform} on ${process.arch}.`);
  await mkdir(join(cache, '..'), { recursive: true });
  const folder = await mkdtemp(`${cache}-`);
  const before = { TMPDIR: process.env['TMPDIR'], AWS_EXECUTION_ENV: process.env['AWS_EXECUTION_ENV'] };
  // It unpacks into the folder for temporary files, and its libraries only where it believes to be at home.
  Object.assign(process.env, { TMPDIR: folder, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x' });
  try {
    const { default: packed } = await import('@sparticuz/chromium');
    await packed.executablePath();
    const fonts = join(folder, 'fonts');
    await writeFile(join(fonts, 'fonts.conf'), fontsOf(join(cache, 'fonts')));
    await rename(folder, cache);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    // Another process may have been faster.
    if (!existsSync(cache)) throw error;
  } finally {
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
  return cache;
}

/** Only the package's fonts, so that pictures are the same on every machine. */
const fontsOf = (folder: string): string => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${folder}</dir>
  <cachedir>${folder}-cache</cachedir>
</fontconfig>
`;

const definedEnv = (): Record<string, string> =>
  Object.fromEntries(Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined));
