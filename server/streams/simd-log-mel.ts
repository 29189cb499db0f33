// The front end as runs use it: frames four at a time in WebAssembly SIMD (kernels/log-mel.ts), within 2e-5 of the plain ones of front-end.ts.
// WebAssembly defines every bit of 32-bit arithmetic, so that a frame is the same on any machine, wherever it lies in a stretch.

import type { LogMelSpec } from './front-end.ts';
import { type SoundKernel, soundKernel, VECTOR_BYTES } from './kernel.ts';
import { frontEndTables } from './log-mel-tables.ts';

const GROUP = 4;

/** Turns stretches of up to `most` hops into frames; keeps no signal between calls. */
export class SimdLogMel {
  readonly spec: LogMelSpec;
  /** Samples that a frame sees before its own hop. */
  readonly leadSamples: number;
  /** To be filled by the caller: leadSamples, then `most` hops. */
  readonly samples: Float32Array;
  private readonly kernel: SoundKernel;
  private readonly out: Float32Array;
  private readonly energies: Float32Array;

  /** Throws RangeError when the spec is not one that can be computed. */
  constructor(spec: LogMelSpec, most: number) {
    const tables = frontEndTables(spec);
    this.spec = spec;
    this.leadSamples = spec.windowSamples - spec.hopSamples;
    const layout = soundKernel();
    const { kernel } = layout;
    this.kernel = kernel;
    const hops = Math.ceil(most / GROUP) * GROUP;
    const points = spec.windowSamples / 2;
    const window = layout.floats(tables.window);
    const leaves = layout.integers(tables.leaves);
    const factors = layout.floats(tables.factors);
    const split = layout.floats(tables.split);
    const regions = layout.integers(tables.regions);
    const weights = layout.floats(tables.weights);
    const work = layout.reserve((3 * points + 1) * VECTOR_BYTES);
    const samples = layout.reserve(4 * (this.leadSamples + hops * spec.hopSamples));
    const out = layout.reserve(4 * hops * spec.bands);
    const energies = layout.reserve(4 * hops);
    layout.write();
    kernel.setShape(points, spec.bands, spec.hopSamples, tables.leafRadix);
    kernel.setTables(window, leaves, factors, split, regions, weights, work);
    kernel.setScale(tables.scale, tables.floorPower, tables.perNeper, tables.offset);
    const { buffer } = kernel.memory;
    this.samples = new Float32Array(buffer, samples, this.leadSamples + most * spec.hopSamples);
    this.out = new Float32Array(buffer, out, hops * spec.bands);
    this.energies = new Float32Array(buffer, energies, hops);
  }

  /** The frames of the first `count` hops of `samples`, frame after frame; valid until the next call. */
  frames(count: number): Float32Array {
    this.kernel.frames(this.samples.byteOffset, Math.ceil(count / GROUP), this.out.byteOffset);
    return this.out.subarray(0, count * this.spec.bands);
  }

  /** Sums of squares of the first `count` hops of `samples`; valid until the next call. */
  hopEnergies(count: number): Float32Array {
    const first = this.samples.byteOffset + 4 * this.leadSamples;
    this.kernel.hopEnergies(first, count, this.energies.byteOffset);
    return this.energies.subarray(0, count);
  }
}
