// The closer look as a person uses it: the built server, a real run, a real Chromium.

import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RangeView } from '../../server/runs/views.ts';
import { launchChromium } from './chromium.ts';
import { root, type Served, serve } from './served.ts';

const pictures = join(root, 'test-results');
let browser: Browser;
let served: Served;
let page: Page;
let id: string;
const complaints: string[] = [];

beforeAll(async () => {
  await mkdir(pictures, { recursive: true });
  browser = await launchChromium();
  served = await serve('--port', '0');
  const launched = await fetch(`${served.url}/api/runs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ scenario: 'kitchen-day', duration: '20 min', speed: 'max' }),
  });
  ({ id } = await launched.json());
  page = await open(1440, 'light');
  await page.goto(`${served.url}/runs/${id}`);
  await page.getByRole('heading', { name: 'Report' }).waitFor();
});
afterAll(async () => {
  await browser?.close();
  await served?.end('SIGINT');
});
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail')
    await page.screenshot({ path: join(pictures, 'scope-failed.png'), fullPage: true });
});

async function open(width: number, colorScheme: 'light' | 'dark'): Promise<Page> {
  const opened = await browser.newPage({ viewport: { width, height: 900 }, colorScheme, acceptDownloads: true });
  opened.setDefaultTimeout(40_000);
  opened.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  opened.on('pageerror', (error) => complaints.push(error.stack ?? error.message));
  return opened;
}

const scope = (of = page) => of.getByRole('region', { name: 'Closer look' });
const tracks = (of = page) => scope(of).getByRole('group', { name: 'Charts over simulated time' });
const rangeOf = async (from: number, to: number, points: number): Promise<RangeView> =>
  (await fetch(`${served.url}/api/runs/${id}/range?from=${from}&to=${to}&points=${points}`)).json();
const selected = (of = page) => new URL(of.url()).searchParams.get('select')?.split('-').map(Number) ?? [];

describe('the closer look', () => {
  it('should give exact figures of what is dragged over, those of the run and not of the picture', async () => {
    const power = scope().getByRole('img', { name: 'power over simulated time' });
    await power.scrollIntoViewIfNeeded();
    const box = await power.boundingBox();
    if (box === null) throw new Error('the chart is not there');
    const y = box.y + box.height / 2;
    await page.mouse.move(box.x + box.width * 0.25, y);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.5, y, { steps: 5 });
    await page.mouse.up();
    const figures = scope().getByRole('region', { name: 'Figures of the selection' });
    await figures.waitFor();
    const [from = 0, to = 0] = selected();
    expect(from).toBeCloseTo(300, -1);
    expect(to).toBeCloseTo(600, -1);
    const { joules, coulombs, watts } = await rangeOf(from, to, 1);
    const milli = (value: number, unit: string) => `${(value * 1e3).toPrecision(4)}\u00a0m${unit}`;
    await figures.getByText(milli(watts.mean, 'W'), { exact: true }).waitFor();
    await figures.getByText(`${joules.toPrecision(4)}\u00a0J`).waitFor();
    await figures.getByText(milli(coulombs, 'C')).waitFor();
  });

  it('should say the values under the cross-hair, which the keyboard moves and selects with, too', async () => {
    await tracks().focus();
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => scope().locator('#scope-reading').textContent()).toMatch(/W.*V.*dsp/);
    const before = await scope().locator('#scope-reading').textContent();
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => scope().locator('#scope-reading').textContent()).not.toBe(before);
    await page.keyboard.press('Escape');
    expect(selected()).toEqual([]);
    await page.keyboard.press('Shift+ArrowRight');
    await page.keyboard.press('Shift+ArrowRight');
    const [from = 0, to = 0] = selected();
    expect(to - from).toBeCloseTo((2 * 1200) / 200, 3);
  });

  it('should go from the whole run to milliseconds, where each job is told apart', async () => {
    await tracks().focus();
    for (let step = 0; step < 14; step++) await page.keyboard.press('+');
    await expect
      .poll(async () => {
        const view = new URL(page.url()).searchParams.get('view')?.split('-').map(Number) ?? [0, 1];
        return (view[1] ?? 1) - (view[0] ?? 0);
      })
      .toBeLessThan(0.1);
    const [from = 0, to = 0] = new URL(page.url()).searchParams.get('view')?.split('-').map(Number) ?? [];
    const { lanes } = await rangeOf(from, to, 10);
    expect(lanes?.[0]?.activity.length).toBeGreaterThan(2);
    await scope()
      .getByText(/\d\d:\d\d:\d\d\.\d{2,}/)
      .first()
      .waitFor();
    await page.screenshot({ path: join(pictures, 'scope-close-light.png'), fullPage: true });
  });

  it('should hold the power axis that is typed, and show another person the same by the address', async () => {
    await scope()
      .getByLabel(/Power axis to/)
      .fill('50');
    await scope()
      .getByLabel(/Power axis to/)
      .press('Enter');
    await scope()
      .getByText('0 W to 50.0 mW', { exact: false })
      .or(scope().getByText(/0.W to 50\.0.mW/))
      .first()
      .waitFor();
    const other = await open(390, 'dark');
    await other.goto(page.url());
    await other.getByRole('region', { name: 'Figures of the selection' }).waitFor();
    expect(
      await scope(other)
        .getByLabel(/Power axis to/)
        .inputValue(),
    ).toBe('50');
    expect(new URL(other.url()).search).toBe(new URL(page.url()).search);
    expect(await other.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await other.screenshot({ path: join(pictures, 'scope-narrow-dark.png'), fullPage: true });
    await other.close();
  });

  it('should export what is shown, a line a point, with the energy of the stretch', async () => {
    await tracks().focus();
    await page.keyboard.press('Home');
    await expect.poll(() => new URL(page.url()).searchParams.get('view')).toBeNull();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      scope().getByRole('button', { name: 'Export CSV' }).click(),
    ]);
    const lines = (await readFile(await download.path(), 'utf8')).trim().split('\n');
    const [header = [], ...rows] = lines.map((line) => line.split(','));
    expect(header.slice(0, 5)).toEqual(['from_s', 'to_s', 'power_min_W', 'power_mean_W', 'power_max_W']);
    const joules = rows.reduce((sum, row) => sum + (Number(row[1]) - Number(row[0])) * Number(row[3]), 0);
    expect(joules / (await rangeOf(0, 1200, 1)).joules).toBeCloseTo(1, 6);
    expect(complaints).toEqual([]);
  });
});
