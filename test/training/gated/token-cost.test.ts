// That a part costs what its kept tokens cost and one more rests on dropped ones being equal, and staying so; both are shown here.
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { beforeAll, describe, expect, it } from 'vitest';
import { graphCost } from '../../../server/models/graph-cost.ts';
import { writeOnnx } from '../../../server/models/onnx.ts';
import { type Part, partsToOnnx } from '../../../server/training/gated/export.ts';
import { insertGates } from '../../../server/training/gated/insert.ts';
import { costWithTokens } from '../../../server/training/gated/token-cost.ts';
import { registerGradientKernels } from '../../../server/training/wasm-gradients.ts';
import { tokens } from './networks.ts';
import { waves } from './waves.ts';

const TOKENS = 4;
const CHANNELS = 6;
const SENT = 3;

let first: Part;
let second: Part;

beforeAll(async () => {
  registerGradientKernels(tf);
  await tf.setBackend('wasm');
  await tf.ready();
  const gated = insertGates(tf, tokens(tf), [{ after: 'sum1', hidden: 4, compression: { kept: SENT } }], 1);
  [first, second] = partsToOnnx(tf, 'test', gated, 1);
});

/** What a value of the part behind is, [channel][token], for what it receives. */
async function columnsOf(name: string, received: Float32Array): Promise<number[][]> {
  const shape = ['batch', CHANNELS, TOKENS, 1];
  const outputs = [...second.model.outputs, { name, type: 'float32' as const, shape }];
  const session = await InferenceSession.create(writeOnnx({ ...second.model, outputs }));
  const results = await session.run({ received: new Tensor('float32', received, [1, SENT, TOKENS, 1]) });
  const values = Array.from(results[name].data, Number);
  return Array.from({ length: CHANNELS }, (_, channel) => values.slice(channel * TOKENS, (channel + 1) * TOKENS));
}

describe('tokens that are dropped', () => {
  it('should stay one and the same through what comes behind', async () => {
    const received = waves(SENT * TOKENS, 0.7).map((value, at) => ([1, 3].includes(at % TOKENS) ? 0 : value));
    for (const channel of await columnsOf('sum2', received)) {
      expect(channel[1]).toBeCloseTo(channel[3], 6);
      expect(Math.abs(channel[0] - channel[2])).toBeGreaterThan(1e-4);
    }
  });

  it('should cost once what one token costs, and attention by the square of those that are there', () => {
    const macs = (there: number): number =>
      there * (SENT * CHANNELS + 4 * CHANNELS ** 2) + 2 * there ** 2 * CHANNELS + CHANNELS;
    expect(costWithTokens(second, 0).totalMacs).toBe(macs(1));
    expect(costWithTokens(second, 1).totalMacs).toBe(macs(2));
    for (const all of [TOKENS - 1, TOKENS]) expect(costWithTokens(second, all)).toEqual(graphCost(second.model, 1));
    expect(costWithTokens(second, TOKENS).totalMacs).toBe(macs(TOKENS));
  });

  it('should be asked of parts that take tokens alone', () => {
    expect(() => costWithTokens(first, 1)).toThrow(/takes no tokens/);
  });
});
