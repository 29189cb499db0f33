// The recordings of a scenario in two halves: one chooses, the other confirms. A source is in one of them alone, with all its recordings.

import { nextIndex, seedRandom } from '../../random.ts';
import type { LoadedScenario } from '../load.ts';

/** What a layer of a stream plays. */
export interface Layer {
  readonly name: string;
  readonly recordings: readonly number[];
}

export const layersOf = ({ stream }: Pick<LoadedScenario, 'stream'>): readonly Layer[] => [
  ...stream.backgrounds.map(({ clips }, index) => ({ name: `background ${index + 1}`, recordings: clips })),
  ...stream.events.map(({ label, clips }, index) => ({ name: `event ${index + 1}, ${label}`, recordings: clips })),
];

/** What cannot be divided, as a sentence. */
export class Undivided extends Error {}

/**
 * Whether each recording confirms. Sources are dealt out layer by layer, from the one with most recordings on and in random order among equals, to whichever
 * half has fewer recordings of the layer; what is in them has no part in it.
 * @param sources by recording
 * @throws {Undivided} a layer that would be without a recording in one half
 */
export function dealHalves(layers: readonly Layer[], sources: readonly string[], seed: number): readonly boolean[] {
  const confirms = new Map<string, boolean>();
  for (const { name, recordings } of layers) {
    const sizes = new Map<string, number>();
    for (const recording of recordings) sizes.set(sources[recording], (sizes.get(sources[recording]) ?? 0) + 1);
    const dealt = [0, 0];
    for (const [source, size] of sizes) if (confirms.has(source)) dealt[confirms.get(source) ? 1 : 0] += size;
    const random = seedRandom(seed, 'halves', name);
    const left = [...sizes].filter(([source]) => !confirms.has(source));
    for (let at = left.length - 1; at > 0; at--) {
      const other = nextIndex(random, at + 1);
      [left[at], left[other]] = [left[other], left[at]];
    }
    for (const [source, size] of left.sort(([, a], [, b]) => b - a)) {
      const half = dealt[0] < dealt[1] || (dealt[0] === dealt[1] && nextIndex(random, 2) === 0) ? 0 : 1;
      confirms.set(source, half === 1);
      dealt[half] += size;
    }
    if (dealt[0] === 0 || dealt[1] === 0)
      throw new Undivided(
        `the recordings of ${name} are of too few sources (${[...sizes.keys()].join(', ')}) to be divided: none would be left to confirm what the others choose`,
      );
  }
  return sources.map((source) => confirms.get(source) ?? false);
}

/** The scenario with some of its recordings alone. */
export function withRecordings(loaded: LoadedScenario, keep: (recording: number) => boolean): LoadedScenario {
  const kept = loaded.recordings.map((_, index) => index).filter(keep);
  const only = <T extends { readonly clips: readonly number[] }>(layer: T): T => ({
    ...layer,
    clips: layer.clips.filter(keep).map((clip) => kept.indexOf(clip)),
  });
  const { stream } = loaded;
  return {
    ...loaded,
    recordings: kept.map((index) => loaded.recordings[index]),
    stream: { ...stream, backgrounds: stream.backgrounds.map(only), events: stream.events.map(only) },
  };
}
