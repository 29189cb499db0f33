// A thread that infers. It is asked for chunks and answers; it ends when it is told to, never in the middle of an inference.

import { parentPort, workerData } from 'node:worker_threads';
import type { StreamRequest } from '../../streams/source.ts';
import { type ScoredChunk, Scorer, type ScoringJob } from './scorer.ts';

/** A chunk to score; `null` asks it to end. */
export type ToScorer = {
  readonly firstWindow: number;
  readonly count: number;
  /** Which stream, counted up; it comes along when this thread has not heard of it yet. */
  readonly edition: number;
  readonly stream: StreamRequest | null;
} | null;

export interface FromScorer extends ScoredChunk {
  readonly edition: number;
}

const port = parentPort;
if (port === null) throw new Error('this module runs in a worker thread');
// Sent by the pool of this program, typed there.
const scorer = Scorer.open(workerData as ScoringJob);

port.on('message', async (request: ToScorer) => {
  if (request === null) {
    port.close();
    return;
  }
  const { firstWindow, count, edition, stream } = request;
  const open = await scorer;
  if (stream !== null) open.listenTo(stream);
  const chunk: FromScorer = { ...(await open.score(firstWindow, count)), edition };
  const { first, later } = chunk.scores;
  port.postMessage(chunk, [
    first.buffer,
    chunk.loud.buffer,
    ...later.flatMap(({ windows, scores }) => [windows.buffer, scores.buffer]),
  ] as ArrayBuffer[]);
});
