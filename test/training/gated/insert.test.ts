import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { type GatedNetwork, insertGates } from '../../../server/training/gated/insert.ts';
import { jointLoss, outputsOf } from '../../../server/training/gated/loss.ts';
import { registerGradientKernels } from '../../../server/training/wasm-gradients.ts';
import { chain, tokens } from './networks.ts';
import { waves } from './waves.ts';

beforeAll(async () => {
  registerGradientKernels(tf);
  await tf.setBackend('wasm');
  await tf.ready();
});

const at = (after: string, kept = 3) => ({ after, hidden: 4, compression: { kept } });

describe('putting gates into a network', () => {
  it('should give the task, a gate and what crosses for each place, from input to output', () => {
    const gated = insertGates(tf, chain(tf), [at('second', 2), at('first')], 1);
    expect(gated.cuts.map(({ place }) => place.after)).toEqual(['first', 'second']);
    expect(gated.model.outputs.map(({ shape }) => shape)).toEqual([
      [null, 1],
      [null, 1],
      [null, 1],
      [null, 6, 1, 3],
      [null, 2, 1, 2],
    ]);
  });

  it('should leave a network without places as it is', () => {
    const network = chain(tf);
    const x = tf.tensor(waves(2 * 48, 0.3), [2, 8, 1, 6]);
    const { model } = insertGates(tf, network, [], 1);
    const gated = model.predict(x) as tf.Tensor;
    expect(Array.from(gated.dataSync())).toEqual(Array.from((network.predict(x) as tf.Tensor).dataSync()));
  });

  it('should let activations cross as they are where nothing compresses them, and leave the task as it is', () => {
    const network = chain(tf);
    const x = tf.tensor(waves(2 * 48, 0.3), [2, 8, 1, 6]);
    const { model } = insertGates(tf, network, [{ after: 'first', hidden: 4 }], 1);
    const [task, , crossing] = model.predict(x) as tf.Tensor[];
    expect(Array.from(task.dataSync())).toEqual(Array.from((network.predict(x) as tf.Tensor).dataSync()));
    expect(crossing.shape).toEqual([2, 6, 1, 5]);
  });

  it('should send one place of several, and count what is saved against the network without gates', () => {
    const merged = { after: 'first', hidden: 4, compression: { kept: 3, merged: [2, 1] as const } };
    const { cuts } = insertGates(tf, chain(tf), [merged, at('second', 2)], 1);
    expect(cuts.map(({ activations }) => activations.shape)).toEqual([
      [null, 3, 1, 3],
      [null, 1, 1, 2],
    ]);
    expect(cuts.map(({ elementsBefore }) => elementsBefore)).toEqual([6 * 5, 2 * 4]);
  });

  it.each([
    [
      'a layer that is not there',
      () => chain(tf),
      [at('third')],
      /no layer "third".*there are first, second, pool, logit/,
    ],
    ["the network's end", () => chain(tf), [at('logit')], /"logit" gives the network's output/],
    ['two gates in one place', () => chain(tf), [at('first'), at('first')], /Two gates are put behind "first"/],
    ['no channels', () => chain(tf), [at('first', 0)], /would send 0 channels on/],
    ['several readers', () => tokens(tf), [at('block1')], /"block1" goes to .*one reader.*identity layer/],
    ['a place that the network goes around', () => tokens(tf), [at('mixed1')], /goes around "mixed1" through "sum1"/],
  ])('should say what is wrong with %s', (_, network, places, sentence) => {
    expect(() => insertGates(tf, network(), places, 1)).toThrow(sentence);
  });
});

describe('the gradient of the joint loss', () => {
  it.each([
    ['a chain of convolutions', () => chain(tf), [at('first'), at('second', 2)], [8, 1, 6]],
    ['tokens', () => tokens(tf), [at('sum1', 4)], [4, 4, 3]],
    [
      'a gate that sees the order of places',
      () => chain(tf),
      [{ after: 'first', hidden: 4, look: { filters: 3, kernel: [3, 1], stride: [2, 1] } }],
      [8, 1, 6],
    ],
  ] as const)(
    'should be what finite differences say, for every weight, on the WASM backend: %s',
    (_, network, places, shape) => {
      const gated = insertGates(tf, network(), [...places], 3);
      const size = shape[0] * shape[1] * shape[2];
      const x = tf.tensor(waves(16 * size, 0.37), [16, ...shape]);
      const classes = tf.tensor1d(
        Array.from({ length: 16 }, (_unused, n) => ((n * n) % 3 === 1 ? 1 : 0)),
        'int32',
      );
      const weights = {
        alpha: places.map((_place, index) => 0.7 + index),
        beta: places.map((_place, index) => 0.5 + index),
      };
      const loss = () =>
        jointLoss(tf, outputsOf(gated.model.apply(x, { training: true }) as tf.Tensor[]), classes, weights);
      // Away from where they begin: biases of zero put rectified layers exactly on their kink. And to a place where no kink is within the steps below.
      for (const [index, weight] of variablesOf(gated).entries())
        weight.assign(weight.add(tf.tensor(waves(weight.size, 2.7 + index), weight.shape).mul(0.2)) as tf.Tensor);
      const { grads } = tf.variableGrads(loss);
      for (const weight of variablesOf(gated)) {
        const gradient = grads[weight.name];
        expect(gradient, weight.name).toBeDefined();
        const own = weight.clone();
        // 32-bit sums round at 1e-7 of the loss, so the slope is of several small steps together; longer ones cross the kinks of rectified layers.
        const errors = [1.9, 0.83].flatMap((wave) => {
          const direction = tf.tensor(waves(weight.size, wave), weight.shape);
          const told = tf.sum(tf.mul(gradient, direction)).dataSync()[0];
          return [6e-4, 2e-4].map((spacing) => {
            const along = (by: number): number => {
              weight.assign(own.add(direction.mul(by)) as tf.Tensor);
              return loss().dataSync()[0];
            };
            const steps = [1, 3, 5].map((count) => count * spacing);
            const found =
              steps.reduce((sum, step) => sum + step * (along(step) - along(-step)), 0) /
              (2 * steps.reduce((sum, step) => sum + step * step, 0));
            weight.assign(own);
            return Math.abs(found - told) - 0.003 * Math.abs(told);
          });
        });
        expect(Math.min(...errors), weight.name).toBeLessThan(2e-4);
      }
    },
  );

  it('should say so when α or β are not as many as gates', () => {
    const task = tf.zeros([2, 1]);
    expect(() =>
      jointLoss(tf, { task, gates: [task], activations: [task] }, tf.zeros([2]), { alpha: [1, 1], beta: [1] }),
    ).toThrow(/1 gates need as many α and β; there are 2 and 1/);
  });
});

const variablesOf = ({ model }: GatedNetwork): tf.Variable[] =>
  model.trainableWeights.map((weight) => weight.read()).filter((value) => value instanceof tf.Variable);
