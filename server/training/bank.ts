// The decoded recordings of one split, in memory, ready to be mixed.
import { join } from 'node:path';
import { decodeFile } from '../streams/decode.ts';
import { type Clip, listClips } from './clips.ts';
import { activeRms, type Bounds, wordBounds } from './levels.ts';
import type { Split, Splits } from './splits.ts';

export interface Sound {
  readonly clip: Clip;
  readonly samples: Float32Array;
  /** Root mean square where it sounds. */
  readonly rms: number;
}

/** A take of a wake word, and where the word is in it. */
export interface Word extends Sound {
  readonly word: Bounds;
}

export interface Bank {
  readonly computer: readonly Word[];
  readonly jarvis: readonly Word[];
  readonly command: readonly Sound[];
  readonly silence: readonly Sound[];
  readonly speech: readonly Sound[];
  readonly ambient: readonly Sound[];
}

/** Decodes all clips of a split. Throws RecordingError at the first that cannot be. */
export async function loadBank(dataFolder: string, splits: Splits, split: Split): Promise<Bank> {
  const wanted = new Set(splits[split]);
  const bank = { computer: [] as Word[], jarvis: [] as Word[], command: [], silence: [], speech: [], ambient: [] } as {
    computer: Word[];
    jarvis: Word[];
    command: Sound[];
    silence: Sound[];
    speech: Sound[];
    ambient: Sound[];
  };
  for (const clip of listClips(dataFolder)) {
    if (!wanted.has(clip.path)) continue;
    const samples = await decodeFile(join(dataFolder, clip.path));
    const sound = { clip, samples, rms: activeRms(samples) };
    if (clip.kind === 'computer' || clip.kind === 'jarvis') {
      const word = wordBounds(samples);
      bank[clip.kind].push({ ...sound, word, rms: activeRms(samples.subarray(word.start, word.end)) });
    } else bank[clip.kind].push(sound);
  }
  return bank;
}
