// The library of devices as a person reads it: the built server with the shipped profiles, in a real Chromium.

import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from './chromium.ts';
import { root, type Served, serve } from './served.ts';

const pictures = join(root, 'test-results');
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let browser: Browser;
let served: Served;
let page: Page;
const complaints: string[] = [];

beforeAll(async () => {
  await mkdir(pictures, { recursive: true });
  [browser, served] = await Promise.all([launchChromium(), serve('--port', '0')]);
  page = await open('light');
});
afterAll(async () => {
  await browser?.close();
  await served?.end('SIGINT');
});
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail')
    await page.screenshot({ path: join(pictures, 'devices-failed.png'), fullPage: true });
});

async function open(colorScheme: 'light' | 'dark'): Promise<Page> {
  const context = await browser.newContext({ colorScheme, viewport: { width: 1440, height: 900 } });
  context.setDefaultTimeout(30_000);
  const opened = await context.newPage();
  opened.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  opened.on('pageerror', (error) => complaints.push(error.stack ?? error.message));
  return opened;
}

const rows = (table: string) => page.getByRole('region', { name: table, exact: true }).locator('tbody tr');
const texts = async (table: string) =>
  (await rows(table).allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' ').trim());

describe('the library of devices', () => {
  it('should show how far each device can be trusted, and lead to it', async () => {
    await page.goto(`${served.url}/devices`);
    const card = page.getByRole('region', { name: 'Pocket assistant' });
    expect(await card.innerText()).toMatch(/163 figures:.*\d+ estimated \(\d+ %\).*measured \(\d+ %\)/s);
    await card.getByText('A day in the kitchen').waitFor();
    await card.getByRole('link', { name: 'pocket-assistant' }).click();
    await page.waitForURL('**/devices/pocket-assistant');
    await page.getByRole('heading', { level: 1, name: 'Pocket assistant' }).waitFor();
  });

  it('should draw the device and say the same in words', async () => {
    await page.getByRole('img', { name: 'Diagram of Pocket assistant' }).waitFor();
    await page.getByText('The same in words').click();
    await page.getByText('Link dsp-mcu from dsp to mcu, 20 Mbit/s, on rail always-on.').waitFor();
  });

  it('should say from when on states pay, what a MAC costs at each operating point, and what the cell gives', async () => {
    expect(await texts('Power states')).toContainEqual(expect.stringMatching(/^mcu stop2 25\.7 µW 885 µs 1\.19 ms/));
    // 1.34 mW over 46 million a second.
    expect(await texts('Operating points')).toContainEqual(expect.stringMatching(/^dsp 30MHz .* 29\.1 pJ least$/));
    expect(await texts('What the cell gives')).toContainEqual(expect.stringMatching(/^0\.2 C 8\d\d mAh/));
    await page.getByRole('img', { name: /^Voltage under load/ }).waitFor();
  });

  it('should find figures by their words and by how well they are known, in the order that was chosen', async () => {
    const table = 'Figures of Pocket assistant';
    const all = await texts(table);
    expect(all).toHaveLength(163);
    expect(all[0]).toContain('estimated');
    expect(all.at(-1)).toContain('measured');
    await page.getByLabel('Find a figure').fill('mcu stop2 POWER');
    const found = await texts(table);
    expect(found.length).toBeGreaterThan(0);
    expect(found.every((text) => /mcu/i.test(text) && /stop2/i.test(text) && /power/i.test(text))).toBe(true);
    await page.getByLabel('Find a figure').fill('');
    const trusted = page.getByRole('button', { name: /^\d+ measured$/ });
    await trusted.click();
    expect(await rows(table).count()).toBe(Number.parseInt(await trusted.innerText(), 10));
    await page.getByLabel('Find a figure').fill('no such thing');
    await page.getByText('No figure has “no such thing” in it.').waitFor();
    await page.getByLabel('Find a figure').fill('');
    await page.getByRole('button', { name: /^all 163$/ }).click();
    await page.getByRole('button', { name: 'by component' }).click();
    expect((await texts(table))[0]).toMatch(/^rails › always-on/);
  });

  it('should lead to a scenario on it, and say when there is no such device', async () => {
    const link = page.getByRole('link', { name: 'Set up “A day in the kitchen”' });
    await link.click();
    await page.waitForURL('**/scenarios/kitchen-day');
    await page.getByRole('button', { name: 'Launch' }).first().waitFor();
    await page.goto(`${served.url}/devices/toaster`);
    await page.getByRole('heading', { name: 'There is no device toaster' }).waitFor();
    expect(complaints).toEqual([]);
  });

  it.each(['light', 'dark'] as const)('should be readable by all and fit every width: %s', async (theme) => {
    const shown = await open(theme);
    await shown.goto(`${served.url}/devices/pocket-assistant`);
    await shown.getByRole('heading', { name: 'Power states' }).waitFor();
    for (const width of [1440, 390]) {
      await shown.setViewportSize({ width, height: 900 });
      await shown.waitForTimeout(150);
      const overflow = await shown.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(overflow, `at ${width} px`).toBeLessThanOrEqual(0);
      await shown.screenshot({ path: join(pictures, `device-${theme}-${width}.png`) });
    }
    await shown.evaluate(axeSource);
    const { violations }: AxeResults = await shown.evaluate('axe.run()');
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    expect(serious.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)])).toEqual([]);
    await shown.context().close();
    expect(complaints).toEqual([]);
  });
});
