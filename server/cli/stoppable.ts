// Ctrl-C, for every command alike: a first signal ends the work in order, a second one the process at once. The process itself is never made to exit while
// threads infer, which would abort it: they end after the stretch that they are at, and the process when they are gone.

import { STOPPED } from './exit-codes.ts';
import type { ProgressLine } from './progress-line.ts';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Does it at the first signal. Returns what takes that back. */
export function onStop(heed: () => void): () => void {
  const off = () => {
    for (const signal of SIGNALS) process.removeListener(signal, first);
  };
  // Without a listener the next signal has the system's own way.
  const first = () => {
    off();
    heed();
  };
  for (const signal of SIGNALS) process.on(signal, first);
  return off;
}

/**
 * Work that a signal stops. Null when it did: the sentence was said, and the exit code is set.
 * @param work rejects, with whatever it likes, once it is told to stop
 */
export async function stoppable<T>(
  line: ProgressLine,
  sentence: string,
  work: (stop: AbortSignal) => Promise<T>,
): Promise<T | null> {
  const stop = new AbortController();
  const off = onStop(() => stop.abort());
  try {
    return await work(stop.signal);
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    line.note(sentence);
    process.exitCode = STOPPED;
    return null;
  } finally {
    line.clear();
    off();
  }
}
