// A running mean of a network's weights over its last steps: a better network than any one step's (Polyak and Juditsky 1992).
import type { LayersModel, Tensor } from '@tensorflow/tfjs';
import type { Tf } from './tensorflow.ts';

/** The means, and over how many steps. */
export interface Averaged {
  readonly means: readonly Float32Array[];
  readonly steps: number;
}

export class WeightAverage {
  private readonly tf: Tf;
  private readonly model: LayersModel;
  private readonly decay: number;
  private means: Tensor[];
  private steps = 0;

  /** @param decay share that stays of the mean at each step, once there have been enough of them */
  constructor(tf: Tf, model: LayersModel, decay: number) {
    this.tf = tf;
    this.model = model;
    this.decay = decay;
    this.means = model.getWeights().map((weights) => weights.clone());
  }

  /** Takes the weights in as they are now. */
  update(): void {
    const decay = Math.min(this.decay, (1 + this.steps) / (10 + this.steps));
    this.steps++;
    const next = this.tf.tidy(() =>
      this.model.getWeights().map((weights, at) => this.means[at].mul(decay).add(weights.mul(1 - decay))),
    );
    this.tf.dispose(this.means);
    this.means = next;
  }

  /** Copies of the means, to be kept and disposed of by the caller. */
  copy(): Tensor[] {
    return this.means.map((mean) => mean.clone());
  }

  save(): Averaged {
    return { means: this.means.map((mean) => Float32Array.from(mean.dataSync())), steps: this.steps };
  }

  restore({ means, steps }: Averaged): void {
    const shapes = this.means.map(({ shape }) => shape);
    this.tf.dispose(this.means);
    this.means = means.map((values, at) => this.tf.tensor(values, shapes[at]));
    this.steps = steps;
  }

  /** Does something with the means in the model, and puts its own weights back. */
  async within<T>(work: () => Promise<T>): Promise<T> {
    const own = this.model.getWeights().map((weights) => weights.clone());
    this.model.setWeights(this.means);
    try {
      return await work();
    } finally {
      this.model.setWeights(own);
      this.tf.dispose(own);
    }
  }

  dispose(): void {
    this.tf.dispose(this.means);
  }
}
