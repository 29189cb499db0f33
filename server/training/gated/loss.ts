// The joint loss of a gated network: task + Σ αₖ·BCE(gateₖ, is-positive) + Σ βₖ·mean|activationₖ|.
import type { Scalar, Tensor } from '@tensorflow/tfjs';
import type { Tf } from '../tensorflow.ts';

/** By gate, from input to output. */
export interface LossWeights {
  readonly alpha: readonly number[];
  readonly beta: readonly number[];
}

export interface Outputs {
  /** [batch, classes], or [batch, 1] of a yes-or-no task. */
  readonly task: Tensor;
  /** [batch, 1] each. */
  readonly gates: readonly Tensor[];
  readonly activations: readonly Tensor[];
}

/** In the order in which a gated network gives them. */
export const outputsOf = (tensors: readonly Tensor[]): Outputs => {
  const gates = (tensors.length - 1) / 2;
  return { task: tensors[0], gates: tensors.slice(1, 1 + gates), activations: tensors.slice(1 + gates) };
};

/**
 * @param classes of each window, int32 [batch]: 0 is negative, everything else positive
 */
export function jointLoss(tf: Tf, outputs: Outputs, classes: Tensor, weights: LossWeights): Scalar {
  const { task, gates, activations } = outputs;
  if (weights.alpha.length !== gates.length || weights.beta.length !== gates.length)
    throw new RangeError(
      `${gates.length} gates need as many α and β; there are ${weights.alpha.length} and ${weights.beta.length}.`,
    );
  const positive = tf.cast(tf.greater(classes, 0), 'float32');
  const parts: Scalar[] = [taskLoss(tf, task, classes, positive)];
  for (const [at, gate] of gates.entries())
    parts.push(tf.mul(tf.losses.sigmoidCrossEntropy(positive, tf.reshape(gate, [-1])), weights.alpha[at]));
  for (const [at, activation] of activations.entries())
    parts.push(tf.mul(tf.mean(tf.abs(activation)), weights.beta[at]));
  return tf.addN(parts);
}

function taskLoss(tf: Tf, task: Tensor, classes: Tensor, positive: Tensor): Scalar {
  const count = task.shape[1] ?? 1;
  const loss =
    count === 1
      ? tf.losses.sigmoidCrossEntropy(positive, tf.reshape(task, [-1]))
      : tf.losses.softmaxCrossEntropy(tf.oneHot(tf.cast(classes, 'int32'), count), task);
  return loss.asScalar();
}
