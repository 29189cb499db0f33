// A word of one's own, as a person trains it: through the command, on real recordings, killed on the way; and what is wrong said before it begins.
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InputProblem } from '../../../server/runs/files/problem.ts';
import { decodeFile } from '../../../server/streams/decode.ts';
import { collect } from '../../../server/training/own/collect.ts';
import { type Folders, listRecordings } from '../../../server/training/own/folders.ts';
import { type Ended, ended, startCommand } from '../../cli/command.ts';
import { makeFolders, save } from './recordings.ts';

const quiet = { note: () => {}, say: () => {}, stop: new AbortController().signal };

let folder: string;
let folders: Folders;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'own-'));
  folders = await makeFolders(folder);
});
afterAll(() => rmSync(folder, { recursive: true }));

const options = (changed: Partial<Folders> = {}): string[] =>
  Object.entries({ ...folders, ...changed }).flatMap(([role, path]) => [`--${role}`, path]);
const command = (...argv: readonly string[]): Promise<Ended> => ended(startCommand(folder, 'train', ...argv));
/** A copy of one of the folders that may be spoilt. */
function copyOf(role: keyof Folders, name: string): string {
  const copy = join(folder, name);
  mkdirSync(copy);
  for (const file of readdirSync(folders[role])) copyFileSync(join(folders[role], file), join(copy, file));
  return copy;
}

describe('lightsleeper train with recordings of one’s own', () => {
  it('should go on after kill -9, and give a scenario that runs', { timeout: 600_000 }, async () => {
    const argv = ['train', ...options(), '--name', 'computer', '--out', 'mine', '--steps', '4'];
    const killed = startCommand(folder, ...argv);
    const end = ended(killed);
    while (killed.exitCode === null && !existsSync(join(folder, 'mine.training', 'keyword.state')))
      await new Promise((resolve) => setTimeout(resolve, 20));
    killed.kill('SIGKILL');
    await end;
    expect(existsSync(join(folder, 'mine'))).toBe(false);

    const { code, out, err } = await ended(startCommand(folder, ...argv));
    expect(err).toMatch(/activity: is trained already\n.*keyword: goes on from step \d+ of 4/s);
    expect(err).toMatch(/verify: step 4 of 4.* · \d+ %, about \d+ (s|min) left/);
    expect(code).toBe(0);
    expect(out).toMatch(/The claim rests on \d+ (min|s|h) of distinct negatives and 6 takes of 6 sources/);
    expect(out).not.toMatch(/NaN|undefined|Infinity/);
    expect(readdirSync(folder).filter((name) => name.startsWith('mine'))).toEqual(['mine']);
    expect(readdirSync(join(folder, 'mine')).sort()).toEqual([
      'models',
      'operating-curve.svg',
      'recordings',
      'recordings.csv',
      'report.md',
      'scenario.yaml',
      'training.svg',
    ]);
    for (const picture of ['training.svg', 'operating-curve.svg'])
      expect(readFileSync(join(folder, 'mine', picture), 'utf8')).not.toMatch(/NaN|undefined|Infinity/);
    const card = JSON.parse(readFileSync(join(folder, 'mine', 'models', 'keyword.json'), 'utf8'));
    expect(card).toMatchObject({ name: 'keyword', precision: 'int8', task: '"computer", liberal' });
    expect(card.operatingCurve.points.length).toBeGreaterThan(3);

    const run = await ended(startCommand(folder, 'run', 'mine/scenario.yaml', '--duration', '30s', '--json'));
    expect(run.err).toBe('');
    expect(JSON.parse(run.out)).toBeTypeOf('object');

    const again = await ended(startCommand(folder, ...argv));
    expect(again.err).toMatch(/--out mine: there is something already \(models, …\); choose another --out/);
    expect(again.code).toBe(2);
  });

  it('should stop at Ctrl-C, say that it can go on, and refuse to go on with something else', {
    timeout: 120_000,
  }, async () => {
    const argv = ['train', ...options(), '--name', 'computer', '--out', 'stopped'];
    const child = startCommand(folder, ...argv);
    child.stderr.on('data', (chunk) => {
      if (/to train with/.test(String(chunk))) child.kill('SIGINT');
    });
    const { code, err } = await ended(child);
    expect(err).toMatch(/stopped; the same command goes on from where it was/);
    expect(code).toBe(130);
    const other = await command(...argv.slice(1), '--steps', '7');
    expect(other.err).toMatch(/stopped\.training: a training is there .* other steps \(1500, now 7\)/);
    expect(other.code).toBe(2);
  });

  it.each([
    ['one class alone', () => ['--positives', folders.positives], /three folders.*One kind alone says nothing/],
    ['a folder that is missing', () => options({ ambient: 'nowhere' }), /--ambient nowhere: there is no such folder/],
    [
      'a place that cannot be written',
      () => [...options(), '--out', 'yes/take-1.flac/x'],
      /--out .*cannot be written beside/,
    ],
    [
      'a place that holds something else',
      () => [...options(), '--out', 'no'],
      /--out no: there is something already \(speech-0\.wav, …\)/,
    ],
    [
      'a name that is none',
      () => [...options(), '--name', 'hey you'],
      /"hey you" is no name: letters, digits and hyphens/,
    ],
    ['a shipped model besides', () => ['keyword', ...options()], /"keyword" is a shipped model or page; leave it out/],
  ] as const)('should answer %s with exit code 2 and a sentence', { timeout: 120_000 }, async (_, argv, sentence) => {
    const { code, out, err } = await command(...argv());
    expect(err).toMatch(sentence);
    expect(err).not.toMatch(/^ +at /m);
    expect(out).toBe('');
    expect(code).toBe(2);
    expect(readdirSync(folder).filter((name) => name.startsWith('yes-detector'))).toEqual([]);
  });
});

