// The WebAssembly of server/kernels, and what lies where in an instance's memory.

import { readFileSync } from 'node:fs';

const here = import.meta.url.includes('/dist/') ? '../kernels/' : '../../dist/server/kernels/';

/** What server/kernels exports; positions are in bytes. */
export interface SoundKernel {
  readonly memory: WebAssembly.Memory;
  memoryBase(): number;
  addScaled(target: number, source: number, count: number, gain: number): void;
  addRamp(target: number, source: number, count: number, slope: number, edge: number, step: number): void;
  clamp(target: number, count: number): void;
  energy(samples: number, count: number): number;
  setShape(points: number, bands: number, hopSamples: number, leafRadix: number): void;
  setTables(
    window: number,
    leaves: number,
    factors: number,
    split: number,
    regions: number,
    weights: number,
    work: number,
  ): void;
  setScale(scale: number, floorPower: number, perNeper: number, offset: number): void;
  frames(samples: number, groups: number, out: number): void;
  hopEnergies(samples: number, hops: number, out: number): void;
}

export const VECTOR_BYTES = 16;
const PAGE_BYTES = 65_536;

let module: WebAssembly.Module | null = null;

/** A new instance, with all of its memory still to be laid out. */
export function soundKernel(): Layout {
  module ??= new WebAssembly.Module(readFileSync(new URL(`${here}sound.wasm`, import.meta.url)));
  const { exports } = new WebAssembly.Instance(module);
  if (!isSoundKernel(exports)) throw new Error('sound.wasm is not of this version; build again: npm run build');
  return new Layout(exports);
}

const FUNCTIONS = [
  'memoryBase',
  'addScaled',
  'addRamp',
  'clamp',
  'energy',
  'setShape',
  'setTables',
  'setScale',
  'frames',
  'hopEnergies',
] as const satisfies ReadonlyArray<keyof SoundKernel>;

const isSoundKernel = (exports: WebAssembly.Exports): exports is WebAssembly.Exports & SoundKernel =>
  exports['memory'] instanceof WebAssembly.Memory && FUNCTIONS.every((name) => typeof exports[name] === 'function');

/** Lays tables and buffers out in a kernel's memory. */
export class Layout {
  readonly kernel: SoundKernel;
  private readonly tables: Array<{ readonly at: number; readonly bytes: Uint8Array }> = [];
  private end: number;

  constructor(kernel: SoundKernel) {
    this.kernel = kernel;
    this.end = kernel.memoryBase();
  }

  floats(values: Iterable<number>): number {
    return this.place(Float32Array.from(values));
  }

  integers(values: Iterable<number>): number {
    return this.place(Uint32Array.from(values));
  }

  reserve(bytes: number): number {
    const at = this.end;
    this.end += Math.ceil(bytes / VECTOR_BYTES) * VECTOR_BYTES;
    return at;
  }

  /** Grows the memory and fills the tables in; buffers can be viewed from then on. */
  write(): void {
    const { memory } = this.kernel;
    const missing = this.end - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES));
    for (const { at, bytes } of this.tables) new Uint8Array(memory.buffer).set(bytes, at);
  }

  private place(values: Float32Array | Uint32Array): number {
    const at = this.reserve(values.byteLength);
    this.tables.push({ at, bytes: new Uint8Array(values.buffer) });
    return at;
  }
}
