// How long work says where it is, and hears that it should stop.
import { renameSync, writeFileSync } from 'node:fs';

export interface Progress {
  /** A line that stays. */
  note(line: string): void;
  /** Replaces the last such line, where there is a terminal to do so on. */
  say(text: string): void;
  readonly stop: AbortSignal;
}

/** Writes all of it or nothing: under another name first, which a rename then gives up. */
export function writeWhole(path: string, content: Uint8Array | string): void {
  const partial = `${path}.partial`;
  writeFileSync(partial, content);
  renameSync(partial, path);
}
