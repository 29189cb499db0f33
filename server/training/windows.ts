// Which windows of a scene teach a network what.
import { frameEnd, LOG_MEL } from '../streams/front-end.ts';
import type { Network } from './networks.ts';
import { SCENE_FRAMES, type Scene } from './scenes.ts';

export type Label = 'positive' | 'negative' | 'neither';

const MILLISECOND = LOG_MEL.sampleRate / 1000;
/** A window shows the wake word when it ends this long before or after the word does. */
const SHOWS_WORD = [-60 * MILLISECOND, 200 * MILLISECOND] as const;
/** Windows that end near the word, but not in that stretch, teach nothing: until 1 s after the word, a detection counts as right whenever it comes. */
const NEAR_WORD = [-300 * MILLISECOND, 1000 * MILLISECOND] as const;

/** What the window that ends with frame `last` is to the network. */
export function labelOf(network: Network, scene: Scene, last: number): Label {
  if (network.name === 'activity') return speechLabel(network, scene, last);
  if (scene.wordEnd === undefined) return 'negative';
  const after = frameEnd(LOG_MEL, last) - scene.wordEnd;
  if (after >= SHOWS_WORD[0] && after <= SHOWS_WORD[1]) return 'positive';
  return after < NEAR_WORD[0] || after > NEAR_WORD[1] ? 'negative' : 'neither';
}

/** Speech in half of the window or more, or in none of it. */
function speechLabel(network: Network, scene: Scene, last: number): Label {
  let speaking = 0;
  for (let frame = last + 1 - network.frames; frame <= last; frame++) speaking += scene.speech[frame];
  if (speaking >= network.frames / 2) return 'positive';
  return speaking === 0 && !scene.murmur ? 'negative' : 'neither';
}

/** The last frames of all windows of a scene with this label, `step` apart. */
export function windowsOf(network: Network, scene: Scene, label: Label, step = 1): number[] {
  const lasts: number[] = [];
  for (let last = network.frames - 1; last < SCENE_FRAMES; last += step)
    if (labelOf(network, scene, last) === label) lasts.push(last);
  return lasts;
}

/** The frames of one window: a view. */
export const windowAt = (network: Network, scene: Scene, last: number): Float32Array =>
  scene.features.subarray((last + 1 - network.frames) * network.bands, (last + 1) * network.bands);
