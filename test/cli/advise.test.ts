// Advice as a person gets it: through the command itself, on a small scenario of one's own, and again with other sound in the half that confirms.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { printAdvice } from '../../server/cli/print-advice.ts';
import { dealHalves, layersOf } from '../../server/runs/advise/divide.ts';
import { readSources } from '../../server/runs/advise/sources.ts';
import { loadScenario } from '../../server/runs/load.ts';
import { type Ended, ended, startCommand } from './command.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const recordings = (kind: string, ...names: readonly string[]) => names.map((name) => `${kind}/${kind}-${name}.flac`);
const paths = [
  ...recordings(
    'computer',
    '01',
    '02',
    '03',
    '04',
    '05',
    '06',
    '07',
    '08',
    '09',
    '10',
    '14',
    '18',
    '20',
    '22',
    '25',
    '34',
  ),
  ...recordings('speech', '118-121721-0000', '1624-142933-0000', '1841-150351-0000', '2002-139469-0000'),
];

let folder = '';
let scenario = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lightsleeper-'));
  scenario = join(folder, 'day.yaml');
  cpSync(join(root, 'scenarios/models'), join(folder, 'models'), { recursive: true });
  for (const path of paths) cpSync(join(root, 'scenarios/recordings', path), join(folder, 'recordings', path));
  const text = readFileSync(join(root, 'scenarios/kitchen-day.yaml'), 'utf8');
  writeFileSync(
    scenario,
    text
      .replace(/ +background:\n.*spell.*\n/, '')
      .replace(/ +- \{ label: household.*\n/, '')
      .replace('rate: 6/h', 'rate: 120/h')
      .replace('rate: 60/h', 'rate: 120/h')
      // Words come close upon one another here.
      .replace('hold: 1500 ms', 'hold: 300 ms'),
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

const advise = (...argv: readonly string[]): Promise<Ended> =>
  ended(startCommand(folder, 'advise', scenario, '--threads', '1', ...argv));

/** What is shown of the half that chooses. */
function choiceOf(out: string): unknown {
  const { choosing, frontier, set, vectors, candidates, tried } = JSON.parse(out);
  return { choosing, frontier, set, vectors, candidates, tried };
}

describe('lightsleeper advise', () => {
  const loose = ['--max-fa', '500/h', '--max-miss', '70%', '--spare', '2', '--duration', '6min', '--json'];
  let shown: Ended;
  beforeAll(async () => {
    shown = await advise(...loose, '--write', 'frontier.svg');
  });

  it('should show what its recordings can carry, with what it rests on and lines to paste', () => {
    expect(shown).toMatchObject({ err: '', code: 0 });
    const text = printAdvice(JSON.parse(shown.out), 'day.yaml');
    expect(text).toMatch(
      /^SHOWN: with activity [\d.]+, keyword [\d.]+, verify [\d.]+ it misses at most 70\.0 % and accepts at most 500 an hour, .*: 8 takes of 8 sources, and 22 s of distinct negatives from 2 sources\.$/m,
    );
    expect(text).toMatch(
      /what-if day\.yaml --set cascade\.activity\.threshold=[\d.]+ --set cascade\.keyword\.threshold=[\d.]+/,
    );
    expect(text).toMatch(
      /^- \{ stage: verify, model: models\/verify\.onnx, core: app, gate: \{ threshold: [\d.]+, hold: 300 ms \} \}$/m,
    );
    expect(text.split('\n').length).toBeLessThan(50);
    expect(readFileSync(join(folder, 'frontier.svg'), 'utf8')).toMatch(/^<svg .*<\/svg>\n$/s);
  });

  it('should refuse, and say how much is missing, where the recordings cannot carry a budget', async () => {
    const { code, out } = await advise('--max-fa', '0.5/h', '--max-miss', '20%', '--duration', '6min');
    expect(code).toBe(3);
    expect(out).toMatch(
      /^NOT SHOWN: even if nothing went wrong, 89 min more of distinct negatives, and 12 more distinct takes to be detected, and a stream of 6\.0 h \(--duration\) would be missing/m,
    );
    expect(out).toMatch(/^takes +8 of 8 sources +8 of 8 sources +14$/m);
    // Two recordings in each half, however often they sounded; 3.0 by 0.5 an hour, for the part of the time that somebody speaks.
    expect(out).toMatch(/^speech +18\.\d % +7 s of 2 sources +22 s of 2 sources +6\d min$/m);
  });

  it('should choose the same whatever sounds in the half that confirms', async () => {
    const loaded = await loadScenario(scenario);
    const confirms = dealHalves(layersOf(loaded), readSources(loaded).of, loaded.scenario.value.seed);
    const swapped = loaded.recordings.filter((_, index) => confirms[index]).map(({ path }) => path);
    expect(swapped).toHaveLength(10);
    // What confirms is silent on the word now, and says it in place of speech.
    const from = { computer: 'speech/speech-730-358-0000.flac', speech: 'computer/computer-40.flac' };
    for (const path of swapped)
      cpSync(
        join(root, 'scenarios/recordings', path.includes('speech') ? from.speech : from.computer),
        join(folder, path),
      );
    const after = await advise(...loose);
    expect(choiceOf(after.out)).toEqual(choiceOf(shown.out));
    expect(JSON.parse(after.out).confirming).not.toEqual(JSON.parse(shown.out).confirming);
    expect(after.code).toBe(3);
  });

  it.each([
    [['--max-fa', '-1/h', '--max-miss', '5%'], '"-1/h" is negative; write it like "4/h"'],
    [['--max-fa', '5', '--max-miss', '5%'], '"5" has no unit; write it like "4/h"'],
    [['--max-fa', '0/h', '--max-miss', '5%'], 'can show that there is never any'],
    [['--max-fa', '5/h', '--max-miss', '200%'], '"200%" is more than 100 %; write it like "5%"'],
    [['--max-fa', '5/h', '--max-miss', 'few'], '"few" is not a number with a unit'],
    [['--max-fa', '5/h'], "required option '--max-miss <share>' not specified"],
    [['--max-fa', '5/h', '--max-miss', '5%', '--choose-on', 'day.yaml'], 'share recordings/computer/computer-01.flac'],
    [['--max-fa', '5/h', '--max-miss', '5%', '--duration', '7d'], 'scores are kept for four days'],
  ])('should answer %j with a sentence', async (argv, sentence) => {
    const { code, out, err } = await advise(...argv);
    expect(err).toContain(sentence);
    expect(out).toBe('');
    expect(code).toBe(2);
  });

  it('should judge gates that remember as the device has them', async () => {
    const text = readFileSync(scenario, 'utf8');
    writeFileSync(scenario, text.replace('hold: 300 ms', 'hold: 300 ms, smooth: 2'));
    const { out, err } = await advise(...loose).finally(() => writeFileSync(scenario, text));
    expect(err).toBe('');
    const [plain, smooth] = [shown.out, out].map((text) => JSON.parse(text));
    // As it is, the mean of two hops accepts no more and misses no less than each by itself.
    expect(smooth.choosing.asIs.counted.falseAccepts).toBeLessThanOrEqual(plain.choosing.asIs.counted.falseAccepts);
    expect(smooth.choosing.asIs.counted.misses).toBeGreaterThanOrEqual(plain.choosing.asIs.counted.misses);
    expect(smooth.yaml[2]).toMatch(/gate: \{ threshold: [\d.]+, hold: 300 ms, smooth: 2 \} \}$/);
  });

  it.each(['walking-band', 'roadside-camera'])(
    'should advise on the %s, whose sensor gates by itself and whose gates take the thresholds of their cards',
    async (name) => {
      const path = join(root, 'scenarios', `${name}.yaml`);
      const argv = ['--max-fa', '10/h', '--max-miss', '30%', '--duration', '2h', '--json'];
      const { code, out, err } = await ended(startCommand(folder, 'advise', path, ...argv));
      expect({ err, code }).toEqual({ err: '', code: 3 });
      const { confirming, yaml, grid } = JSON.parse(out);
      for (const [stage, threshold] of confirming.chosen.thresholds.entries()) {
        expect(grid[stage]).toContain(threshold);
        expect(yaml[stage]).toContain(`threshold: ${threshold}`);
      }
    },
  );
});
