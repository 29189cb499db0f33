// The two layers that a transformer over image patches needs and TensorFlow.js lacks.
import type { layers, Tensor } from '@tensorflow/tfjs';
import type { Tf } from '../tensorflow.ts';

const ATTENTION = 'Attention';
const POSITIONS = 'Positions';
export const TOKEN_LAYERS = { ATTENTION, POSITIONS } as const;

/** Multi-head attention (arXiv 1706.03762) over queries, keys and values, [batch, tokens, heads·size] each; it has no weights of its own. */
export function attention(tf: Tf, heads: number, name: string): layers.Layer {
  class Attention extends tf.layers.Layer {
    static readonly className = ATTENTION;

    override computeOutputShape(shapes: (number | null)[][]): (number | null)[] {
      return shapes[0];
    }

    override call(inputs: Tensor | Tensor[]): Tensor {
      const [queries, keys, values] = Array.isArray(inputs) ? inputs : [inputs, inputs, inputs];
      return tf.tidy(() => {
        const [batch, tokens, channels] = queries.shape;
        const size = channels / heads;
        const split = (x: Tensor) => tf.transpose(tf.reshape(x, [batch, tokens, heads, size]), [0, 2, 1, 3]);
        const scores = tf.mul(tf.matMul(split(queries), split(keys), false, true), 1 / Math.sqrt(size));
        const mixed = tf.matMul(tf.softmax(scores), split(values));
        return tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), [batch, tokens, channels]);
      });
    }

    override getConfig() {
      return { ...super.getConfig(), heads };
    }
  }
  return new Attention({ name });
}

/** Adds a learnt vector to each token. */
export function positions(tf: Tf, name: string, seed: number): layers.Layer {
  class Positions extends tf.layers.Layer {
    static readonly className = POSITIONS;

    override build(shape: (number | null)[] | (number | null)[][]): void {
      const own = shape.flat().slice(1);
      this.addWeight('positions', own, 'float32', tf.initializers.randomNormal({ stddev: 0.02, seed }));
      this.built = true;
    }

    override call(inputs: Tensor | Tensor[]): Tensor {
      const x = Array.isArray(inputs) ? inputs[0] : inputs;
      return tf.add(x, this.weights[0].read());
    }
  }
  return new Positions({ name });
}
