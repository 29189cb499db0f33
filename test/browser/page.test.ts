// The page as a person meets it: the built server with the shipped day, in a real Chromium.

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
/** Whatever is waited for is there much sooner on a machine that is free. */
const patience = { timeout: 30_000, interval: 100 };

declare global {
  /** Kept in the page: how often each canvas was drawn, and how far things moved. */
  var seen: { readonly redraws: Map<object, number>; shift: number };
}

let browser: Browser;
let served: Served;
let page: Page;
const complaints: string[] = [];

beforeAll(async () => {
  await mkdir(pictures, { recursive: true });
  browser = await launchChromium();
  served = await serve('--port', '0');
  page = await open('light');
});
afterAll(async () => {
  await browser?.close();
  await served?.end('SIGINT');
});

afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') await page.screenshot({ path: join(pictures, 'failed.png'), fullPage: true });
});

async function open(colorScheme: 'light' | 'dark'): Promise<Page> {
  const context = await browser.newContext({ colorScheme, viewport: { width: 1440, height: 900 } });
  context.setDefaultTimeout(patience.timeout);
  await context.addInitScript(watchPainting);
  const opened = await context.newPage();
  opened.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  opened.on('pageerror', (error) => complaints.push(error.stack ?? error.message));
  return opened;
}

/** Runs in the page: counts how often each canvas is cleared, and adds up layout shifts that nobody caused. */
function watchPainting(): void {
  const seen = { redraws: new Map<object, number>(), shift: 0 };
  const { clearRect } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.clearRect = function (...area) {
    seen.redraws.set(this.canvas, (seen.redraws.get(this.canvas) ?? 0) + 1);
    clearRect.apply(this, area);
  };
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries())
      if ('value' in entry && 'hadRecentInput' in entry && !entry.hadRecentInput) seen.shift += Number(entry.value);
  }).observe({ type: 'layout-shift', buffered: true });
  Object.assign(globalThis, { seen });
}

const text = (selector: string) => page.locator(selector).innerText();
const changes = async (selector: string): Promise<void> => {
  const before = await text(selector);
  await expect.poll(() => text(selector), patience).not.toBe(before);
};
const button = (name: string) => page.getByRole('button', { name, exact: true });

describe('the page', () => {
  it('should launch a run from its form, after saying what is wrong in it', async () => {
    await page.goto(served.url);
    await page.getByRole('link', { name: 'Set up a run of A day in the kitchen' }).click();
    const form = page.getByRole('form');
    await form.getByLabel('Duration').fill('a while');
    await form.getByText('“a while” is not a span').waitFor();
    await form.getByLabel('Duration').fill('3 h');
    await form.getByLabel('Start charge').fill('80');
    await form.getByRole('button', { name: '600×', exact: true }).click();
    await button('Launch').click();
    await page.waitForURL('**/runs/kitchen-day-1');
    await page.getByRole('heading', { level: 1, name: 'A day in the kitchen' }).waitFor();
  });

  it('should show battery, funnel and detections change, in few redraws and without shifting', async () => {
    await page.locator('#battery-reading').waitFor();
    await Promise.all(['#battery-reading', '#funnel', '#run-clock', '#detection-counts'].map(changes));
    await expect.poll(() => text('#battery-reading'), patience).toMatch(/79\.\d+\s%/);
    await expect.poll(() => page.locator('tbody tr').count(), patience).toBeGreaterThan(0);
    const seconds = 2;
    const { redraws, shift } = await page.evaluate(async (milliseconds) => {
      const { seen } = globalThis;
      seen.redraws.clear();
      seen.shift = 0;
      await new Promise((resolve) => setTimeout(resolve, milliseconds));
      return { redraws: [...seen.redraws.values()], shift: seen.shift };
    }, seconds * 1000);
    expect(redraws.length).toBeGreaterThan(1);
    expect(Math.max(...redraws)).toBeLessThanOrEqual(10 * seconds + 1);
    expect(shift).toBeLessThan(0.05);
  });

  it('should play the sound behind a detection', async () => {
    const play = page.getByRole('button', { name: /^Play computer-.*flac$/ }).last();
    const file = page.waitForResponse(/\/recordings\/computer\/computer-\d+\.flac$/);
    await play.click();
    expect((await file).headers()['content-type']).toMatch(/^audio\/(x-)?flac/);
    await page.getByRole('button', { name: /^Stop computer-.*flac$/ }).waitFor();
    // A word is over in a second, and says so only when it was really played.
    await page.getByRole('button', { name: /^Stop computer-.*flac$/ }).waitFor({ state: 'detached' });
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  it('should pause, resume and stop a run, and show its report', async () => {
    await button('Pause').click();
    await button('Resume').waitFor();
    await page.waitForTimeout(300);
    const paused = await text('#run-clock');
    await page.waitForTimeout(500);
    expect(await text('#run-clock')).toBe(paused);
    await button('Resume').click();
    await button('Pause').waitFor();
    await changes('#run-clock');
    await button('Stop').click();
    await page.getByRole('heading', { name: 'Report' }).waitFor();
    expect(await button('Stop').count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  it.each(['light', 'dark'] as const)('should be readable by all and fit every width: %s', async (theme) => {
    const shown = await open(theme);
    for (const [name, path, landmark] of [
      ['home', '/', 'Runs'],
      ['run', '/runs/kitchen-day-1', 'Report'],
      ['gone', '/runs/kitchen-day-99', 'This run is not here any more'],
      ['nowhere', '/no/such/page', 'Nothing is here'],
      ['devices', '/devices', 'Devices'],
    ] as const) {
      await shown.goto(served.url + path);
      await shown.getByRole('heading', { name: landmark }).waitFor();
      if (name === 'home') await shown.getByRole('article', { name: 'A day in the kitchen' }).waitFor();
      for (const width of [1440, 390]) {
        await shown.setViewportSize({ width, height: 900 });
        await shown.waitForTimeout(150);
        const overflow = await shown.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        expect(overflow, `${name} at ${width} px`).toBeLessThanOrEqual(0);
        await shown.screenshot({ path: join(pictures, `${name}-${theme}-${width}.png`), fullPage: name !== 'devices' });
      }
      await shown.evaluate(axeSource);
      const { violations }: AxeResults = await shown.evaluate('axe.run()');
      const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
      expect(
        serious.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)]),
        `${name} in ${theme}`,
      ).toEqual([]);
    }
    await shown.context().close();
    expect(complaints).toEqual([]);
  });

  it('should say that the server is gone, and come back by itself when it is there again', async () => {
    await page.goto(`${served.url}/scenarios/kitchen-day`);
    await Promise.all([button('Launch').waitFor(), page.locator('.run-list').waitFor()]);
    const lost = page.getByText('Connection lost');
    expect(await lost.count()).toBe(0);
    await served.end('SIGKILL');
    await lost.waitFor();
    await page.screenshot({ path: join(pictures, 'lost-light-1440.png') });
    served = await serve('--port', String(served.port));
    await lost.waitFor({ state: 'detached' });
    await page.locator('.run-list').waitFor({ state: 'detached' });

    complaints.length = 0;
    await button('Launch').click();
    await page.waitForURL('**/runs/kitchen-day-1');
    await changes('#run-clock');
    expect(complaints).toEqual([]);
  });
});
