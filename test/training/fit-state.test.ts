// A training that was killed, and one that was not: the same network to the last bit.
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { InputProblem } from '../../server/runs/files/problem.ts';
import { decodeFile } from '../../server/streams/decode.ts';
import type { Bank } from '../../server/training/bank.ts';
import { type FitSettings, trainNetwork } from '../../server/training/fit.ts';
import { type FitMemory, packState, unpackState } from '../../server/training/fit-state.ts';
import { NETWORKS } from '../../server/training/networks.ts';
import { toBank } from '../../server/training/own/to-bank.ts';
import { NOTHING } from '../../server/training/recipe.ts';
import { makeValidationSet, type ValidationSet } from '../../server/training/validation.ts';
import { registerGradientKernels } from '../../server/training/wasm-gradients.ts';
import { shippedFiles } from './own/recordings.ts';

const settings: FitSettings = {
  seed: 3,
  steps: 6,
  batch: 16,
  learningRate: 2e-3,
  positives: 0.4,
  poolScenes: 12,
  newScenes: 4,
  refreshSteps: 2,
  dropout: 0.1,
  without: NOTHING,
};
const network = NETWORKS.keyword;
const quiet = { note: () => {}, say: () => {}, stop: new AbortController().signal };

let bank: Bank;
let validation: ValidationSet;
beforeAll(async () => {
  registerGradientKernels(tf);
  await tf.setBackend('wasm');
  await tf.ready();
  const roles = { positives: 'computer', negatives: 'speech', ambient: 'background' } as const;
  const recordings = [];
  for (const role of ['positives', 'negatives', 'ambient'] as const)
    for (const file of shippedFiles(roles[role]).slice(0, 4))
      recordings.push({ role, path: file, file, bytes: 1, source: file, samples: await decodeFile(file) });
  bank = toBank(recordings);
  validation = await makeValidationSet(network, bank, quiet, { positive: 6, negative: 6 });
});

const train = (memory?: FitMemory, changed: Partial<FitSettings> = {}) =>
  trainNetwork(tf, network, { ...settings, ...changed }, bank, validation, quiet, memory ? { memory } : {});

describe('a training that is kept', () => {
  it('should go on from where it was killed, and end as if it had not been', async () => {
    const whole = await train({ read: () => undefined, write: () => {} });

    let kept: Uint8Array | undefined;
    let writes = 0;
    const killed: FitMemory = {
      read: () => undefined,
      write: (state) => {
        kept = packState(state);
        writes++;
        if (writes === 2) throw new Error('killed');
      },
    };
    await expect(train(killed)).rejects.toThrow('killed');
    const steps: number[] = [];
    const resumed = await train({
      read: () => kept && unpackState(kept),
      write: ({ step }) => steps.push(step),
    });

    expect(unpackState(kept ?? new Uint8Array()).step).toBe(4);
    expect(steps).toEqual([]);
    expect(resumed.losses).toEqual(whole.losses);
    expect(resumed.checkpoints).toEqual(whole.checkpoints);
    expect(resumed.folded).toEqual(whole.folded);
  });

  it('should say that the loss is no longer a number, and what to do', async () => {
    const diverging = train(undefined, { learningRate: 3e38 });
    await expect(diverging).rejects.toThrow(/keyword: the loss is no longer a number at step \d of 6.*lower it/);
    await expect(diverging).rejects.toBeInstanceOf(InputProblem);
  });
});
