// Before a run, as a person meets it: cards, a scenario's page, what its sensor will get, and the way to the live page. The built server in a folder of
// its own, so that a scenario may be broken; real recordings, a real Chromium.

import { readFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { decodeBytes } from '../../server/streams/decode.ts';
import { launchChromium } from './chromium.ts';
import { root, type Served, serveIn } from './served.ts';

const pictures = join(root, 'test-results');
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const PATIENCE_MILLISECONDS = 30_000;

let folder: string;
let browser: Browser;
let served: Served;
let page: Page;
const complaints: string[] = [];

beforeAll(async () => {
  await mkdir(pictures, { recursive: true });
  folder = await mkdtemp(join(tmpdir(), 'lightsleeper-'));
  await cp(join(root, 'dist'), join(folder, 'dist'), { recursive: true });
  for (const name of ['node_modules', 'package.json']) await symlink(join(root, name), join(folder, name));
  await cp(join(root, 'device-profiles'), join(folder, 'device-profiles'), { recursive: true });
  const scenarios = join(folder, 'scenarios');
  await mkdir(scenarios);
  for (const name of ['recordings', 'models']) await symlink(join(root, 'scenarios', name), join(scenarios, name));
  for (const name of ['kitchen-day', 'walking-band', 'roadside-camera'])
    await cp(join(root, 'scenarios', `${name}.yaml`), join(scenarios, `${name}.yaml`));
  await breakScenario();
  [browser, served] = await Promise.all([launchChromium(), serveIn(folder, '--port', '0')]);
  page = await open('light');
});
afterAll(async () => {
  await browser?.close();
  await served?.end('SIGINT');
  await rm(folder, { recursive: true, force: true });
});
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail')
    await page.screenshot({ path: join(pictures, 'launch-failed.png'), fullPage: true });
});

/** Speech that is looked for where no recording is. */
async function breakScenario(): Promise<void> {
  const text = await readFile(join(root, 'scenarios', 'kitchen-day.yaml'), 'utf8');
  const broken = text
    .replace('recordings/speech/*', 'recordings/speach/*')
    .replace('A day in the kitchen', 'A day of slips');
  await writeFile(join(folder, 'scenarios', 'slips.yaml'), broken);
}

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

const button = (name: string) => page.getByRole('button', { name, exact: true });
const stretch = () => page.locator('.stretch');
/** Ink on a canvas: its pixels that are not clear. */
const inkOf = (name: RegExp): Promise<number> =>
  page.getByRole('img', { name }).evaluate((canvas) => {
    if (!(canvas instanceof HTMLCanvasElement)) return 0;
    const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
    let ink = 0;
    for (let at = 3; at < data.length; at += 4) if (data[at] > 0) ink++;
    return ink;
  });

