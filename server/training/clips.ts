// The recordings in the data folder, each with the group that must stay on one side of a split.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

export const CLIP_KINDS = ['computer', 'jarvis', 'command', 'silence', 'speech', 'ambient'] as const;
export type ClipKind = (typeof CLIP_KINDS)[number];

export interface Clip {
  /** Below the data folder, with forward slashes. */
  readonly path: string;
  readonly kind: ClipKind;
  /** Speaker, source recording, or nothing known (wake-word takes: voices are clustered). */
  readonly group: string | undefined;
  /** Folder name: the class of an ambient sound, the word of a command. */
  readonly label: string;
}

/** All audio clips, ordered by path. */
export function listClips(dataFolder: string): readonly Clip[] {
  const clips: Clip[] = [];
  const add = (folder: string, kind: ClipKind, label: string, group: (name: string) => string | undefined): void => {
    for (const name of readdirSync(join(dataFolder, folder)).sort())
      clips.push({ path: `${folder}/${name}`, kind, label, group: group(name) });
  };
  const folders = (folder: string): string[] => readdirSync(join(dataFolder, folder)).sort();
  add('wake-words/computer', 'computer', 'computer', () => undefined);
  add('wake-words/jarvis', 'jarvis', 'jarvis', () => undefined);
  for (const word of folders('speech-commands')) {
    if (word === '_silence_') add('speech-commands/_silence_', 'silence', 'silence', (name) => name);
    // <speaker>_nohash_<n>.wav; in _unknown_ the word comes first.
    else add(`speech-commands/${word}`, 'command', word, (name) => /([0-9a-f]{8})_nohash_/.exec(name)?.[1]);
  }
  add('speech', 'speech', 'speech', (name) => name.split('-')[0]); // <speaker>-<chapter>-<utterance>.flac
  // <fold>-<freesound id>-<take>.ogg
  for (const label of folders('ambient')) add(`ambient/${label}`, 'ambient', label, (name) => name.split('-')[1]);
  return clips;
}
