// Trains a gated network with the joint loss; what comes out is the mean of its weights over the last steps.
import type { LayersModel, Tensor } from '@tensorflow/tfjs';
import { breathe } from '../../breathe.ts';
import { WeightAverage } from '../averaging.ts';
import { Diverged } from '../diverged.ts';
import { learningRateAt } from '../fit.ts';
import type { Progress } from '../progress.ts';
import type { Tf } from '../tensorflow.ts';
import type { GatedNetwork } from './insert.ts';
import { jointLoss, type LossWeights, outputsOf } from './loss.ts';

export interface Schedule {
  readonly steps: number;
  readonly batch: number;
  readonly learningRate: number;
}

export interface WindowBatch {
  /** Windows one after the other. */
  readonly windows: Float32Array;
  /** 0: negative. */
  readonly classes: Int32Array;
}

/** A network whose logits are learnt from, beside the labels. */
export interface Teacher {
  readonly network: LayersModel;
  readonly share: number;
}

const AVERAGE_DECAY = 0.92;
/** Steps from one look at the weights to the next. */
const AVERAGE_EVERY = 5;

/**
 * Trains in place. Throws Diverged, with the weights it had, as soon as the loss is no number, and the reason of `progress.stop` when told to stop.
 * @param draw the batch of a step
 * @returns the loss, smoothed
 */
export async function fitGated(
  tf: Tf,
  name: string,
  { model }: GatedNetwork,
  schedule: Schedule,
  weights: LossWeights,
  draw: () => WindowBatch,
  progress: Progress,
  teacher?: Teacher,
): Promise<number> {
  const optimizer = tf.train.adam(schedule.learningRate);
  const average = new WeightAverage(tf, model, AVERAGE_DECAY);
  const shape = model.inputs[0].shape.slice(1).map((size) => size ?? 1);
  let loss = 0;
  try {
    for (let step = 0; step < schedule.steps; step++) {
      Reflect.set(optimizer, 'learningRate', learningRateAt(schedule, step));
      const { windows, classes } = draw();
      const cost = tf.tidy(() => {
        const x = tf.tensor(windows, [classes.length, ...shape]);
        const labels = tf.tensor1d(classes, 'int32');
        const taught =
          teacher === undefined
            ? undefined
            : // Of one output.
              { logits: teacher.network.apply(x, { training: false }) as Tensor, share: teacher.share };
        const value = optimizer.minimize(() => jointLoss(tf, outputsOf(apply(x)), labels, weights, taught), true);
        return value?.dataSync()[0] ?? Number.NaN;
      });
      if (!Number.isFinite(cost))
        throw new Diverged(
          `${name}: the loss is no longer a number at step ${step + 1} of ${schedule.steps} (learning rate ${schedule.learningRate}, α ${weights.alpha.join(', ') || 'none'}, β ${weights.beta.join(', ') || 'none'}). Nothing of this network was written; lower the learning rate, α or β.`,
        );
      if (step % AVERAGE_EVERY === 0) average.update();
      loss = step === 0 ? cost : 0.98 * loss + 0.02 * cost;
      if (step % 10 > 0) continue;
      progress.say(`${name}: step ${step + 1} of ${schedule.steps}, loss ${loss.toFixed(3)}`);
      await breathe(progress);
    }
    const means = average.copy();
    model.setWeights(means);
    tf.dispose(means);
    return loss;
  } finally {
    average.dispose();
    optimizer.dispose();
  }

  function apply(x: Tensor): Tensor[] {
    // A model of one output gives one tensor, of several an array.
    const outputs = model.apply(x, { training: true }) as Tensor | Tensor[];
    return Array.isArray(outputs) ? outputs : [outputs];
  }
}
