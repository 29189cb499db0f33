// What-ifs as a person asks them, on the run's page.

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
let id: string;
const complaints: string[] = [];

const post = async (path: string, body: object) =>
  (
    await fetch(`${served.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  ).json();

beforeAll(async () => {
  await mkdir(pictures, { recursive: true });
  browser = await launchChromium();
  served = await serve('--port', '0');
  ({ id } = await post('/api/runs', { scenario: 'kitchen-day', duration: '20 min', speed: 'max' }));
  page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  page.setDefaultTimeout(40_000);
  page.on('console', (message) => {
    // A refusal is an answer, which the browser logs as an error of the network.
    if (message.type() === 'error' && !message.text().includes('status of 400')) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.stack ?? error.message));
  await page.goto(`${served.url}/runs/${id}`);
  await page.getByRole('heading', { name: 'Report' }).waitFor();
});
afterAll(async () => {
  await browser?.close();
  await served?.end('SIGINT');
});
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail')
    await page.screenshot({ path: join(pictures, 'what-if-failed.png'), fullPage: true });
});

const panel = () => page.getByRole('region', { name: 'What if', exact: true });
const row = (name: string) => panel().getByRole('row').filter({ hasText: name }).first();

describe('a what-if on the page', () => {
  it('should follow a threshold as it is moved by the keyboard, and show what the API answers', async () => {
    const slider = panel().getByRole('slider', { name: 'activity', exact: true });
    await slider.focus();
    for (let step = 0; step < 80; step++) await page.keyboard.press('ArrowRight');
    const asked = await slider.inputValue();
    expect(Number(asked)).toBeCloseTo(0.95, 6);
    const { original, variants } = await post(`/api/runs/${id}/what-if`, {
      variants: [[`cascade.activity.threshold=${asked}`]],
    });
    const milliwatts = (watts: number) => `${watts.toPrecision(3)}\u00a0mW`;
    await expect
      .poll(() => row('mean power').textContent(), { timeout: 20_000 })
      .toContain(milliwatts(variants[0].battery.averageMilliwatts));
    expect(await row('mean power').textContent()).toContain(milliwatts(original.battery.averageMilliwatts));
    expect(variants[0].battery.averageMilliwatts).toBeLessThan(original.battery.averageMilliwatts);
    expect(await row('mean power').textContent()).toContain('better');
  });

  it('should answer for another profile, clock and battery together, and for a placement that cannot be with a sentence', async () => {
    await panel().getByLabel('power profile').selectOption('saver');
    await panel().getByLabel('mcu at').selectOption('55MHz');
    await panel().getByLabel('capacity, mAh').fill('300');
    await panel().getByLabel('capacity, mAh').press('Enter');
    const { variants } = await post(`/api/runs/${id}/what-if`, {
      variants: [
        [
          'cascade.activity.threshold=0.95',
          'powerProfile=saver',
          'cores.mcu.operatingPoint=55MHz',
          'battery.capacity=300 mAh',
        ],
      ],
    });
    await expect
      .poll(() => row('mean power').textContent(), { timeout: 20_000 })
      .toContain(`${variants[0].battery.averageMilliwatts.toPrecision(3)}\u00a0mW`);
    await panel().getByLabel('verify on').selectOption('dsp');
    await panel().getByRole('alert').filter({ hasText: 'dsp' }).waitFor();
    await panel().getByLabel('verify on').selectOption('app');
    await expect.poll(() => panel().getByRole('alert').count()).toBe(0);
  });

  it('should keep variants in the address, where another page finds them', async () => {
    await panel().getByRole('button', { name: 'Keep this variant' }).click();
    const kept = panel().getByRole('region', { name: 'Kept variants' });
    await kept.getByText('powerProfile=saver').waitFor();
    const other = await browser.newPage({ viewport: { width: 390, height: 844 }, colorScheme: 'dark' });
    await other.goto(page.url());
    const same = other.getByRole('region', { name: 'Kept variants' });
    await same.getByRole('row').filter({ hasText: 'battery lasts' }).waitFor({ timeout: 40_000 });
    expect(await same.locator('code').textContent()).toBe(await kept.locator('code').textContent());
    expect(await other.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await other.screenshot({ path: join(pictures, 'what-if-narrow-dark.png'), fullPage: true });
    await other.close();
    await kept.getByRole('button', { name: 'Forget' }).click();
    expect(page.url()).not.toContain('whatif');
  });

  it('should say why a name cannot be that of a scenario', async () => {
    await panel().getByLabel('Save it as the scenario').fill('kitchen-day');
    await panel().getByRole('button', { name: 'Save', exact: true }).click();
    await panel().getByRole('alert').filter({ hasText: 'There is a kitchen-day.yaml already' }).waitFor();
    await page.screenshot({ path: join(pictures, 'what-if-wide-light.png'), fullPage: true });
    expect(complaints).toEqual([]);
  });
});
