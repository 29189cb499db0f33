// The joint loss of a gated network: task + Σ αₖ·BCE(gateₖ, is-positive) + Σ βₖ·mean|activationₖ|. The task is that of the labels, of what a teacher says
// (distillation, arXiv 1503.02531), or of both.
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

/** What another network says of the same windows. */
export interface Taught {
  /** Logits as the task's. */
  readonly logits: Tensor;
  /** Its share of the task's loss, 0 to 1; the labels have the rest. */
  readonly share: number;
}

/**
 * @param classes of each window, int32 [batch]: 0 is negative, everything else positive
 */
export function jointLoss(tf: Tf, outputs: Outputs, classes: Tensor, weights: LossWeights, taught?: Taught): Scalar {
  const { task, gates, activations } = outputs;
  if (weights.alpha.length !== gates.length || weights.beta.length !== gates.length)
    throw new RangeError(
      `${gates.length} gates need as many α and β; there are ${weights.alpha.length} and ${weights.beta.length}.`,
    );
  const positive = tf.cast(tf.greater(classes, 0), 'float32');
  const hard = taskLoss(tf, task, classes, positive);
  const parts: Scalar[] =
    taught === undefined
      ? [hard]
      : [tf.mul(hard, 1 - taught.share), tf.mul(taughtLoss(tf, task, taught.logits), taught.share)];
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

/** Cross entropy to the shares that a teacher's logits stand for. */
function taughtLoss(tf: Tf, task: Tensor, teacher: Tensor): Scalar {
  const loss =
    (task.shape[1] ?? 1) === 1
      ? tf.losses.sigmoidCrossEntropy(tf.sigmoid(teacher), task)
      : tf.losses.softmaxCrossEntropy(tf.softmax(teacher), task);
  return loss.asScalar();
}
