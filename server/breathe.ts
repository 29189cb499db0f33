// Long work on one thread lets messages and signals have their turn, and ends where it is told to.

/** Told when work should stop. */
export interface Stoppable {
  readonly stop?: AbortSignal | undefined;
}

/** Lets others have their turn. @throws the signal's reason once the work should stop */
export async function breathe({ stop }: Stoppable = {}): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  stop?.throwIfAborted();
}
