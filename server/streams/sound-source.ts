// Sound as log-mel frames: mixed and transformed block by block.

import { threadSeconds } from '../thread-seconds.ts';
import type { LogMelSpec } from './front-end.ts';
import { Mixer } from './mix.ts';
import type { Schedule, StreamPlan } from './schedule.ts';
import type { Sense } from './sense.ts';
import { SimdLogMel } from './simd-log-mel.ts';
import type { FrameSource, Stretch } from './source.ts';

/** Hops mixed and transformed at a time: their samples stay in a core's own cache. */
const BLOCK = 128;

export class SoundSource implements FrameSource {
  private readonly spec: LogMelSpec;
  private readonly mixer: Mixer;
  private readonly logMel: SimdLogMel;
  /** Sum of squares over a hop. */
  private readonly loudEnergy: number;
  private buffer = new Float32Array(0);

  constructor(
    { frontEnd, clips }: Extract<Sense, { kind: 'log-mel' }>,
    stream: StreamPlan,
    schedule: Schedule,
    seed: number,
  ) {
    this.spec = frontEnd;
    this.mixer = new Mixer(stream, clips, schedule, seed);
    this.logMel = new SimdLogMel(frontEnd, BLOCK);
    this.loudEnergy = 10 ** ((stream.noiseFloor + 10) / 10) * frontEnd.hopSamples;
  }

  read(firstHop: number, hops: number, context: number, withLevels: boolean): Stretch {
    const { logMel } = this;
    const { hopSamples, bands } = this.spec;
    if (this.buffer.length < hops * bands) this.buffer = new Float32Array(hops * bands);
    const frames = this.buffer.subarray(0, hops * bands);
    const levels = new Float32Array(withLevels ? hops - context : 0);
    const loud = new Uint8Array(hops - context);
    let [mix, frontEnd] = [0, 0];
    for (let at = 0; at < hops; at += BLOCK) {
      const count = Math.min(BLOCK, hops - at);
      const began = threadSeconds();
      const start = (firstHop + at) * hopSamples - logMel.leadSamples;
      this.mixer.render(start, logMel.samples.subarray(0, logMel.leadSamples + count * hopSamples));
      const mixed = threadSeconds();
      frames.set(logMel.frames(count), at * bands);
      const energies = logMel.hopEnergies(count);
      for (let hop = Math.max(0, context - at); hop < count; hop++) {
        if (energies[hop] >= this.loudEnergy) loud[at + hop - context] = 1;
        if (withLevels) levels[at + hop - context] = 10 * Math.log10(energies[hop] / hopSamples);
      }
      mix += mixed - began;
      frontEnd += threadSeconds() - mixed;
    }
    return { frames, levels, loud, mix, frontEnd };
  }
}
