// TensorFlow.js on whatever computes fastest here.
import { createRequire } from 'node:module';
import type * as TensorFlow from '@tensorflow/tfjs';
import { registerGradientKernels } from './wasm-gradients.ts';

export type Tf = typeof TensorFlow;

/**
 * TensorFlow.js with its native library where that loads (`@tensorflow/tfjs-node`, or the copy that LIGHTSLEEPER_TFJS_NODE points at), otherwise with
 * the WASM backend and the gradients that it lacks.
 */
export async function loadTensorFlow(note: (line: string) => void): Promise<Tf> {
  const native = loadNative();
  if (native) {
    await native.ready();
    note(`training with TensorFlow.js ${native.version.tfjs} on ${native.getBackend()}`);
    return native;
  }
  const tf = await import('@tensorflow/tfjs');
  await import('@tensorflow/tfjs-backend-wasm');
  registerGradientKernels(tf);
  await tf.setBackend('wasm');
  await tf.ready();
  note(
    `training with TensorFlow.js ${tf.version.tfjs} on ${tf.getBackend()}, which takes several times as long as tfjs-node`,
  );
  return tf;
}

function loadNative(): Tf | undefined {
  const require = createRequire(import.meta.url);
  try {
    const native: Tf = require(process.env.LIGHTSLEEPER_TFJS_NODE ?? '@tensorflow/tfjs-node');
    return native;
  } catch {
    return undefined; // an optional dependency: its library could not be fetched or built here
  }
}