describe('before a run', () => {
  it('should show scenarios as cards: what happens in them, on what, and about how long they take', async () => {
    await page.goto(served.url);
    const card = page.getByRole('article', { name: 'A day in the kitchen' });
    const said = (await card.innerText()).replaceAll('\u00a0', ' ');
    expect(said).toContain('sound, by microphone');
    expect(said).toMatch(/computer\s+6 an hour, 15 ± 3 dB over the background\s+to be detected, 61 recordings/);
    expect(said).toMatch(/background\s+30 % of the time, 6 min at a time/);
    expect(said).toMatch(
      /At full speed\s+about \d+ s from 635,000 windows of sound a second .*; none has run here yet/,
    );
    await card.getByRole('link', { name: 'Set up a run of A day in the kitchen' }).click();
    await page.waitForURL('**/scenarios/kitchen-day');
    await page.getByRole('heading', { level: 1, name: 'A day in the kitchen' }).waitFor();
  });

  it('should draw what the microphone will get, another day with another seed, and keep that in the link', async () => {
    const found = page.getByRole('img', { name: /^computer: 158 events/ });
    await found.waitFor();
    expect(await inkOf(/^computer: /)).toBeGreaterThan(100);
    await page.getByLabel('Seed').fill('x');
    await page.getByText('“x” is not a whole number from 0 up.').waitFor();
    await page.getByLabel('Seed').fill('8');
    await page.getByLabel('Duration').fill('2 h');
    await page.getByText('seed 8, 2 h').waitFor();
    await found.waitFor({ state: 'detached' });
    await page.waitForURL('**/scenarios/kitchen-day?duration=2+h&seed=8');
  });

  it('should look closer at a place, and play what is heard there', async () => {
    const heading = stretch().getByRole('heading');
    await button('Next computer').click();
    const before = await heading.innerText();
    await button('Next computer').click();
    await expect.poll(() => heading.innerText()).not.toBe(before);
    const wave = stretch().getByRole('img', { name: /^Waveform/ });
    await wave.waitFor();
    await stretch().getByRole('button', { name: '10 s', exact: true }).click();
    await page.waitForURL(/from=[\d.]+&to=[\d.]+/);
    await stretch()
      .getByText(/^\d events? in 10\ss$/)
      .waitFor();
    await expect.poll(() => inkOf(/^Waveform/)).toBeGreaterThan(500);

    const file = page.waitForResponse(/preview\/sound\.wav/);
    const audio = stretch().locator('audio');
    await audio.evaluate((element: HTMLAudioElement) => element.play());
    const response = await file;
    expect(response.headers()['content-type']).toBe('audio/wav');
    const url = await audio.getAttribute('src');
    const samples = await decodeBytes(new Uint8Array(await (await fetch(served.url + url)).arrayBuffer()), 'sound.wav');
    expect(samples).toHaveLength(160_000);
    // Made louder until it can be heard: the loudest of it is near full scale.
    const loudest = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    expect(loudest).toBeGreaterThan(0.7);
    expect(loudest).toBeLessThan(1);
    await expect.poll(() => audio.evaluate((element: HTMLAudioElement) => element.currentTime)).toBeGreaterThan(0.3);
    expect(await audio.evaluate((element: HTMLAudioElement) => element.duration)).toBeCloseTo(10, 1);
    expect(complaints).toEqual([]);
  });

  it('should open a link just as it was set up, theme included', async () => {
    const shared = await open('light');
    await shared.goto(`${page.url()}&speed=3600&startCharge=40&powerProfile=saver&theme=dark`);
    await shared.getByRole('heading', { level: 1, name: 'A day in the kitchen' }).waitFor();
    expect(await shared.getByRole('textbox', { name: 'Speed' }).inputValue()).toBe('3600');
    expect(await shared.getByLabel('Start charge, %').inputValue()).toBe('40');
    expect(await shared.getByLabel('Power profile').inputValue()).toBe('saver');
    expect(await shared.locator('.stretch h2').innerText()).toBe(await stretch().getByRole('heading').innerText());
    expect(await shared.evaluate(() => document.documentElement.dataset['theme'])).toBe('dark');
    await shared.getByRole('link', { name: 'pocket-assistant' }).first().click();
    await shared.waitForURL('**/devices/pocket-assistant?theme=dark');
    await shared.context().close();
  });

  it("should say at the field what is wrong, by the server's word where the page knows no better", async () => {
    // The device's power profile gets another name after the page was opened.
    const device = join(folder, 'device-profiles', 'pocket-assistant.yaml');
    const text = await readFile(device, 'utf8');
    await writeFile(device, text.replaceAll(/\bsaver\b/g, 'thrifty'));
    await page.getByLabel('Power profile').selectOption('saver');
    await button('Launch').click();
    await page.getByText('Device pocket-assistant has no power profile saver. Take one of:').waitFor();
    expect(await page.getByLabel('Power profile').getAttribute('aria-invalid')).toBe('true');
    await writeFile(device, text);
    // Chromium says of each refusal that there was one.
    expect(complaints.splice(0)).toEqual([expect.stringContaining('400 (Bad Request)')]);
    await page.getByLabel('Power profile').selectOption('balanced');
  });

  it('should start at a chosen speed, arrive at the live page, and know from the run how long the next one takes', async () => {
    await page.getByRole('button', { name: 'full', exact: true }).click();
    await page.getByText('2 h in about').waitFor();
    await button('Launch').click();
    await page.waitForURL('**/runs/kitchen-day-1');
    const run = await (await fetch(`${served.url}/api/runs/kitchen-day-1`)).json();
    expect(run).toMatchObject({ speed: 'max', seed: 8, durationSeconds: 7200, powerProfile: 'balanced' });
    await page.getByRole('heading', { name: 'Report' }).waitFor();
    await page.goBack();
    await page.getByText(/^2\sh in about \d+\ss$/).waitFor();
    await page.getByText(/^from kitchen-day-1, which took .* for 2\sh here/).waitFor();
    await page.getByRole('link', { name: /A day in the kitchen.*finished/ }).waitFor();
  });

  it('should draw motion by its axes, and show pictures as the camera sees them', async () => {
    await page.goto(`${served.url}/scenarios/walking-band`);
    await expect.poll(() => inkOf(/^ax, /)).toBeGreaterThan(300);
    expect(await page.locator('audio').count()).toBe(0);
    await page.goto(`${served.url}/scenarios/roadside-camera`);
    const seen = page
      .getByRole('list', { name: 'What the camera sees' })
      .getByRole('img', { name: /^automobile at/ })
      .first();
    await expect.poll(() => seen.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(32);
  });

  it('should say what is wrong with a scenario, where, and run it once that is mended', async () => {
    await page.goto(served.url);
    const card = page.getByRole('article', { name: 'A day of slips' });
    await card.getByText('It cannot run yet.').waitFor();
    expect(await card.innerText()).toMatch(
      /scenarios\/slips\.yaml:18\s+.*no recording .* matches "recordings\/speach\/\*"/,
    );
    expect(await card.getByRole('link', { name: /^Set up/ }).count()).toBe(0);
    await card.getByRole('link', { name: 'A day of slips' }).click();
    await page.getByRole('heading', { name: 'What is wrong' }).waitFor();
    await cp(join(root, 'scenarios', 'kitchen-day.yaml'), join(folder, 'scenarios', 'slips.yaml'));
    await button('Check again').click();
    await button('Launch').waitFor();
  });

  it('should name the nearest scenarios when a link leads to none', async () => {
    await page.goto(`${served.url}/scenarios/kitchn-day?seed=3`);
    await page.getByRole('heading', { name: 'This scenario is not here' }).waitFor();
    await page.getByRole('link', { name: 'A day in the kitchen' }).first().click();
    await page.waitForURL('**/scenarios/kitchen-day?seed=3');
  });

  it('should say so when a preview cannot be made, and make it when asked again', async () => {
    await rm(join(folder, 'scenarios', 'recordings'));
    await page.getByLabel('Seed').fill('4');
    await page.getByText('The preview cannot be made.').waitFor();
    await symlink(join(root, 'scenarios', 'recordings'), join(folder, 'scenarios', 'recordings'));
    await button('Try again').click();
    await page.getByText('seed 4, 1 d').waitFor();
    complaints.length = 0;
  });

  it.each(['light', 'dark'] as const)('should be readable by all and fit every width: %s', async (theme) => {
    await breakScenario();
    const shown = await open(theme);
    for (const [name, path, landmark] of [
      ['launch-home', '/', 'A day of slips'],
      ['launch-kitchen', '/scenarios/kitchen-day?seed=x&seed=3', 'Set up a run'],
      ['launch-camera', '/scenarios/roadside-camera', /^\d\d:\d\d:\d\d to /],
      ['launch-broken', '/scenarios/slips', 'What is wrong'],
      ['launch-gone', '/scenarios/kitchn-day', 'This scenario is not here'],
    ] as const) {
      await shown.goto(served.url + path);
      await shown.getByRole('heading', { name: landmark }).first().waitFor();
      await shown.locator('.loading').first().waitFor({ state: 'detached' });
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
