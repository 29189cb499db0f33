// A person acts on a live run: recordings, their own voice, failures; in a real Chromium whose microphone hears a recorded word.

import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { wavOf } from '../../dashboard/recording/take.ts';
import { decodeFile } from '../../server/streams/decode.ts';
import { launchChromium } from './chromium.ts';
import { root, type Served, serve } from './served.ts';

const pictures = join(root, 'test-results');
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const patience = { timeout: 30_000, interval: 100 };
const RATE = 16_000;

let heard: Browser;
let refused: Browser;
let deaf: Browser;
let served: Served;
let page: Page;
const complaints: string[] = [];
/** How often it took until the word was understood. */
let said = 0;

/** A word between silence, over and over: in four seconds it is said once at least. */
async function spoken(): Promise<string> {
  const word = await decodeFile(join(root, 'scenarios/recordings/computer/computer-52.flac'), RATE);
  const samples = new Float32Array(word.length + 2 * RATE);
  samples.set(word, RATE);
  const path = join(pictures, 'spoken.wav');
  await writeFile(path, wavOf({ samples, sampleRate: RATE }));
  return path;
}

beforeAll(async () => {
  await mkdir(pictures, { recursive: true });
  // Without a window nobody can be asked: the answer is given before.
  const fake = ['--use-fake-device-for-media-stream', `--use-file-for-fake-audio-capture=${await spoken()}`];
  heard = await launchChromium(...fake, '--use-fake-ui-for-media-stream');
  refused = await launchChromium(...fake, '--use-fake-ui-for-media-stream=deny');
  deaf = await launchChromium();
  served = await serve('--port', '0');
}, 60_000);
afterAll(async () => {
  await Promise.all([heard, refused, deaf].map((browser) => browser?.close()));
  await served?.end('SIGINT');
});
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') await page?.screenshot({ path: join(pictures, 'act-failed.png'), fullPage: true });
});

async function open(browser: Browser, id: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  context.setDefaultTimeout(patience.timeout);
  const opened = await context.newPage();
  opened.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  opened.on('pageerror', (error) => complaints.push(error.stack ?? error.message));
  await opened.goto(`${served.url}/runs/${id}`);
  await opened.getByRole('heading', { name: 'Act on it' }).waitFor();
  return opened;
}

