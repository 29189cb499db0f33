// Threads that score a stream ahead of simulated time, chunk by chunk; the chunks come out in order, whoever made them.

import { Worker } from 'node:worker_threads';
import { featuresOf } from '../../streams/frames.ts';
import type { StreamRequest } from '../../streams/source.ts';
import type { ScoredChunk, ScoringJob } from './scorer.ts';
import type { FromScorer, ToScorer } from './worker.ts';

/** Windows of a chunk: a minute of 20 ms hops; fewer where frames are large, so that those of a chunk take 8 MB. The first is short, so that something is there at once. */
const CHUNK = 3000;
const FIRST_CHUNK = 250;
const MOST_VALUES = 2 ** 21;

export class ScoringPool {
  private readonly workers: readonly Worker[];
  private readonly windows: number;
  private readonly chunk: number;
  private readonly ahead: number;
  private readonly ready = new Map<number, ScoredChunk>();
  private readonly idle: Worker[];
  private requested = 0;
  private delivered = 0;
  /** Where the stream that is heard now began to differ from the one before: chunks of older editions are thrown away. */
  private begun = 0;
  private edition = 0;
  private stream: StreamRequest | null = null;
  private readonly editionOf = new Map<Worker, number>();
  private failure: { readonly reason: unknown } | null = null;
  private waiting: {
    readonly resolve: (chunk: ScoredChunk) => void;
    readonly reject: (reason: unknown) => void;
  } | null = null;

  /**
   * @param windows how many windows the run has
   * @param threads how many score at once
   * @param stop ends what waits for a chunk, with its reason
   */
  constructor(job: ScoringJob, windows: number, threads: number, stop?: AbortSignal) {
    this.windows = windows;
    this.chunk = Math.max(1, Math.min(CHUNK, Math.floor(MOST_VALUES / featuresOf(job.sense.frontEnd))));
    this.ahead = 2 * threads + 1;
    this.workers = Array.from({ length: threads }, () => this.start(job));
    this.idle = [...this.workers];
    const halt = () => this.fail(stop?.reason);
    if (stop?.aborted) halt();
    else stop?.addEventListener('abort', halt, { once: true });
    this.request();
  }

  /** The chunk that follows; null when all have been given out. */
  async next(): Promise<ScoredChunk | null> {
    if (this.delivered >= this.windows) return null;
    if (this.failure !== null) throw this.failure.reason;
    const chunk =
      this.ready.get(this.delivered) ??
      (await new Promise<ScoredChunk>((resolve, reject) => {
        this.waiting = { resolve, reject };
      }));
    this.ready.delete(this.delivered);
    this.delivered += chunk.scores.first.length;
    this.request();
    return chunk;
  }

  /** From a window on another stream is heard: what was scored ahead from there on is thrown away, and scored anew. */
  change(stream: StreamRequest, fromWindow: number): void {
    this.stream = stream;
    this.edition++;
    this.ready.clear();
    this.delivered = Math.min(this.delivered, fromWindow);
    this.begun = this.delivered;
    this.requested = this.delivered;
    this.request();
  }

  /** Lets the threads end after what they are doing. */
  close(): void {
    const end: ToScorer = null;
    for (const worker of this.workers) worker.postMessage(end);
  }

  private start(job: ScoringJob): Worker {
    const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData: job });
    worker.on('message', (chunk: FromScorer) => {
      this.idle.push(worker);
      if (chunk.edition === this.edition) this.take(chunk);
      this.request();
    });
    worker.on('error', (error) => this.fail(error));
    return worker;
  }

  private take(chunk: ScoredChunk): void {
    if (this.waiting !== null && chunk.scores.firstWindow === this.delivered) {
      const { resolve } = this.waiting;
      this.waiting = null;
      resolve(chunk);
    } else this.ready.set(chunk.scores.firstWindow, chunk);
  }

  private request(): void {
    while (
      this.failure === null &&
      this.idle.length > 0 &&
      this.requested < this.windows &&
      this.requested < this.delivered + this.ahead * this.chunk
    ) {
      const count = Math.min(
        this.requested === this.begun ? FIRST_CHUNK : this.chunk,
        this.chunk,
        this.windows - this.requested,
      );
      const worker = this.idle.pop();
      if (worker === undefined) return;
      const { edition, requested: firstWindow } = this;
      const stream = this.editionOf.get(worker) === edition ? null : this.stream;
      const chunk: ToScorer = { firstWindow, count, edition, stream };
      this.editionOf.set(worker, edition);
      worker.postMessage(chunk);
      this.requested += count;
    }
  }

  private fail(reason: unknown): void {
    this.failure ??= { reason };
    this.waiting?.reject(reason);
    this.waiting = null;
  }
}
