// Folders of recordings as a person would bring them, made of the shipped ones.
import { copyFileSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { decodeFile } from '../../../server/streams/decode.ts';
import { writeWav } from '../../../server/streams/wav.ts';
import type { Folders } from '../../../server/training/own/folders.ts';

const shipped = fileURLToPath(new URL('../../../scenarios/recordings/', import.meta.url));
export const shippedFiles = (kind: string): readonly string[] =>
  readdirSync(join(shipped, kind))
    .sort()
    .map((name) => join(shipped, kind, name));

export const save = (path: string, samples: Float32Array): Promise<void> =>
  writeWav(path, 16_000, samples.length, (start, out) => out.set(samples.subarray(start, start + out.length)));

/** As little as is taken: 30 takes of "computer", 20 pieces of 3 s of speech, 6 ambient sounds. */
export async function makeFolders(folder: string): Promise<Folders> {
  const folders = { positives: join(folder, 'yes'), negatives: join(folder, 'no'), ambient: join(folder, 'room') };
  for (const path of Object.values(folders)) mkdirSync(path, { recursive: true });
  for (const [index, file] of shippedFiles('computer').slice(0, 30).entries())
    copyFileSync(file, join(folders.positives, `take-${index}.flac`));
  for (const [index, file] of shippedFiles('speech').slice(0, 20).entries()) {
    const samples = await decodeFile(file);
    await save(join(folders.negatives, `speech-${index}.wav`), samples.slice(0, 48_160));
  }
  for (const [index, file] of shippedFiles('background').slice(0, 6).entries())
    copyFileSync(file, join(folders.ambient, `${index}${file.slice(file.lastIndexOf('.'))}`));
  return folders;
}
