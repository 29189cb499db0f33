// A seeded generator whose state is plain data, so that whatever uses it can be saved, restored and repeated.
// sfc32 (C. Doty-Humphrey, PractRand): 128 bits of state, passes BigCrush and PractRand.

/** Four unsigned 32-bit words. */
export type RandomState = Uint32Array;

/** State for a seed and a name: two names under one seed give independent sequences. Only the lower 32 bits of the seed and of each label count. */
export function seedRandom(seed: number, ...labels: ReadonlyArray<string | number>): RandomState {
  let hash = (0x811c9dc5 ^ seed) >>> 0;
  const text = labels.join('\u0000');
  // FNV-1a over the labels: it only has to tell names apart.
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0;
  const state = new Uint32Array([hash, seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0, 1]);
  for (let round = 0; round < 15; round++) nextUint32(state);
  return state;
}

/** The next 32 bits; moves `state` on. */
export function nextUint32(state: RandomState): number {
  const sum = (state[0] + state[1] + state[3]) | 0;
  state[3] = state[3] + 1;
  state[0] = state[1] ^ (state[1] >>> 9);
  state[1] = (state[2] + (state[2] << 3)) | 0;
  state[2] = ((state[2] << 21) | (state[2] >>> 11)) + sum;
  return sum >>> 0;
}

/** Uniform in [0, 1). */
export const nextUniform = (state: RandomState): number => nextUint32(state) / 2 ** 32;

/** Uniform in [low, high). */
export const nextBetween = (state: RandomState, low: number, high: number): number =>
  low + (high - low) * nextUniform(state);

/** A whole number, uniform in [0, count). */
export const nextIndex = (state: RandomState, count: number): number => Math.floor(nextUniform(state) * count);

/** Time to the next event of a Poisson process with this mean interval. */
export const nextExponential = (state: RandomState, mean: number): number => -mean * Math.log1p(-nextUniform(state));

/** Standard normal (Box and Muller 1958). */
export const nextNormal = (state: RandomState): number =>
  Math.sqrt(-2 * Math.log1p(-nextUniform(state))) * Math.cos(2 * Math.PI * nextUniform(state));
