// Levels of recordings, and where the sound in them begins and ends.

const FRAME = 160;

export const fromDecibels = (decibels: number): number => 10 ** (decibels / 20);

/** Energy per 10 ms, in dB relative to full scale (mean square). */
export function frameLevels(samples: Float32Array): Float64Array {
  const levels = new Float64Array(Math.floor(samples.length / FRAME));
  for (let frame = 0; frame < levels.length; frame++) {
    let sum = 0;
    for (let at = frame * FRAME; at < (frame + 1) * FRAME; at++) sum += samples[at] * samples[at];
    levels[frame] = 10 * Math.log10(sum / FRAME + 1e-12);
  }
  return levels;
}

/** Root mean square over the 10 ms frames within 30 dB of the loudest: the level of what sounds, pauses left out. */
export function activeRms(samples: Float32Array): number {
  const levels = frameLevels(samples);
  const loudest = levels.reduce((a, b) => Math.max(a, b), -120);
  let sum = 0;
  let count = 0;
  for (const level of levels)
    if (level > loudest - 30) {
      sum += 10 ** (level / 10);
      count++;
    }
  return Math.sqrt(sum / Math.max(1, count));
}

/** Where the loudest stretch of so many samples begins, to 10 ms; 0 when there are no more. */
export function loudestStart(samples: Float32Array, length: number): number {
  const energies = frameLevels(samples).map((level) => 10 ** (level / 10));
  const frames = Math.ceil(length / FRAME);
  let sum = energies.subarray(0, frames).reduce((a, b) => a + b, 0);
  let most = sum;
  let best = 0;
  for (let end = frames; end < energies.length; end++) {
    sum += energies[end] - energies[end - frames];
    if (sum <= most) continue;
    most = sum;
    best = end + 1 - frames;
  }
  return Math.max(0, Math.min(best * FRAME, samples.length - length));
}

/** Samples [start, end) of one spoken word. */
export interface Bounds {
  readonly start: number;
  readonly end: number;
}

/**
 * Where the word is in a take that holds one: the stretch around its loudest 10 ms in which the level stays within 32 dB of it (and above the take's
 * own noise), pauses up to 150 ms bridged: the stop of "computer" lasts about 80 ms.
 */
export function wordBounds(samples: Float32Array): Bounds {
  const levels = frameLevels(samples);
  const sorted = Float64Array.from(levels).sort();
  const loudest = sorted[sorted.length - 1];
  const noise = sorted[Math.floor(sorted.length * 0.1)];
  const threshold = Math.max(loudest - 32, Math.min(noise + 10, loudest - 12));
  const peak = levels.indexOf(loudest);
  const bridge = 15;
  const reach = (step: 1 | -1): number => {
    let edge = peak;
    for (let at = peak; at >= 0 && at < levels.length && Math.abs(at - edge) <= bridge; at += step)
      if (levels[at] > threshold) edge = at;
    return edge;
  };
  return { start: reach(-1) * FRAME, end: Math.min(samples.length, (reach(1) + 1) * FRAME) };
}