async function launch(scenario: string, speed: number): Promise<string> {
  const answer = await fetch(`${served.url}/api/runs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ scenario, speed, duration: 1800 }),
  });
  const { id } = (await answer.json()) as { id: string };
  return id;
}

const rows = () => page.locator('.acts tbody tr').allInnerTexts();
const wakesOf = async (core: string): Promise<number> => {
  const lane = page.getByRole('img', { name: new RegExp(`^${core} over simulated time: asleep`) }).locator('..');
  return Number(/([\d,]+) wakes/.exec(await lane.innerText())?.[1].replaceAll(',', ''));
};
const form = (name: string) => page.getByRole('form', { name });

describe('a live run', () => {
  it('should hear what a person says, wake and detect it', async () => {
    page = await open(heard, await launch('kitchen-day', 10));
    // It begins awake, and falls asleep when nothing comes.
    await page.getByRole('img', { name: /^app over simulated time: asleep 100/ }).waitFor();
    const wakes = await wakesOf('app');
    const say = form('Say it yourself');
    await say.getByLabel('It is').selectOption('computer');
    await say.getByLabel('Over noise, dB').fill('30');
    const record = say.getByRole('button', { name: 'Record' });
    // A busy machine swallows parts of what its microphone hears: who is not understood says it again.
    for (let tries = 1; tries <= 4 && !(await rows()).some((row) => /detected after/.test(row)); tries++) {
      await record.click();
      await say.getByRole('button', { name: 'Stop and play' }).waitFor();
      await record.waitFor();
      await expect
        .poll(async () => (await rows())[0], patience)
        .toMatch(/Played own sound, as computer.*(detected|missed)/s);
      expect(await rows()).toHaveLength(tries);
    }
    said = (await rows()).length;
    expect(await rows()).toContainEqual(expect.stringMatching(/\+30\sdB.*detected after/s));
    await expect.poll(() => wakesOf('app'), patience).toBeGreaterThan(wakes);
    const own = page.getByRole('button', { name: 'Play recording.wav' });
    await expect.poll(() => own.count(), patience).toBe(said);
  });

  it('should be acted on by keyboard alone, and say what came of each', async () => {
    const play = form('Play a recording');
    await play.getByLabel('Recording').focus();
    await page.keyboard.press('ArrowDown');
    expect(await play.getByLabel('Recording').inputValue()).toMatch(/computer-02.flac$/);
    await page.keyboard.press('Tab');
    await page.keyboard.type('30');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await expect.poll(rows, patience).toHaveLength(said + 1);
    await expect
      .poll(async () => (await rows())[0], patience)
      .toMatch(/Played computer at \+30\sdB.*(detected after|missed, stopped by)/s);

    await form('Noise from now on').getByLabel('Over plan, dB').fill('9');
    await page.keyboard.press('Enter');
    await expect.poll(async () => (await rows())[0], patience).toMatch(/Noise \+9.0\sdB\s+holds/);
    const fail = form('Let something fail');
    await fail.getByLabel('What').selectOption('link dsp-mcu stalls');
    await fail.getByLabel('For, s').fill('5');
    await fail.getByRole('button', { name: 'Fail' }).click();
    await expect.poll(async () => (await rows())[0], patience).toMatch(/Link dsp-mcu stalls for 5.00\ss\s+over/);
    await form('Age the battery').getByRole('button').click();
    await expect.poll(async () => (await rows())[0], patience).toMatch(/Battery aged: 80.0\s% of its capacity/);
    await page.getByRole('button', { name: 'saver', exact: true }).click();
    await page.getByText('Chosen by hand; in force: saver.').waitFor();
    await page.getByRole('button', { name: 'by the rules' }).click();
    await page.getByText('The rules have balanced.').waitFor();
    expect(await rows()).toHaveLength(said + 6);
    expect(complaints).toEqual([]);
  });

  it('should be readable by all and fit every width while it is acted on', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      for (const width of [1440, 390]) {
        await page.setViewportSize({ width, height: 900 });
        await page.waitForTimeout(150);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        expect(overflow, `${width} px`).toBeLessThanOrEqual(0);
        await page.screenshot({ path: join(pictures, `act-${colorScheme}-${width}.png`), fullPage: true });
      }
      await page.evaluate(axeSource);
      const { violations }: AxeResults = await page.evaluate('axe.run()');
      const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
      expect(serious.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)])).toEqual([]);
    }
    await page.setViewportSize({ width: 1440, height: 900 });
  });

  it('should keep what was done to it when it is over', async () => {
    await page.getByRole('button', { name: 'Stop', exact: true }).click();
    await page.getByRole('heading', { name: 'What was done to it' }).waitFor();
    expect(await page.getByRole('heading', { name: 'Act on it' }).count()).toBe(0);
    expect(await rows()).toHaveLength(said + 6);
    await page.context().close();
  });

  it.each([
    ['the person refuses it', () => refused, /microphone was refused\. Allow it/],
    ['there is none', () => deaf, /There is no microphone here\. Plug one in/],
  ] as const)('should say what to do when it gets no microphone: %s', async (_, browser, problem) => {
    page = await open(browser(), await launch('kitchen-day', 10));
    const say = form('Say it yourself');
    await say.getByRole('button', { name: 'Record' }).click();
    await expect.poll(() => say.getByRole('alert').allInnerTexts(), patience).toEqual([expect.stringMatching(problem)]);
    await say.getByRole('button', { name: 'Record' }).waitFor();
    await page.context().close();
  });

  it('should feel how the phone that shows it is moved, and say so where nothing moves', async () => {
    page = await open(deaf, await launch('walking-band', 10));
    const move = form('Move it yourself');
    const record = move.getByRole('button', { name: 'Record this phone' });
    await record.click();
    await expect
      .poll(() => move.getByRole('alert').allInnerTexts(), patience)
      .toEqual([expect.stringMatching(/reports no motion: it has no sensors/)]);
    // This machine has no sensors either: what a phone's would report is told to the page.
    await page.evaluate(() => {
      setInterval(() => {
        const beat = Math.sin(performance.now() / 80);
        const moved = { x: 2 * beat, y: 1, z: 9.8 + 3 * beat };
        const turned = { alpha: 0, beta: 20 * beat, gamma: 0 };
        dispatchEvent(
          new DeviceMotionEvent('devicemotion', {
            accelerationIncludingGravity: moved,
            rotationRate: turned,
            interval: 16,
          }),
        );
      }, 16);
    });
    await move.getByLabel('It is').selectOption('walking');
    await record.click();
    await page.waitForTimeout(3000);
    await move.getByRole('button', { name: 'Stop and send' }).click();
    await expect.poll(rows, patience).toEqual([expect.stringMatching(/Moved it, as walking\s+\S+/)]);
    expect(await move.getByRole('alert').count()).toBe(0);
    await page.context().close();
  });
});
