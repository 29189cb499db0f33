// TensorFlow.js on whatever computes fastest here.
import { createRequire } from 'node:module';
import type * as TensorFlow from '@tensorflow/tfjs';

export type Tf = typeof TensorFlow;

/** TensorFlow.js with its native library: `@tensorflow/tfjs-node`, or the copy that LIGHTSLEEPER_TFJS_NODE points at. */
export async function loadTensorFlow(say: (line: string) => void): Promise<Tf> {
  const native = loadNative();
  if (native) {
    await native.ready();
    say(`training with TensorFlow.js ${native.version.tfjs} on ${native.getBackend()}`);
    return native;
  }
  throw new Error(
    'Training needs the native library of @tensorflow/tfjs-node, which did not load here; build it and point LIGHTSLEEPER_TFJS_NODE at it.',
  );
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
