// The gate lab as a person meets it: thresholds for a budget, their frontier, and the models.

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from './chromium.ts';
import { root, type Served, serve } from './served.ts';

const pictures = join(root, 'test-results');
let browser: Browser;
let served: Served;
let page: Page;
const complaints: string[] = [];

beforeAll(async () => {
  await mkdir(pictures, { recursive: true });
  browser = await launchChromium();
  served = await serve('--port', '0');
  page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  page.setDefaultTimeout(50_000);
  page.on('console', (message) => {
    // A refusal is an answer, which the browser logs as an error of the network.
    if (message.type() === 'error' && !message.text().includes('status of 400')) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.stack ?? error.message));
  await page.goto(`${served.url}/lab`);
});
afterAll(async () => {
  await browser?.close();
  await served?.end('SIGINT');
});
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') await page.screenshot({ path: join(pictures, 'lab-failed.png'), fullPage: true });
});

describe('the gate lab', () => {
  it('should say what a budget needs before it asks the server, and what the server cannot read', async () => {
    await page.getByLabel('False accepts an hour, at most').fill('0');
    await page.getByRole('button', { name: 'Look for thresholds' }).click();
    await page.getByText('give more than 0 and at most 1000 an hour').waitFor();
    await page.getByLabel('False accepts an hour, at most').fill('15');
    await page.getByLabel('Stream').fill('soon');
    await page.getByRole('button', { name: 'Look for thresholds' }).click();
    await page.getByText('“soon”').or(page.getByText('"soon"')).first().waitFor();
  });

  it('should find thresholds, say what can be said of them, and tell each vector of the frontier', async () => {
    await page.locator('select[name=scenario]').selectOption('quiet-study');
    await page.getByLabel('Stream').fill('30 min');
    await page.getByRole('button', { name: 'Look for thresholds' }).click();
    const panel = page.getByRole('region', { name: 'Thresholds for quiet-study' });
    await panel.getByRole('heading', { name: 'The frontier' }).waitFor();
    const [{ advice, words }] = await (await fetch(`${served.url}/api/advice`)).json();
    for (const sentence of words) await panel.getByText(sentence).waitFor();
    const rows = panel.getByLabel('Vectors of the frontier by rising misses').locator('tbody tr');
    expect(await rows.count()).toBe(advice.frontier.length);
    await rows.first().hover();
    const [first] = advice.frontier;
    await panel
      .locator('figcaption')
      .filter({ hasText: `activity ${first.thresholds[0]}, keyword ${first.thresholds[1]}` })
      .waitFor();
    await page.screenshot({ path: join(pictures, 'lab-wide-light.png'), fullPage: true });
  });

  it('should end a search that is cancelled, with nothing left of it', async () => {
    await page.locator('select[name=scenario]').selectOption('kitchen-day');
    await page.getByLabel('Stream').fill('4 d');
    await page.getByRole('button', { name: 'Look for thresholds' }).click();
    const panel = page.getByRole('region', { name: 'Thresholds for kitchen-day' });
    await panel.getByRole('button', { name: 'Cancel' }).click();
    await panel.getByText('Cancelled: nothing is advised.').waitFor();
    expect(await panel.getByRole('button', { name: 'Cancel' }).count()).toBe(0);
  });

  it('should show a model by its link, with its curves, and say so where there is none of that name', async () => {
    await page.goto(`${served.url}/lab/activity`);
    const model = page.getByRole('article', { name: 'activity' });
    await model.getByText('36.5 kMAC').waitFor();
    await model.getByRole('img', { name: /missed over false accepts an hour/ }).waitFor();
    await model.getByRole('img', { name: /loss over steps/ }).waitFor();
    await page.goto(`${served.url}/lab/nothing`);
    await page.getByText('There is no model “nothing”').waitFor();
    expect(complaints).toEqual([]);
  });

  it('should fit a phone in the dark', async () => {
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(`${served.url}/lab/activity`);
    await page.getByRole('heading', { name: 'Operating curve' }).waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await page.screenshot({ path: join(pictures, 'lab-narrow-dark.png'), fullPage: true });
  });
});
