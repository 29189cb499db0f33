// All that a training is between two steps, so that one that was killed goes on as if it had not been.

import { deserialize, serialize } from 'node:v8';
import type { LayersModel, Tensor } from '@tensorflow/tfjs';
import { z } from 'zod';
import type { WeightAverage } from './averaging.ts';
import type { Tf } from './tensorflow.ts';

const floats = z.custom<Float32Array>((value) => value instanceof Float32Array);
const weights = z.array(floats).readonly();
const sceneSchema = z.object({
  features: floats,
  speech: z.custom<Uint8Array>((value) => value instanceof Uint8Array),
  murmur: z.boolean(),
  wordStart: z.number().optional(),
  wordEnd: z.number().optional(),
});
const momentSchema = z.object({ name: z.string(), shape: z.array(z.number()), values: floats });

const fitStateSchema = z.object({
  /** The next one. */
  step: z.number(),
  random: z.custom<Uint32Array>((value) => value instanceof Uint32Array),
  scenes: z.array(sceneSchema).readonly(),
  /** Negatives that outlive their scenes, the hardest first. */
  hard: z.array(z.object({ window: floats, score: z.number() })).readonly(),
  weights,
  optimizer: z.array(momentSchema).readonly(),
  average: z.object({ means: weights, steps: z.number() }),
  best: z.object({ misses: z.number(), weights }).optional(),
  loss: z.number(),
  losses: z.array(z.object({ step: z.number(), loss: z.number() })).readonly(),
  checkpoints: z.array(z.object({ step: z.number(), misses: z.number() })).readonly(),
});
export type FitState = z.infer<typeof fitStateSchema>;

/** Where a training is kept while it runs. */
export interface FitMemory {
  /** Undefined at the start. */
  read(): FitState | undefined;
  /** Whole or not at all. */
  write(state: FitState): void;
}

export const packState = (state: FitState): Uint8Array => serialize(state);

/** Throws when this was no state. */
export const unpackState = (bytes: Uint8Array): FitState => fitStateSchema.parse(deserialize(bytes));

type Adam = ReturnType<Tf['train']['adam']>;

/** The parts of a training that live in TensorFlow. */
export class Learner {
  readonly model: LayersModel;
  readonly average: WeightAverage;
  optimizer: Adam;
  private readonly tf: Tf;

  constructor(tf: Tf, model: LayersModel, average: WeightAverage) {
    this.tf = tf;
    this.model = model;
    this.average = average;
    this.optimizer = tf.train.adam();
  }

  async save(): Promise<Pick<FitState, 'weights' | 'optimizer' | 'average'>> {
    const moments = await this.optimizer.getWeights();
    return {
      weights: this.model.getWeights().map(valuesOf),
      optimizer: moments.map(({ name, tensor }) => ({ name, shape: [...tensor.shape], values: valuesOf(tensor) })),
      average: this.average.save(),
    };
  }

  async restore({ weights, optimizer, average }: Pick<FitState, 'weights' | 'optimizer' | 'average'>): Promise<void> {
    this.setWeights(weights);
    this.optimizer.dispose();
    this.optimizer = this.tf.train.adam();
    await this.optimizer.setWeights(
      optimizer.map(({ name, shape, values }) => ({ name, tensor: this.tf.tensor(values, shape) })),
    );
    this.average.restore(average);
  }

  setWeights(values: readonly Float32Array[]): void {
    this.tf.tidy(() =>
      this.model.setWeights(this.model.getWeights().map(({ shape }, at) => this.tf.tensor(values[at], shape))),
    );
  }

  dispose(): void {
    this.average.dispose();
    this.model.dispose();
    this.optimizer.dispose();
  }
}

const valuesOf = (tensor: Tensor): Float32Array => Float32Array.from(tensor.dataSync());