describe('recordings of one’s own', () => {
  const wrong: ReadonlyArray<readonly [string, () => Folders | Promise<Folders>, RegExp]> = [
    [
      'an empty folder',
      () => {
        mkdirSync(join(folder, 'empty'));
        return { ...folders, negatives: join(folder, 'empty') };
      },
      /--negatives .*empty: no recording \(wav, flac, ogg, mp3\) in it; at least 20 are wanted/,
    ],
    [
      'too few recordings, and another folder that is missing',
      () => {
        const few = copyOf('positives', 'few');
        rmSync(join(few, 'take-0.flac'));
        return { ...folders, positives: few, negatives: 'nowhere' };
      },
      /--positives .*few: only 29 recordings in it; at least 30 are wanted, and a good model.*\n--negatives nowhere/,
    ],
    [
      'many that are silent or cannot be read',
      async () => {
        const bad = copyOf('negatives', 'bad');
        for (const n of [0, 1]) writeFileSync(join(bad, `speech-${n}.wav`), 'no sound at all');
        for (const n of [2, 3]) await save(join(bad, `speech-${n}.wav`), new Float32Array(32_000));
        return { ...folders, negatives: bad };
      },
      /4 of the 20 recordings of negatives cannot be used.*\n.*speech-0\.wav is no sound(.|\n)*speech-2\.wav is silent/,
    ],
    [
      'a file that is in both classes by a link',
      () => {
        const linked = copyOf('negatives', 'linked');
        symlinkSync(join(folders.positives, 'take-3.flac'), join(linked, 'other.flac'));
        return { ...folders, negatives: linked };
      },
      /take-3\.flac is the same recording as .*other\.flac: it cannot be of positives and of negatives/,
    ],
    [
      'a copy of another level and format in both classes',
      async () => {
        const leaked = copyOf('negatives', 'leaked');
        const take = await decodeFile(join(folders.positives, 'take-0.flac'));
        await save(
          join(leaked, 'copied.wav'),
          take.map((value) => 0.5 * value),
        );
        return { ...folders, negatives: leaked };
      },
      /take-0\.flac is the same recording as .*copied\.wav: it cannot be of positives and of negatives/,
    ],
    [
      'recordings of one source',
      () => {
        const one = copyOf('positives', 'one');
        const lines = readdirSync(one).map((name) => `${name},me`);
        writeFileSync(join(one, 'sources.csv'), ['file,source', ...lines].join('\n'));
        return { ...folders, positives: one };
      },
      /positives: all recordings are of 1 source \(me, …\), and at least 3 are wanted.*sources\.csv/,
    ],
  ];
  const collectFrom = async (brought: Folders) => collect((await listRecordings(brought)).recordings, quiet);

  it.each(wrong)('should be refused with a sentence: %s', async (_, brought, sentence) => {
    const refused = collectFrom(await brought());
    await expect(refused).rejects.toThrow(sentence);
    await expect(refused).rejects.toBeInstanceOf(InputProblem);
  });

  it('should be taken without a few that are of no use, and a copy once', async () => {
    const some = copyOf('negatives', 'some');
    await save(join(some, 'silent.wav'), new Float32Array(32_000));
    copyFileSync(join(some, 'speech-4.wav'), join(some, 'again.wav'));
    const { recordings, skipped, copies } = await collectFrom({ ...folders, negatives: some });
    expect(skipped.map(({ file }) => file)).toEqual([join(some, 'silent.wav')]);
    expect(copies.map(({ kept, others }) => [kept.path, others.map(({ path }) => path)])).toEqual([
      ['again.wav', ['speech-4.wav']],
    ]);
    expect(recordings).toHaveLength(30 + 20 + 6);
  });

  it('should be of the source that a sources.csv says, else of their subfolder, else of themselves', async () => {
    const told = copyOf('positives', 'told');
    const lines = readdirSync(told).map((name, index) => `${name},voice ${index % 5}`);
    writeFileSync(join(told, 'sources.csv'), ['file,source', ...lines].join('\n'));
    const within = copyOf('ambient', 'within');
    mkdirSync(join(within, 'kitchen'));
    renameSync(join(within, '0.flac'), join(within, 'kitchen', '0.flac'));
    const { recordings, alone } = await listRecordings({ ...folders, positives: told, ambient: within });
    const sourcesOf = (role: string) => recordings.filter((one) => one.role === role).map(({ source }) => source);
    expect(new Set(sourcesOf('positives'))).toEqual(new Set([0, 1, 2, 3, 4].map((n) => `voice ${n}`)));
    expect(sourcesOf('ambient')).toEqual(['1.flac', '2.flac', '3.flac', '4.flac', '5.flac', 'kitchen']);
    expect(alone).toEqual({ positives: 0, negatives: 20, ambient: 5 });
  });
});
