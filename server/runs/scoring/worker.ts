// A thread that infers. It is asked for chunks and answers; it ends when it is told to, never in the middle of an inference.

import { parentPort, workerData } from 'node:worker_threads';
import { Scorer, type ScoringJob } from './scorer.ts';

/** A chunk to score; `null` asks it to end. */
export type ToScorer = { readonly firstWindow: number; readonly count: number } | null;

const port = parentPort;
if (port === null) throw new Error('this module runs in a worker thread');
// Sent by the pool of this program, typed there.
const scorer = Scorer.open(workerData as ScoringJob);

port.on('message', async (request: ToScorer) => {
  if (request === null) {
    port.close();
    return;
  }
  const chunk = await (await scorer).score(request.firstWindow, request.count);
  const { first, later } = chunk.scores;
  port.postMessage(chunk, [
    first.buffer,
    ...later.flatMap(({ windows, scores }) => [windows.buffer, scores.buffer]),
  ] as ArrayBuffer[]);
});
