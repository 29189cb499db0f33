/** A file that cannot be used as a recording; the message is for people and names the file. */
export class RecordingError extends Error {
  readonly path: string;
  /** What is wrong, without the path. */
  readonly reason: string;

  constructor(path: string, reason: string, cause?: unknown) {
    super(`${path}: ${reason}`, { cause });
    this.name = 'RecordingError';
    this.path = path;
    this.reason = reason;
  }
}

export const reasonOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replace(/\.$/, '');
