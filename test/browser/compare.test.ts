// Runs side by side as a person compares them: the built server, real runs of the shipped day, a real Chromium.

import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RunDetails, RunView } from '../../server/runs/views.ts';
import { launchChromium } from './chromium.ts';
import { root, type Served, serve } from './served.ts';

const pictures = join(root, 'test-results');
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const PATIENCE_MILLISECONDS = 30_000;

let browser: Browser;
let served: Served;
let page: Page;
const complaints: string[] = [];

beforeAll(async () => {
  await mkdir(pictures, { recursive: true });
  [browser, served] = await Promise.all([launchChromium(), serve('--port', '0')]);
  await launch({ duration: '40 min', powerProfile: 'balanced' });
  await launch({ duration: '40 min', powerProfile: 'saver' });
  await launch({ duration: '20 min', powerProfile: 'balanced', seed: 8 });
  while (!(await runs()).every(({ state }) => state === 'finished'))
    await new Promise((resolve) => setTimeout(resolve, 100));
  page = await open('light');
});
afterAll(async () => {
  await browser?.close();
  await served?.end('SIGINT');
});
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail')
    await page.screenshot({ path: join(pictures, 'compare-failed.png'), fullPage: true });
});

async function launch(request: object): Promise<void> {
  const answer = await fetch(`${served.url}/api/runs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ scenario: 'kitchen-day', ...request }),
  });
  expect(answer.status).toBe(201);
}

async function ask<T>(path: string): Promise<T> {
  return (await fetch(served.url + path)).json() as Promise<T>;
}
const runs = () => ask<readonly RunView[]>('/api/runs');

async function open(colorScheme: 'light' | 'dark'): Promise<Page> {
  const context = await browser.newContext({ colorScheme, viewport: { width: 1440, height: 900 } });
  context.setDefaultTimeout(PATIENCE_MILLISECONDS);
  const opened = await context.newPage();
  opened.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  opened.on('pageerror', (error) => complaints.push(error.stack ?? error.message));
  return opened;
}

const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true });
const row = (table: string, name: RegExp) =>
  page.getByRole('region', { name: table, exact: true }).getByRole('row', { name });
const milliwatts = async (id: string) => {
  const { report } = await ask<RunDetails>(`/api/runs/${id}`);
  return report?.battery.averageMilliwatts ?? Number.NaN;
};

describe('comparing runs', () => {
  it('should be reached by choosing runs in the list, by the keyboard alone', async () => {
    await page.goto(served.url);
    await page.getByRole('checkbox', { name: 'Compare kitchen-day-1' }).focus();
    expect(await button('Compare').isDisabled()).toBe(true);
    await page.keyboard.press('Space');
    await page.getByText('Choose one more.').waitFor();
    await page.getByRole('checkbox', { name: 'Compare kitchen-day-2' }).focus();
    await page.keyboard.press('Space');
    await button('Compare 2 runs').focus();
    await page.keyboard.press('Enter');
    await page.waitForURL('**/compare?runs=kitchen-day-1,kitchen-day-2');
    await page.getByRole('heading', { level: 1, name: 'Compare 2 runs' }).waitFor();
  });

  it('should say first what was set differently, then what came of it', async () => {
    const settings = await row('What was set differently', /./).allInnerTexts();
    expect(settings[1]).toMatch(/power profile\s+balanced\s+saver/);
    expect(settings.join()).not.toContain('seed');
    const [balanced, saver] = [await milliwatts('kitchen-day-1'), await milliwatts('kitchen-day-2')];
    const power = (await row('What came out differently', /^mean power/).innerText()).replaceAll('\u00a0', ' ');
    expect(power).toContain(`${balanced.toPrecision(3)} mW`);
    expect(power).toContain(`${saver.toPrecision(3)} mW`);
    expect(power).toContain(`−${((1 - saver / balanced) * 100).toFixed(1)} %) better`);
    expect(await row('What came out differently', /^miss rate/).innerText()).toMatch(/(may be|beyond) chance, p/);
    await page.getByText('How it is told from chance').click();
    await page
      .getByText(/exact McNemar test over the 0.667 h that both heard/)
      .first()
      .waitFor();
    expect(await page.getByRole('img', { name: /of runs A, B$/ }).count()).toBe(2);
  });

  it('should play what one run took for the word and the other let pass', async () => {
    const apart = page.getByRole('region', { name: 'Events on which the runs part' }).getByRole('row');
    expect(await apart.nth(1).innerText()).toMatch(/found|missed|false accept/);
    const file = page.waitForResponse(/\/recordings\/.+\.flac$/);
    await apart
      .nth(1)
      .getByRole('button', { name: /^Play / })
      .click();
    expect((await file).ok()).toBe(true);
    await apart
      .nth(1)
      .getByRole('button', { name: /^Stop / })
      .click();
  });

  it('should hold the others against another run, add one and take one out', async () => {
    await button('Hold the others against it').click();
    await page.waitForURL('**/compare?runs=kitchen-day-2,kitchen-day-1');
    expect(await row('What came out differently', /^mean power/).innerText()).toContain('worse');
    await page.getByLabel('Add a run').selectOption('kitchen-day-3');
    await page.waitForURL('**/compare?runs=kitchen-day-2,kitchen-day-1,kitchen-day-3');
    await page.getByText('C heard another stream').waitFor();
    await button('Take kitchen-day-1 out').click();
    await page.waitForURL('**/compare?runs=kitchen-day-2,kitchen-day-3');
    await page.getByText('None of the others heard the stream of A').waitFor();
    await page.goBack();
    await page.getByRole('heading', { level: 1, name: 'Compare 3 runs' }).waitFor();
  });

  it("should be reached from a run's page, and say what else is needed", async () => {
    await page.goto(`${served.url}/runs/kitchen-day-1`);
    await page.getByRole('link', { name: 'compare with …' }).click();
    await page.getByRole('heading', { name: 'Compare kitchen-day-1 with …' }).waitFor();
    await page.getByRole('checkbox', { name: /kitchen-day-3/ }).check();
    await button('Compare 2 runs').click();
    await page.waitForURL('**/compare?runs=kitchen-day-1,kitchen-day-3');
  });

  it('should name runs that are gone or go on, and show figures once there are some', async () => {
    await launch({ duration: '6 h', speed: 60 });
    await page.goto(`${served.url}/compare?runs=kitchen-day-1,kitchen-day-4,kitchen-day-99`);
    await page.getByText('There is no run kitchen-day-99').waitFor();
    await page.getByText('It still goes on').waitFor();
    await page.getByText(/% simulated/).waitFor();
    await page.getByText('Only one of these runs has figures yet').waitFor();
    await fetch(`${served.url}/api/runs/kitchen-day-4/stop`, { method: 'POST' });
    await row('What was set differently', /stopped after/).waitFor();
    await page.getByRole('heading', { name: 'What came out differently' }).waitFor();
    expect(complaints).toEqual([]);
  });

  it.each(['light', 'dark'] as const)('should be readable by all and fit every width: %s', async (theme) => {
    const shown = await open(theme);
    for (const [name, path, landmark] of [
      [
        'compare',
        '/compare?runs=kitchen-day-1,kitchen-day-2,kitchen-day-3,kitchen-day-99',
        'What came out differently',
      ],
      ['compare-one', '/compare?runs=kitchen-day-1', 'Compare kitchen-day-1 with …'],
      ['compare-many', '/compare?runs=a,b,c,d,e,f,g', 'Too many runs'],
    ] as const) {
      await shown.goto(served.url + path);
      await shown.getByRole('heading', { name: landmark }).waitFor();
      for (const width of [1440, 390]) {
        await shown.setViewportSize({ width, height: 900 });
        await shown.waitForTimeout(150);
        const overflow = await shown.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        expect(overflow, `${name} at ${width} px`).toBeLessThanOrEqual(0);
        await shown.screenshot({ path: join(pictures, `${name}-${theme}-${width}.png`), fullPage: true });
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
});
