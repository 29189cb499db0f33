// A recording ready to be mixed.

/** Mono samples at the stream's rate, and how loud they are. */
export interface Clip {
  /** Path as the scenario's folder has it. */
  readonly path: string;
  readonly samples: Float32Array;
  /** Root mean square over the parts that sound: within 30 dB of the loudest 20 ms. */
  readonly activeLevel: number;
}

const QUIET = 10 ** (-30 / 10);
const FRAME = 320;

export function makeClip(path: string, samples: Float32Array): Clip {
  return { path, samples, activeLevel: activeLevel(samples) };
}

function activeLevel(samples: Float32Array): number {
  const powers: number[] = [];
  for (let start = 0; start < samples.length; start += FRAME) {
    const end = Math.min(start + FRAME, samples.length);
    let sum = 0;
    for (let index = start; index < end; index++) sum += samples[index] * samples[index];
    powers.push(sum / (end - start));
  }
  const loudest = Math.max(0, ...powers);
  const active = powers.filter((power) => power > loudest * QUIET);
  if (active.length === 0) return 0;
  return Math.sqrt(active.reduce((sum, power) => sum + power, 0) / active.length);
}

const SEAM = 800;

/** A recording that can be repeated without a click: its end is faded into its beginning over 50 ms. */
export function seamless(clip: Clip): Clip {
  const { samples } = clip;
  if (samples.length < 4 * SEAM) return clip;
  const loop = samples.slice(0, samples.length - SEAM);
  const tail = samples.length - SEAM;
  for (let index = 0; index < SEAM; index++) {
    // Equal power, because what is joined is not correlated.
    const angle = ((index + 0.5) / SEAM) * (Math.PI / 2);
    loop[index] = loop[index] * Math.sin(angle) + samples[tail + index] * Math.cos(angle);
  }
  return { ...clip, samples: loop };
}
