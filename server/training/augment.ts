// What microphones, rooms and speakers do to a sound, drawn at random.
import { nextBetween, nextIndex, nextNormal, nextUniform, type RandomState } from '../random.ts';
import { convolve } from './fourier.ts';

/** Plays `factor` times as fast, pitch and formants moving along (cubic interpolation, Catmull and Rom). */
export function changeSpeed(samples: Float32Array, factor: number): Float32Array {
  const out = new Float32Array(Math.max(0, Math.floor((samples.length - 1) / factor)));
  for (let at = 0; at < out.length; at++) {
    const position = at * factor;
    const index = Math.floor(position);
    const t = position - index;
    const a = samples[Math.max(0, index - 1)];
    const b = samples[index];
    const c = samples[Math.min(samples.length - 1, index + 1)];
    const d = samples[Math.min(samples.length - 1, index + 2)];
    out[at] = b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));
  }
  return out;
}

/** A room: the direct sound, a few early reflections, and a tail of noise that falls by 60 dB within 0.1 to 0.5 s. The direct sound is not delayed. */
export function randomRoom(random: RandomState): Float32Array {
  const decay = nextBetween(random, 0.1, 0.5);
  const response = new Float32Array(Math.round(16_000 * decay * 0.6));
  const tail = nextBetween(random, 0.02, 0.12);
  const rate = Math.log(1000) / (decay * 16_000);
  for (let at = 40; at < response.length; at++) response[at] = tail * 0.25 * nextNormal(random) * Math.exp(-rate * at);
  for (let reflection = 0; reflection < 5; reflection++)
    response[nextIndex(random, 600) + 20] += nextBetween(random, -0.4, 0.4);
  response[0] = 1;
  return response;
}

export const throughRoom = (samples: Float32Array, random: RandomState): Float32Array =>
  convolve(samples, randomRoom(random));

export const NOISE_COLOURS = ['white', 'pink', 'brown', 'hum', 'band'] as const;
export type NoiseColour = (typeof NOISE_COLOURS)[number];

/** Noise of unit root mean square; sometimes swelling and sinking, as machines and wind do. */
export function randomNoise(
  length: number,
  random: RandomState,
  colours: readonly NoiseColour[] = NOISE_COLOURS,
): Float32Array {
  const colour = colours[nextIndex(random, colours.length)];
  const out = new Float32Array(length);
  if (colour === 'hum') hum(out, random);
  else filterNoise(out, colour, random);
  if (nextUniform(random) < 0.3) {
    const rate = (2 * Math.PI * nextBetween(random, 0.3, 6)) / 16_000;
    const depth = nextBetween(random, 0.2, 0.9);
    for (let at = 0; at < length; at++) out[at] *= 1 + depth * Math.sin(rate * at);
  }
  let energy = 0;
  for (const value of out) energy += value * value;
  const gain = 1 / Math.sqrt(energy / length + 1e-12);
  for (let at = 0; at < length; at++) out[at] *= gain;
  return out;
}

function hum(out: Float32Array, random: RandomState): void {
  const base = nextBetween(random, 45, 400);
  const harmonics = 1 + nextIndex(random, 12);
  for (let harmonic = 1; harmonic <= harmonics; harmonic++) {
    const rate = (2 * Math.PI * base * harmonic) / 16_000;
    const level = nextUniform(random) / Math.sqrt(harmonic);
    const phase = nextBetween(random, 0, 2 * Math.PI);
    if (rate < Math.PI) for (let at = 0; at < out.length; at++) out[at] += level * Math.sin(rate * at + phase);
  }
  for (let at = 0; at < out.length; at++) out[at] += 0.02 * (nextUniform(random) - 0.5);
}

function filterNoise(out: Float32Array, colour: 'white' | 'pink' | 'brown' | 'band', random: RandomState): void {
  let slow = 0;
  let middle = 0;
  let fast = 0;
  // A two-pole resonator for 'band'.
  const radius = nextBetween(random, 0.7, 0.99);
  const turn = 2 * radius * Math.cos(nextBetween(random, 0.05, 2.6));
  for (let at = 0; at < out.length; at++) {
    const white = 2 * nextUniform(random) - 1;
    if (colour === 'white') out[at] = white;
    else if (colour === 'pink') {
      slow = 0.99765 * slow + white * 0.099046;
      middle = 0.963 * middle + white * 0.2965164;
      fast = 0.57 * fast + white * 1.0526913; // P. Kellet's economy filter
      out[at] = slow + middle + fast + white * 0.1848;
    } else if (colour === 'brown') {
      slow = 0.995 * slow + white;
      out[at] = slow;
    } else {
      const value = white + turn * slow - radius * radius * middle;
      middle = slow;
      slow = value;
      out[at] = value;
    }
  }
}

/** A random smooth frequency response, as microphones and cases have: what it adds to each band of a scaled log-mel frame. */
export function randomResponse(
  bands: number,
  decibels: number,
  decibelsPerUnit: number,
  random: RandomState,
): Float32Array {
  const tilt = nextBetween(random, -decibels, decibels);
  const ripple = nextBetween(random, -0.5, 0.5) * decibels;
  const cycles = nextBetween(random, 0.3, 2);
  const phase = nextBetween(random, 0, 2 * Math.PI);
  return Float32Array.from(
    { length: bands },
    (_, band) =>
      (tilt * (band / (bands - 1) - 0.5) + ripple * Math.sin(2 * Math.PI * cycles * (band / bands) + phase)) /
      decibelsPerUnit,
  );
}
