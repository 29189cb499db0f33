// `npm run pictures`: takes the README's pictures from a real run of the shipped day, on the server and page as they are built.

import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { launchChromium } from './chromium.ts';
import { root, serve } from './served.ts';

const folder = join(root, 'docs', 'pictures');
/** Simulated time that the pictures show: long enough for some words, a miss or a false accept. */
const SIMULATED_SECONDS = 45 * 60;
const WIDTH = 1280;
const PATIENCE_MILLISECONDS = 300_000;

const browser = await launchChromium();
const served = await serve('--port', '0');
try {
  await mkdir(folder, { recursive: true });
  const answer = await fetch(`${served.url}/api/runs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ scenario: 'kitchen-day', speed: 120 }),
  });
  if (!answer.ok) throw new Error(`The run could not be launched: ${await answer.text()}`);
  const run = `${served.url}${answer.headers.get('location')}`;
  const page = await browser.newPage({ viewport: { width: WIDTH, height: 900 } });
  await page.goto(`${served.url}/runs/kitchen-day-1`);
  const begun = performance.now();
  while ((await simulated(run)) < SIMULATED_SECONDS) {
    if (performance.now() - begun > PATIENCE_MILLISECONDS) throw new Error(`${run} takes too long.`);
    await page.waitForTimeout(200);
  }
  await fetch(`${run}/pause`, { method: 'POST' });
  await page.getByRole('button', { name: 'Resume' }).waitFor();
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme });
    await page.waitForTimeout(500);
    const path = join(folder, `run-${theme}.png`);
    // Down to where the list of detections begins.
    const list = await page.locator('.detections').boundingBox();
    const clip = { x: 0, y: 0, width: WIDTH, height: Math.floor(list?.y ?? WIDTH) };
    await page.screenshot({ path, fullPage: true, clip });
    process.stdout.write(`${path} ${Math.round((await stat(path)).size / 1024)} kB\n`);
  }
} finally {
  await browser.close();
  await served.end('SIGINT');
}

async function simulated(run: string): Promise<number> {
  const details: unknown = await (await fetch(run)).json();
  return typeof details === 'object' && details !== null && 'simulatedSeconds' in details
    ? Number(details.simulatedSeconds)
    : 0;
}
