// A scenario with the recordings of a split, made of a data folder that holds a few of them under their own names.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSources } from '../../server/runs/advise/sources.ts';
import { type LoadedScenario, loadClips, loadScenario } from '../../server/runs/load.ts';
import { lengthsOf } from '../../server/streams/sense.ts';
import { gather } from '../../server/training/gather.ts';
import { ended, startCommand } from '../cli/command.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const scenario = join(root, 'scenarios/quiet-study.yaml');
/** Shipped recordings by what the data calls them; the last two train models. */
const DATA = {
  'wake-words/computer/39356e17-5635-40f1-8173-0f135ce3bdd3.wav': 'computer/computer-01.flac',
  'wake-words/computer/52a7d626-97ff-4e43-b73b-15ed63f1d2cf.wav': 'computer/computer-02.flac',
  'speech/118-121721-0000.flac': 'speech/speech-118-121721-0000.flac',
  'ambient/rain/5-181766-A.ogg': 'background/rain-5-181766-A.flac',
  'ambient/dog-bark/5-203128-A.ogg': 'household/dog-bark-5-203128-A.flac',
  'ambient/chainsaw/1-19898-A.ogg': 'household/chainsaw-5-170338-A.flac',
  'wake-words/computer/1eb26560-7ab4-43b1-a82f-3b37837d85dc.wav': 'computer/computer-03.flac',
};

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lightsleeper-'));
  for (const empty of ['wake-words/jarvis', 'speech-commands'])
    mkdirSync(join(folder, 'data', empty), { recursive: true });
  for (const [path, shipped] of Object.entries(DATA)) {
    mkdirSync(dirname(join(folder, 'data', path)), { recursive: true });
    cpSync(join(root, 'scenarios/recordings', shipped), join(folder, 'data', path));
  }
  process.env.LIGHTSLEEPER_DATA = join(folder, 'data');
});
afterAll(() => {
  delete process.env.LIGHTSLEEPER_DATA;
  rmSync(folder, { recursive: true });
});

describe('lightsleeper gather', () => {
  it('should write a scenario that stands by itself, with those recordings of the split that there are', async () => {
    const to = join(folder, 'all');
    const { out, err, code } = await ended(startCommand(root, 'gather', scenario, '--split', 'test', '--write', to));
    expect({ err, code }).toEqual({ err: '', code: 0 });
    expect(out).toContain('computer: 2 recordings');
    const gathered = await loadScenario(join(to, 'quiet-study.yaml'));
    const shipped = await loadScenario(scenario);
    expect(gathered.stages).toEqual(shipped.stages);
    const sources = readSources(gathered);
    expect(sources.unnamed).toBe(0);
    // Voices of the wake word by their clusters, what is cut from one recording by that.
    expect(new Set(sources.of)).toEqual(new Set(['computer-39', 'speech 118', 'ambient 181766', 'ambient 203128']));
    // Trimmed to the word and 10 ms around it, as what ships was.
    const length = async (loaded: LoadedScenario, name: string) =>
      lengthsOf(await loadClips(loaded))[loaded.recordings.findIndex(({ path }) => path.includes(name))];
    const cut = await length(gathered, '39356e17');
    expect(Math.abs(cut - (await length(shipped, 'computer-01')))).toBeLessThan(0.05 * 16_000);
    expect(readFileSync(join(to, 'quiet-study.yaml'), 'utf8')).toBe(readFileSync(scenario, 'utf8'));
  });

  it('should refuse a scenario whose recordings the data has none of', async () => {
    const progress = { note: () => undefined, say: () => undefined, stop: new AbortController().signal };
    const band = join(root, 'scenarios/walking-band.yaml');
    await expect(gather(band, 'test', join(folder, 'none'), progress)).rejects.toThrow(
      /walking-band\.yaml:\d+: .*recordings\/motion\/seated\/seated-s01-01\.csv is of a kind that is not in the data; there are recordings\/computer, /,
    );
  });
});
